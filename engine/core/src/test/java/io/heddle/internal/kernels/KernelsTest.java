package io.heddle.internal.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Compares each kernel with its scalar twin and with the same sum in double. */
class KernelsTest {
    /** Unit roundoff of float. */
    private static final double U = 0x1p-24;

    private static final Kernels FAST = new VectorKernels();
    private static final Kernels PLAIN = new ScalarKernels();

    /** All sizes that use a loop over vectors, its unrolled form or its tail. */
    @Provide
    Arbitrary<Integer> sizes() {
        return Arbitraries.oneOf(
                Arbitraries.of(0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 63, 64, 65, 100, 127, 128),
                Arbitraries.integers().between(0, 300),
                Arbitraries.of(783, 784, 1000, 2046, 20_011));
    }

    /** Bytes off the alignment: whole floats mostly, but a segment may start anywhere. */
    @Provide
    Arbitrary<Integer> skews() {
        return Arbitraries.of(0, 4, 8, 12, 20, 32, 60, 1, 2, 7);
    }

    @Provide
    Arbitrary<Float> factors() {
        return Arbitraries.oneOf(
                Arbitraries.of(0f, -0f, 1f, -1f, Float.NaN, Float.POSITIVE_INFINITY, Float.MAX_VALUE, Float.MIN_VALUE),
                Arbitraries.floats());
    }

    static float[] gaussian(int n, long seed) {
        Random random = new Random(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            // Magnitudes over a few powers of two, so that cancellation occurs.
            values[i] = (float) random.nextGaussian() * (1 << random.nextInt(14)) / 128;
        }
        return values;
    }

