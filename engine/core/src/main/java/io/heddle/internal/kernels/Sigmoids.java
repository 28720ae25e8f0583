package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.NativeMemory.KIND;
import static io.heddle.internal.kernels.VectorKernels.LANES;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;
import static jdk.incubator.vector.VectorOperators.LSHL;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The logistic function in vectors, by the exponential of {@link ExpPolynomial}. */
final class Sigmoids {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private Sigmoids() {}

    /**
     * y ← 1 / (1 + e⁻ˣ), or x / (1 + e⁻ˣ).
     *
     * @param times whether x is the numerator
     */
    static void of(MemorySegment x, long xOffset, int n, boolean times, MemorySegment y, long yOffset) {
        if (x.getClass() != KIND || y.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        // A choice between two vectors could be compiled to objects, and 0 · ∞ is NaN, so the numerator is blended.
        FloatVector isOne = FloatVector.broadcast(SPECIES, times ? 0f : 1f);
        for (int i = 0; i < n; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector value = FloatVector.fromMemorySegment(SPECIES, x, xOffset + at, ORDER);
            FloatVector v = value.neg();
            FloatVector t = v.fma(
                    FloatVector.broadcast(SPECIES, ExpPolynomial.LOG2_E),
                    FloatVector.broadcast(SPECIES, ExpPolynomial.ROUNDER));
            FloatVector k = t.sub(ExpPolynomial.ROUNDER);
            FloatVector r = k.fma(FloatVector.broadcast(SPECIES, ExpPolynomial.MINUS_LN2_HIGH), v);
            r = k.fma(FloatVector.broadcast(SPECIES, ExpPolynomial.MINUS_LN2_LOW), r);
            FloatVector p = r.fma(
                    FloatVector.broadcast(SPECIES, ExpPolynomial.C7), FloatVector.broadcast(SPECIES, ExpPolynomial.C6));
            p = p.fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C5));
            p = p.fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C4));
            p = p.fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C3));
            p = p.fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C2));
            p = p.fma(r.mul(r), r).add(1f);
            IntVector power =
                    t.reinterpretAsInts().sub(ExpPolynomial.ROUNDER_BITS).lanewise(LSHL, 23);
            FloatVector e = p.reinterpretAsInts().add(power).reinterpretAsFloats();
            e = e.blend(0f, v.lt(ExpPolynomial.LOWEST));
            e = e.blend(Float.POSITIVE_INFINITY, v.compare(VectorOperators.GT, ExpPolynomial.HIGHEST));
            e = e.blend(v, v.eq(v).not());
            FloatVector numerator = value.blend(1f, isOne.compare(VectorOperators.NE, 0f));
            numerator.div(e.add(1f)).intoMemorySegment(y, yOffset + at, ORDER);
        }
    }
}
