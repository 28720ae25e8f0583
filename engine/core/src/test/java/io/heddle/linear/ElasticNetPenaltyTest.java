package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The functions of the elastic net against differences, definitions and each other. */
class ElasticNetPenaltyTest {
    private static final int CLASSES = 3;
    private static final int WIDTH = 5;
    private static final int SIZE = CLASSES * WIDTH;

    private final SplittableRandom random = new SplittableRandom(3);
    private final ElasticNetPenalty penalty = penalty(0.3, 0.2);

    /** Column 3 has no penalty. */
    private static ElasticNetPenalty penalty(double l1, double l2) {
        return new ElasticNetPenalty(
                l1, l2, new PenaltyScale(new double[] {1, 2, 0.5, 0}, new double[] {1, 0.25, 3, 1}));
    }

    private static ElasticNetPenalty ofAllColumns(double l1, double l2) {
        return new ElasticNetPenalty(l1, l2, new PenaltyScale(new double[] {1, 2}, new double[] {1, 0.25}));
    }

    private double[] point() {
        return random.doubles(SIZE, -1, 1).toArray();
    }

    @Test
    void theValueIsTheSumOfItsParts() {
        double[] w = new double[SIZE];
        w[1] = -2;
        w[WIDTH + 2] = 3;
        w[3] = 7;
        w[4] = 7;
        // Norms: factor times unit; squares: factor times unit².
        double expected = 0.3 * (2 * 0.25 * 2 + 0.5 * 3 * 3) + 0.1 * (2 * 0.25 * 0.25 * 4 + 0.5 * 9 * 9);
        assertThat(penalty.value(w)).isCloseTo(expected, within(1e-14));
        assertThat(penalty.times(3).value(w)).isCloseTo(3 * expected, within(1e-13));
        assertThat(penalty.times(3).norms()).isEqualTo(0.3 * 3);
        assertThat(penalty.times(3).l2(0)).isCloseTo(0.6, within(1e-15));
    }

    @Test
    void theGradientIsThatOfTheValue() {
        double[] w = point();
        double[] gradient = new double[SIZE];
        penalty.subgradient(new double[SIZE], w, gradient);
        for (int i = 0; i < SIZE; i++) {
            double[] right = w.clone();
            double[] left = w.clone();
            right[i] += 1e-6;
            left[i] -= 1e-6;
            double slope = (penalty.value(right) - penalty.value(left)) / 2e-6;
            assertThat(gradient[i]).isCloseTo(slope, within(1e-8));
        }
    }

    @Test
    void theHessianIsThatOfTheSquares() {
        double[] v = point();
        double[] product = point();
        double[] before = product.clone();
        penalty.addHessianProduct(point(), v, product);
        double[] l2 = {0.2, 0.2 * 2 / 16, 0.2 * 0.5 * 9, 0, 0};
        for (int i = 0; i < SIZE; i++) {
            assertThat(product[i]).isCloseTo(before[i] + l2[i % WIDTH] * v[i], within(1e-15));
        }
        penalty.normHessian(
                v, new int[] {0, 1}, (i, k, value) -> assertThat(value).isZero());
    }

    @Test
    void aWeightOfZeroHasTheSmallestSubgradient() {
        double[] g = new double[SIZE];
        double[] out = new double[SIZE];
        g[0] = 0.2;
        g[1] = -0.4;
        g[2] = 0.75;
        g[3] = -0.1;
        g[4] = 0.1;
        penalty.subgradient(g, new double[SIZE], out);
        assertThat(out[0]).isZero();
        assertThat(out[1]).isCloseTo(-0.4 + 0.3 * 0.5, within(1e-15));
        assertThat(out[2]).isCloseTo(0.75 - 0.3 * 1.5, within(1e-15));
        assertThat(out[3]).isEqualTo(-0.1);
        assertThat(out[4]).isEqualTo(0.1);
        double[] w = new double[SIZE];
        w[WIDTH] = 0.5;
        boolean[] smooth = penalty.smoothAt(w);
        for (int i = 0; i < SIZE; i++) {
            assertThat(smooth[i]).isEqualTo(i == WIDTH || i % WIDTH >= 3);
        }
    }

