package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.NativeMemory.KIND;
import static io.heddle.internal.kernels.VectorKernels.LANES;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Convolutions of packed pixels by {@link SixRowArrayTile}. With 16 registers, C2 keeps neither a tile of several rows
 * in place nor their addresses in registers. Packing reads and writes every float of a pixel once more, but a step of
 * the tile then has half of the instructions for each multiplication.
 */
final class PixelTile {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final long BYTES = (long) LANES * Float.BYTES;

    private PixelTile() {}

    /** {@link ConvolutionKernels#packedProduct}. */
    static void run(
            int pixels,
            int depth,
            float[] a,
            int aFrom,
            float[] b,
            int bFrom,
            int biasFrom,
            float floor,
            MemorySegment c,
            long cOffset,
            long[] to,
            int first) {
        float[] sums = TileSums.own();
        SixRowArrayTile.run(depth, a, aFrom, b, bFrom, sums);
        if (biasFrom < 0) {
            store(pixels, sums, c, cOffset, to, first);
        } else {
            rectify(pixels, sums, b, biasFrom, floor, c, cOffset, to, first);
        }
    }

    private static void store(int pixels, float[] sums, MemorySegment c, long cOffset, long[] to, int first) {
        if (c.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        for (int r = 0; r < pixels; r++) {
            long at = cOffset + to[first + r];
            FloatVector s0 = FloatVector.fromArray(SPECIES, sums, r * (2 * LANES));
            FloatVector s1 = FloatVector.fromArray(SPECIES, sums, r * (2 * LANES) + LANES);
            s0.intoMemorySegment(c, at, ORDER);
            s1.intoMemorySegment(c, at + BYTES, ORDER);
        }
    }

    private static void rectify(
            int pixels,
            float[] sums,
            float[] bias,
            int biasFrom,
            float floor,
            MemorySegment c,
            long cOffset,
            long[] to,
            int first) {
        if (c.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        FloatVector b0 = FloatVector.fromArray(SPECIES, bias, biasFrom);
        FloatVector b1 = FloatVector.fromArray(SPECIES, bias, biasFrom + LANES);
        for (int r = 0; r < pixels; r++) {
            long at = cOffset + to[first + r];
            FloatVector s0 =
                    FloatVector.fromArray(SPECIES, sums, r * (2 * LANES)).add(b0);
            FloatVector s1 = FloatVector.fromArray(SPECIES, sums, r * (2 * LANES) + LANES)
                    .add(b1);
            s0.blend(floor, s0.compare(VectorOperators.LT, floor)).intoMemorySegment(c, at, ORDER);
            s1.blend(floor, s1.compare(VectorOperators.LT, floor)).intoMemorySegment(c, at + BYTES, ORDER);
        }
    }
}
