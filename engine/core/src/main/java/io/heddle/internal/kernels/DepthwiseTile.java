package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.NativeMemory.KIND;
import static io.heddle.internal.kernels.VectorKernels.LANES;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Convolutions of each channel by itself: one vector of channels of four output pixels at a time. */
final class DepthwiseTile {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int PIXELS = 4;

    private DepthwiseTile() {}

    static void run(
            int pixels,
            int rows,
            int columns,
            MemorySegment x,
            long xOffset,
            long rowBytes,
            long stepBytes,
            int channels,
            float[] weights,
            int weightsFrom,
            int weightsRow,
            float[] bias,
            float floor,
            MemorySegment y,
            long yOffset) {
        long pixelBytes = (long) channels * Float.BYTES;
        for (int p = 0; p < pixels; p += PIXELS) {
            // The last tile repeats its last pixel.
            int last = pixels - 1;
            int p1 = Math.min(p + 1, last);
            int p2 = Math.min(p + 2, last);
            int p3 = Math.min(p + 3, last);
            for (int c = 0; c < channels; c += LANES) {
                long at = (long) c * Float.BYTES;
                tile(
                        rows,
                        columns,
                        x,
                        xOffset + at + p * stepBytes,
                        xOffset + at + p1 * stepBytes,
                        xOffset + at + p2 * stepBytes,
                        xOffset + at + p3 * stepBytes,
                        rowBytes,
                        channels,
                        weights,
                        weightsFrom + c,
                        weightsRow,
                        bias,
                        c,
                        floor,
                        y,
                        yOffset + at + p * pixelBytes,
                        yOffset + at + p1 * pixelBytes,
                        yOffset + at + p2 * pixelBytes,
                        yOffset + at + p3 * pixelBytes);
            }
        }
    }

    private static void tile(
            int rows,
            int columns,
            MemorySegment x,
            long x0,
            long x1,
            long x2,
            long x3,
            long rowBytes,
            int channels,
            float[] weights,
            int weightsFrom,
            int weightsRow,
            float[] bias,
            int channel,
            float floor,
            MemorySegment y,
            long y0,
            long y1,
            long y2,
            long y3) {
        if (x.getClass() != KIND || y.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        FloatVector s0 = FloatVector.fromArray(SPECIES, bias, channel);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int v = 0; v < rows; v++) {
            for (int u = 0; u < columns; u++) {
                long at = v * rowBytes + (long) u * channels * Float.BYTES;
                FloatVector w = FloatVector.fromArray(SPECIES, weights, weightsFrom + v * weightsRow + u * channels);
                s0 = FloatVector.fromMemorySegment(SPECIES, x, x0 + at, ORDER).fma(w, s0);
                s1 = FloatVector.fromMemorySegment(SPECIES, x, x1 + at, ORDER).fma(w, s1);
                s2 = FloatVector.fromMemorySegment(SPECIES, x, x2 + at, ORDER).fma(w, s2);
                s3 = FloatVector.fromMemorySegment(SPECIES, x, x3 + at, ORDER).fma(w, s3);
            }
        }
        s0.blend(floor, s0.compare(VectorOperators.LT, floor)).intoMemorySegment(y, y0, ORDER);
        s1.blend(floor, s1.compare(VectorOperators.LT, floor)).intoMemorySegment(y, y1, ORDER);
        s2.blend(floor, s2.compare(VectorOperators.LT, floor)).intoMemorySegment(y, y2, ORDER);
        s3.blend(floor, s3.compare(VectorOperators.LT, floor)).intoMemorySegment(y, y3, ORDER);
    }
}
