package io.heddle.simd;

import static io.heddle.simd.VectorKernels.LANES;
import static io.heddle.simd.VectorKernels.SPECIES;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * What training a small perceptron needs beside products. Each element by itself, so the plain twin has the same bits.
 */
final class Training {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ScalarKernels PLAIN = new ScalarKernels();

    private Training() {}

    static void relu(MemorySegment x, long offset, int n) {
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            long at = offset + (long) i * Float.BYTES;
            FloatVector.fromMemorySegment(SPECIES, x, at, ORDER).max(0f).intoMemorySegment(x, at, ORDER);
        }
        PLAIN.relu(x, offset + (long) whole * Float.BYTES, n - whole);
    }

    static void maskNonPositive(MemorySegment h, long hOffset, MemorySegment g, long gOffset, int n) {
        int whole = SPECIES.loopBound(n);
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int i = 0; i < whole; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector v = FloatVector.fromMemorySegment(SPECIES, h, hOffset + at, ORDER);
            zero.blend(FloatVector.fromMemorySegment(SPECIES, g, gOffset + at, ORDER), zero.lt(v))
                    .intoMemorySegment(g, gOffset + at, ORDER);
        }
        long rest = (long) whole * Float.BYTES;
        PLAIN.maskNonPositive(h, hOffset + rest, g, gOffset + rest, n - whole);
    }

    static void adam(
            MemorySegment w,
            MemorySegment g,
            MemorySegment first,
            MemorySegment second,
            long offset,
            int n,
            float rate,
            float epsilon,
            float keepFirst,
            float keepSecond,
            float decay) {
        int whole = SPECIES.loopBound(n);
        FloatVector weightDecay = FloatVector.broadcast(SPECIES, decay);
        FloatVector minusRate = FloatVector.broadcast(SPECIES, -rate);
        for (int i = 0; i < whole; i += LANES) {
            long at = offset + (long) i * Float.BYTES;
            FloatVector weight = FloatVector.fromMemorySegment(SPECIES, w, at, ORDER);
            FloatVector gradient = weightDecay.fma(weight, FloatVector.fromMemorySegment(SPECIES, g, at, ORDER));
            FloatVector m = FloatVector.fromMemorySegment(SPECIES, first, at, ORDER)
                    .mul(keepFirst)
                    .add(gradient.mul(1 - keepFirst));
            FloatVector v = FloatVector.fromMemorySegment(SPECIES, second, at, ORDER)
                    .mul(keepSecond)
                    .add(gradient.mul(gradient).mul(1 - keepSecond));
            m.intoMemorySegment(first, at, ORDER);
            v.intoMemorySegment(second, at, ORDER);
            minusRate.fma(m.div(v.sqrt().add(epsilon)), weight).intoMemorySegment(w, at, ORDER);
        }
        long rest = offset + (long) whole * Float.BYTES;
        PLAIN.adam(w, g, first, second, rest, n - whole, rate, epsilon, keepFirst, keepSecond, decay);
    }
}
