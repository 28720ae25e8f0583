package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Lloyd with so many clusters that its seeds come from a sample. */
class ManyClustersTest {
    private static final int ROWS = 12_000;
    private static final KMeans.Options OPTIONS = KMeans.Options.defaults()
            .withClusters(260)
            .withAlgorithm(KMeans.Algorithm.LLOYD)
            .withMaxIterations(5);

    @Test
    void seedsFromASampleAreAsGoodAsSeedsFromAllRows() {
        SplittableRandom random = new SplittableRandom(3);
        double[] ones = new double[ROWS];
        Arrays.fill(ones, 1);
        try (FloatMatrix x = FloatMatrix.allocate(ROWS, 8);
                WorkerPool one = WorkerPool.of(1);
                WorkerPool three = WorkerPool.of(3)) {
            for (int i = 0; i < ROWS; i++) {
                for (int j = 0; j < 8; j++) {
                    x.set(i, j, (float) random.nextGaussian());
                }
            }
            try (KMeansModel sampled = KMeans.fit(x, OPTIONS, one);
                    KMeansModel again = KMeans.fit(x, OPTIONS, three);
                    KMeansModel weighted = KMeans.fit(x, ones, OPTIONS, one);
                    // So few clusters that their seeds come from all rows.
                    KMeansModel all = KMeans.fit(x, OPTIONS.withClusters(255), one)) {
                assertThat(sampled.inertia()).isBetween(0.97 * all.inertia(), 1.03 * all.inertia());
                assertThat(weighted.inertia()).isBetween(0.97 * all.inertia(), 1.03 * all.inertia());
                assertThat(again.inertia()).isEqualTo(sampled.inertia());
                assertThat(again.labels()).isEqualTo(sampled.labels());
            }
        }
    }
}
