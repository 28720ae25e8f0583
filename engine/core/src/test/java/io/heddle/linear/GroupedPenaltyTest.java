package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Compares the functions of a grouped penalty with finite differences, their definitions and each other. */
class GroupedPenaltyTest extends PenaltyContract<GroupedPenalty> {
    @Override
    GroupedPenalty of(double l1, double l2, PenaltyScale scale) {
        return new GroupedPenalty(l1, l2, scale);
    }

    @Test
    void theHessianIsThatOfTheGradient() {
        double[] w = point();
        double[] v = point();
        double[] product = new double[SIZE];
        penalty.addHessianProduct(w, v, product);
        double[] ahead = new double[SIZE];
        double[] behind = new double[SIZE];
        double[] right = w.clone();
        double[] left = w.clone();
        for (int i = 0; i < SIZE; i++) {
            right[i] += 1e-6 * v[i];
            left[i] -= 1e-6 * v[i];
        }
        penalty.subgradient(new double[SIZE], right, ahead);
        penalty.subgradient(new double[SIZE], left, behind);
        double[] sums = new double[SIZE];
        for (int i = 0; i < SIZE; i++) {
            assertThat(product[i]).isCloseTo((ahead[i] - behind[i]) / 2e-6, within(1e-8));
            sums[i] = penalty.l2(i) * v[i];
        }
        penalty.normHessian(w, IntStream.range(0, SIZE).toArray(), (i, k, value) -> {
            assertThat(k).isLessThanOrEqualTo(i);
            sums[i] += value * v[k];
            sums[k] += i == k ? 0 : value * v[i];
        });
        for (int i = 0; i < SIZE; i++) {
            assertThat(sums[i]).isCloseTo(product[i], within(1e-12));
        }
    }

    @Test
    void aColumnOfZerosHasTheSmallestSubgradient() {
        double[] w = new double[SIZE];
        double[] g = new double[SIZE];
        for (int c = 0; c < CLASSES; c++) {
            g[c * WIDTH] = 0.1;
            g[c * WIDTH + 1] = 0.2;
        }
        double[] out = new double[SIZE];
        penalty.subgradient(g, w, out);
        // Column 0: length 0.173 is below its norm's 0.3. Column 1: 0.346 exceeds 0.3 · 2 · 0.25.
        assertThat(out[0]).isZero();
        assertThat(out[1]).isCloseTo(0.2 * (1 - 0.15 / (0.2 * Math.sqrt(3))), within(1e-12));
        assertThat(penalty.smoothAt(w)[0]).isFalse();
        assertThat(penalty.smoothAt(w)[3]).as("without a penalty").isTrue();
        assertThat(penalty.smoothAt(w)[4]).as("intercept").isTrue();
    }

    @Test
    void aStepThatWouldReverseAColumnEndsAtZero() {
        double[] w = new double[SIZE];
        double[] d = new double[SIZE];
        w[0] = 1;
        w[WIDTH] = 0.5;
        d[0] = -2;
        w[1] = 1;
        d[1] = -0.5;
        w[4] = 1;
        d[4] = -5;
        penalty.stopAtKinks(w, d);
        assertThat(d[0]).isEqualTo(-1);
        assertThat(d[WIDTH]).isEqualTo(-0.5);
        assertThat(d[1]).isEqualTo(-0.5);
        assertThat(d[4]).as("intercept").isEqualTo(-5);
    }

    @Test
    void normsAreTheLengthsOfColumns() {
        double[] g = new double[SIZE];
        g[2] = 3;
        g[WIDTH + 2] = 4;
        g[3] = 100;
        g[4] = 100;
        assertThat(penalty.smallestNorms(g)).isEqualTo(5 / (0.5 * 3));
        assertThat(penalty(0.5, 0).dualNorm(g)).isCloseTo(5 / (0.5 * 0.5 * 3), within(1e-12));
        assertThat(penalty.dualNorm(g)).isZero();
        assertThat(penalty.hasDual()).as("column 3 has no penalty").isFalse();
    }

    /** For the intercept and columns without a penalty, the residual times the parameter bounds the gain of a step. */
    @Test
    void theFenchelGapOfColumnsWithoutAPenaltyIsTheirResiduals() {
        double[] w = new double[SIZE];
        double[] g = new double[SIZE];
        w[3] = 2;
        g[3] = -0.5;
        w[WIDTH + 3] = -3;
        g[WIDTH + 3] = -1;
        w[4] = 4;
        g[4] = 0.25;
        assertThat(penalty.fenchelGap(w, g)).isEqualTo(1 + 3 + 1);
        assertThat(penalty(0.5, 0).fenchelGap(w, g)).as("without a smooth part").isEqualTo(1 + 3 + 1);
        GroupedPenalty free = new GroupedPenalty(0.5, 0, new PenaltyScale(new double[] {0, 1}, new double[] {1, 1}));
        assertThat(free.fenchelGap(new double[] {2, 0, 0, 3, 0, 0}, new double[] {1, 0, 0, -1, 0, 0}))
                .as("first column")
                .isEqualTo(2 + 3);
    }

    /** The penalty of a column is minimal at the mean of its weights. Without a penalty, a shift has no effect. */
    @Test
    void theBestShiftIsTheMeanOfPenalisedColumnsOnly() {
        double[] column = {1, 2, 6};
        assertThat(penalty.bestShift(0, column.clone())).isEqualTo(3);
        assertThat(penalty(0.3, 0).bestShift(0, column.clone())).isEqualTo(3);
        assertThat(penalty(0, 0.2).bestShift(0, column.clone())).isEqualTo(3);
        assertThat(penalty.bestShift(3, column.clone()))
                .as("column without a penalty")
                .isZero();
        assertThat(penalty.bestShift(4, column.clone())).as("intercept").isZero();
        assertThat(penalty(0, 0).bestShift(0, column.clone())).isZero();
    }

    @Test
    void aStrengthMultipliesBothParts() {
        double[] w = point();
        assertThat(penalty.times(3).value(w)).isCloseTo(3 * penalty.value(w), within(1e-14));
        assertThat(penalty.times(3).norms()).isEqualTo(0.3 * 3);
        assertThat(new GroupedPenalty(0.3, 0.2, new PenaltyScale(new double[1], new double[] {1})).norms())
                .as("no column has a penalty")
                .isZero();
    }

    /** A step that ends at right angles to the column, and a step from a column of zeros, is not a reversal. */
    @Test
    void aStepToARightAngleIsTaken() {
        double[] w = new double[SIZE];
        double[] d = new double[SIZE];
        w[0] = 1;
        d[0] = -1;
        d[WIDTH] = 0.5;
        d[1] = -0.25;
        penalty.stopAtKinks(w, d);
        assertThat(d[0]).isEqualTo(-1);
        assertThat(d[WIDTH]).isEqualTo(0.5);
        assertThat(d[1]).isEqualTo(-0.25);
    }
}
