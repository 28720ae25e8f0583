package io.heddle.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.FloatMatrix;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Draws labels from the model with known transitions. */
class LabelNoiseTest {
    private static final int ROWS = 40_000;
    private static final int CLASSES = 4;

    /** Probabilities from nearly 1 to nearly even, and labels drawn from them and then from the transitions. */
    private record Drawn(FloatMatrix p, int[] given) {
        static Drawn of(double[][] transition) {
            SplittableRandom random = new SplittableRandom(11);
            FloatMatrix p = FloatMatrix.allocate(ROWS, CLASSES);
            int[] given = new int[ROWS];
            float[] row = new float[CLASSES];
            for (int i = 0; i < ROWS; i++) {
                double sum = 0;
                double sharpness = 6 * random.nextDouble();
                for (int k = 0; k < CLASSES; k++) {
                    row[k] = (float) Math.exp(sharpness * random.nextDouble());
                    sum += row[k];
                }
                double[] shares = new double[CLASSES];
                for (int k = 0; k < CLASSES; k++) {
                    row[k] /= (float) sum;
                    shares[k] = row[k];
                }
                p.setRow(i, row);
                given[i] = draw(transition[draw(shares, random)], random);
            }
            return new Drawn(p, given);
        }

        private static int draw(double[] shares, SplittableRandom random) {
            double u = random.nextDouble();
            int k = 0;
            while (k < CLASSES - 1 && u >= shares[k]) {
                u -= shares[k++];
            }
            return k;
        }
    }

    @Test
    void recoversTheTransitions() {
        double[][] transition = {{0.9, 0.1, 0, 0}, {0, 0.97, 0, 0.03}, {0.02, 0.02, 0.94, 0.02}, {0, 0, 0, 1}};
        Drawn drawn = Drawn.of(transition);
        try (FloatMatrix p = drawn.p()) {
            double[][] found = LabelNoise.fit(drawn.given(), p).transition();

            for (int k = 0; k < CLASSES; k++) {
                assertThat(found[k]).containsExactly(transition[k], within(0.02));
            }
        }
    }

    /** Overlapping classes are not label noise, however even the probabilities are. */
    @Tag("slow")
    @Test
    void overlappingClassesAreNotNoise() {
        double[][] none = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}};
        Drawn drawn = Drawn.of(none);
        try (FloatMatrix p = drawn.p()) {
            LabelNoise noise = LabelNoise.fit(drawn.given(), p);

            for (int k = 0; k < CLASSES; k++) {
                assertThat(noise.transition()[k][k]).isGreaterThan(0.985);
            }
            // The confident joint, by contrast, reports many errors here.
            assertThat(ConfidentJoint.of(drawn.given(), p).noise()).isGreaterThan(0.2);
        }
    }

    @Test
    void posteriorIsBayesRule() {
        double[][] transition = {{0.9, 0.1, 0, 0}, {0, 0.97, 0, 0.03}, {0.02, 0.02, 0.94, 0.02}, {0, 0, 0, 1}};
        Drawn drawn = Drawn.of(transition);
        try (FloatMatrix p = drawn.p()) {
            LabelNoise noise = LabelNoise.fit(drawn.given(), p);
            double[][] t = noise.transition();
            double[] posterior = new double[CLASSES];
            float[] row = {0.7f, 0.1f, 0.1f, 0.1f};

            double likelihood = noise.posterior(row, 1, posterior);

            double expected = 0.7 * t[0][1] + 0.1 * (t[1][1] + t[2][1] + t[3][1]);
            assertThat(likelihood).isCloseTo(expected, within(1e-7));
            assertThat(posterior[0]).isCloseTo(0.7 * t[0][1] / expected, within(1e-6));
            assertThat(posterior[1]).isCloseTo(0.1 * t[1][1] / expected, within(1e-6));
        }
    }
}
