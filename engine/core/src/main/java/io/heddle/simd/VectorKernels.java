package io.heddle.simd;

import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.MIN;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** The kernels in the widest vectors that the machine prefers. */
final class VectorKernels implements Kernels {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();
    private static final long VECTOR_BYTES = (long) LANES * Float.BYTES;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Byte> BYTES = VectorSpecies.of(
            byte.class, jdk.incubator.vector.VectorShape.forBitSize(Math.max(64, SPECIES.vectorBitSize() / 4)));
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ScalarKernels PLAIN = new ScalarKernels();

    // Halving exchanges for a sum whose order is fixed: reduceLanes(ADD) leaves it open, and the interpreter and C2
    // differ.
    private static final VectorShuffle<Float> BY_8 = exchange(8);
    private static final VectorShuffle<Float> BY_4 = exchange(4);
    private static final VectorShuffle<Float> BY_2 = exchange(2);
    private static final VectorShuffle<Float> BY_1 = exchange(1);

    private static VectorShuffle<Float> exchange(int distance) {
        return VectorShuffle.fromOp(SPECIES, i -> (i ^ distance) % LANES);
    }

    private static FloatVector load(MemorySegment s, long offset) {
        return FloatVector.fromMemorySegment(SPECIES, s, offset, ORDER);
    }

