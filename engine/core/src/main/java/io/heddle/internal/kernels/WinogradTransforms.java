package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.NativeMemory.KIND;
import static io.heddle.internal.kernels.VectorKernels.LANES;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The transforms of Winograd's F(4, 3) with the points 0, ±1, ±2 and ∞, a vector of channels at a time (Lavin and Gray,
 * arXiv:1509.09308). Each transforms the columns of the tile into scratch, then the rows, because 36 vectors do not fit
 * into the registers.
 */
final class WinogradTransforms {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int SIDE = ConvolutionKernels.WINOGRAD_POINTS;
    private static final int ROW = SIDE * LANES;

    private WinogradTransforms() {}

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
            FloatVector d5 = FloatVector.fromMemorySegment(SPECIES, x, at + 5 * rowBytes, ORDER);
            FloatVector even = d2.fma(FloatVector.broadcast(SPECIES, -4f), d4);
            FloatVector odd = d1.fma(FloatVector.broadcast(SPECIES, -4f), d3);
            FloatVector near = d4.sub(d2);
            FloatVector far = d3.sub(d1).mul(2f);
            FloatVector first = d2.fma(FloatVector.broadcast(SPECIES, -5f), d4);
            FloatVector last = d3.fma(FloatVector.broadcast(SPECIES, -5f), d5);
            int to = j * LANES;
            d0.fma(FloatVector.broadcast(SPECIES, 4f), first).intoArray(scratch, to);
            even.add(odd).intoArray(scratch, to + ROW);
            even.sub(odd).intoArray(scratch, to + 2 * ROW);
            near.add(far).intoArray(scratch, to + 3 * ROW);
            near.sub(far).intoArray(scratch, to + 4 * ROW);
            d1.fma(FloatVector.broadcast(SPECIES, 4f), last).intoArray(scratch, to + 5 * ROW);
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
            FloatVector d5 = FloatVector.fromArray(SPECIES, scratch, from + 5 * LANES);
            FloatVector even = d2.fma(FloatVector.broadcast(SPECIES, -4f), d4);
            FloatVector odd = d1.fma(FloatVector.broadcast(SPECIES, -4f), d3);
            FloatVector near = d4.sub(d2);
            FloatVector far = d3.sub(d1).mul(2f);
            FloatVector first = d2.fma(FloatVector.broadcast(SPECIES, -5f), d4);
            FloatVector last = d3.fma(FloatVector.broadcast(SPECIES, -5f), d5);
            long to = offset + (long) i * SIDE * frequencyBytes;
            d0.fma(FloatVector.broadcast(SPECIES, 4f), first).intoMemorySegment(v, to, ORDER);
            even.add(odd).intoMemorySegment(v, to + frequencyBytes, ORDER);
            even.sub(odd).intoMemorySegment(v, to + 2 * frequencyBytes, ORDER);
            near.add(far).intoMemorySegment(v, to + 3 * frequencyBytes, ORDER);
            near.sub(far).intoMemorySegment(v, to + 4 * frequencyBytes, ORDER);
            d1.fma(FloatVector.broadcast(SPECIES, 4f), last).intoMemorySegment(v, to + 5 * frequencyBytes, ORDER);
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
            FloatVector d4 = FloatVector.fromMemorySegment(SPECIES, m, at + 4 * rowBytes, ORDER);
            FloatVector d5 = FloatVector.fromMemorySegment(SPECIES, m, at + 5 * rowBytes, ORDER);
            FloatVector sum = d1.add(d2);
            FloatVector difference = d1.sub(d2);
            FloatVector farSum = d3.add(d4);
            FloatVector farDifference = d3.sub(d4);
            int to = j * LANES;
            d0.add(sum).add(farSum).intoArray(scratch, to);
            farDifference.fma(FloatVector.broadcast(SPECIES, 2f), difference).intoArray(scratch, to + ROW);
            farSum.fma(FloatVector.broadcast(SPECIES, 4f), sum).intoArray(scratch, to + 2 * ROW);
            farDifference
                    .fma(FloatVector.broadcast(SPECIES, 8f), difference)
                    .add(d5)
                    .intoArray(scratch, to + 3 * ROW);
        }
    }

    /**
     * Computes four pixels of each row in place, at least {@code floor}. The pixels that are stored are contiguous in
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
            FloatVector d4 = FloatVector.fromArray(SPECIES, scratch, from + 4 * LANES);
            FloatVector d5 = FloatVector.fromArray(SPECIES, scratch, from + 5 * LANES);
            FloatVector sum = d1.add(d2);
            FloatVector difference = d1.sub(d2);
            FloatVector farSum = d3.add(d4);
            FloatVector farDifference = d3.sub(d4);
            FloatVector y0 = d0.add(sum).add(farSum).add(b);
            FloatVector y1 = farDifference
                    .fma(FloatVector.broadcast(SPECIES, 2f), difference)
                    .add(b);
            FloatVector y2 = farSum.fma(FloatVector.broadcast(SPECIES, 4f), sum).add(b);
            FloatVector y3 = farDifference
                    .fma(FloatVector.broadcast(SPECIES, 8f), difference)
                    .add(d5)
                    .add(b);
            y0.blend(floor, y0.compare(VectorOperators.LT, floor)).intoArray(scratch, from);
            y1.blend(floor, y1.compare(VectorOperators.LT, floor)).intoArray(scratch, from + LANES);
            y2.blend(floor, y2.compare(VectorOperators.LT, floor)).intoArray(scratch, from + 2 * LANES);
            y3.blend(floor, y3.compare(VectorOperators.LT, floor)).intoArray(scratch, from + 3 * LANES);
        }
    }

    static void store(
            float[] scratch, MemorySegment y, long offset, long rowBytes, long pixelBytes, int rows, int columns) {
        if (y.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        for (int i = 0; i < rows; i++) {
            long to = offset + i * rowBytes;
            int from = i * ROW;
            for (int j = 0; j < columns; j++) {
                FloatVector.fromArray(SPECIES, scratch, from + j * LANES)
                        .intoMemorySegment(y, to + j * pixelBytes, ORDER);
            }
        }
    }
}
