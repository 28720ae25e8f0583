package io.heddle;

import io.heddle.cluster.KMeans;
import io.heddle.cluster.consensus.NeighborClustering;
import io.heddle.decomposition.RowNormalizer;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.SplittableRandom;

/**
 * Fits to a few random rows, so that the compilers count the loops around the kernels before the real rows come. On one
 * thread, because the program needs the others. The results are not used.
 */
final class SmallFits {
    private static final int CLASSES = 10;
    private static final int CLASSIFIED_ROWS = 500;
    private static final int CLASSIFIED_COLUMNS = 128;
    private static final int CLUSTERED_ROWS = 1500;
    private static final int CLUSTERED_COLUMNS = 50;
    private static final double LAMBDA = 1e-4;
    /** Small, so that what is done for each batch is done often. */
    private static final int BATCH = 128;

    private static final NeighborClustering.Restarts RESTARTS = new NeighborClustering.Restarts(3, 2, 1, 2, 2, 2);

    private SmallFits() {}

    static void logisticRegression() {
        int[] labels = new int[CLASSIFIED_ROWS];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % CLASSES;
        }
        LogisticRegression.Options options =
                LogisticRegression.Options.defaults().withLambda(LAMBDA);
        try (FloatMatrix rows = rows(CLASSIFIED_ROWS, CLASSIFIED_COLUMNS);
                WorkerPool alone = WorkerPool.of(1)) {
            LogisticRegression.fit(rows, labels, options, alone).close();
        }
    }

    static void kMeans() {
        KMeans.Options options = KMeans.Options.defaults().withClusters(CLASSES).withAlgorithm(KMeans.Algorithm.LLOYD);
        try (FloatMatrix rows = rows(CLUSTERED_ROWS, CLUSTERED_COLUMNS);
                WorkerPool alone = WorkerPool.of(1)) {
            KMeans.fit(rows, options, alone).close();
        }
    }

    static void neighborClustering() {
        NeighborClustering.Options options = NeighborClustering.Options.defaults()
                .withClusters(CLASSES)
                .withRestarts(RESTARTS)
                .withHead(NeighborClustering.Head.defaults().withBatchSize(BATCH));
        try (FloatMatrix rows = rows(CLUSTERED_ROWS, CLUSTERED_COLUMNS);
                WorkerPool alone = WorkerPool.of(1)) {
            RowNormalizer.normalize(rows, alone);
            NeighborClustering.fit(rows, options, alone).close();
        }
    }

    /** Rows around a few centres, row i around centre i modulo their number. */
    private static FloatMatrix rows(int count, int columns) {
        SplittableRandom random = new SplittableRandom(0);
        double[][] centers = new double[CLASSES][];
        for (int k = 0; k < CLASSES; k++) {
            centers[k] = random.doubles(columns).toArray();
        }
        FloatMatrix rows = FloatMatrix.allocate(count, columns);
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < columns; j++) {
                double noise = 4 * (random.nextDouble() - 0.5);
                rows.set(i, j, (float) Math.clamp(centers[i % CLASSES][j] + noise, 0, 1));
            }
        }
        return rows;
    }
}
