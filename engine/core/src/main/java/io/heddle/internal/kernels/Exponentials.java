package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.NativeMemory.KIND;
import static io.heddle.internal.kernels.VectorKernels.BY_1;
import static io.heddle.internal.kernels.VectorKernels.BY_2;
import static io.heddle.internal.kernels.VectorKernels.BY_4;
import static io.heddle.internal.kernels.VectorKernels.BY_8;
import static io.heddle.internal.kernels.VectorKernels.LANES;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;
import static io.heddle.internal.kernels.VectorKernels.VECTOR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.MAX;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/** The exponential of {@link ExpPolynomial} in vectors. */
final class Exponentials {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private Exponentials() {}

    /**
     * outᵢ ← e^(xᵢ − shift) over n floats.
     *
     * @return the sum of the results
     */
    static float ofDifferences(MemorySegment x, long xOffset, float shift, MemorySegment out, long outOffset, int n) {
        int whole = SPECIES.loopBound(n);
        float total = ofWholeVectors(x, xOffset, shift, out, outOffset, whole);
        if (whole < n) {
            long rest = (long) whole * Float.BYTES;
            total += ofFew(x, xOffset + rest, shift, out, outOffset + rest, n - whole, false);
        }
        return total;
    }

    /** The largest of n floats. */
    static float max(MemorySegment x, long offset, int n) {
        if (x.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        int whole = SPECIES.loopBound(n);
        FloatVector top = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < whole; i += LANES) {
            top = top.max(FloatVector.fromMemorySegment(SPECIES, x, offset + (long) i * Float.BYTES, ORDER));
        }
        if (top.getClass() != VECTOR) {
            throw VectorKernels.otherVectors();
        }
        float max = top.reduceLanes(MAX);
        for (int i = whole; i < n; i++) {
            max = Math.max(max, x.get(FLOAT, offset + (long) i * Float.BYTES));
        }
        return max;
    }

    private static float ofWholeVectors(
            MemorySegment x, long xOffset, float shift, MemorySegment out, long outOffset, int whole) {
        if (x.getClass() != KIND || out.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        FloatVector sums = FloatVector.zero(SPECIES);
        for (int i = 0; i < whole; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector v = FloatVector.fromMemorySegment(SPECIES, x, xOffset + at, ORDER)
                    .sub(shift);
            FloatVector t = v.fma(
                    FloatVector.broadcast(SPECIES, ExpPolynomial.LOG2_E),
                    FloatVector.broadcast(SPECIES, ExpPolynomial.ROUNDER));
            FloatVector n = t.sub(ExpPolynomial.ROUNDER);
            FloatVector r = n.fma(FloatVector.broadcast(SPECIES, ExpPolynomial.MINUS_LN2_HIGH), v);
            r = n.fma(FloatVector.broadcast(SPECIES, ExpPolynomial.MINUS_LN2_LOW), r);
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
            e = e.blend(
                    Float.POSITIVE_INFINITY,
                    v.lt(ExpPolynomial.HIGHEST).or(v.eq(ExpPolynomial.HIGHEST)).not());
            e = e.blend(v, v.eq(v).not());
            e.intoMemorySegment(out, outOffset + at, ORDER);
            sums = sums.add(e);
        }
        if (sums.getClass() != VECTOR) {
            throw VectorKernels.otherVectors();
        }
        if (LANES >= 16) {
            sums = sums.add(sums.rearrange(BY_8));
        }
        if (LANES >= 8) {
            sums = sums.add(sums.rearrange(BY_4));
        }
        if (LANES >= 4) {
            sums = sums.add(sums.rearrange(BY_2));
        }
        sums = sums.add(sums.rearrange(BY_1));
        return sums.lane(0);
    }

    /**
     * The softmax of at most one vector of floats, in place. Ten classes are the common case, and the passes of longer
     * rows would take longer. The bits are the same.
     *
     * @return ln Σ e^xᵢ
     */
    static float softmaxOfFew(MemorySegment x, long offset, int count) {
        return ofFew(x, offset, 0f, x, offset, count, true);
    }

    /**
     * The exponentials of differences, or the softmax, of at most one vector of floats. A scalar loop would be slow.
     *
     * @return the sum of the exponentials, or its logarithm plus the maximum
     */
    private static float ofFew(
            MemorySegment x,
            long xOffset,
            float difference,
            MemorySegment out,
            long outOffset,
            int count,
            boolean softmax) {
        if (x.getClass() != KIND || out.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        VectorMask<Float> some = SPECIES.indexInRange(0, count);
        FloatVector values = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY)
                .blend(FloatVector.fromMemorySegment(SPECIES, x, xOffset, ORDER, some), some);
        float shift = softmax ? values.reduceLanes(MAX) : difference;
        FloatVector v = values.sub(shift);
        FloatVector t = v.fma(
                FloatVector.broadcast(SPECIES, ExpPolynomial.LOG2_E),
                FloatVector.broadcast(SPECIES, ExpPolynomial.ROUNDER));
        FloatVector n = t.sub(ExpPolynomial.ROUNDER);
        FloatVector r = n.fma(FloatVector.broadcast(SPECIES, ExpPolynomial.MINUS_LN2_HIGH), v);
        r = n.fma(FloatVector.broadcast(SPECIES, ExpPolynomial.MINUS_LN2_LOW), r);
        FloatVector p = r.fma(
                FloatVector.broadcast(SPECIES, ExpPolynomial.C7), FloatVector.broadcast(SPECIES, ExpPolynomial.C6));
        p = p.fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C5));
        p = p.fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C4));
        p = p.fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C3));
        p = p.fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C2));
        p = p.fma(r.mul(r), r).add(1f);
        IntVector power = t.reinterpretAsInts().sub(ExpPolynomial.ROUNDER_BITS).lanewise(LSHL, 23);
        FloatVector e = p.reinterpretAsInts().add(power).reinterpretAsFloats();
        e = e.blend(0f, v.lt(ExpPolynomial.LOWEST));
        e = e.blend(
                Float.POSITIVE_INFINITY,
                v.lt(ExpPolynomial.HIGHEST).or(v.eq(ExpPolynomial.HIGHEST)).not());
        e = e.blend(v, v.eq(v).not());
        FloatVector sums = FloatVector.zero(SPECIES).blend(e, some);
        if (LANES >= 16) {
            sums = sums.add(sums.rearrange(BY_8));
        }
        if (LANES >= 8) {
            sums = sums.add(sums.rearrange(BY_4));
        }
        if (LANES >= 4) {
            sums = sums.add(sums.rearrange(BY_2));
        }
        sums = sums.add(sums.rearrange(BY_1));
        float total = sums.lane(0);
        if (softmax) {
            e.mul(1f / total).intoMemorySegment(out, outOffset, ORDER, some);
            return shift + (float) Math.log(total);
        }
        e.intoMemorySegment(out, outOffset, ORDER, some);
        return total;
    }
}