    static double relativeBound(int terms, double sumOfMagnitudes) {
        return terms * U / (1 - terms * U) * sumOfMagnitudes + terms * (double) Float.MIN_VALUE;
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void dotIsWithinTheErrorBoundOfAnyOrderOfSummation(
            @ForAll("sizes") int n, @ForAll("skews") int skewA, @ForAll("skews") int skewB, @ForAll long seed) {
        float[] a = gaussian(n, seed);
        float[] b = gaussian(n, seed + 1);
        double exact = 0;
        double magnitude = 0;
        for (int i = 0; i < n; i++) {
            exact += (double) a[i] * b[i];
            magnitude += Math.abs((double) a[i] * b[i]);
        }
        Buffer x = Buffer.of(a, skewA);
        Buffer y = Buffer.of(b, skewB);
        double bound = relativeBound(n + 1, magnitude);
        for (Kernels kernels : new Kernels[] {FAST, PLAIN}) {
            double dot = kernels.dot(x.segment, x.offset, y.segment, y.offset, n);
            assertThat(Math.abs(dot - exact)).isLessThanOrEqualTo(bound);
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void squaredDistanceIsSummedInDouble(
            @ForAll("sizes") int n, @ForAll("skews") int skewA, @ForAll("skews") int skewB, @ForAll long seed) {
        float[] a = gaussian(n, seed);
        float[] b = gaussian(n, seed + 1);
        double exact = 0;
        for (int i = 0; i < n; i++) {
            double d = a[i] - b[i];
            exact += d * d;
        }
        Buffer x = Buffer.of(a, skewA);
        Buffer y = Buffer.of(b, skewB);
        for (Kernels kernels : new Kernels[] {FAST, PLAIN}) {
            double distance = kernels.squaredDistance(x.segment, x.offset, y.segment, y.offset, n);
            assertThat(Math.abs(distance - exact)).isLessThanOrEqualTo(2.0 * (n + 1) * 0x1p-53 * exact);
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void axpyEqualsItsTwinBitForBit(
            @ForAll("sizes") int n,
            @ForAll("skews") int skewX,
            @ForAll("skews") int skewY,
            @ForAll("factors") float alpha,
            @ForAll long seed) {
        Buffer x = Buffer.of(gaussian(n, seed), skewX);
        Buffer fast = Buffer.of(gaussian(n, seed + 1), skewY);
        Buffer plain = Buffer.of(gaussian(n, seed + 1), skewY);
        FAST.axpy(alpha, x.segment, x.offset, fast.segment, fast.offset, n);
        PLAIN.axpy(alpha, x.segment, x.offset, plain.segment, plain.offset, n);
        assertThat(fast.values()).isEqualTo(plain.values());
        float[] expected = gaussian(n, seed + 1);
        float[] factors = x.values();
        for (int i = 0; i < n; i++) {
            expected[i] = Math.fma(alpha, factors[i], expected[i]);
        }
        assertThat(plain.values()).isEqualTo(expected);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void scaleEqualsItsTwinBitForBit(
            @ForAll("sizes") int n, @ForAll("skews") int skew, @ForAll("factors") float alpha, @ForAll long seed) {
        float[] values = gaussian(n, seed);
        Buffer fast = Buffer.of(values, skew);
        Buffer plain = Buffer.of(values, skew);
        FAST.scale(alpha, fast.segment, fast.offset, n);
        PLAIN.scale(alpha, plain.segment, plain.offset, n);
        assertThat(fast.values()).isEqualTo(plain.values());
        for (int i = 0; i < n; i++) {
            values[i] *= alpha;
        }
        assertThat(plain.values()).isEqualTo(values);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void oneValueThatIsNotFiniteIsFoundAtAnyPlace(
            @ForAll("sizes") int n,
            @ForAll("skews") int skew,
            @ForAll long seed,
            @ForAll("notFinite") float bad,
            @ForAll @IntRange(min = 0, max = Integer.MAX_VALUE) int where) {
        float[] values = gaussian(n, seed);
        if (n > 0) {
            values[(where >>> 1) % n] = Float.MAX_VALUE;
        }
        Buffer good = Buffer.of(values, skew);
        assertThat(FAST.allFinite(good.segment, good.offset, n)).isTrue();
        assertThat(PLAIN.allFinite(good.segment, good.offset, n)).isTrue();
        if (n > 0) {
            values[where % n] = bad;
            Buffer spoilt = Buffer.of(values, skew);
            assertThat(FAST.allFinite(spoilt.segment, spoilt.offset, n)).isFalse();
            assertThat(PLAIN.allFinite(spoilt.segment, spoilt.offset, n)).isFalse();
        }
    }

    @Provide
    Arbitrary<Float> notFinite() {
        return Arbitraries.of(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void bytesAreReadAsUnsigned(
            @ForAll("sizes") int n,
            @ForAll("skews") int skew,
            @ForAll @IntRange(min = 0, max = 70) int at,
            @ForAll long seed) {
        byte[] pixels = new byte[n];
        new Random(seed).nextBytes(pixels);
        // The segment ends with the last byte: reading further is an error.
        MemorySegment bytes = Arena.ofAuto().allocate(at + n);
        MemorySegment.copy(MemorySegment.ofArray(pixels), 0, bytes, at, n);
        Buffer fast = Buffer.ofLength(n, skew);
        Buffer plain = Buffer.ofLength(n, skew);
        FAST.bytesToFloats(bytes, at, 1 / 255f, fast.segment, fast.offset, n);
        PLAIN.bytesToFloats(bytes, at, 1 / 255f, plain.segment, plain.offset, n);
        assertThat(fast.values()).isEqualTo(plain.values());
        float[] expected = new float[n];
        for (int i = 0; i < n; i++) {
            expected[i] = (pixels[i] & 0xff) * (1 / 255f);
        }
        assertThat(plain.values()).isEqualTo(expected);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void subtractEqualsItsTwinBitForBit(
            @ForAll("sizes") int n, @ForAll("skews") int skew, @ForAll("skews") int skewOut, @ForAll long seed) {
        float[] expected = gaussian(n, seed);
        float[] b = gaussian(n, seed + 1);
        Buffer x = Buffer.of(expected, skew);
        Buffer y = Buffer.of(b, skewOut);
        Buffer fast = Buffer.ofLength(n, skewOut);
        Buffer plain = Buffer.ofLength(n, skewOut);
        FAST.subtract(x.segment, x.offset, y.segment, y.offset, fast.segment, fast.offset, n);
        PLAIN.subtract(x.segment, x.offset, y.segment, y.offset, plain.segment, plain.offset, n);
        for (int i = 0; i < n; i++) {
            expected[i] -= b[i];
        }
        assertThat(fast.values()).isEqualTo(expected);
        assertThat(plain.values()).isEqualTo(expected);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void softmaxCurvatureIsARowOfTheHessian(
            @ForAll("sizes") int n, @ForAll("skews") int skewP, @ForAll("skews") int skewU, @ForAll long seed) {
        float[] p = new float[n];
        Random random = new Random(seed);
        for (int i = 0; i < n; i++) {
            p[i] = random.nextFloat() / n;
        }
        float[] u = gaussian(n, seed + 1);
        double mean = 0;
        double magnitude = 0;
        for (int i = 0; i < n; i++) {
            mean += (double) p[i] * u[i];
            magnitude += Math.abs((double) p[i] * u[i]);
        }
        Buffer left = Buffer.of(p, skewP);
        for (Kernels kernels : new Kernels[] {FAST, PLAIN}) {
            Buffer right = Buffer.of(u, skewU);
            kernels.softmaxCurvature(left.segment, left.offset, right.segment, right.offset, n);
            float[] result = right.values();
            double worst = 0;
            for (int i = 0; i < n; i++) {
                double exact = p[i] * (u[i] - mean);
                double bound = p[i] * (relativeBound(n + 3, magnitude) + 4 * U * (Math.abs(u[i]) + Math.abs(mean)));
                worst = Math.max(worst, Math.abs(result[i] - exact) - bound);
            }
            assertThat(worst).isLessThan(1e-40);
        }
    }
}
