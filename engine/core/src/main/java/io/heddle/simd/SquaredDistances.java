package io.heddle.simd;

import static io.heddle.simd.VectorKernels.BY_1;
import static io.heddle.simd.VectorKernels.BY_2;
import static io.heddle.simd.VectorKernels.BY_4;
import static io.heddle.simd.VectorKernels.BY_8;
import static io.heddle.simd.VectorKernels.LANES;
import static io.heddle.simd.VectorKernels.SPECIES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/** One row against several, four at a time: the row is loaded once for the four. */
final class SquaredDistances {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

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
        for (int r = 0; r < m; r += 4) {
            four(x, xOffset, others, othersOffset + r * rowBytes, rowBytes, Math.min(4, m - r), n, out, from + r);
        }
    }

    // Fewer than four compute the last one several times.
    private static void four(
            MemorySegment x,
            long xOffset,
            MemorySegment others,
            long offset0,
            long rowBytes,
            int m,
            int n,
            float[] out,
            int from) {
        long offset1 = offset0 + Math.min(1, m - 1) * rowBytes;
        long offset2 = offset0 + Math.min(2, m - 1) * rowBytes;
        long offset3 = offset0 + Math.min(3, m - 1) * rowBytes;
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector v = FloatVector.fromMemorySegment(SPECIES, x, xOffset + at, ORDER);
            FloatVector d0 = v.sub(FloatVector.fromMemorySegment(SPECIES, others, offset0 + at, ORDER));
            FloatVector d1 = v.sub(FloatVector.fromMemorySegment(SPECIES, others, offset1 + at, ORDER));
            FloatVector d2 = v.sub(FloatVector.fromMemorySegment(SPECIES, others, offset2 + at, ORDER));
            FloatVector d3 = v.sub(FloatVector.fromMemorySegment(SPECIES, others, offset3 + at, ORDER));
            s0 = d0.fma(d0, s0);
            s1 = d1.fma(d1, s1);
            s2 = d2.fma(d2, s2);
            s3 = d3.fma(d3, s3);
        }
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
        s0 = s0.add(s0.rearrange(BY_1));
        s1 = s1.add(s1.rearrange(BY_1));
        s2 = s2.add(s2.rearrange(BY_1));
        s3 = s3.add(s3.rearrange(BY_1));
        out[from] = s0.lane(0) + rest(x, xOffset, others, offset0, whole, n);
        if (m > 1) {
            out[from + 1] = s1.lane(0) + rest(x, xOffset, others, offset1, whole, n);
        }
        if (m > 2) {
            out[from + 2] = s2.lane(0) + rest(x, xOffset, others, offset2, whole, n);
        }
        if (m > 3) {
            out[from + 3] = s3.lane(0) + rest(x, xOffset, others, offset3, whole, n);
        }
    }

    private static float rest(
            MemorySegment x, long xOffset, MemorySegment others, long othersOffset, int whole, int n) {
        float sum = 0;
        for (int i = whole; i < n; i++) {
            long at = (long) i * Float.BYTES;
            float d = x.get(FLOAT, xOffset + at) - others.get(FLOAT, othersOffset + at);
            sum = Math.fma(d, d, sum);
        }
        return sum;
    }
}
