package io.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.matrix.FloatMatrix;
import io.heddle.neighbors.NearestNeighbors;
import io.heddle.neighbors.NeighborGraph;
import io.heddle.neighbors.NeighborIndex;
import io.heddle.neighbors.Neighbors;
import io.heddle.parallel.WorkerPool;
import org.junit.jupiter.api.Test;

/** The examples of {@code io.heddle.neighbors}. */
class NeighborsExamplesTest {
    @Test
    void nearestNeighbors() {
        try (FloatMatrix x = ExampleData.rows()) {
            // @start region="nearest-neighbors"
            Neighbors near = NearestNeighbors.within(x, NearestNeighbors.Options.defaults());
            int nearest = near.index(7, 0);
            float distance = near.distance(7, 0);
            // @end
            assertThat(nearest % ExampleData.GROUPS).isEqualTo(7 % ExampleData.GROUPS);
            assertThat(distance).isBetween(0f, 0.1f);
        }
    }

    @Test
    void neighborGraph() {
        try (FloatMatrix x = ExampleData.rows()) {
            // @start region="neighbor-graph"
            NeighborGraph graph = NeighborGraph.of(NearestNeighbors.within(x, NearestNeighbors.Options.defaults()));
            try (FloatMatrix smooth = graph.diffuse(x, 4, WorkerPool.shared())) {
                // @end
                assertThat(smooth.rows()).isEqualTo(x.rows());
            }
        }
    }

    @Test
    void neighborIndex() {
        float[] row = {0f, 1f, 0f};
        try (FloatMatrix rows = FloatMatrix.copyOf(new float[] {0, 0, 0, 0, 2, 0, 9, 9, 9}, 3, 3)) {
            // @start region="neighbor-index"
            try (NeighborIndex index = NeighborIndex.of(rows, new int[] {4, 4, 7}, 2)) {
                int[] ids = new int[2];
                float[] distances = new float[2];
                index.nearest(row, ids, distances); // on this thread, without allocation
                int label = index.predict(row); // what most of the two have
                // @end
                assertThat(ids).containsExactly(0, 1);
                assertThat(distances).containsExactly(1f, 1f);
                assertThat(label).isEqualTo(4);
            }
        }
    }
}
