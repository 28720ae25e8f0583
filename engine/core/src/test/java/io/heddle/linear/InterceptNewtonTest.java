package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.FeatureTransform.Scaling;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterceptNewtonTest {
    @Test
    void takesTheLargestMeanResidual() {
        double[] gradient = {9, 9, 0.1, 9, 9, -0.4, 9, 9, 0.3};
        assertThat(InterceptNewton.residual(gradient, 3)).isEqualTo(0.4);
    }

    @ParameterizedTest
    @CsvSource({"2, false", "3, true", "6, false"})
    void solvesTheSystemOfTheInterceptsWithoutACommonShift(int classes, boolean weighted) {
        try (SmallRows small = new SmallRows(50, 2, classes, Scaling.STANDARDIZE, true, weighted);
                ExactLoss loss = ExactLoss.of(small.rows, SmallRows.POOL)) {
            double[] w = small.point(0.8);
            double[] gradient = new double[w.length];
            loss.evaluate(w, gradient);
            double[] direction = new double[w.length];
            Arrays.fill(direction, 5);
            InterceptNewton.direction(loss, gradient, direction);
            double[][] curvature = new PlainSums(small.rows, w, 1).curvature();
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                double product = 0;
                for (int e = 0; e < classes; e++) {
                    product += curvature[c][e] * direction[3 * e + 2];
                }
                assertThat(product).isCloseTo(-gradient[3 * c + 2], within(1e-7));
                sum += direction[3 * c + 2];
                assertThat(direction[3 * c]).isZero();
                assertThat(direction[3 * c + 1]).isZero();
            }
            assertThat(sum).isCloseTo(0, within(1e-7));
        }
    }

    /** Newton steps from any intercepts end where the residuals of each class sum to zero. */
    @Test
    void balancesTheResiduals() {
        try (SmallRows small = new SmallRows(50, 2, 4);
                ExactLoss loss = ExactLoss.of(small.rows, SmallRows.POOL)) {
            double[] w = small.point(0.5);
            double[] gradient = new double[w.length];
            double[] direction = new double[w.length];
            for (int step = 0; step < 8; step++) {
                loss.evaluate(w, gradient);
                InterceptNewton.direction(loss, gradient, direction);
                for (int i = 0; i < w.length; i++) {
                    w[i] += direction[i];
                }
            }
            loss.evaluate(w, gradient);
            assertThat(InterceptNewton.residual(gradient, 3)).isLessThan(1e-12);
        }
    }

    /** A class without rows and with a probability of zero has no curvature. */
    @Test
    void aClassOfProbabilityZeroStays() {
        try (SmallRows small = new SmallRows(20, 1, 2)) {
            TrainingRows three = new TrainingRows(small.x, small.rows.labels(), null, 3, small.rows.transform());
            try (ExactLoss loss = ExactLoss.of(three, SmallRows.POOL)) {
                double[] w = {0, 0, 0, 0, 0, -900};
                double[] gradient = new double[6];
                loss.evaluate(w, gradient);
                double[] direction = new double[6];
                InterceptNewton.direction(loss, gradient, direction);
                assertThat(direction).doesNotContain(Double.NaN);
                assertThat(direction[1]).isCloseTo(-direction[3], within(1e-6));
                assertThat(direction[5]).isCloseTo(0, within(1e-6));
            }
        }
    }

    @Test
    void appliesToALimitedNumberOfClasses() {
        try (SmallRows small = new SmallRows(4, 1, 2)) {
            for (int classes : new int[] {512, 513}) {
                TrainingRows rows =
                        new TrainingRows(small.x, small.rows.labels(), null, classes, small.rows.transform());
                try (ExactLoss loss = ExactLoss.of(rows, SmallRows.POOL)) {
                    assertThat(InterceptNewton.applies(loss)).isEqualTo(classes == 512);
                }
            }
        }
    }
}
