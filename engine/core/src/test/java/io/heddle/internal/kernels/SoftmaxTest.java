package io.heddle.internal.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SoftmaxTest {
    private static final Kernels[] BOTH = {new VectorKernels(), new ScalarKernels()};

    private record Result(float[] probabilities, float logSumExp) {}

    private static Result softmax(Kernels kernels, float[] logits, int skew) {
        Buffer b = Buffer.of(logits, skew);
        float logSumExp = kernels.softmax(b.segment, b.offset, logits.length);
        return new Result(b.values(), logSumExp);
    }

    @Provide
    Arbitrary<Integer> sizes() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(1, 70), Arbitraries.of(10, 15, 16, 17, 100, 255, 1000, 4097));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void agreesWithTheSameInDouble(@ForAll("sizes") int n, @ForAll long seed) {
        float[] logits = KernelsTest.gaussian(n, seed);
        double max = Double.NEGATIVE_INFINITY;
        for (float v : logits) {
            max = Math.max(max, v);
        }
        double total = 0;
        for (float v : logits) {
            total += Math.exp(v - max);
        }
        for (Kernels kernels : BOTH) {
            Result result = softmax(kernels, logits, 4 * (int) (seed & 7));
            double sum = 0;
            double worst = 0;
            for (int i = 0; i < n; i++) {
                // Rounding x - max loses ½ ulp of it, which exp turns into that relative error.
                double exact = Math.exp(logits[i] - max) / total;
                double shift = Math.ulp((float) (logits[i] - max));
                double error = Math.abs(result.probabilities[i] - exact) - exact * (shift + (n + 8) * 0x1p-23);
                worst = Math.max(worst, error);
                sum += result.probabilities[i];
            }
            // The rest is the underflow of exp below its smallest normal number.
            assertThat(worst).isLessThan(2e-38);
            assertThat(sum).isCloseTo(1, within((n + 8) * 0x1p-23));
            double logSumExp = max + Math.log(total);
            assertThat((double) result.logSumExp)
                    .isCloseTo(logSumExp, within((n + 8) * 0x1p-23 + Math.ulp((float) logSumExp)));
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void addingAConstantChangesNothing(@ForAll("sizes") int n, @ForAll long seed) {
        float[] logits = new float[n];
        float[] shifted = new float[n];
        float[] drawn = KernelsTest.gaussian(n, seed);
        for (int i = 0; i < n; i++) {
            // Multiples of 1/64 below 2^10: the shift by 4096 is exact.
            logits[i] = Math.round(drawn[i]) / 64f;
            shifted[i] = logits[i] + 4096;
        }
        for (Kernels kernels : BOTH) {
            assertThat(softmax(kernels, shifted, 0).probabilities).isEqualTo(softmax(kernels, logits, 0).probabilities);
        }
    }

    @Example
    void hugeLogitsNeitherOverflowNorVanish() {
        for (Kernels kernels : BOTH) {
            Result top = softmax(kernels, new float[] {Float.MAX_VALUE, 0, -Float.MAX_VALUE}, 0);
            assertThat(top.probabilities).containsExactly(1, 0, 0);
            assertThat(top.logSumExp).isEqualTo(Float.MAX_VALUE);
            Result low = softmax(kernels, new float[] {-1e30f, -1e30f}, 0);
            assertThat(low.probabilities).containsExactly(0.5f, 0.5f);
            assertThat(low.logSumExp).isEqualTo(-1e30f);
        }
    }

    @Example
    void minusInfinityIsProbabilityZero() {
        for (Kernels kernels : BOTH) {
            for (int n = 2; n < 70; n++) {
                float[] logits = new float[n];
                logits[n / 2] = Float.NEGATIVE_INFINITY;
                Result result = softmax(kernels, logits, 0);
                assertThat(result.probabilities[n / 2]).isZero();
                assertThat(result.probabilities[0]).isCloseTo(1f / (n - 1), within(1e-7f));
                assertThat(result.logSumExp).isCloseTo((float) Math.log(n - 1), within(1e-6f));
            }
        }
    }

    @Example
    void withoutAnyFiniteLogitOrWithNaNTheResultIsNaN() {
        float[][] cases = {
            {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY}, {1, Float.NaN, 2}, {0, Float.POSITIVE_INFINITY}
        };
        for (Kernels kernels : BOTH) {
            for (float[] logits : cases) {
                Result result = softmax(kernels, logits, 0);
                assertThat(result.probabilities).contains(Float.NaN);
            }
        }
    }

    @Example
    void noLogitsAtAll() {
        for (Kernels kernels : BOTH) {
            assertThat(softmax(kernels, new float[0], 0).logSumExp).isEqualTo(Float.NEGATIVE_INFINITY);
        }
    }
}
