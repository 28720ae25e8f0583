package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.NativeMemory.KIND;
import static io.heddle.internal.kernels.VectorKernels.LANES;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;
import static io.heddle.internal.kernels.VectorKernels.VECTOR;
import static jdk.incubator.vector.VectorOperators.MIN;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/** Lowers rows of bounds and selects the rows whose minimum is below a limit. */
final class LowerBounds {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private LowerBounds() {}

    static int run(
            MemorySegment bounds,
            long offset,
            long rowBytes,
            int rows,
            int n,
            MemorySegment by,
            float[] limits,
            int from,
            int[] picked) {
        if (bounds.getClass() != KIND || by.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        int count = 0;
        for (int r = 0; r < rows; r++) {
            long row = offset + r * rowBytes;
            FloatVector minimum = FloatVector.broadcast(SPECIES, Float.POSITIVE_INFINITY);
            for (int j = 0; j < n; j += LANES) {
                long at = (long) j * Float.BYTES;
                FloatVector v = FloatVector.fromMemorySegment(SPECIES, bounds, row + at, ORDER)
                        .sub(FloatVector.fromMemorySegment(SPECIES, by, at, ORDER));
                v.intoMemorySegment(bounds, row + at, ORDER);
                minimum = minimum.min(v);
            }
            if (minimum.getClass() != VECTOR) {
                throw VectorKernels.otherVectors();
            }
            if (minimum.reduceLanes(MIN) < limits[from + r]) {
                picked[count++] = r;
            }
        }
        return count;
    }
}
