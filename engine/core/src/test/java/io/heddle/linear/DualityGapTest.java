package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.FeatureTransform.Scaling;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gap as primal minus dual objective, each from plain sums. */
class DualityGapTest {
    private static final int CLASSES = 3;
    private static final int WIDTH = 4;

    @ParameterizedTest
    @CsvSource({
        "0, 0.3, false, 0.5, 0",
        "0.02, 0.3, false, 0.5, 0",
        "0.02, 0.3, true, 0.5, 0.7",
        "0.05, 0, false, 0.5, 0",
        "0.05, 0, false, 0.5, -0.7",
        "0.05, 0, true, 0.01, 0",
        "5, 0, false, 0.5, 0",
        "5, 0, true, 0.5, 0"
    })
    void isTheDifferenceOfBothObjectives(double l1, double l2, boolean grouped, double largest, double intercept) {
        try (SmallRows small = new SmallRows(40, WIDTH - 1, CLASSES, Scaling.STANDARDIZE, true, true);
                ExactLoss loss = ExactLoss.of(small.rows, SmallRows.POOL)) {
            Penalty penalty = grouped ? small.grouped(l1, l2) : small.elasticNet(l1, l2);
            double[] w = small.point(largest);
            for (int c = 0; c < CLASSES; c++) {
                w[c * WIDTH + WIDTH - 1] = c == 1 ? intercept : 0;
            }
            PlainSums sums = new PlainSums(small.rows, w, 1);
            double[] g = sums.gradient();
            double primal = sums.loss() + value(w, l1, l2, grouped);
            double norm = 0;
            double conjugate = 0;
            for (double length : norms(g, grouped)) {
                norm = Math.max(norm, length / l1);
                conjugate += l2 == 0 ? 0 : Math.pow(Math.max(length - l1, 0), 2) / (2 * l2);
            }
            // Without a smooth part the residuals are scaled into the box of the dual.
            double scale = l2 > 0 ? 1 : Math.min(1, 1 / norm);
            double dual = -new PlainSums(small.rows, w, scale).entropy() - conjugate;
            // Intercepts that are not optimal: their part of ⟨w, g⟩ is added as an absolute value.
            double signed = l2 > 0 ? g[2 * WIDTH - 1] * intercept : 0;
            double unbalanced = Math.abs(g[2 * WIDTH - 1] * intercept) - signed;
            double[] gradient = new double[w.length];
            double objective = loss.evaluate(w, gradient) + penalty.value(w);
            assertThat(objective).isCloseTo(primal, within(1e-12));
            assertThat(DualityGap.of(loss, w, gradient, penalty, objective))
                    .isCloseTo(primal - dual + unbalanced, within(1e-12));
        }
    }

    /** The norms of the blocks of weights. */
    private static double[] norms(double[] values, boolean grouped) {
        double[] norms = new double[grouped ? WIDTH - 1 : CLASSES * (WIDTH - 1)];
        for (int c = 0; c < CLASSES; c++) {
            for (int j = 0; j < WIDTH - 1; j++) {
                int block = grouped ? j : c * (WIDTH - 1) + j;
                norms[block] = Math.hypot(norms[block], values[c * WIDTH + j]);
            }
        }
        return norms;
    }

    private static double value(double[] w, double l1, double l2, boolean grouped) {
        double sum = 0;
        for (double norm : norms(w, grouped)) {
            sum += l1 * norm + 0.5 * l2 * norm * norm;
        }
        return sum;
    }
}
