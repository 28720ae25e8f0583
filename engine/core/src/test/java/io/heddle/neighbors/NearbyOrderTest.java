package io.heddle.neighbors;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NearbyOrderTest {
    private static final int BLOCK = 20;

    private static FloatMatrix normal(int n, int d) {
        SplittableRandom random = new SplittableRandom(5);
        FloatMatrix x = FloatMatrix.allocate(n, d);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < d; j++) {
                x.set(i, j, (float) random.nextGaussian());
            }
        }
        return x;
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "19, 3", "20, 3", "21, 3", "39, 17", "40, 1", "41, 2", "1001, 5"})
    void holdsEachRowOnce(int n, int d) {
        try (FloatMatrix x = normal(n, d)) {
            int[] order = NearbyOrder.of(x, BLOCK, WorkerPool.shared());

            assertThat(order).containsExactlyInAnyOrder(IntStream.range(0, n).toArray());
        }
    }

    /** Eight groups at the corners of a cube, each as large as a block, whose rows come in turns. */
    @Test
    void aBlockHoldsOneGroup() {
        int groups = 8;
        try (FloatMatrix x = normal(groups * BLOCK, 4)) {
            for (int i = 0; i < x.rows(); i++) {
                for (int j = 0; j < 3; j++) {
                    x.set(i, j, x.get(i, j) + (i % groups >> j & 1) * 100);
                }
            }

            int[] order = NearbyOrder.of(x, BLOCK, WorkerPool.shared());

            for (int position = 0; position < order.length; position++) {
                int first = order[position / BLOCK * BLOCK];
                assertThat(order[position] % groups).isEqualTo(first % groups);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {0, -3, 1e30f})
    void equalRowsKeepTheirOrder(float value) {
        try (FloatMatrix x = FloatMatrix.allocate(5 * BLOCK + 1, 2)) {
            for (int i = 0; i < x.rows(); i++) {
                x.set(i, 0, value);
            }

            assertThat(NearbyOrder.of(x, BLOCK, WorkerPool.shared()))
                    .isEqualTo(IntStream.range(0, 5 * BLOCK + 1).toArray());
        }
    }

    @Test
    void isTheSameForAnyNumberOfThreads() {
        try (FloatMatrix x = normal(3000, 7);
                WorkerPool one = WorkerPool.of(1);
                WorkerPool three = WorkerPool.of(3)) {
            assertThat(NearbyOrder.of(x, BLOCK, three)).isEqualTo(NearbyOrder.of(x, BLOCK, one));
        }
    }
}
