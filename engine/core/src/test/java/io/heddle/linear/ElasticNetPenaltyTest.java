package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The functions of the elastic net against differences, definitions and each other. */
class ElasticNetPenaltyTest extends PenaltyContract<ElasticNetPenalty> {
    @Override
    ElasticNetPenalty of(double l1, double l2, PenaltyScale scale) {
        return new ElasticNetPenalty(l1, l2, scale);
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

    /** Columns of 2 to 7 classes in any order, against the penalty of shifts around it. */
    @Test
    void theBestShiftOfAnyNumberOfClasses() {
        for (double[] parts : new double[][] {{0.3, 0.2}, {0.02, 0.4}, {0.5, 0.05}, {0.3, 0}, {0, 0.3}}) {
            ElasticNetPenalty own = penalty(parts[0], parts[1]);
            for (int classes = 2; classes <= 7; classes++) {
                for (int trial = 0; trial < 10; trial++) {
                    double[] column = random.doubles(classes, -3, 3).toArray();
                    int j = trial % 3;
                    double shift = own.bestShift(j, column.clone());
                    double best = shifted(own, column, j, shift);
                    for (double by : new double[] {-1, -0.1, -1e-3, 1e-3, 0.1, 1}) {
                        assertThat(best).isLessThanOrEqualTo(shifted(own, column, j, shift + by) + 1e-13);
                    }
                }
            }
        }
    }

    private static double shifted(ElasticNetPenalty penalty, double[] column, int j, double shift) {
        double sum = 0;
        for (double w : column) {
            sum += penalty.kink(j) * Math.abs(w - shift) + 0.5 * penalty.l2(j) * (w - shift) * (w - shift);
        }
        return sum;
    }

    private static double shifted(ElasticNetPenalty penalty, int j, double[] column, double shift) {
        double[] w = new double[SIZE];
        for (int c = 0; c < CLASSES; c++) {
            w[c * WIDTH + j] = column[c] - shift;
        }
        return penalty.value(w);
    }
}
