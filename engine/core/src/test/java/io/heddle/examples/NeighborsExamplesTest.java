package io.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.matrix.FloatMatrix;
import io.heddle.neighbors.NearestNeighbors;
import io.heddle.neighbors.NeighborGraph;
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
}
