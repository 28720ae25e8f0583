package io.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.layout.NeighborLayout;
import io.heddle.matrix.FloatMatrix;
import io.heddle.neighbors.NearestNeighbors;
import io.heddle.neighbors.Neighbors;
import io.heddle.parallel.WorkerPool;
import org.junit.jupiter.api.Test;

/** The examples of {@code io.heddle.layout}. */
class LayoutExamplesTest {
    @Test
    void neighborLayout() {
        WorkerPool pool = WorkerPool.shared();
        try (FloatMatrix x = ExampleData.rows()) {
            // @start region="neighbor-layout"
            Neighbors near = NearestNeighbors.within(
                    x, NearestNeighbors.Options.defaults().withNeighbors(15));
            try (PcaModel pca = Pca.fit(x, Pca.Options.defaults().withComponents(2));
                    FloatMatrix start = pca.transform(x);
                    FloatMatrix map = NeighborLayout.of(near, start, NeighborLayout.Options.defaults(), pool)) {
                float across = map.get(7, 0);
                float up = map.get(7, 1);
                // @end
                assertThat(map.columns()).isEqualTo(2);
                assertThat(across).isFinite();
                assertThat(up).isFinite();
            }
        }
    }
}
