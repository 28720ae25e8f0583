package io.heddle.internal.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RowWeightsTest {
    private static final double[] WEIGHTS = {0, 3, 0, 1, 0};

    @Test
    void countsAndSumsRows() {
        RowWeights weights = RowWeights.of(WEIGHTS, 5);
        assertThat(weights.isNone()).isFalse();
        assertThat(weights.of(1)).isEqualTo(3);
        assertThat(weights.countOfPositive(5)).isEqualTo(2);
        assertThat(weights.total(5)).isEqualTo(4);
        assertThat(RowWeights.NONE.isNone()).isTrue();
        assertThat(RowWeights.NONE.of(3)).isEqualTo(1);
        assertThat(RowWeights.NONE.countOfPositive(7)).isEqualTo(7);
        assertThat(RowWeights.NONE.total(7)).isEqualTo(7);
    }

    @Test
    void drawsRowsInProportionToTheirWeight() {
        RowWeights weights = RowWeights.of(WEIGHTS, 5);
        SplittableRandom random = new SplittableRandom(1);
        int[] drawn = new int[5];
        for (int i = 0; i < 4_000; i++) {
            drawn[weights.draw(5, random)]++;
        }
        assertThat(drawn[1]).isBetween(2_850, 3_150);
        assertThat(drawn[1] + drawn[3]).isEqualTo(4_000);
    }

    /** Four samples of ranges of weight 1: three in row 1, one in row 3. */
    @Test
    void samplesRangesOfEqualWeight() {
        try (FloatMatrix x = FloatMatrix.allocate(5, 1)) {
            for (int i = 0; i < 5; i++) {
                x.set(i, 0, i);
            }
            try (FloatMatrix sample =
                    RowWeights.of(WEIGHTS, 5).sample(x, 4, new SplittableRandom(1), WorkerPool.shared())) {
                assertThat(sample.rows()).isEqualTo(4);
                assertThat(new float[] {sample.get(0, 0), sample.get(1, 0), sample.get(2, 0), sample.get(3, 0)})
                        .containsExactly(1, 1, 1, 3);
            }
        }
    }

    /** The sum of 2 and the largest fraction is rounded to 3, which exceeds all cumulative sums. */
    @Test
    void roundingDoesNotReachRowsWithoutWeight() {
        RandomGenerator largest = () -> -1L;
        assertThat(2 + largest.nextDouble()).isEqualTo(3);
        try (FloatMatrix x = FloatMatrix.allocate(4, 1)) {
            x.setRow(1, new float[] {1});
            x.setRow(2, new float[] {2});
            x.setRow(3, new float[] {3});
            try (FloatMatrix sample =
                    RowWeights.of(new double[] {1, 1, 0, 0}, 4).sample(x, 3, largest, WorkerPool.shared())) {
                assertThat(sample.get(2, 0)).isEqualTo(1);
            }
        }
    }

    @Test
    void refusesWeightsOutsideTheirRange() {
        assertThat(RowWeights.of(new double[] {1e100, 0}, 2).total(2)).isEqualTo(1e100);
        for (double wrong : new double[] {-1e-9, 1.01e100, Double.NaN}) {
            assertThatThrownBy(() -> RowWeights.of(new double[] {1, wrong}, 2))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("the weight of row 1 is " + wrong);
        }
        assertThatThrownBy(() -> RowWeights.of(new double[2], 2))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("the weights of all 2 rows are 0");
        assertThatThrownBy(() -> RowWeights.of(new double[2], 3))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("2 weights do not pair with 3 rows");
    }

    @Test
    void keepsACopyOfTheWeights() {
        double[] given = {1, 2};
        RowWeights weights = RowWeights.of(given, 2);
        given[0] = 9;
        assertThat(weights.of(0)).isEqualTo(1);
    }
}
