package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.NativeMemory.KIND;
import static io.heddle.internal.kernels.VectorKernels.BY_1;
import static io.heddle.internal.kernels.VectorKernels.BY_2;
import static io.heddle.internal.kernels.VectorKernels.BY_4;
import static io.heddle.internal.kernels.VectorKernels.BY_8;
import static io.heddle.internal.kernels.VectorKernels.DOUBLE_VECTOR;
import static io.heddle.internal.kernels.VectorKernels.LANES;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;
import static io.heddle.internal.kernels.VectorKernels.VECTOR;
import static jdk.incubator.vector.VectorOperators.F2D;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Distances from one row to several others: four at a time, so that the row is loaded once for them, and the rest one
 * at a time. Both forms sum in the same order, so the distance of two rows always has the same bits.
 *
 * <p>The last elements, fewer than a vector has, are summed separately, as vectors too: single reads from a segment
 * take longer than a whole vector, and rows of ten columns have nothing else on 512 bits.
 */
final class SquaredDistances {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final long BYTES = (long) LANES * Float.BYTES;

    /** The number of each lane. */
    private static final FloatVector NUMBERS = FloatVector.zero(SPECIES).addIndex(1);

    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

    private SquaredDistances() {}

    static void run(
            MemorySegment x,
            long xOffset,
            MemorySegment others,
            long othersOffset,
            long rowBytes,
            int m,
            int n,
            float[] out,
            int from) {
        int whole = SPECIES.loopBound(n);
        if (whole > 0) {
            int r = 0;
            for (; r + 3 < m; r += 4) {
                four(x, xOffset, others, othersOffset + r * rowBytes, rowBytes, n, out, from + r);
            }
            for (; r < m; r++) {
                out[from + r] = one(x, xOffset, others, othersOffset + r * rowBytes, n);
            }
        } else {
            Arrays.fill(out, from, from + m, 0);
        }
        if (whole < n) {
            long at = (long) whole * Float.BYTES;
            ends(x, xOffset + at, others, othersOffset + at, rowBytes, m, n - whole, out, from);
        }
    }

    /** Adds the parts of the distances in the last elements, fewer than a vector has. */
    private static void ends(
            MemorySegment x,
            long xOffset,
            MemorySegment others,
            long othersOffset,
            long rowBytes,
            int m,
            int rest,
            float[] out,
            int from) {
        int r = 0;
        // Whole vectors are read if the memory goes on behind the rows, as in a matrix, whose rows are padded.
        if (xOffset + BYTES <= x.byteSize()) {
            long last = others.byteSize() - BYTES - othersOffset;
            for (; r + 3 < m && (r + 3) * rowBytes <= last; r += 4) {
                fourEnds(x, xOffset, others, othersOffset + r * rowBytes, rowBytes, rest, out, from + r);
            }
            for (; r < m && r * rowBytes <= last; r++) {
                out[from + r] += oneEnd(x, xOffset, others, othersOffset + r * rowBytes, rest);
            }
        }
        for (; r < m; r++) {
            out[from + r] += sum(x, xOffset, others, othersOffset + r * rowBytes, rest, 0, 1);
        }
    }