    @Test
    void aStepThatWouldChangeASignEndsAtZero() {
        double[] w = new double[SIZE];
        double[] d = new double[SIZE];
        w[0] = 1;
        d[0] = -2;
        w[1] = -1;
        d[1] = 3;
        w[2] = 1;
        d[2] = -0.5;
        w[4] = 1;
        d[4] = -5;
        d[WIDTH] = -0.25;
        penalty.stopAtKinks(w, d);
        assertThat(d[0]).isEqualTo(-1);
        assertThat(d[1]).isEqualTo(1);
        assertThat(d[2]).isEqualTo(-0.5);
        assertThat(d[4]).as("intercept").isEqualTo(-5);
        assertThat(d[WIDTH]).as("from zero").isEqualTo(-0.25);
    }

    @Test
    void shrinkMinimisesTheQuadratic() {
        assertThat(penalty.shrink(0, 1, 2)).isEqualTo(1 - 0.15);
        assertThat(penalty.shrink(0, -1, 2)).isEqualTo(-1 + 0.15);
        assertThat(penalty.shrink(0, 0.1, 2)).isZero();
        assertThat(penalty.shrink(3, 0.1, 2)).isEqualTo(0.1);
    }

    /** By its definition: the largest value of ⟨w, u⟩ − penalty(w) is the conjugate at u. */
    @Test
    void theFenchelGapIsZeroAtAnOptimumAndNeverNegative() {
        for (int trial = 0; trial < 50; trial++) {
            double[] w = point();
            double[] g = new double[SIZE];
            penalty.subgradient(new double[SIZE], w, g);
            for (int i = 0; i < SIZE; i++) {
                g[i] = i % WIDTH >= 3 ? 0 : -g[i];
            }
            assertThat(penalty.fenchelGap(w, g)).isBetween(0.0, 1e-15);
            double[] other = point();
            // conjugate(−g) is attained at w: ⟨w, −g⟩ − penalty(w).
            double expected = penalty.value(other) - penalty.value(w);
            for (int i = 0; i < SIZE; i++) {
                expected += g[i] * (other[i] - w[i]);
            }
            assertThat(penalty.fenchelGap(other, g)).isCloseTo(expected, within(1e-12));
        }
    }

    private static double gap(ElasticNetPenalty penalty, int column, double weight, double gradient) {
        double[] w = new double[SIZE];
        double[] g = new double[SIZE];
        w[column] = weight;
        g[column] = gradient;
        return penalty.fenchelGap(w, g);
    }

    @Test
    void theFenchelGapOfOneWeightIsItsDefinition() {
        assertThat(gap(penalty, 0, 0, 0.3)).as("gradient at the norm").isZero();
        assertThat(gap(penalty, 0, 0, 0.5)).isCloseTo(0.2 * 0.2 / 0.4, within(1e-15));
        assertThat(gap(penalty, 0, 2, 0)).isCloseTo(0.3 * 2 + 0.1 * 4, within(1e-15));
        assertThat(gap(penalty, 0, 2, 0.1)).isCloseTo(0.6 + 0.4 + 0.2, within(1e-15));
        assertThat(gap(penalty, 0, -2, 0.1)).isCloseTo(0.6 + 0.4 - 0.2, within(1e-15));
        assertThat(gap(penalty, 0, 2, 0.5)).isCloseTo(0.6 + 0.4 + 0.1 + 1, within(1e-15));
        assertThat(gap(penalty, 0, 2, -0.5)).isCloseTo(0.6 + 0.4 + 0.1 - 1, within(1e-15));
        assertThat(gap(penalty, 0, 2, -0.7)).as("optimum").isCloseTo(0, within(1e-15));
        assertThat(gap(penalty, 3, 2, -0.5)).as("no penalty").isEqualTo(1);
        assertThat(gap(penalty, 4, -2, -0.5)).as("intercept").isEqualTo(1);
        assertThat(gap(penalty(0.3, 0), 0, 2, 0.5)).as("no squares").isZero();
        assertThat(gap(penalty(0.3, 0), 3, 2, 0.5)).isEqualTo(1);
    }

