package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GreedySeedingTest {
    private static final WorkerPool POOL = WorkerPool.shared();

    /** Σ weight · ‖row − nearest seed‖². */
    private static double potential(FloatMatrix x, double[] weights, FloatMatrix seeds) {
        double total = 0;
        for (int i = 0; i < x.rows(); i++) {
            double minimum = Double.POSITIVE_INFINITY;
            for (int s = 0; s < seeds.rows(); s++) {
                minimum = Math.min(minimum, NearestCenter.squaredDistance(x, i, seeds, s));
            }
            total += weights[i] * minimum;
        }
        return total;
    }

    @Test
    void thePotentialIsThatOfTheSeeds() {
        int rows = 500;
        double[] ones = new double[rows];
        double[] weights = new double[rows];
        Arrays.fill(ones, 1);
        for (int i = 0; i < rows; i++) {
            weights[i] = i % 4;
        }
        try (FloatMatrix x = KMeansTest.cloud(rows, 4, 1, 3);
                FloatMatrix seeds = FloatMatrix.allocate(9, 4)) {
            SplittableRandom random = new SplittableRandom(2);
            double found = GreedySeeding.seed(x, RowWeights.NONE, seeds, random, POOL);
            assertThat(found).isCloseTo(potential(x, ones, seeds), within(1e-5 * found));
            RowWeights own = RowWeights.of(weights, rows);
            double weighted = GreedySeeding.seed(x, own, seeds, random, POOL);
            assertThat(weighted).isCloseTo(potential(x, weights, seeds), within(1e-5 * weighted));
        }
    }

    /** Blobs far from each other: a greedy choice among several candidates takes a row of each. */
    @Test
    void eachBlobHasASeed() {
        try (FloatMatrix x = KMeansTest.blobs(600, 3, 8, 0, 1)) {
            for (long seed = 0; seed < 10; seed++) {
                GreedySeeding.Chosen chosen =
                        GreedySeeding.choose(x, RowWeights.NONE, 8, new SplittableRandom(seed), POOL);
                assertThat(Arrays.stream(chosen.rows()).map(row -> row % 8).distinct())
                        .hasSize(8);
                assertThat(chosen.potential()).isLessThan(600 * 3 * 0.1 * 0.1 * 4);
            }
        }
    }

    @Test
    void rowsWithoutWeightAreNoSeeds() {
        double[] weights = new double[100];
        for (int i = 0; i < 100; i += 10) {
            weights[i] = 1;
        }
        try (FloatMatrix x = KMeansTest.cloud(100, 2, 0, 5)) {
            GreedySeeding.Chosen chosen =
                    GreedySeeding.choose(x, RowWeights.of(weights, 100), 10, new SplittableRandom(1), POOL);
            assertThat(Arrays.stream(chosen.rows()).sorted().toArray())
                    .containsExactly(0, 10, 20, 30, 40, 50, 60, 70, 80, 90);
            assertThat(chosen.potential()).isZero();
        }
    }
}
