package io.heddle.bench.latency;

import io.heddle.bench.BenchData;
import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import io.heddle.model.Pipeline;
import io.heddle.model.Stage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** The models of the suite, and some rows in each kind of memory. */
final class RowModels implements AutoCloseable {
    /** Number of rows that fit into L2 together with the weights, because a service has just written the row. */
    static final int ROWS = 64;

    static final double LAMBDA = 1e-3;

    private static final int FITTED = 4_000;
    private static final int COMPONENTS = 50;
    private static final int CLUSTERS = 10;

    final LogisticModel classifier;
    final Pipeline pixelsToClass;
    final Pipeline componentsToClusters;
    final MemorySegment outside;
    final long rowBytes;
    final float[][] heap = new float[ROWS][];
    final byte[][] pixels = new byte[ROWS][];
    final MemorySegment pixelsOutside;

    private final Arena arena = Arena.ofShared();

    RowModels(BenchData data) {
        FloatMatrix test = data.test();
        int columns = test.columns();
        rowBytes = (long) columns * Float.BYTES;
        outside = arena.allocate(ROWS * rowBytes, 64);
        pixelsOutside = arena.allocate((long) ROWS * columns, 64);
        for (int i = 0; i < ROWS; i++) {
            heap[i] = new float[columns];
            pixels[i] = new byte[columns];
            test.getRow(i % test.rows(), heap[i]);
            MemorySegment.copy(heap[i], 0, outside, ValueLayout.JAVA_FLOAT, i * rowBytes, columns);
            for (int j = 0; j < columns; j++) {
                pixels[i][j] = (byte) Math.round(255 * heap[i][j]);
            }
            MemorySegment.copy(pixels[i], 0, pixelsOutside, ValueLayout.JAVA_BYTE, (long) i * columns, columns);
        }
        int rows = Math.min(FITTED, data.trainLabels().length);
        FloatMatrix train = data.train().rows(0, rows);
        classifier = classifier(data);
        pixelsToClass = Pipeline.of(Stage.pixels(columns), Stage.of(classifier(data)));
        PcaModel pca = Pca.fit(train, Pca.Options.defaults().withComponents(Math.min(COMPONENTS, columns)));
        try (FloatMatrix coordinates = pca.transform(train)) {
            KMeansModel clusters =
                    KMeans.fit(coordinates, KMeans.Options.defaults().withClusters(CLUSTERS));
            componentsToClusters = Pipeline.of(Stage.of(pca), Stage.of(clusters));
        }
    }

    static LogisticModel classifier(BenchData data) {
        int rows = Math.min(FITTED, data.trainLabels().length);
        return LogisticRegression.fit(
                data.train().rows(0, rows),
                Arrays.copyOf(data.trainLabels(), rows),
                LogisticRegression.Options.defaults().withLambda(LAMBDA).withTolerance(1e-2));
    }

    @Override
    public void close() {
        classifier.close();
        pixelsToClass.close();
        componentsToClusters.close();
        arena.close();
    }
}
