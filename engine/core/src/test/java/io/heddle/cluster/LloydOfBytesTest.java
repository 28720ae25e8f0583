package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.internal.rows.RowSample;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lloyd's algorithm returns the same bits for bytes as for the same values as floats. */
class LloydOfBytesTest {
    @TempDir
    private Path folder;

    private static byte[] values(int rows, int columns) {
        Random random = new Random(6);
        byte[] bytes = new byte[rows * columns];
        for (int i = 0; i < rows; i++) {
            int center = random.nextInt(9) * 20;
            for (int j = 0; j < columns; j++) {
                bytes[i * columns + j] = (byte) Math.clamp(center + j % 7 + 12 * random.nextGaussian(), 0, 255);
            }
        }
        return bytes;
    }

    /** The last two have sketches of their rows; more clusters than distinct rows leave some empty. */
    @ParameterizedTest
    @CsvSource({"300, 5, 4, false", "300, 5, 4, true", "40, 2, 35, false", "2500, 130, 8, false", "2500, 130, 8, true"})
    void givesTheBitsOfFloats(int rows, int columns, int clusters, boolean weighted) throws IOException {
        Path file = folder.resolve("values");
        Files.write(file, values(rows, columns));
        KMeans.Options options = KMeans.Options.defaults()
                .withClusters(clusters)
                .withAlgorithm(KMeans.Algorithm.LLOYD)
                .withInitializations(2);
        double[] weights =
                new Random(2).doubles(rows, 0.5, weighted ? 2 : 0.5000001).toArray();
        try (WorkerPool pool = WorkerPool.of(3);
                ByteMatrix bytes = ByteMatrix.map(file, 0, rows, columns, 1 / 255f);
                FloatMatrix floats = RowSample.all(bytes, pool);
                KMeansModel expected =
                        weighted ? KMeans.fit(floats, weights, options, pool) : KMeans.fit(floats, options, pool);
                KMeansModel found = weighted
                        ? KMeans.fit(bytes, weights, options, WorkerPool.shared())
                        : KMeans.fit(bytes, options, WorkerPool.shared())) {
            assertThat(found.labels()).isEqualTo(expected.labels());
            assertThat(found.inertia()).isEqualTo(expected.inertia());
            assertThat(found.iterations()).isEqualTo(expected.iterations());
            assertThat(found.centroids().segment().mismatch(expected.centroids().segment()))
                    .isEqualTo(-1);
        }
    }

    /** Squares of such values are zero in float, so the values are scaled like floats. */
    @ParameterizedTest
    @CsvSource({"LLOYD", "MINI_BATCH"})
    void clustersBytesWhoseSquaresLeaveTheRangeOfFloat(KMeans.Algorithm algorithm) {
        byte[] bytes = values(400, 3);
        KMeans.Options options = KMeans.Options.defaults()
                .withClusters(5)
                .withAlgorithm(algorithm)
                .withBatchSize(64);
        try (ByteMatrix tiny = ByteMatrix.wrap(MemorySegment.ofArray(bytes), 400, 3, 0x1p-90f);
                ByteMatrix plain = ByteMatrix.wrap(MemorySegment.ofArray(bytes), 400, 3, 1);
                KMeansModel found = KMeans.fit(tiny, options);
                KMeansModel expected = KMeans.fit(plain, options)) {
            assertThat(Math.scalb(found.inertia(), 180))
                    .isCloseTo(expected.inertia(), within(0.2 * expected.inertia()));
        }
    }

    @Test
    void readsMappedRowsWithoutACopy() {
        byte[] bytes = values(200, 4);
        try (ByteMatrix x = ByteMatrix.wrap(MemorySegment.ofArray(bytes), 200, 4, 1);
                KMeansModel model = KMeans.fit(
                        x, KMeans.Options.defaults().withClusters(3).withAlgorithm(KMeans.Algorithm.LLOYD))) {
            assertThat(model.predict(x)).isEqualTo(model.labels());
        }
    }
}
