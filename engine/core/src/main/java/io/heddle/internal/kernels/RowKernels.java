package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.NativeMemory.KIND;
import static io.heddle.internal.kernels.VectorKernels.BY_1;
import static io.heddle.internal.kernels.VectorKernels.BY_2;
import static io.heddle.internal.kernels.VectorKernels.BY_4;
import static io.heddle.internal.kernels.VectorKernels.BY_8;
import static io.heddle.internal.kernels.VectorKernels.LANES;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;
import static io.heddle.internal.kernels.VectorKernels.VECTOR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The kernels of one to three rows, element by element or with one sum, in vectors. */
final class RowKernels {
    private static final long VECTOR_BYTES = (long) LANES * Float.BYTES;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, SPECIES.vectorBitSize() / 4)));
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ScalarKernels PLAIN = new ScalarKernels();

    private RowKernels() {}

    static float dot(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int n) {
        if (a.getClass() != KIND || b.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int i = 0;
        // Four independent sums hide the latency of a fused multiply-add.
        int unrolled = n - n % (4 * LANES);
        for (; i < unrolled; i += 4 * LANES) {
            long at = (long) i * Float.BYTES;
            s0 = FloatVector.fromMemorySegment(SPECIES, a, aOffset + at, ORDER)
                    .fma(FloatVector.fromMemorySegment(SPECIES, b, bOffset + at, ORDER), s0);
            s1 = FloatVector.fromMemorySegment(SPECIES, a, aOffset + VECTOR_BYTES + at, ORDER)
                    .fma(FloatVector.fromMemorySegment(SPECIES, b, bOffset + VECTOR_BYTES + at, ORDER), s1);
            s2 = FloatVector.fromMemorySegment(SPECIES, a, aOffset + 2 * VECTOR_BYTES + at, ORDER)
                    .fma(FloatVector.fromMemorySegment(SPECIES, b, bOffset + 2 * VECTOR_BYTES + at, ORDER), s2);
            s3 = FloatVector.fromMemorySegment(SPECIES, a, aOffset + 3 * VECTOR_BYTES + at, ORDER)
                    .fma(FloatVector.fromMemorySegment(SPECIES, b, bOffset + 3 * VECTOR_BYTES + at, ORDER), s3);
        }
        int whole = SPECIES.loopBound(n);
        for (; i < whole; i += LANES) {
            long at = (long) i * Float.BYTES;
            s0 = FloatVector.fromMemorySegment(SPECIES, a, aOffset + at, ORDER)
                    .fma(FloatVector.fromMemorySegment(SPECIES, b, bOffset + at, ORDER), s0);
        }
        if (s0.getClass() != VECTOR || s1.getClass() != VECTOR || s2.getClass() != VECTOR || s3.getClass() != VECTOR) {
            throw VectorKernels.otherVectors();
        }
        s0 = s0.add(s1).add(s2.add(s3));
        if (LANES >= 16) {
            s0 = s0.add(s0.rearrange(BY_8));
        }
        if (LANES >= 8) {
            s0 = s0.add(s0.rearrange(BY_4));
        }
        if (LANES >= 4) {
            s0 = s0.add(s0.rearrange(BY_2));
        }
        s0 = s0.add(s0.rearrange(BY_1));
        float total = s0.lane(0);
        for (; i < n; i++) {
            long at = (long) i * Float.BYTES;
            total = Math.fma(a.get(FLOAT, aOffset + at), b.get(FLOAT, bOffset + at), total);
        }
        return total;
    }

    static void axpy(float alpha, MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        if (x.getClass() != KIND || y.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        FloatVector factor = FloatVector.broadcast(SPECIES, alpha);
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            long at = (long) i * Float.BYTES;
            factor.fma(
                            FloatVector.fromMemorySegment(SPECIES, x, xOffset + at, ORDER),
                            FloatVector.fromMemorySegment(SPECIES, y, yOffset + at, ORDER))
                    .intoMemorySegment(y, yOffset + at, ORDER);
        }
        long rest = (long) whole * Float.BYTES;
        PLAIN.axpy(alpha, x, xOffset + rest, y, yOffset + rest, n - whole);
    }

    static void scale(float alpha, MemorySegment x, long xOffset, int n) {
        if (x.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector.fromMemorySegment(SPECIES, x, xOffset + at, ORDER)
                    .mul(alpha)
                    .intoMemorySegment(x, xOffset + at, ORDER);
        }
        PLAIN.scale(alpha, x, xOffset + (long) whole * Float.BYTES, n - whole);
    }

    static void subtract(
            MemorySegment a, long aOffset, MemorySegment b, long bOffset, MemorySegment out, long outOffset, int n) {
        if (a.getClass() != KIND || b.getClass() != KIND || out.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector.fromMemorySegment(SPECIES, a, aOffset + at, ORDER)
                    .sub(FloatVector.fromMemorySegment(SPECIES, b, bOffset + at, ORDER))
                    .intoMemorySegment(out, outOffset + at, ORDER);
        }
        long rest = (long) whole * Float.BYTES;
        PLAIN.subtract(a, aOffset + rest, b, bOffset + rest, out, outOffset + rest, n - whole);
    }

    static void softmaxCurvature(MemorySegment p, long pOffset, MemorySegment u, long uOffset, int n) {
        if (p.getClass() != KIND || u.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        float mean = dot(p, pOffset, u, uOffset, n);
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector.fromMemorySegment(SPECIES, p, pOffset + at, ORDER)
                    .mul(FloatVector.fromMemorySegment(SPECIES, u, uOffset + at, ORDER)
                            .sub(mean))
                    .intoMemorySegment(u, uOffset + at, ORDER);
        }
        for (int i = whole; i < n; i++) {
            long at = (long) i * Float.BYTES;
            u.set(FLOAT, uOffset + at, p.get(FLOAT, pOffset + at) * (u.get(FLOAT, uOffset + at) - mean));
        }
    }

    static boolean allFinite(MemorySegment x, long offset, int n) {
        if (x.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        // 0 · x is 0 for every finite x and NaN for others; a sum with NaN is NaN.
        FloatVector sum = FloatVector.zero(SPECIES);
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            sum = FloatVector.fromMemorySegment(SPECIES, x, offset + (long) i * Float.BYTES, ORDER)
                    .fma(FloatVector.zero(SPECIES), sum);
        }
        if (sum.getClass() != VECTOR) {
            throw VectorKernels.otherVectors();
        }
        return !sum.eq(sum).not().anyTrue() && PLAIN.allFinite(x, offset + (long) whole * Float.BYTES, n - whole);
    }

    static void bytesToFloats(
            MemorySegment bytes, long bytesOffset, float scale, MemorySegment out, long outOffset, int n) {
        if (bytes.getClass() != KIND || out.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
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
}
