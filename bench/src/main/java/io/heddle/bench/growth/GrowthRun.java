package io.heddle.bench.growth;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.DataMatrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** A process that runs one task on one number of rows and prints the measurement as a line of JSON. */
public final class GrowthRun {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double NANOS = 1e-9;
    private static final int COMPONENTS = 50;
    private static final int CLUSTERS = 10;
    private static final double LAMBDA = 1e-4;
    private static final double TOLERANCE = 1e-4;
    /** Number of rows of the warm-up. */
    private static final long WARM_UP_ROWS = 60_000;

    private static final int WARM_UPS = 3;

    private GrowthRun() {}

    /** The tasks, by their names in {@code bench/growth}. */
    enum Work {
        PCA_50 {
            @Override
            Outcome fit(DataMatrix x, int[] labels) {
                try (PcaModel model = Pca.fit(x, Pca.Options.defaults().withComponents(COMPONENTS))) {
                    return new Outcome(
                            1, Arrays.stream(model.explainedVarianceRatio()).sum());
                }
            }
        },
        MINI_BATCH_K10 {
            @Override
            Outcome fit(DataMatrix x, int[] labels) {
                try (KMeansModel model = KMeans.fit(x, KMeans.Options.defaults().withClusters(CLUSTERS))) {
                    return new Outcome(model.iterations(), model.inertia() / x.rows());
                }
            }
        },
        LOGISTIC_L2 {
            @Override
            Outcome fit(DataMatrix x, int[] labels) {
                var options =
                        LogisticRegression.Options.defaults().withLambda(LAMBDA).withTolerance(TOLERANCE);
                try (LogisticModel model = LogisticRegression.fit(x, labels, options)) {
                    return new Outcome(model.passes(), model.objective());
                }
            }
        };

        /** @param labels one per row */
        abstract Outcome fit(DataMatrix x, int[] labels);

        String key() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }

        static Work of(String key) {
            return Arrays.stream(values())
                    .filter(w -> w.key().equals(key))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there is no task '" + key + "'"));
        }
    }

    /**
     * @param iterations batches, or passes over the data
     * @param quality explained variance, inertia per row, or objective
     */
    record Outcome(int iterations, double quality) {}

    /**
     * The measurements of a run.
     *
     * @param firstSeconds duration of the first run, which may read the file from the disk
     * @param seconds median duration of the later runs
     * @param ownBytes maximum memory of the process: heap, matrices, code, stacks
     * @param fileBytes maximum memory of the mapped file
     * @param fileSize size of the rows in the file
     */
    record Growth(
            String work,
            long rows,
            double firstSeconds,
            double seconds,
            int iterations,
            double quality,
            long ownBytes,
            long fileBytes,
            long fileSize) {}

    public static void main(String[] arguments) throws IOException {
        Work work = Work.of(arguments[0]);
        long rows = Long.parseLong(arguments[1]);
        int repeats = Integer.parseInt(arguments[2]);
        System.out.println(JSON.writeValueAsString(measure(work, rows, repeats, Path.of(arguments[3]))));
    }

    static Growth measure(Work work, long rows, int repeats, Path folder) throws IOException {
        long fewRows = Math.min(rows, WARM_UP_ROWS);
        try (ByteMatrix few = GrowthData.map(folder, fewRows)) {
            int[] labels = GrowthData.labels(folder, fewRows);
            for (int i = 0; i < WARM_UPS; i++) {
                work.fit(few, labels);
            }
        }
        try (ProcessMemory memory = ProcessMemory.watching();
                ByteMatrix x = GrowthData.map(folder, rows)) {
            int[] labels = GrowthData.labels(folder, rows);
            double[] seconds = new double[repeats];
            Outcome outcome = null;
            for (int i = 0; i < repeats; i++) {
                long start = System.nanoTime();
                outcome = work.fit(x, labels);
                seconds[i] = (System.nanoTime() - start) * NANOS;
            }
            double first = seconds[0];
            double[] later = repeats == 1 ? seconds : Arrays.copyOfRange(seconds, 1, repeats);
            Arrays.sort(later);
            return new Growth(
                    work.key(),
                    rows,
                    first,
                    later[later.length / 2],
                    outcome.iterations(),
                    outcome.quality(),
                    memory.own(),
                    memory.files(),
                    rows * GrowthData.COLUMNS);
        }
    }
}
