package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.VectorKernels.BY_1;
import static io.heddle.internal.kernels.VectorKernels.BY_2;
import static io.heddle.internal.kernels.VectorKernels.BY_4;
import static io.heddle.internal.kernels.VectorKernels.BY_8;
import static io.heddle.internal.kernels.VectorKernels.LANES;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;
import static jdk.incubator.vector.VectorOperators.F2D;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Distances from one row to several others: four at a time, so that the row is loaded once for them, and the rest one
 * at a time. Both forms sum in the same order, so the distance of two rows always has the same bits.
 */
final class SquaredDistances {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final long BYTES = (long) LANES * Float.BYTES;

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
        int r = 0;
        for (; r + 3 < m; r += 4) {
            four(x, xOffset, others, othersOffset + r * rowBytes, rowBytes, n, out, from + r);
        }
        for (; r < m; r++) {
            out[from + r] = one(x, xOffset, others, othersOffset + r * rowBytes, n);
        }
        int whole = SPECIES.loopBound(n);
        for (r = 0; whole < n && r < m; r++) {
            out[from + r] += rest(x, xOffset, others, othersOffset + r * rowBytes, whole, n);
        }
    }

    private static float one(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        NativeMemory.require(x, y);
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
        NativeMemory.require(x, y);
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

    private static float rest(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int whole, int n) {
        NativeMemory.require(x, y);
        float sum = 0;
        for (int i = whole; i < n; i++) {
            long at = (long) i * Float.BYTES;
            float d = x.get(FLOAT, xOffset + at) - y.get(FLOAT, yOffset + at);
            sum = Math.fma(d, d, sum);
        }
        return sum;
    }

    /** The squared distance of two rows, summed in double. */
    static double between(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int n) {
        NativeMemory.require(a, b);
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
