package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.NativeMemory.KIND;
import static io.heddle.internal.kernels.VectorKernels.DOUBLE_VECTOR;
import static io.heddle.internal.kernels.VectorKernels.LANES;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;
import static jdk.incubator.vector.VectorOperators.D2F;
import static jdk.incubator.vector.VectorOperators.F2D;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Adds rows of floats to running sums in double, or subtracts them. */
final class ColumnSums {
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final int HALF = DOUBLES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ScalarKernels PLAIN = new ScalarKernels();

    private ColumnSums() {}

    static double add(MemorySegment x, long offset, int n, double[] sums, int from) {
        if (x.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        DoubleVector lowSquares = DoubleVector.zero(DOUBLES);
        DoubleVector highSquares = lowSquares;
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector v = FloatVector.fromMemorySegment(SPECIES, x, offset + (long) i * Float.BYTES, ORDER);
            DoubleVector low = (DoubleVector) v.convertShape(F2D, DOUBLES, 0);
            DoubleVector high = (DoubleVector) v.convertShape(F2D, DOUBLES, 1);
            lowSquares = low.fma(low, lowSquares);
            highSquares = high.fma(high, highSquares);
            DoubleVector.fromArray(DOUBLES, sums, from + i).add(low).intoArray(sums, from + i);
            DoubleVector.fromArray(DOUBLES, sums, from + i + HALF).add(high).intoArray(sums, from + i + HALF);
        }
        if (lowSquares.getClass() != DOUBLE_VECTOR || highSquares.getClass() != DOUBLE_VECTOR) {
            throw VectorKernels.otherVectors();
        }
        double total = 0;
        DoubleVector both = lowSquares.add(highSquares);
        // Lane by lane, because reduceLanes(ADD) does not define the order.
        for (int j = 0; j < HALF; j++) {
            total += both.lane(j);
        }
        return total + PLAIN.addToSums(x, offset + (long) whole * Float.BYTES, n - whole, sums, from + whole);
    }

    static void subtract(MemorySegment x, long offset, int n, double[] sums, int from) {
        if (x.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector v = FloatVector.fromMemorySegment(SPECIES, x, offset + (long) i * Float.BYTES, ORDER);
            DoubleVector low = (DoubleVector) v.convertShape(F2D, DOUBLES, 0);
            DoubleVector high = (DoubleVector) v.convertShape(F2D, DOUBLES, 1);
            DoubleVector.fromArray(DOUBLES, sums, from + i).sub(low).intoArray(sums, from + i);
            DoubleVector.fromArray(DOUBLES, sums, from + i + HALF).sub(high).intoArray(sums, from + i + HALF);
        }
        PLAIN.subtractFromSums(x, offset + (long) whole * Float.BYTES, n - whole, sums, from + whole);
    }

    static double blend(double keep, MemorySegment y, long offset, int n, double weight, double[] sums, int from) {
        if (y.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        DoubleVector factor = DoubleVector.broadcast(DOUBLES, weight);
        DoubleVector lowChange = DoubleVector.zero(DOUBLES);
        DoubleVector highChange = lowChange;
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            long at = offset + (long) i * Float.BYTES;
            FloatVector before = FloatVector.fromMemorySegment(SPECIES, y, at, ORDER);
            DoubleVector low = (DoubleVector) before.convertShape(F2D, DOUBLES, 0);
            DoubleVector high = (DoubleVector) before.convertShape(F2D, DOUBLES, 1);
            DoubleVector lowNow = factor.fma(DoubleVector.fromArray(DOUBLES, sums, from + i), low.mul(keep));
            DoubleVector highNow = factor.fma(DoubleVector.fromArray(DOUBLES, sums, from + i + HALF), high.mul(keep));
            FloatVector now = ((FloatVector) lowNow.convertShape(D2F, SPECIES, 0))
                    .add((FloatVector) highNow.convertShape(D2F, SPECIES, -1));
            now.intoMemorySegment(y, at, ORDER);
            DoubleVector lowMove = ((DoubleVector) now.convertShape(F2D, DOUBLES, 0)).sub(low);
            DoubleVector highMove = ((DoubleVector) now.convertShape(F2D, DOUBLES, 1)).sub(high);
            lowChange = lowMove.fma(lowMove, lowChange);
            highChange = highMove.fma(highMove, highChange);
        }
        if (lowChange.getClass() != DOUBLE_VECTOR || highChange.getClass() != DOUBLE_VECTOR) {
            throw VectorKernels.otherVectors();
        }
        double total = 0;
        DoubleVector both = lowChange.add(highChange);
        for (int j = 0; j < HALF; j++) {
            total += both.lane(j);
        }
        long rest = (long) whole * Float.BYTES;
        return total + PLAIN.blend(keep, y, offset + rest, n - whole, weight, sums, from + whole);
    }
}
