package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.matrix.FloatMatrix;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that no centre is left without rows if there are few rows, by both algorithms. */
class FewRowsKMeansTest {
    /** @param different number of different rows; the others repeat them */
    @ParameterizedTest
    @CsvSource({
        "50, 50, 49, 1024",
        "50, 50, 50, 1024",
        "50, 50, 50, 10",
        "60, 20, 20, 1024",
        "300, 300, 101, 32",
        "300, 300, 290, 32",
        "300, 300, 300, 32"
    })
    void everyCentreHasRows(int rows, int different, int clusters, int batch) {
        for (int seed = 0; seed < 5; seed++) {
            KMeans.Options options = KMeans.Options.defaults()
                    .withClusters(clusters)
                    .withBatchSize(batch)
                    .withSeed(seed);
            try (FloatMatrix x = rows(rows, different);
                    KMeansModel batches = KMeans.fit(x, options);
                    KMeansModel lloyd = KMeans.fit(x, options.withAlgorithm(KMeans.Algorithm.LLOYD))) {
                for (KMeansModel model : new KMeansModel[] {batches, lloyd}) {
                    assertThat(Arrays.stream(model.labels()).distinct().count()).isEqualTo(clusters);
                    assertThat(model.inertia() == 0).isEqualTo(clusters == different);
                }
                assertThat(batches.inertia()).isEqualTo(lloyd.inertia());
            }
        }
    }

    private static FloatMatrix rows(int rows, int different) {
        SplittableRandom random = new SplittableRandom(1);
        FloatMatrix x = FloatMatrix.allocate(rows, 4);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < 4; j++) {
                x.set(i, j, i < different ? (float) random.nextGaussian() : x.get(i % different, j));
            }
        }
        return x;
    }
}
