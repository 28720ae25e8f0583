package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The tests that every penalty passes, on five columns (the last one is the intercept) of three classes.
 *
 * @param <P> the penalty
 */
abstract class PenaltyContract<P extends Penalty> {
    static final int CLASSES = 3;
    static final int WIDTH = 5;
    static final int SIZE = CLASSES * WIDTH;

    final SplittableRandom random = new SplittableRandom(3);
    final P penalty = penalty(0.3, 0.2);

    abstract P of(double l1, double l2, PenaltyScale scale);

    /** Column 3 has no penalty. */
    final P penalty(double l1, double l2) {
        return of(l1, l2, new PenaltyScale(new double[] {1, 2, 0.5, 0}, new double[] {1, 0.25, 3, 1}));
    }

    final P ofAllColumns(double l1, double l2) {
        return of(l1, l2, new PenaltyScale(new double[] {1, 2}, new double[] {1, 0.25}));
    }

    final double[] point() {
        return random.doubles(SIZE, -1, 1).toArray();
    }

    private static double[] moved(double[] point, int i, double by) {
        double[] next = point.clone();
        next[i] += by;
        return next;
    }

    /** The gap of one weight, or of a column with one weight. */
    static double gap(Penalty penalty, int column, double weight, double gradient) {
        double[] w = new double[SIZE];
        double[] g = new double[SIZE];
        w[column] = weight;
        g[column] = gradient;
        return penalty.fenchelGap(w, g);
    }

    @Test
    void theGradientIsThatOfTheValue() {
        double[] w = point();
        double[] gradient = new double[SIZE];
        penalty.subgradient(new double[SIZE], w, gradient);
        for (int i = 0; i < SIZE; i++) {
            double slope = (penalty.value(moved(w, i, 1e-6)) - penalty.value(moved(w, i, -1e-6))) / 2e-6;
            assertThat(gradient[i]).isCloseTo(slope, within(1e-8));
        }
    }

    /** By definition, the largest value of ⟨w, u⟩ − penalty(w) is the conjugate at u. */
    @Test
    void theFenchelGapIsZeroAtAnOptimumAndNeverNegative() {
        for (int trial = 0; trial < 50; trial++) {
            double[] w = point();
            double[] g = new double[SIZE];
            penalty.subgradient(new double[SIZE], w, g);
            for (int i = 0; i < SIZE; i++) {
                boolean free = i % WIDTH >= 3;
                g[i] = free ? 0 : -g[i];
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

    @Test
    void theFenchelGapOfOneWeightIsItsDefinition() {
        assertThat(gap(penalty, 0, 0, 0.3)).as("gradient at the norm").isZero();
        assertThat(gap(penalty, 0, 0, 0.5)).isCloseTo(0.2 * 0.2 / 0.4, within(1e-15));
        assertThat(gap(penalty, 0, 2, 0)).isCloseTo(0.3 * 2 + 0.1 * 4, within(1e-15));
        assertThat(gap(penalty, 0, 2, 0.1)).isCloseTo(0.6 + 0.4 + 0.2, within(1e-15));
        assertThat(gap(penalty, 0, -2, 0.1)).isCloseTo(0.6 + 0.4 - 0.2, within(1e-15));
        assertThat(gap(penalty, 0, 2, -0.3)).isCloseTo(0.6 + 0.4 - 0.6, within(1e-15));
        assertThat(gap(penalty, 0, 2, 0.5)).isCloseTo(0.6 + 0.4 + 0.1 + 1, within(1e-15));
        assertThat(gap(penalty, 0, 2, -0.5)).isCloseTo(0.6 + 0.4 + 0.1 - 1, within(1e-15));
        assertThat(gap(penalty, 0, 2, -0.7)).as("optimum").isCloseTo(0, within(1e-15));
        assertThat(gap(penalty(0, 0.2), 0, 2, 0)).as("ridge at a gradient of 0").isCloseTo(0.4, within(1e-15));
        assertThat(gap(penalty, 3, 2, -0.5)).as("no penalty").isEqualTo(1);
        assertThat(gap(penalty, 4, -2, -0.5)).as("intercept").isEqualTo(1);
        assertThat(gap(penalty(0.3, 0), 0, 2, 0.5)).as("no squares").isZero();
        assertThat(gap(penalty(0.3, 0), 3, 2, 0.5)).isEqualTo(1);
    }

    @Test
    void theDualExistsIfEveryColumnHasAPenaltyOfEitherKind() {
        assertThat(ofAllColumns(0.3, 0).hasDual()).isTrue();
        assertThat(ofAllColumns(0, 0.2).hasDual()).isTrue();
        assertThat(ofAllColumns(0.3, 0.2).hasDual()).isTrue();
        assertThat(ofAllColumns(0, 0).hasDual()).isFalse();
        assertThat(penalty.hasDual()).as("column 3 has no penalty").isFalse();
        assertThat(penalty(0.3, 0).hasSmoothPart()).isFalse();
        assertThat(penalty(0, 0.2).hasSmoothPart()).isTrue();
        P none = of(0.3, 0.2, new PenaltyScale(new double[1], new double[] {1}));
        assertThat(none.norms()).isZero();
        assertThat(none.hasSmoothPart()).isFalse();
    }

    /** Without squares the prediction is exact: the linear change of the loss and the change of the norms. */
    @Test
    void thePredictedDecreaseIsThatOfTheLinearLoss() {
        P norms = penalty(0.3, 0);
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
