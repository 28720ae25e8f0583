package io.heddle.decomposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.internal.columns.ColumnMoments;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import org.junit.jupiter.api.Test;

class ScalingTest {
    private static final WorkerPool POOL = WorkerPool.shared();

    /** Columns 1, 3, 5 and 7, 7, 7. */
    private static Scaling standardized() {
        try (FloatMatrix x = FloatMatrix.allocate(3, 2)) {
            for (int i = 0; i < 3; i++) {
                x.setRow(i, new float[] {1 + 2 * i, 7});
            }
            return Scaling.standardizing(x, ColumnMoments.of(x, "x", POOL), POOL);
        }
    }

    @Test
    void aConstantColumnIsNotScaledAndAddsNoVariance() {
        Scaling scaling = standardized();
        assertThat(scaling.columns()).isEqualTo(2);
        assertThat(scaling.mean()).containsExactly(3, 7);
        assertThat(scaling.deviation()).containsExactly(Math.sqrt(8 / 3.0), 1);
        assertThat(scaling.squaredDeviations()).isEqualTo(3);
        assertThat(scaling.factor(0)).isEqualTo(1 / Math.sqrt(8 / 3.0));
    }

    @Test
    void centringKeepsTheUnitsOfTheColumns() {
        Scaling scaling = Scaling.centring(new ColumnMoments(new double[] {3, 7}, 8, 74));
        assertThat(scaling.deviation()).isNull();
        assertThat(scaling.factor(0)).isEqualTo(1);
        assertThat(scaling.squaredDeviations()).isEqualTo(8);
        assertThat(scaling.hasExtremeDeviation()).isFalse();
    }

    @Test
    void aDifferenceWithinRoundingOfTheMeanIsZero() {
        Scaling scaling = new Scaling(new double[] {1e12, -4}, null, 1);
        assertThat(scaling.fromMean(1e12 + 1, 0)).isZero();
        assertThat(scaling.fromMean(1e12 - 1, 0)).isZero();
        assertThat(scaling.fromMean(1e12 + 2, 0)).isEqualTo(2);
        assertThat(scaling.fromMean(-3.5, 1)).isEqualTo(0.5);
    }

    @Test
    void theRoundedMeanAndItsRemainderAreTheMean() {
        Scaling scaling = new Scaling(new double[] {0.1, 0.5}, null, 1);
        try (FloatMatrix row = scaling.meanRow()) {
            assertThat(row.rows()).isEqualTo(1);
            for (int j = 0; j < 2; j++) {
                assertThat(row.get(0, j) + scaling.remainder(j)).isEqualTo(scaling.mean()[j]);
            }
        }
        assertThat(scaling.remainder(0)).isNotZero();
        assertThat(scaling.remainder(1)).isZero();
    }

    /** Far: ‖mean‖² · rows above 100 times the squared deviations, here 25 · 4. */
    @Test
    void dataAreFarBeyondAHundredTimesTheirSpread() {
        assertThat(new Scaling(new double[] {3, 4}, null, 1).isFar(4)).isFalse();
        assertThat(new Scaling(new double[] {3, 4}, null, 1).isFar(5)).isTrue();
        assertThat(new Scaling(new double[] {6, 4}, new double[] {2, 1}, 1).isFar(4))
                .isFalse();
        assertThat(new Scaling(new double[] {6, 4}, new double[] {2, 1}, 1).isFar(5))
                .isTrue();
    }

    @Test
    void theRatioIsTheShareOfTheSquaredDeviations() {
        Scaling scaling = new Scaling(new double[] {0}, null, 8);
        assertThat(scaling.ratio(new double[] {2, 4})).isEqualTo(0.75);
        assertThat(scaling.ratio(new double[] {5, 4}))
                .as("rounding does not exceed 1")
                .isEqualTo(1);
        assertThat(new Scaling(new double[] {0}, null, 0).ratio(new double[] {1}))
                .isZero();
    }

    @Test
    void extremeDeviationsLeaveTheRangeOfFloat() {
        ColumnMoments ordinary = new ColumnMoments(new double[] {0, 0}, 2, 2);
        for (double deviation : new double[] {1e-30, 1e30}) {
            Scaling scaling = new Scaling(new double[2], new double[] {1, deviation}, 2);
            assertThat(scaling.hasExtremeDeviation()).isTrue();
            assertThat(scaling.leavesRange(ordinary)).isTrue();
        }
        assertThat(standardized().hasExtremeDeviation()).isFalse();
        assertThat(standardized().leavesRange(ordinary)).isFalse();
        assertThat(standardized().leavesRange(new ColumnMoments(new double[2], 2, 1e60)))
                .isTrue();
    }

    @Test
    void standardizedDeviationsAreThoseOfManyBlocks() {
        int n = 1_000;
        try (FloatMatrix x = FloatMatrix.allocate(n, 1)) {
            for (int i = 0; i < n; i++) {
                x.set(i, 0, i);
            }
            Scaling scaling = Scaling.standardizing(x, ColumnMoments.of(x, "x", POOL), POOL);
            assertThat(scaling.deviation()[0]).isCloseTo(Math.sqrt(((double) n * n - 1) / 12), within(1e-10));
            assertThat(scaling.squaredDeviations()).isEqualTo(n);
        }
    }
}
