package io.heddle.internal.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ExpTest {
    /** A prime, so that the low bits of the tested floats have every value. */
    private static final int STEP = 509;

    private static final int BLOCK = 4099;

    private static final Kernels FAST = new VectorKernels();
    private static final Kernels PLAIN = new ScalarKernels();

    private static float[] exp(Kernels kernels, float[] values) {
        Buffer x = Buffer.of(values, 4);
        Buffer out = Buffer.ofLength(values.length, 0);
        kernels.exp(x.segment, x.offset, out.segment, out.offset, values.length);
        return out.values();
    }

    /** Tests every 509th float from 0 to the limit, of either sign. */
    private static float worstUlps(float limit) {
        float sign = Math.signum(limit);
        int last = Float.floatToRawIntBits(Math.abs(limit));
        double worst = 0;
        float[] x = new float[BLOCK];
        int bits = 0;
        while (bits <= last) {
            int n = 0;
            for (; n < BLOCK && bits <= last; n++, bits += STEP) {
                x[n] = sign * Float.intBitsToFloat(bits);
            }
            float[] inputs = Arrays.copyOf(x, n);
            float[] fast = exp(FAST, inputs);
            assertThat(Arrays.equals(fast, exp(PLAIN, inputs)))
                    .as("the twin agrees bit for bit")
                    .isTrue();
            for (int i = 0; i < n; i++) {
                double exact = StrictMath.exp(inputs[i]);
                worst = Math.max(worst, Math.abs(fast[i] - exact) / Math.ulp((float) exact));
            }
        }
        return (float) worst;
    }

    @Test
    void isWithinThreeUlpsBelowZero() {
        assertThat(worstUlps(-87.33f)).isBetween(0.5f, 3f);
    }

    @Test
    void isWithinThreeUlpsAboveZero() {
        assertThat(worstUlps(88.37f)).isBetween(0.5f, 3f);
    }

    @Test
    void edgesOfTheRange() {
        float[] x = {
            0f,
            -0f,
            Float.NEGATIVE_INFINITY,
            -Float.MAX_VALUE,
            Math.nextDown(-87.33f),
            Math.nextUp(88.37f),
            Float.MAX_VALUE,
            Float.POSITIVE_INFINITY,
            Float.NaN,
            Float.MIN_VALUE,
            -Float.MIN_VALUE
        };
        float inf = Float.POSITIVE_INFINITY;
        float[] expected = {1, 1, 0, 0, 0, inf, inf, inf, Float.NaN, 1, 1};
        // Repeated, so that each value is in whole vectors and in the tail.
        float[] thrice = new float[3 * x.length];
        float[] expectedThrice = new float[3 * x.length];
        for (int i = 0; i < thrice.length; i++) {
            thrice[i] = x[i % x.length];
            expectedThrice[i] = expected[i % x.length];
        }
        assertThat(exp(FAST, thrice)).containsExactly(expectedThrice);
        assertThat(exp(PLAIN, thrice)).containsExactly(expectedThrice);
    }
}
