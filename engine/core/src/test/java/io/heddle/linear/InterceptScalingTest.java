package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.FeatureTransform.Scaling;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterceptScalingTest {
    private static final int WIDTH = 3;

    private static double[] shares(TrainingRows rows) {
        double[] shares = new double[rows.classes()];
        for (int i = 0; i < rows.count(); i++) {
            shares[rows.labels()[i]] += (rows.weights() == null ? 1 : rows.weights()[i]) / rows.count();
        }
        return shares;
    }

    /** From equal probabilities, one step leads to the frequencies, and the divergence is what it gains. */
    @ParameterizedTest
    @CsvSource({"2, false", "5, true"})
    void oneStepFromZeroEndsAtTheFrequencies(int classes, boolean weighted) {
        try (SmallRows small = new SmallRows(50, 2, classes, Scaling.STANDARDIZE, true, weighted);
                ExactLoss loss = ExactLoss.of(small.rows, SmallRows.POOL)) {
            double[] gradient = new double[small.size()];
            double before = loss.evaluate(new double[small.size()], gradient);
            double divergence = InterceptScaling.divergence(loss, gradient);
            double[] direction = new double[small.size()];
            Arrays.fill(direction, 5);
            InterceptScaling.direction(loss, gradient, direction);
            double[] shares = shares(small.rows);
            double after = loss.evaluate(direction, gradient);
            double entropy = 0;
            for (int c = 0; c < classes; c++) {
                assertThat(gradient[c * WIDTH + 2]).isCloseTo(0, within(1e-12));
                assertThat(direction[c * WIDTH]).isZero();
                entropy -= shares[c] * Math.log(shares[c]);
            }
            assertThat(after).isCloseTo(entropy, within(1e-12));
            assertThat(divergence).isCloseTo(before - entropy, within(1e-12));
        }
    }

    /** No step increases the loss, and each gains at least the divergence. */
    @Test
    void everyStepGainsTheDivergence() {
        try (SmallRows small = new SmallRows(60, 2, 4);
                ExactLoss loss = ExactLoss.of(small.rows, SmallRows.POOL)) {
            double[] w = small.point(2);
            double[] gradient = new double[w.length];
            double[] direction = new double[w.length];
            for (int step = 0; step < 20; step++) {
                double before = loss.evaluate(w, gradient);
                double divergence = InterceptScaling.divergence(loss, gradient);
                assertThat(divergence).isGreaterThanOrEqualTo(0);
                InterceptScaling.direction(loss, gradient, direction);
                for (int i = 0; i < w.length; i++) {
                    w[i] += direction[i];
                }
                assertThat(loss.evaluate(w, gradient)).isLessThanOrEqualTo(before - divergence + 1e-14);
            }
            assertThat(InterceptNewton.residual(gradient, WIDTH)).isLessThan(1e-3);
        }
    }

    @Test
    void aClassWithoutRowsGetsHardlyAnyProbability() {
        try (SmallRows small = new SmallRows(20, 1, 2)) {
            TrainingRows three = new TrainingRows(small.x, small.rows.labels(), null, 3, small.rows.transform());
            try (ExactLoss loss = ExactLoss.of(three, SmallRows.POOL)) {
                double[] gradient = new double[6];
                double[] direction = new double[6];
                loss.evaluate(new double[6], gradient);
                assertThat(InterceptScaling.divergence(loss, gradient)).isGreaterThan(0.3);
                InterceptScaling.direction(loss, gradient, direction);
                loss.evaluate(direction, gradient);
                assertThat(gradient[5]).isBetween(0.0, 1e-11);
                assertThat(InterceptScaling.divergence(loss, gradient)).isBetween(0.0, 1e-11);
            }
        }
    }
}
