package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamingKMeansTest {
    private static final int ROWS = 240;
    private static final int COLUMNS = 7;
    private static final int BATCH = 40;
    private static final int CLUSTERS = 4;

    /** The formula of streaming_reference.py. */
    private static FloatMatrix data() {
        FloatMatrix x = FloatMatrix.allocate(ROWS, COLUMNS);
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                double v = Math.sin(0.37 * i * (j + 1))
                        + 0.5 * Math.cos(1.7 * i + j * j) * (j + 1)
                        + i % CLUSTERS * (1 + j % 3);
                x.set(i, j, (float) v);
            }
        }
        return x;
    }

    private static float[] values(FloatMatrix m) {
        float[] all = new float[(int) m.rows() * m.columns()];
        for (int i = 0; i < all.length; i++) {
            all[i] = m.get(i / m.columns(), i % m.columns());
        }
        return all;
    }

    @Test
    void followsScikitLearnBatchByBatch() throws Exception {
        List<String> lines = Files.readAllLines(
                Path.of(getClass().getResource("streaming.txt").toURI()));
        try (FloatMatrix x = data();
                KMeansModel start = KMeansModel.of(x.rows(0, CLUSTERS).copy(), Double.NaN, 0, false);
                StreamingKMeans stream = StreamingKMeans.from(start, 0)) {
            for (int from = 0; from < ROWS; from += BATCH) {
                stream.partialFit(x.rows(from, from + BATCH));
            }
            try (KMeansModel model = stream.model()) {
                for (int c = 0; c < CLUSTERS; c++) {
                    double[] expected = numbers(lines.get(c));
                    for (int j = 0; j < COLUMNS; j++) {
                        assertThat((double) model.centroids().get(c, j)).isEqualTo(expected[j], within(2e-6));
                    }
                }
                assertThat(model.iterations()).isEqualTo(ROWS / BATCH);
            }
            assertThat(stream.weights()).isEqualTo(numbers(lines.get(CLUSTERS)));
        }
    }

    private static double[] numbers(String line) {
        return Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    @Test
    void sameBitsForAnyNumberOfThreads() {
        float[][] found = new float[2][];
        for (int i = 0; i < 2; i++) {
            try (FloatMatrix x = data();
                    WorkerPool pool = WorkerPool.of(1 + 3 * i);
                    StreamingKMeans stream = StreamingKMeans.of(5, 3)) {
                stream.partialFit(x.rows(0, 100), pool);
                stream.partialFit(x.rows(100, ROWS), pool);
                try (KMeansModel model = stream.model()) {
                    found[i] = values(model.centroids());
                }
            }
        }
        assertThat(found[1]).isEqualTo(found[0]);
    }

    @Test
    void aModelOfLargeWeightHardlyMoves() {
        try (FloatMatrix x = data();
                KMeansModel model = KMeans.fit(x, KMeans.Options.defaults().withClusters(3));
                StreamingKMeans light = StreamingKMeans.from(model, 1);
                StreamingKMeans heavy = StreamingKMeans.from(model, 1e7)) {
            light.partialFit(x.rows(0, BATCH));
            heavy.partialFit(x.rows(0, BATCH));
            try (KMeansModel moved = light.model();
                    KMeansModel stayed = heavy.model()) {
                float[] before = values(model.centroids());
                assertThat(values(stayed.centroids())).containsExactly(before, within(1e-4f));
                assertThat(values(moved.centroids())).isNotEqualTo(before);
            }
        }
    }

    @Test
    void refusesInputThatDoesNotFit() {
        try (FloatMatrix x = data();
                StreamingKMeans stream = StreamingKMeans.of(10, 0);
                FloatMatrix narrow = FloatMatrix.allocate(20, 3)) {
            assertThatThrownBy(stream::model).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> stream.partialFit(x.rows(0, 9)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("k-means cannot find 10 clusters in 9 rows");
            stream.partialFit(x);
            assertThatThrownBy(() -> stream.partialFit(narrow))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("a batch of 3 columns does not fit centres of 7 columns");
        }
    }
}