    static float sum(FloatVector v) {
        FloatVector s = v;
        if (LANES >= 16) {
            s = s.add(s.rearrange(BY_8));
        }
        if (LANES >= 8) {
            s = s.add(s.rearrange(BY_4));
        }
        if (LANES >= 4) {
            s = s.add(s.rearrange(BY_2));
        }
        s = s.add(s.rearrange(BY_1));
        return s.lane(0);
    }

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public float dot(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int n) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int i = 0;
        // Four sums in flight hide the latency of a fused multiply-add.
        int unrolled = n - n % (4 * LANES);
        for (; i < unrolled; i += 4 * LANES) {
            long at = (long) i * Float.BYTES;
            s0 = load(a, aOffset + at).fma(load(b, bOffset + at), s0);
            s1 = load(a, aOffset + VECTOR_BYTES + at).fma(load(b, bOffset + VECTOR_BYTES + at), s1);
            s2 = load(a, aOffset + 2 * VECTOR_BYTES + at).fma(load(b, bOffset + 2 * VECTOR_BYTES + at), s2);
            s3 = load(a, aOffset + 3 * VECTOR_BYTES + at).fma(load(b, bOffset + 3 * VECTOR_BYTES + at), s3);
        }
        int whole = SPECIES.loopBound(n);
        for (; i < whole; i += LANES) {
            long at = (long) i * Float.BYTES;
            s0 = load(a, aOffset + at).fma(load(b, bOffset + at), s0);
        }
        float total = sum(s0.add(s1).add(s2.add(s3)));
        for (; i < n; i++) {
            long at = (long) i * Float.BYTES;
            total = Math.fma(a.get(FLOAT, aOffset + at), b.get(FLOAT, bOffset + at), total);
        }
        return total;
    }

    @Override
    public double squaredDistance(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int n) {
        DoubleVector even = DoubleVector.zero(DOUBLES);
        DoubleVector odd = even;
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector d = load(a, aOffset + at).sub(load(b, bOffset + at));
            DoubleVector low = (DoubleVector) d.convertShape(F2D, DOUBLES, 0);
            DoubleVector high = (DoubleVector) d.convertShape(F2D, DOUBLES, 1);
            even = low.fma(low, even);
            odd = high.fma(high, odd);
        }
        double total = 0;
        DoubleVector both = even.add(odd);
        for (int j = 0; j < DOUBLES.length(); j++) {
            total += both.lane(j);
        }
        long rest = (long) whole * Float.BYTES;
        return total + PLAIN.squaredDistance(a, aOffset + rest, b, bOffset + rest, n - whole);
    }

    @Override
    public void axpy(float alpha, MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        FloatVector factor = FloatVector.broadcast(SPECIES, alpha);
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            long at = (long) i * Float.BYTES;
            factor.fma(load(x, xOffset + at), load(y, yOffset + at)).intoMemorySegment(y, yOffset + at, ORDER);
        }
        long rest = (long) whole * Float.BYTES;
        PLAIN.axpy(alpha, x, xOffset + rest, y, yOffset + rest, n - whole);
    }

    @Override
    public void scale(float alpha, MemorySegment x, long xOffset, int n) {
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            long at = (long) i * Float.BYTES;
            load(x, xOffset + at).mul(alpha).intoMemorySegment(x, xOffset + at, ORDER);
        }
        PLAIN.scale(alpha, x, xOffset + (long) whole * Float.BYTES, n - whole);
    }

    @Override
    public void subtract(
            MemorySegment a, long aOffset, MemorySegment b, long bOffset, MemorySegment out, long outOffset, int n) {
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            long at = (long) i * Float.BYTES;
            load(a, aOffset + at).sub(load(b, bOffset + at)).intoMemorySegment(out, outOffset + at, ORDER);
        }
        long rest = (long) whole * Float.BYTES;
        PLAIN.subtract(a, aOffset + rest, b, bOffset + rest, out, outOffset + rest, n - whole);
    }

    @Override
    public void softThreshold(
            MemorySegment x, long xOffset, float threshold, MemorySegment out, long outOffset, int n) {
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector v = load(x, xOffset + at);
            FloatVector shrunk = v.lanewise(ABS).sub(threshold).max(0f);
            IntVector sign = v.reinterpretAsInts().and(Integer.MIN_VALUE);
            shrunk.reinterpretAsInts().or(sign).reinterpretAsFloats().intoMemorySegment(out, outOffset + at, ORDER);
        }
        long rest = (long) whole * Float.BYTES;
        PLAIN.softThreshold(x, xOffset + rest, threshold, out, outOffset + rest, n - whole);
    }

    private static FloatVector exp(FloatVector x) {
        FloatVector t = x.fma(
                FloatVector.broadcast(SPECIES, ExpPolynomial.LOG2_E),
                FloatVector.broadcast(SPECIES, ExpPolynomial.ROUNDER));
        FloatVector n = t.sub(ExpPolynomial.ROUNDER);
        FloatVector r = n.fma(FloatVector.broadcast(SPECIES, ExpPolynomial.MINUS_LN2_HIGH), x);
        r = n.fma(FloatVector.broadcast(SPECIES, ExpPolynomial.MINUS_LN2_LOW), r);
        FloatVector p = r.fma(
                FloatVector.broadcast(SPECIES, ExpPolynomial.C7), FloatVector.broadcast(SPECIES, ExpPolynomial.C6));
        p = p.fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C5));
        p = p.fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C4));
        p = p.fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C3));
        p = p.fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C2));
        p = p.fma(r.mul(r), r).add(1f);
        IntVector power = t.reinterpretAsInts().sub(ExpPolynomial.ROUNDER_BITS).lanewise(LSHL, 23);
        FloatVector result = p.reinterpretAsInts().add(power).reinterpretAsFloats();
        result = result.blend(0f, x.lt(ExpPolynomial.LOWEST));
        result = result.blend(
                Float.POSITIVE_INFINITY,
                x.lt(ExpPolynomial.HIGHEST).or(x.eq(ExpPolynomial.HIGHEST)).not());
        return result.blend(x, x.eq(x).not());
    }

    @Override
    public void exp(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int n) {
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            long at = (long) i * Float.BYTES;
            exp(load(x, xOffset + at)).intoMemorySegment(out, outOffset + at, ORDER);
        }
        long rest = (long) whole * Float.BYTES;
        PLAIN.exp(x, xOffset + rest, out, outOffset + rest, n - whole);
    }

    @Override
    public float softmax(MemorySegment logits, long offset, int n) {
        // Few classes are the common case, so the tail is masked rather than left to a scalar loop.
        int whole = SPECIES.loopBound(n);
        VectorMask<Float> tail = SPECIES.indexInRange(whole, n);
        FloatVector lowest = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        FloatVector top = lowest;
        for (int i = 0; i < whole; i += LANES) {
            top = top.max(load(logits, offset + (long) i * Float.BYTES));
        }
        long rest = offset + (long) whole * Float.BYTES;
        FloatVector last = lowest;
        if (whole < n) {
            last = lowest.blend(FloatVector.fromMemorySegment(SPECIES, logits, rest, ORDER, tail), tail);
            top = top.max(last);
        }
        float max = top.reduceLanes(MAX);
        FloatVector sums = FloatVector.zero(SPECIES);
        for (int i = 0; i < whole; i += LANES) {
            long at = offset + (long) i * Float.BYTES;
            FloatVector e = exp(load(logits, at).sub(max));
            e.intoMemorySegment(logits, at, ORDER);
            sums = sums.add(e);
        }
        FloatVector lastExp = FloatVector.zero(SPECIES);
        if (whole < n) {
            lastExp = FloatVector.zero(SPECIES).blend(exp(last.sub(max)), tail);
            sums = sums.add(lastExp);
        }
        float total = sum(sums);
        float factor = 1f / total;
        for (int i = 0; i < whole; i += LANES) {
            long at = offset + (long) i * Float.BYTES;
            load(logits, at).mul(factor).intoMemorySegment(logits, at, ORDER);
        }
        if (whole < n) {
            lastExp.mul(factor).intoMemorySegment(logits, rest, ORDER, tail);
        }
        return max + (float) Math.log(total);
    }

    @Override
    public void softmaxCurvature(MemorySegment p, long pOffset, MemorySegment u, long uOffset, int n) {
        float mean = dot(p, pOffset, u, uOffset, n);
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            long at = (long) i * Float.BYTES;
            load(p, pOffset + at).mul(load(u, uOffset + at).sub(mean)).intoMemorySegment(u, uOffset + at, ORDER);
        }
        for (int i = whole; i < n; i++) {
            long at = (long) i * Float.BYTES;
            u.set(FLOAT, uOffset + at, p.get(FLOAT, pOffset + at) * (u.get(FLOAT, uOffset + at) - mean));
        }
    }

    @Override
    public int argMin(MemorySegment x, long offset, int n) {
        int whole = SPECIES.loopBound(n);
        if (whole == 0) {
            return PLAIN.argMin(x, offset, n);
        }
        // NaN is smaller than nothing, so it never replaces the infinity that each lane begins with.
        FloatVector best = FloatVector.broadcast(SPECIES, Float.POSITIVE_INFINITY);
        IntVector index = IntVector.zero(INTS).addIndex(1);
        IntVector bestIndex = index;
        for (int i = 0; i < whole; i += LANES) {
            FloatVector v = load(x, offset + (long) i * Float.BYTES);
            VectorMask<Float> smaller = v.lt(best);
            best = best.blend(v, smaller);
            bestIndex = bestIndex.blend(index.add(i), smaller.cast(INTS));
        }
        float smallest = best.reduceLanes(MIN);
        int found = bestIndex.reduceLanes(MIN, best.eq(smallest).cast(INTS));
        for (int i = whole; i < n; i++) {
            float v = x.get(FLOAT, offset + (long) i * Float.BYTES);
            if (v < smallest) {
                smallest = v;
                found = i;
            }
        }
        return found;
    }

    @Override
    public boolean allFinite(MemorySegment x, long offset, int n) {
        // 0 · x is 0 for every finite x and NaN for the others, and NaN survives a sum.
        FloatVector sum = FloatVector.zero(SPECIES);
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            sum = load(x, offset + (long) i * Float.BYTES).fma(FloatVector.zero(SPECIES), sum);
        }
        return !sum.eq(sum).not().anyTrue() && PLAIN.allFinite(x, offset + (long) whole * Float.BYTES, n - whole);
    }

    @Override
    public void bytesToFloats(
            MemorySegment bytes, long bytesOffset, float scale, MemorySegment out, long outOffset, int n) {
        int i = 0;
        int bound = n - BYTES.length();
        for (; i <= bound; i += LANES) {
            ByteVector b = ByteVector.fromMemorySegment(BYTES, bytes, bytesOffset + i, ORDER);
            IntVector ints = (IntVector) b.convertShape(ZERO_EXTEND_B2I, INTS, 0);
            ((FloatVector) ints.convertShape(I2F, SPECIES, 0))
                    .mul(scale)
                    .intoMemorySegment(out, outOffset + (long) i * Float.BYTES, ORDER);
        }
        PLAIN.bytesToFloats(bytes, bytesOffset + i, scale, out, outOffset + (long) i * Float.BYTES, n - i);
    }

    @Override
    public double addToSums(MemorySegment x, long offset, int n, double[] sums, int sumsFrom) {
        return ColumnSums.add(x, offset, n, sums, sumsFrom);
    }

    @Override
    public void subtractFromSums(MemorySegment x, long offset, int n, double[] sums, int sumsFrom) {
        ColumnSums.subtract(x, offset, n, sums, sumsFrom);
    }

    @Override
    public void squaredDistances(
            MemorySegment x,
            long xOffset,
            MemorySegment others,
            long othersOffset,
            long rowBytes,
            int m,
            int n,
            float[] out,
            int from) {
        SquaredDistances.run(x, xOffset, others, othersOffset, rowBytes, m, n, out, from);
    }

    @Override
    public void leastBiased(
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
        LeastBiased.run(scores, scoresOffset, scoresRow, rows, n, bias, biasOffset, columns, values, from);
    }

    @Override
    public void multiplyDoubles(
            int m,
            int n,
            int k,
            double[] a,
            int aFrom,
            int aRow,
            int aStep,
            double[] b,
            int bFrom,
            int bRow,
            double[] c,
            int cFrom,
            int cRow,
            boolean accumulate) {
        DoubleTiles.multiply(m, n, k, a, aFrom, aRow, aStep, b, bFrom, bRow, c, cFrom, cRow, accumulate);
    }

    @Override
    public void tile(
            int rows,
            int columns,
            int depth,
            MemorySegment a,
            long aOffset,
            long aRow,
            long aStep,
            MemorySegment b,
            long bOffset,
            long bStep,
            MemorySegment c,
            long cOffset,
            long cRow,
            boolean accumulate) {
        if (LANES == 16) {
            WideTile.run(
                    rows, columns, depth, a, aOffset, aRow, aStep, b, bOffset, bStep, c, cOffset, cRow, accumulate);
        } else {
            NarrowTile.run(
                    rows, columns, depth, a, aOffset, aRow, aStep, b, bOffset, bStep, c, cOffset, cRow, accumulate);
        }
    }
}
