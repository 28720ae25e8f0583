package io.heddle.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Kernels of training: element by element, so both forms agree to the bit. */
class TrainingKernelsTest {
    private static final Kernels FAST = new VectorKernels();
    private static final Kernels PLAIN = new ScalarKernels();

    @Property(tries = 100)
    void reluAndItsGradientEqualTheirTwins(
            @ForAll @IntRange(min = 0, max = 150) int n,
            @ForAll @IntRange(min = 0, max = 15) int floats,
            @ForAll long seed) {
        float[] h = KernelsTest.gaussian(n, seed);
        float[] g = KernelsTest.gaussian(n, seed + 1);
        if (n > 2) {
            h[1] = 0f;
            h[2] = Float.NaN;
        }
        Buffer fast = Buffer.of(h, 4 * floats);
        Buffer plain = Buffer.of(h, 0);
        Buffer units = Buffer.of(h, 4);
        Buffer fastGradient = Buffer.of(g, 4 * floats);
        Buffer plainGradient = Buffer.of(g, 0);
        FAST.relu(fast.segment, fast.offset, n);
        PLAIN.relu(plain.segment, plain.offset, n);
        assertThat(fast.values()).isEqualTo(plain.values());
        FAST.maskNonPositive(units.segment, units.offset, fastGradient.segment, fastGradient.offset, n);
        PLAIN.maskNonPositive(units.segment, units.offset, plainGradient.segment, plainGradient.offset, n);
        assertThat(fastGradient.values()).isEqualTo(plainGradient.values());
        for (int i = 0; i < n; i++) {
            if (!Float.isNaN(h[i])) {
                assertThat(plain.values()[i]).isEqualTo(h[i] > 0 ? h[i] : 0);
            }
            assertThat(plainGradient.values()[i]).isEqualTo(h[i] > 0 ? g[i] : 0);
        }
    }

    @Property(tries = 100)
    void adamEqualsItsTwin(
            @ForAll @IntRange(min = 0, max = 150) int n,
            @ForAll @IntRange(min = 0, max = 15) int floats,
            @ForAll long seed) {
        Buffer[] fast = new Buffer[4];
        Buffer[] plain = new Buffer[4];
        for (int v = 0; v < 4; v++) {
            float[] values = KernelsTest.gaussian(n, seed + v);
            for (int i = 0; v == 3 && i < n; i++) {
                values[i] = Math.abs(values[i]);
            }
            fast[v] = Buffer.of(values, 4 * floats);
            plain[v] = Buffer.of(values, 4 * floats);
        }
        step(FAST, fast, n, 0.01f);
        step(PLAIN, plain, n, 0.01f);
        for (int v = 0; v < 4; v++) {
            assertThat(fast[v].values()).isEqualTo(plain[v].values());
        }
    }

    private static void step(Kernels kernels, Buffer[] b, int n, float decay) {
        kernels.adam(
                b[0].segment,
                b[1].segment,
                b[2].segment,
                b[3].segment,
                b[0].offset,
                n,
                0.003f,
                1e-8f,
                0.9f,
                0.999f,
                decay);
    }

    /** One step from a weight of 1 with a gradient of 0.5, computed in double. */
    @Test
    void adamMovesAsItsDefinitionSays() {
        Buffer[] b = {
            Buffer.of(new float[] {1}, 0),
            Buffer.of(new float[] {0.5f}, 0),
            Buffer.ofLength(1, 0),
            Buffer.ofLength(1, 0)
        };
        step(PLAIN, b, 1, 0);
        double m = 0.1 * 0.5;
        double v = 0.001 * 0.25;
        double w = 1 - 0.003 * m / (Math.sqrt(v) + 1e-8);
        assertThat((double) b[2].values()[0]).isCloseTo(m, within(1e-7));
        assertThat((double) b[3].values()[0]).isCloseTo(v, within(1e-8));
        assertThat((double) b[0].values()[0]).isCloseTo(w, within(1e-6));
    }
}
