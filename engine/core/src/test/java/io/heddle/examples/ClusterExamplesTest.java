package io.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.cluster.StreamingKMeans;
import io.heddle.cluster.consensus.NeighborClustering;
import io.heddle.cluster.consensus.NeighborClusteringModel;
import io.heddle.decomposition.RowNormalizer;
import io.heddle.matrix.FloatMatrix;
import io.heddle.metrics.ClusteringScores;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of {@code io.heddle.cluster}. */
class ClusterExamplesTest {
    private final int[] groups = ExampleData.labels();

    @Test
    void kMeans() {
        try (FloatMatrix x = ExampleData.rows()) {
            // @start region="k-means"
            var options = KMeans.Options.defaults().withClusters(3).withAlgorithm(KMeans.Algorithm.LLOYD);
            try (KMeansModel model = KMeans.fit(x, options)) {
                int[] clusters = model.labels();
                // @end
                assertThat(ClusteringScores.of(groups, clusters).ari()).isEqualTo(1);
            }
        }
    }

    @Test
    void kMeansModel() {
        try (FloatMatrix x = ExampleData.rows();
                KMeansModel model = KMeans.fit(x, KMeans.Options.defaults().withClusters(3))) {
            // @start region="k-means-model"
            float[] row = new float[x.columns()];
            x.getRow(0, row);
            int cluster = model.predict(row); // one row, on the calling thread, without allocation
            try (FloatMatrix distances = model.distances(x)) {
                float distance = distances.get(0, cluster);
                // @end
                assertThat(distance).isBetween(0f, 1f);
            }
        }
    }

    @Test
    void streamingKMeans() {
        try (FloatMatrix x = ExampleData.rows()) {
            List<FloatMatrix> batches = List.of(x.rows(0, 100), x.rows(100, 200), x.rows(200, 300));
            // @start region="streaming-k-means"
            try (StreamingKMeans stream = StreamingKMeans.of(3, 0)) {
                for (FloatMatrix batch : batches) {
                    stream.partialFit(batch);
                }
                try (KMeansModel model = stream.model()) {
                    int[] clusters = model.predict(x);
                    // @end
                    assertThat(ClusteringScores.of(groups, clusters).ari()).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void neighborClustering() {
        try (FloatMatrix x = ExampleData.rows()) {
            // @start region="neighbor-clustering"
            RowNormalizer.normalize(x);
            var options = NeighborClustering.Options.defaults().withClusters(3);
            try (NeighborClusteringModel model = NeighborClustering.fit(x, options)) {
                int[] clusters = model.labels();
                int[] ofOtherRows = model.predict(x.rows(0, 10));
                // @end
                assertThat(ClusteringScores.of(groups, clusters).ari()).isGreaterThan(0.9);
                assertThat(ofOtherRows).hasSize(10);
            }
        }
    }
}
