package io.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.internal.rows.RowSample;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The examples of {@code io.heddle.parallel}. */
class ParallelExamplesTest {
    @Test
    void workerPool() {
        try (FloatMatrix x = ExampleData.rows()) {
            // @start region="worker-pool"
            RowSlices slices = RowSlices.of(x.rows(), 64);
            double[] sums = new double[slices.count()];
            try (WorkerPool pool = WorkerPool.of(2)) {
                pool.run(slices.count(), (slice, worker) -> {
                    for (long i = slices.from(slice); i < slices.to(slice); i++) {
                        sums[slice] += x.get(i, 0);
                    }
                });
            }
            double sum = 0;
            for (double part : sums) { // in their order: the same bits for any number of threads
                sum += part;
            }
            // @end
            assertThat(sum / x.rows()).isBetween(0.3, 0.5);
        }
    }

    @Test
    void rowSample() {
        try (FloatMatrix x = ExampleData.rows()) {
            // @start region="row-sample"
            try (FloatMatrix sample = RowSample.draw(x, 100, new SplittableRandom(7), WorkerPool.shared())) {
                long rows = sample.rows();
                // @end
                assertThat(rows).isEqualTo(100);
            }
        }
    }

    @Test
    void rowWeights() {
        // @start region="row-weights"
        RowWeights weights = RowWeights.of(new double[] {2, 0, 1}, 3);
        long counted = weights.countOfPositive(3);
        double total = weights.total(3);
        // @end
        assertThat(counted).isEqualTo(2);
        assertThat(total).isEqualTo(3);
    }
}