    private static float one(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        if (x.getClass() != KIND || y.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        FloatVector even = FloatVector.zero(SPECIES);
        FloatVector odd = even;
        int pairs = n - n % (2 * LANES);
        int i = 0;
        for (; i < pairs; i += 2 * LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector d = FloatVector.fromMemorySegment(SPECIES, x, xOffset + at, ORDER)
                    .sub(FloatVector.fromMemorySegment(SPECIES, y, yOffset + at, ORDER));
            FloatVector e = FloatVector.fromMemorySegment(SPECIES, x, xOffset + BYTES + at, ORDER)
                    .sub(FloatVector.fromMemorySegment(SPECIES, y, yOffset + BYTES + at, ORDER));
            even = d.fma(d, even);
            odd = e.fma(e, odd);
        }
        if (i < SPECIES.loopBound(n)) {
            long at = (long) i * Float.BYTES;
            FloatVector d = FloatVector.fromMemorySegment(SPECIES, x, xOffset + at, ORDER)
                    .sub(FloatVector.fromMemorySegment(SPECIES, y, yOffset + at, ORDER));
            even = d.fma(d, even);
        }
        if (even.getClass() != VECTOR || odd.getClass() != VECTOR) {
            throw VectorKernels.otherVectors();
        }
        even = even.add(odd);
        if (LANES >= 16) {
            even = even.add(even.rearrange(BY_8));
        }
        if (LANES >= 8) {
            even = even.add(even.rearrange(BY_4));
        }
        if (LANES >= 4) {
            even = even.add(even.rearrange(BY_2));
        }
        return even.add(even.rearrange(BY_1)).lane(0);
    }

    private static void four(
            MemorySegment x, long xOffset, MemorySegment y, long y0, long rowBytes, int n, float[] out, int from) {
        if (x.getClass() != KIND || y.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        long y1 = y0 + rowBytes;
        long y2 = y1 + rowBytes;
        long y3 = y2 + rowBytes;
        FloatVector even0 = FloatVector.zero(SPECIES);
        FloatVector even1 = even0;
        FloatVector even2 = even0;
        FloatVector even3 = even0;
        FloatVector odd0 = even0;
        FloatVector odd1 = even0;
        FloatVector odd2 = even0;
        FloatVector odd3 = even0;
        int pairs = n - n % (2 * LANES);
        int i = 0;
        for (; i < pairs; i += 2 * LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector v = FloatVector.fromMemorySegment(SPECIES, x, xOffset + at, ORDER);
            FloatVector d0 = v.sub(FloatVector.fromMemorySegment(SPECIES, y, y0 + at, ORDER));
            FloatVector d1 = v.sub(FloatVector.fromMemorySegment(SPECIES, y, y1 + at, ORDER));
            FloatVector d2 = v.sub(FloatVector.fromMemorySegment(SPECIES, y, y2 + at, ORDER));
            FloatVector d3 = v.sub(FloatVector.fromMemorySegment(SPECIES, y, y3 + at, ORDER));
            even0 = d0.fma(d0, even0);
            even1 = d1.fma(d1, even1);
            even2 = d2.fma(d2, even2);
            even3 = d3.fma(d3, even3);
            FloatVector w = FloatVector.fromMemorySegment(SPECIES, x, xOffset + BYTES + at, ORDER);
            FloatVector e0 = w.sub(FloatVector.fromMemorySegment(SPECIES, y, y0 + BYTES + at, ORDER));
            FloatVector e1 = w.sub(FloatVector.fromMemorySegment(SPECIES, y, y1 + BYTES + at, ORDER));
            FloatVector e2 = w.sub(FloatVector.fromMemorySegment(SPECIES, y, y2 + BYTES + at, ORDER));
            FloatVector e3 = w.sub(FloatVector.fromMemorySegment(SPECIES, y, y3 + BYTES + at, ORDER));
            odd0 = e0.fma(e0, odd0);
            odd1 = e1.fma(e1, odd1);
            odd2 = e2.fma(e2, odd2);
            odd3 = e3.fma(e3, odd3);
        }
        if (i < SPECIES.loopBound(n)) {
            long at = (long) i * Float.BYTES;
            FloatVector v = FloatVector.fromMemorySegment(SPECIES, x, xOffset + at, ORDER);
            FloatVector d0 = v.sub(FloatVector.fromMemorySegment(SPECIES, y, y0 + at, ORDER));
            FloatVector d1 = v.sub(FloatVector.fromMemorySegment(SPECIES, y, y1 + at, ORDER));
            FloatVector d2 = v.sub(FloatVector.fromMemorySegment(SPECIES, y, y2 + at, ORDER));
            FloatVector d3 = v.sub(FloatVector.fromMemorySegment(SPECIES, y, y3 + at, ORDER));
            even0 = d0.fma(d0, even0);
            even1 = d1.fma(d1, even1);
            even2 = d2.fma(d2, even2);
            even3 = d3.fma(d3, even3);
        }
        if (even0.getClass() != VECTOR
                || even1.getClass() != VECTOR
                || even2.getClass() != VECTOR
                || even3.getClass() != VECTOR
                || odd0.getClass() != VECTOR
                || odd1.getClass() != VECTOR
                || odd2.getClass() != VECTOR
                || odd3.getClass() != VECTOR) {
            throw VectorKernels.otherVectors();
        }
        even0 = even0.add(odd0);
        even1 = even1.add(odd1);
        even2 = even2.add(odd2);
        even3 = even3.add(odd3);
        if (LANES >= 16) {
            even0 = even0.add(even0.rearrange(BY_8));
            even1 = even1.add(even1.rearrange(BY_8));
            even2 = even2.add(even2.rearrange(BY_8));
            even3 = even3.add(even3.rearrange(BY_8));
        }
        if (LANES >= 8) {
            even0 = even0.add(even0.rearrange(BY_4));
            even1 = even1.add(even1.rearrange(BY_4));
            even2 = even2.add(even2.rearrange(BY_4));
            even3 = even3.add(even3.rearrange(BY_4));
        }
        if (LANES >= 4) {
            even0 = even0.add(even0.rearrange(BY_2));
            even1 = even1.add(even1.rearrange(BY_2));
            even2 = even2.add(even2.rearrange(BY_2));
            even3 = even3.add(even3.rearrange(BY_2));
        }
        out[from] = even0.add(even0.rearrange(BY_1)).lane(0);
        out[from + 1] = even1.add(even1.rearrange(BY_1)).lane(0);
        out[from + 2] = even2.add(even2.rearrange(BY_1)).lane(0);
        out[from + 3] = even3.add(even3.rearrange(BY_1)).lane(0);
    }

    private static void fourEnds(
            MemorySegment x, long xOffset, MemorySegment y, long y0, long rowBytes, int rest, float[] out, int from) {
        if (x.getClass() != KIND || y.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        long y1 = y0 + rowBytes;
        long y2 = y1 + rowBytes;
        long y3 = y2 + rowBytes;
        FloatVector zero = FloatVector.zero(SPECIES);
        VectorMask<Float> kept = NUMBERS.lt(rest);
        FloatVector v = FloatVector.fromMemorySegment(SPECIES, x, xOffset, ORDER);
        FloatVector d0 = zero.blend(v.sub(FloatVector.fromMemorySegment(SPECIES, y, y0, ORDER)), kept);
        FloatVector d1 = zero.blend(v.sub(FloatVector.fromMemorySegment(SPECIES, y, y1, ORDER)), kept);
        FloatVector d2 = zero.blend(v.sub(FloatVector.fromMemorySegment(SPECIES, y, y2, ORDER)), kept);
        FloatVector d3 = zero.blend(v.sub(FloatVector.fromMemorySegment(SPECIES, y, y3, ORDER)), kept);
        FloatVector s0 = d0.mul(d0);
        FloatVector s1 = d1.mul(d1);
        FloatVector s2 = d2.mul(d2);
        FloatVector s3 = d3.mul(d3);
        if (LANES >= 16) {
            s0 = s0.add(s0.rearrange(BY_8));
            s1 = s1.add(s1.rearrange(BY_8));
            s2 = s2.add(s2.rearrange(BY_8));
            s3 = s3.add(s3.rearrange(BY_8));
        }
        if (LANES >= 8) {
            s0 = s0.add(s0.rearrange(BY_4));
            s1 = s1.add(s1.rearrange(BY_4));
            s2 = s2.add(s2.rearrange(BY_4));
            s3 = s3.add(s3.rearrange(BY_4));
        }
        if (LANES >= 4) {
            s0 = s0.add(s0.rearrange(BY_2));
            s1 = s1.add(s1.rearrange(BY_2));
            s2 = s2.add(s2.rearrange(BY_2));
            s3 = s3.add(s3.rearrange(BY_2));
        }
        out[from] += s0.add(s0.rearrange(BY_1)).lane(0);
        out[from + 1] += s1.add(s1.rearrange(BY_1)).lane(0);
        out[from + 2] += s2.add(s2.rearrange(BY_1)).lane(0);
        out[from + 3] += s3.add(s3.rearrange(BY_1)).lane(0);
    }

    private static float oneEnd(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int rest) {
        if (x.getClass() != KIND || y.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector d = FloatVector.fromMemorySegment(SPECIES, x, xOffset, ORDER)
                .sub(FloatVector.fromMemorySegment(SPECIES, y, yOffset, ORDER));
        d = zero.blend(d, NUMBERS.lt(rest));
        FloatVector s = d.mul(d);
        if (LANES >= 16) {
            s = s.add(s.rearrange(BY_8));
        }
        if (LANES >= 8) {
            s = s.add(s.rearrange(BY_4));
        }
        if (LANES >= 4) {
            s = s.add(s.rearrange(BY_2));
        }
        return s.add(s.rearrange(BY_1)).lane(0);
    }

    /**
     * The same sum without access behind the rows, in the order of the vectors.
     *
     * @param i the first lane of the sum
     * @param step distance of its next lane
     */
    private static float sum(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int rest, int i, int step) {
        if (i >= rest) {
            return 0;
        }
        if (step < LANES) {
            return sum(x, xOffset, y, yOffset, rest, i, 2 * step)
                    + sum(x, xOffset, y, yOffset, rest, i + step, 2 * step);
        }
        if (x.getClass() != KIND || y.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        long at = (long) i * Float.BYTES;
        float d = x.get(FLOAT, xOffset + at) - y.get(FLOAT, yOffset + at);
        return d * d;
    }

    /** The squared distance of two rows, summed in double. */
    static double between(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int n) {
        if (a.getClass() != KIND || b.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        DoubleVector even = DoubleVector.zero(DOUBLES);
        DoubleVector odd = even;
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector d = FloatVector.fromMemorySegment(SPECIES, a, aOffset + at, ORDER)
                    .sub(FloatVector.fromMemorySegment(SPECIES, b, bOffset + at, ORDER));
            DoubleVector low = (DoubleVector) d.convertShape(F2D, DOUBLES, 0);
            DoubleVector high = (DoubleVector) d.convertShape(F2D, DOUBLES, 1);
            even = low.fma(low, even);
            odd = high.fma(high, odd);
        }
        if (even.getClass() != DOUBLE_VECTOR || odd.getClass() != DOUBLE_VECTOR) {
            throw VectorKernels.otherVectors();
        }
        double total = 0;
        DoubleVector both = even.add(odd);
        for (int j = 0; j < DOUBLES.length(); j++) {
            total += both.lane(j);
        }
        double rest = 0;
        for (int i = whole; i < n; i++) {
            long at = (long) i * Float.BYTES;
            double d = a.get(FLOAT, aOffset + at) - b.get(FLOAT, bOffset + at);
            rest = Math.fma(d, d, rest);
        }
        return total + rest;
    }
}
