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

    @Test
    void goesOnFromAModelWhereTheBatchesEnded() {
        List<String> names = List.of("a", "b", "c", "d", "e", "f", "g");
        try (FloatMatrix x = data();
                StreamingKMeans whole = StreamingKMeans.of(CLUSTERS, 2)) {
            whole.partialFit(x.rows(0, 100).withColumnNames(names));
            try (KMeansModel first = whole.model();
                    StreamingKMeans later = StreamingKMeans.from(first)) {
                assertThat(later.weights()).isEqualTo(whole.weights());
                assertThat(Arrays.stream(later.weights()).sum()).isEqualTo(100);
                try (KMeansModel same = later.model()) {
                    assertThat(same.inertia()).isEqualTo(first.inertia());
                    assertThat(same.iterations()).isEqualTo(1);
                }
                assertThatThrownBy(() -> later.partialFit(x.rows(100, 200).withColumnNames(names.reversed())))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining("column 0 of the data is 'g', but 'a' in the training data");
                later.partialFit(x.rows(100, ROWS));
                whole.partialFit(x.rows(100, ROWS));
                try (KMeansModel expected = whole.model();
                        KMeansModel found = later.model()) {
                    assertThat(values(found.centroids())).isEqualTo(values(expected.centroids()));
                    assertThat(found.weights()).isEqualTo(expected.weights());
                    assertThat(found.inertia()).isEqualTo(expected.inertia());
                    assertThat(found.iterations()).isEqualTo(2);
                    assertThat(found.featureNames()).isEqualTo(names);
                }
            }
        }
    }

    /** The inertia is that of the batch and the centres before they move, of loose clusters and of tight ones. */
    @Test
    void theInertiaIsThatOfTheLastBatch() {
        for (float spread : new float[] {100, 1, 1e-3f}) {
            float[] start = {0, 1000};
            float[] batch = {3 * spread, 1000 + spread, -spread, 1000 - 2 * spread};
            try (FloatMatrix x = FloatMatrix.copyOf(batch, 4, 1);
                    KMeansModel centers = KMeansModel.of(FloatMatrix.copyOf(start, 2, 1), Double.NaN, 0, true);
                    StreamingKMeans stream = StreamingKMeans.from(centers, 2)) {
                stream.partialFit(x);
                double expected = 0;
                for (int i = 0; i < 4; i++) {
                    expected += Math.pow(x.get(i, 0) - start[i % 2], 2);
                }
                try (KMeansModel model = stream.model()) {
                    assertThat(model.inertia()).isCloseTo(expected, within(1e-6 * expected));
                    assertThat(model.weights()).containsExactly(4, 4);
                    assertThat(model.centroids().get(0, 0)).isCloseTo(spread / 2, within(1e-6f * spread));
                }
            }
        }
    }

    @Test
    void refusesModelsItCannotGoOnFrom() {
        try (KMeansModel model = KMeansModel.of(FloatMatrix.copyOf(new float[] {3, 4}, 1, 2), 1, 1, true);
                KMeansModel cosine = KMeansModel.of(
                        FloatMatrix.copyOf(new float[] {0, 1}, 1, 2),
                        new double[] {5},
                        1,
                        1,
                        true,
                        KMeans.Distance.COSINE);
                FloatMatrix none = FloatMatrix.allocate(0, 2)) {
            assertThatThrownBy(() -> StreamingKMeans.of(0, 1))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("k-means needs at least 1 cluster, not 0");
            assertThatThrownBy(() -> StreamingKMeans.from(model))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("the model does not contain the number of rows of each centre: choose a weight");
            assertThatThrownBy(() -> StreamingKMeans.from(cosine))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("a stream continues only from clusters by Euclidean distance, not by COSINE");
            for (double weight : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
                assertThatThrownBy(() -> StreamingKMeans.from(model, weight))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessage("the weight of a centre must be a finite number of at least 0, not " + weight);
            }
            try (StreamingKMeans stream = StreamingKMeans.from(model, 0)) {
                assertThatThrownBy(() -> stream.partialFit(none))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessage("a batch has 1 to 2^31 rows, not 0");
            }
        }
    }

    @Test
    void oneRowIsABatch() {
        try (StreamingKMeans stream = StreamingKMeans.of(1, 0);
                FloatMatrix x = FloatMatrix.copyOf(new float[] {2, 6}, 2, 1)) {
            stream.partialFit(x.rows(0, 1));
            stream.partialFit(x.rows(1, 2));
            try (KMeansModel model = stream.model()) {
                assertThat(model.centroids().get(0, 0)).isEqualTo(4);
            }
        }
    }

    @Test
    void aClosedStreamHasNoModel() {
        try (FloatMatrix x = data();
                StreamingKMeans stream = StreamingKMeans.of(2, 0)) {
            stream.partialFit(x);
            stream.close();
            assertThatThrownBy(stream::model).isInstanceOf(IllegalStateException.class);
        }
    }
}
