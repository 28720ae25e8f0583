package io.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.FloatMatrix;
import io.heddle.metrics.Assignment;
import io.heddle.metrics.ClusteringScores;
import io.heddle.metrics.ClusteringStability;
import io.heddle.metrics.ConfusionMatrix;
import io.heddle.metrics.ContingencyTable;
import io.heddle.metrics.MutualInformation;
import io.heddle.metrics.RandIndex;
import io.heddle.metrics.Silhouette;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of {@code io.heddle.metrics}. */
class MetricsExamplesTest {
    @Test
    void confusionMatrix() {
        // @start region="confusion-matrix"
        int[] truth = {0, 0, 1, 1, 2};
        int[] predicted = {0, 0, 1, 2, 2};
        ConfusionMatrix matrix = ConfusionMatrix.of(truth, predicted, 3);
        double accuracy = matrix.accuracy(); // 0.8
        double f1 = matrix.macro().f1();
        // @end
        assertThat(accuracy).isEqualTo(0.8, within(1e-15));
        assertThat(f1).isEqualTo((1 + 2 / 3.0 + 2 / 3.0) / 3, within(1e-15));
    }

    @Test
    void clusteringScores() {
        // @start region="clustering-scores"
        int[] truth = {0, 0, 1, 1, 2};
        int[] clusters = {7, 7, 4, 4, 4};
        ClusteringScores scores = ClusteringScores.of(truth, clusters);
        double ari = scores.ari();
        int label = scores.majorityLabel(4); // 1
        // @end
        assertThat(ari).isBetween(0.0, 1.0);
        assertThat(label).isEqualTo(1);
    }

    @Test
    void contingencyTable() {
        // @start region="contingency-table"
        ContingencyTable table = ContingencyTable.of(new int[] {0, 0, 1, 1}, new int[] {5, 5, 6, 6});
        double ari = RandIndex.of(table).adjusted(); // 1: the partitions are equal
        double ami = MutualInformation.of(table).adjusted();
        // @end
        assertThat(ari).isEqualTo(1);
        assertThat(ami).isEqualTo(1);
        assertThat(table.count(0, 0)).isEqualTo(2);
    }

    @Test
    void assignment() {
        // @start region="assignment"
        long[] weights = {3, 9, 8, 7}; // rows (3, 9) and (8, 7)
        int[] columns = Assignment.maximize(weights, 2, 2); // 1, 0: 9 + 8
        // @end
        assertThat(columns).containsExactly(1, 0);
    }

    @Test
    void silhouette() {
        try (FloatMatrix x = ExampleData.rows()) {
            int[] clusters = ExampleData.labels();
            // @start region="silhouette"
            double score = Silhouette.score(x, clusters, Silhouette.Options.defaults());
            // @end
            assertThat(score).isBetween(0.5, 1.0);
        }
    }

    @Test
    void clusteringStability() {
        // @start region="clustering-stability"
        List<int[]> bySeed = List.of(new int[] {0, 0, 1, 1}, new int[] {1, 1, 0, 0}, new int[] {0, 0, 0, 1});
        ClusteringStability stability = ClusteringStability.of(bySeed);
        double agreement = stability.ari(); // the mean over the three pairs
        // @end
        assertThat(stability.pairs()).isEqualTo(3);
        assertThat(agreement).isEqualTo(1 / 3.0, within(1e-12));
    }
}
