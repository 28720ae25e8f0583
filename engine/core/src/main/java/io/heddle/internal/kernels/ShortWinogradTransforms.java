package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.NativeMemory.KIND;
import static io.heddle.internal.kernels.VectorKernels.LANES;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The transforms of Winograd's F(3, 3) with the points 0, ±1, 2 and ∞: those of {@link WinogradTransforms} without −2,
 * whose row or column is skipped. They are scaled so that the transformed weights are the same.
 */
final class ShortWinogradTransforms {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int SIDE = ConvolutionKernels.WINOGRAD_POINTS;
    private static final int ROW = SIDE * LANES;

    private ShortWinogradTransforms() {}

    static void inputColumns(
            MemorySegment x, long offset, long rowBytes, long pixelBytes, int columns, float[] scratch) {
        if (x.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        for (int j = 0; j < columns; j++) {
            long at = offset + (long) j * pixelBytes;
            FloatVector d0 = FloatVector.fromMemorySegment(SPECIES, x, at, ORDER);
            FloatVector d1 = FloatVector.fromMemorySegment(SPECIES, x, at + rowBytes, ORDER);
            FloatVector d2 = FloatVector.fromMemorySegment(SPECIES, x, at + 2 * rowBytes, ORDER);
            FloatVector d3 = FloatVector.fromMemorySegment(SPECIES, x, at + 3 * rowBytes, ORDER);
            FloatVector d4 = FloatVector.fromMemorySegment(SPECIES, x, at + 4 * rowBytes, ORDER);
            FloatVector two = FloatVector.broadcast(SPECIES, 2f);
            FloatVector near = d1.fma(FloatVector.broadcast(SPECIES, -2f), d3);
            FloatVector outer = d3.sub(d1);
            FloatVector middle = d2.fma(FloatVector.broadcast(SPECIES, -3f), d3);
            int to = j * LANES;
            d0.sub(d2).fma(two, outer).mul(2f).intoArray(scratch, to);
            near.sub(d2).mul(3f).intoArray(scratch, to + ROW);
            d1.fma(two, middle).intoArray(scratch, to + 2 * ROW);
            outer.mul(4f).intoArray(scratch, to + 3 * ROW);
            d1.sub(d3).fma(two, d4.sub(d2)).intoArray(scratch, to + 5 * ROW);
        }
    }

    /** @param leftOut row that is not computed; negative for none */
    static void inputRows(float[] scratch, int leftOut, MemorySegment v, long offset, long frequencyBytes) {
        if (v.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        for (int i = 0; i < SIDE; i++) {
            if (i == leftOut) {
                continue;
            }
            int from = i * ROW;
            FloatVector d0 = FloatVector.fromArray(SPECIES, scratch, from);
            FloatVector d1 = FloatVector.fromArray(SPECIES, scratch, from + LANES);
            FloatVector d2 = FloatVector.fromArray(SPECIES, scratch, from + 2 * LANES);
            FloatVector d3 = FloatVector.fromArray(SPECIES, scratch, from + 3 * LANES);
            FloatVector d4 = FloatVector.fromArray(SPECIES, scratch, from + 4 * LANES);
            FloatVector two = FloatVector.broadcast(SPECIES, 2f);
            FloatVector near = d1.fma(FloatVector.broadcast(SPECIES, -2f), d3);
            FloatVector outer = d3.sub(d1);
            FloatVector middle = d2.fma(FloatVector.broadcast(SPECIES, -3f), d3);
            long to = offset + (long) i * SIDE * frequencyBytes;
            d0.sub(d2).fma(two, outer).mul(2f).intoMemorySegment(v, to, ORDER);
            near.sub(d2).mul(3f).intoMemorySegment(v, to + frequencyBytes, ORDER);
            d1.fma(two, middle).intoMemorySegment(v, to + 2 * frequencyBytes, ORDER);
            outer.mul(4f).intoMemorySegment(v, to + 3 * frequencyBytes, ORDER);
            d1.sub(d3).fma(two, d4.sub(d2)).intoMemorySegment(v, to + 5 * frequencyBytes, ORDER);
        }
    }

    /** @param leftOut column that is not computed; negative for none */
    static void outputColumns(MemorySegment m, long offset, long frequencyBytes, int leftOut, float[] scratch) {
        if (m.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        long rowBytes = SIDE * frequencyBytes;
        for (int j = 0; j < SIDE; j++) {
            if (j == leftOut) {
                continue;
            }
            long at = offset + (long) j * frequencyBytes;
            FloatVector d0 = FloatVector.fromMemorySegment(SPECIES, m, at, ORDER);
            FloatVector d1 = FloatVector.fromMemorySegment(SPECIES, m, at + rowBytes, ORDER);
            FloatVector d2 = FloatVector.fromMemorySegment(SPECIES, m, at + 2 * rowBytes, ORDER);
            FloatVector d3 = FloatVector.fromMemorySegment(SPECIES, m, at + 3 * rowBytes, ORDER);
            FloatVector d5 = FloatVector.fromMemorySegment(SPECIES, m, at + 5 * rowBytes, ORDER);
            FloatVector sum = d1.add(d2);
            FloatVector difference = d1.sub(d2);
            int to = j * LANES;
            d0.add(sum).add(d3).intoArray(scratch, to);
            d3.fma(FloatVector.broadcast(SPECIES, 2f), difference).intoArray(scratch, to + ROW);
            d3.fma(FloatVector.broadcast(SPECIES, 4f), sum).add(d5).intoArray(scratch, to + 2 * ROW);
        }
    }

    /**
     * Computes three pixels of each row in place, at least {@code floor}. The pixels that are stored are contiguous in
     * scratch.
     */
    static void outputRows(float[] scratch, MemorySegment bias, long biasOffset, float floor, int rows) {
        if (bias.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        FloatVector b = FloatVector.fromMemorySegment(SPECIES, bias, biasOffset, ORDER);
        for (int i = 0; i < rows; i++) {
            int from = i * ROW;
            FloatVector d0 = FloatVector.fromArray(SPECIES, scratch, from);
            FloatVector d1 = FloatVector.fromArray(SPECIES, scratch, from + LANES);
            FloatVector d2 = FloatVector.fromArray(SPECIES, scratch, from + 2 * LANES);
            FloatVector d3 = FloatVector.fromArray(SPECIES, scratch, from + 3 * LANES);
            FloatVector d5 = FloatVector.fromArray(SPECIES, scratch, from + 5 * LANES);
            FloatVector sum = d1.add(d2);
            FloatVector difference = d1.sub(d2);
            FloatVector y0 = d0.add(sum).add(d3).add(b);
            FloatVector y1 =
                    d3.fma(FloatVector.broadcast(SPECIES, 2f), difference).add(b);
            FloatVector y2 =
                    d3.fma(FloatVector.broadcast(SPECIES, 4f), sum).add(d5).add(b);
            y0.blend(floor, y0.compare(VectorOperators.LT, floor)).intoArray(scratch, from);
            y1.blend(floor, y1.compare(VectorOperators.LT, floor)).intoArray(scratch, from + LANES);
            y2.blend(floor, y2.compare(VectorOperators.LT, floor)).intoArray(scratch, from + 2 * LANES);
        }
    }
}