    @Test
    void normsAreTheLargestGradients() {
        double[] g = new double[SIZE];
        g[2] = -3;
        g[WIDTH] = 1;
        g[3] = 100;
        g[4] = 100;
        assertThat(penalty.smallestNorms(g)).isEqualTo(3 / 1.5);
        assertThat(penalty(0.5, 0).dualNorm(g)).isCloseTo(3 / (0.5 * 1.5), within(1e-12));
        assertThat(penalty.dualNorm(g)).isZero();
    }

    @Test
    void theDualExistsIfEveryColumnHasAPenaltyOfEitherKind() {
        assertThat(ofAllColumns(0.3, 0).hasDual()).isTrue();
        assertThat(ofAllColumns(0, 0.2).hasDual()).isTrue();
        assertThat(ofAllColumns(0, 0).hasDual()).isFalse();
        assertThat(penalty.hasDual()).as("column 3 has no penalty").isFalse();
        assertThat(penalty(0.3, 0).hasSmoothPart()).isFalse();
        assertThat(penalty(0, 0.2).hasSmoothPart()).isTrue();
        ElasticNetPenalty none = new ElasticNetPenalty(0.3, 0.2, new PenaltyScale(new double[1], new double[] {1}));
        assertThat(none.norms()).isZero();
        assertThat(none.hasSmoothPart()).isFalse();
    }

    /** Against the penalty of the shifted column at points around it; column 2 has the unit 3. */
    @Test
    void theBestShiftHasTheSmallestPenalty() {
        double[][] columns = {{1, 2, 6}, {-4, 0.1, 0.2}, {0, 0, 5}, {-1, -1, 1}};
        for (double[] parts : new double[][] {{0.3, 0.2}, {0.02, 0.4}, {3, 0.1}, {0, 0.2}, {0.3, 0}}) {
            ElasticNetPenalty own = penalty(parts[0], parts[1]);
            for (double[] column : columns) {
                for (int j = 0; j < 3; j++) {
                    double shift = own.bestShift(j, column.clone());
                    double best = shifted(own, j, column, shift);
                    for (double by : new double[] {-1, -0.1, -1e-3, 1e-3, 0.1, 1}) {
                        assertThat(best).isLessThanOrEqualTo(shifted(own, j, column, shift + by) + 1e-13);
                    }
                }
            }
        }
        assertThat(penalty.bestShift(3, new double[] {1, 2, 6}))
                .as("no penalty")
                .isZero();
        assertThat(penalty.bestShift(4, new double[] {1, 2, 6})).as("intercept").isZero();
    }

    private static double shifted(ElasticNetPenalty penalty, int j, double[] column, double shift) {
        double[] w = new double[SIZE];
        for (int c = 0; c < CLASSES; c++) {
            w[c * WIDTH + j] = column[c] - shift;
        }
        return penalty.value(w);
    }

    /** Without squares the prediction is exact: the loss's linear change and the change of the norms. */
    @Test
    void thePredictedDecreaseIsThatOfTheLinearLoss() {
        ElasticNetPenalty norms = penalty(0.3, 0);
        double[] w = point();
        double[] d = point();
        double[] g = point();
        double[] end = w.clone();
        double expected = -norms.value(w);
        double slope = 0;
        for (int i = 0; i < SIZE; i++) {
            end[i] += d[i];
            expected += g[i] * d[i];
            slope += penalty.l2(i) * w[i] * d[i];
        }
        expected += norms.value(end);
        assertThat(norms.predictedDecrease(g, w, d)).isCloseTo(expected, within(1e-13));
        assertThat(penalty.predictedDecrease(g, w, d)).isCloseTo(expected + slope, within(1e-13));
    }
}
