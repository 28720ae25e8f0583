package io.heddle.cli.study;

import io.heddle.Heddle;
import io.heddle.cluster.KMeans;
import io.heddle.cluster.consensus.NeighborClustering;
import io.heddle.decomposition.RowNormalizer;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.SplittableRandom;

/**
 * Runs what a study will run on a few made-up rows, so that the compilers have met it when the real rows come. Cold, a
 * solver spends more time in code that is about to be replaced than in computing, on all processors; here it is one,
 * which would be idle otherwise.
 *
 * <p>Nothing of it enters a result. A thread of its own does it, and does not keep the program from ending.
 */
public final class SolverWarmUp {
    private static final int CLASSES = 10;
    private static final int CLASSIFIED_ROWS = 500;
    private static final int CLASSIFIED_COLUMNS = 128;
    private static final int CLUSTERED_ROWS = 1500;
    /** Small, so that what is done for each batch is done often. */
    private static final int BATCH = 128;

    private static final NeighborClustering.Restarts RESTARTS = new NeighborClustering.Restarts(3, 2, 1, 2, 2, 2);

    private SolverWarmUp() {}

    /** Starts with the kernels, then goes on to the classifiers. */
    public static void startWithClassifiers() {
        start(() -> {
            Heddle.warmUp();
            classifiers();
        });
    }

    /**
     * Clusterings are the last to come, so they are warmed up later, beside a stage that leaves a processor idle too.
     */
    static void startWithClusterings() {
        start(SolverWarmUp::clusterings);
    }

    private static void start(Runnable task) {
        if (Runtime.getRuntime().availableProcessors() < 2) {
            // There is none that would be idle.
            return;
        }
        Thread.ofPlatform().daemon().name("heddle-warm-up").start(task);
    }

    private static void classifiers() {
        int[] labels = new int[CLASSIFIED_ROWS];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % CLASSES;
        }
        LogisticRegression.Options options =
                LogisticRegression.Options.defaults().withLambda(Study.LAMBDA);
        try (FloatMatrix rows = rows(CLASSIFIED_ROWS, CLASSIFIED_COLUMNS);
                WorkerPool alone = WorkerPool.of(1)) {
            LogisticRegression.fit(rows, labels, options, alone).close();
        }
    }

    private static void clusterings() {
        NeighborClustering.Options heads = NeighborClustering.Options.defaults()
                .withClusters(CLASSES)
                .withRestarts(RESTARTS)
                .withHead(NeighborClustering.Head.defaults().withBatchSize(BATCH));
        KMeans.Options kMeans = KMeans.Options.defaults().withClusters(CLASSES).withAlgorithm(KMeans.Algorithm.LLOYD);
        try (FloatMatrix rows = rows(CLUSTERED_ROWS, Study.COMPONENTS);
                WorkerPool alone = WorkerPool.of(1)) {
            RowNormalizer.normalize(rows, alone);
            KMeans.fit(rows, kMeans, alone).close();
            NeighborClustering.fit(rows, heads, alone).close();
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
