package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.NativeMemory.KIND;
import static io.heddle.internal.kernels.VectorKernels.LANES;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;
import static io.heddle.internal.kernels.VectorKernels.VECTOR;
import static jdk.incubator.vector.VectorOperators.MIN;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Columns of scores whose sum with a bias is minimal or below a limit. Used to find near centres from products. */
final class MinimumBiased {
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final Class<?> INT_VECTOR = IntVector.zero(INTS).getClass();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private MinimumBiased() {}

    static void run(
            MemorySegment scores,
            long scoresOffset,
            long scoresRow,
            int rows,
            int n,
            MemorySegment bias,
            long biasOffset,
            int[] columns,
            float[] values,
            int from) {
        if (scores.getClass() != KIND || bias.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        int whole = SPECIES.loopBound(n);
        // Floats beyond n are readable padding and must not be the result.
        VectorMask<Float> tail = SPECIES.indexInRange(whole, n);
        for (int r = 0; r < rows; r++) {
            long row = scoresOffset + r * scoresRow;
            FloatVector best = FloatVector.broadcast(SPECIES, Float.POSITIVE_INFINITY);
            IntVector index = IntVector.zero(INTS);
            for (int j = 0; j < whole; j += LANES) {
                long at = (long) j * Float.BYTES;
                FloatVector v = FloatVector.fromMemorySegment(SPECIES, scores, row + at, ORDER)
                        .add(FloatVector.fromMemorySegment(SPECIES, bias, biasOffset + at, ORDER));
                VectorMask<Float> less = v.lt(best);
                best = best.blend(v, less);
                index = index.blend(j, less.cast(INTS));
            }
            if (best.getClass() != VECTOR || index.getClass() != INT_VECTOR) {
                throw VectorKernels.otherVectors();
            }
            if (whole < n) {
                long at = (long) whole * Float.BYTES;
                FloatVector v = FloatVector.fromMemorySegment(SPECIES, scores, row + at, ORDER)
                        .add(FloatVector.fromMemorySegment(SPECIES, bias, biasOffset + at, ORDER));
                VectorMask<Float> less = v.lt(best).and(tail);
                best = best.blend(v, less);
                index = index.blend(whole, less.cast(INTS));
            }
            float minimum = best.reduceLanes(MIN);
            int found = index.addIndex(1).reduceLanes(MIN, best.eq(minimum).cast(INTS));
            columns[from + r] = Math.min(found, n - 1);
            values[from + r] = minimum;
        }
    }

    static int below(
            MemorySegment scores,
            long scoresOffset,
            int n,
            MemorySegment bias,
            long biasOffset,
            float limit,
            int[] columns) {
        if (scores.getClass() != KIND || bias.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        int count = 0;
        for (int j = 0; j < n; j += LANES) {
            long at = (long) j * Float.BYTES;
            long found = FloatVector.fromMemorySegment(SPECIES, scores, scoresOffset + at, ORDER)
                    .add(FloatVector.fromMemorySegment(SPECIES, bias, biasOffset + at, ORDER))
                    .lt(limit)
                    .toLong();
            // Most vectors have none; floats beyond n are padding.
            while (found != 0) {
                int column = j + Long.numberOfTrailingZeros(found);
                if (column < n) {
                    columns[count++] = column;
                }
                found &= found - 1;
            }
        }
        return count;
    }
}
