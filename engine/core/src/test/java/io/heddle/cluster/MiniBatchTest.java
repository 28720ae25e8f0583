package io.heddle.cluster;

import static io.heddle.cluster.PlainDistances.nearest;
import static io.heddle.cluster.PlainDistances.squares;
import static io.heddle.matrix.ScaledColumns.toDoubles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mini-batches against plain loops in double that draw the same rows. */
class MiniBatchTest {
    private static final WorkerPool POOL = WorkerPool.shared();
    private static final int ROWS = 300;

    /** The algorithm in double; centres are rounded to float after each step. */
    private static final class Reference {
        final double[][] x;
        final double[][] centers;
        final double[] weights;
        final KMeans.Options options;
        final int size;
        final RandomGenerator random;
        final RowWeights rowWeights;
        final List<Double> reported = new ArrayList<>();
        boolean converged;
        long seen;
        final List<Double> inertias = new ArrayList<>();
        double lowest = Double.POSITIVE_INFINITY;
        int since;
        int reassigned;

        Reference(
                double[][] x,
                double[][] centers,
                RowWeights rowWeights,
                KMeans.Options options,
                int size,
                RandomGenerator random) {
            this.x = x;
            this.centers = centers;
            this.rowWeights = rowWeights;
            this.options = options;
            this.size = size;
            this.random = random;
            weights = new double[centers.length];
        }

        void run(double tolerance) {
            long steps = Math.max(1, (long) options.maxIterations() * x.length / size);
            while (reported.size() < steps && !converged) {
                step(tolerance);
            }
        }

        private void step(double tolerance) {
            double[][] batch = new double[size][];
            for (int i = 0; i < size; i++) {
                batch[i] = x[rowWeights.draw(x.length, random)];
            }
            double inertia = 0;
            double[][] sums = new double[centers.length][x[0].length];
            int[] counts = new int[centers.length];
            for (double[] row : batch) {
                int c = nearest(row, centers);
                inertia += squares(row, centers[c]) / size;
                counts[c]++;
                for (int j = 0; j < row.length; j++) {
                    sums[c][j] += row[j];
                }
            }
            seen += size;
            boolean due = seen >= 10L * centers.length;
            for (double w : weights) {
                due |= w == 0;
            }
            double shift = 0;
            for (int c = 0; c < centers.length; c++) {
                for (int j = 0; j < x[0].length && counts[c] > 0; j++) {
                    double to = (weights[c] * centers[c][j] + sums[c][j]) / (weights[c] + counts[c]);
                    shift += Math.pow(to - centers[c][j], 2);
                    centers[c][j] = (float) to;
                }
                weights[c] += counts[c];
            }
            if (due) {
                seen = 0;
                reassign(batch);
            }
            boolean first = reported.isEmpty();
            double smoothed = 0;
            if (!first) {
                double alpha = Math.min(1, 2.0 * size / (x.length + 1));
                inertias.add(inertia);
                smoothed = smoothed(1 - alpha);
                since = smoothed < lowest ? 0 : since + 1;
                lowest = Math.min(lowest, smoothed);
                converged = tolerance > 0 && shift <= tolerance
                        || options.maxNoImprovement() > 0
                                && since >= options.maxNoImprovement()
                                && reported.size() + 1 >= fewestSteps();
            }
            reported.add((first ? inertia : smoothed) * x.length);
        }

        /** The steps for 100 rows per cluster, or as many as x has. */
        private int fewestSteps() {
            return Math.ceilDiv(Math.min(x.length, 100 * centers.length), size);
        }

        /** The mean of all batches but the first: the newest has weight 1, each before it a share of the next one's. */
        private double smoothed(double share) {
            double sum = 0;
            double total = 0;
            for (int age = 0; age < inertias.size(); age++) {
                double weight = Math.pow(share, age);
                sum += weight * inertias.get(inertias.size() - 1 - age);
                total += weight;
            }
            return sum / total;
        }

        private void reassign(double[][] batch) {
            double largest = Arrays.stream(weights).max().orElseThrow();
            List<Integer> rare = new ArrayList<>();
            for (int c = 0; c < centers.length; c++) {
                if (weights[c] < options.reassignmentRatio() * largest) {
                    rare.add(c);
                }
            }
            rare.sort(Comparator.comparingDouble(c -> weights[c]));
            rare = rare.subList(0, Math.min(rare.size(), size / 2));
            if (rare.isEmpty()) {
                return;
            }
            reassigned += rare.size();
            double[][] order = batch.clone();
            for (int i = 0; i < rare.size(); i++) {
                int other = random.nextInt(i, size);
                double[] row = order[other];
                order[other] = order[i];
                order[i] = row;
                centers[rare.get(i)] = row.clone();
            }
            double least = Double.POSITIVE_INFINITY;
            for (int c = 0; c < centers.length; c++) {
                least = rare.contains(c) ? least : Math.min(least, weights[c]);
            }
            for (int c : rare) {
                weights[c] = least == Double.POSITIVE_INFINITY ? 0 : least;
            }
        }
    }

    /**
     * Runs that end by their shifts, by the lack of improvement, and by the number of batches; with centres that are
     * reassigned often and never; with row weights; with batches of all rows and of more than a slice; rows of 40
     * columns have sketches.
     */
    @ParameterizedTest
    @CsvSource({
        "5, 40, 100, 1e-2, 0, 0.01, false, shift, 3",
        "5, 40, 100, 0, 3, 0.01, false, improvement, 3",
        "5, 7, 100, 0, 1, 0.01, false, improvement, 3",
        "2, 1, 100, 0, 2, 0.01, false, improvement, 3",
        "5, 40, 2, 0, 0, 0.01, true, limit, 3",
        "20, 30, 4, 0, 0, 0.7, false, limit, 3",
        "40, 20, 4, 0, 0, 1, true, limit, 3",
        "20, 30, 4, 0, 0, 0, false, limit, 3",
        "6, 1000, 9, 0, 0, 0.3, false, limit, 3",
        "6, 290, 1, 0, 0, 0.3, false, limit, 3",
        "4, 150, 100, 1e-3, 4, 0, true, any, 3",
        "5, 40, 100, 1e-2, 0, 0.01, false, shift, 40",
        "20, 30, 4, 0, 0, 0.7, false, limit, 40",
        "60, 90, 3, 0, 0, 0.3, true, limit, 40"
    })
    void stepsAreThoseOfPlainLoops(
            int clusters,
            int batch,
            int iterations,
            double tolerance,
            int patience,
            double ratio,
            boolean weighted,
            String end,
            int columns) {
        List<KMeans.Progress> progress = new ArrayList<>();
        KMeans.Options options = KMeans.Options.defaults()
                .withClusters(clusters)
                .withBatchSize(batch)
                .withMaxIterations(iterations)
                .withTolerance(tolerance)
                .withMaxNoImprovement(patience)
                .withReassignmentRatio(ratio)
                .withProgress(progress::add);
        double[] given = new double[ROWS];
        Arrays.setAll(given, i -> i % 3 * 0.5);
        RowWeights rowWeights = weighted ? RowWeights.of(given, ROWS) : RowWeights.NONE;
        try (FloatMatrix x = KMeansTest.cloud(ROWS, columns, 1, 3);
                FloatMatrix centers = FloatMatrix.allocate(clusters, columns);
                FloatMatrix seeds = FloatMatrix.allocate(clusters, columns)) {
            ColumnMoments moments = ColumnMoments.of(x, "x", POOL);
            try (Origin origin = Origin.of(moments, ROWS);
                    FloatMatrix mean = moments.meanRow();
                    Sketch sketch = columns < 40 ? null : CenterAssignmentTest.sketchOf(x, mean)) {
                Outcome found = MiniBatch.fit(
                        x, rowWeights, moments, origin, sketch, centers, options, new SplittableRandom(5), POOL);
                SplittableRandom random = new SplittableRandom(5);
                int size = Math.min(batch, ROWS);
                try (SampleSeeding seeding =
                        new SampleSeeding(x, rowWeights, moments, options, size, origin, sketch, random, POOL)) {
                    seeding.seed(seeds);
                }
                Reference expected = new Reference(toDoubles(x), toDoubles(seeds), rowWeights, options, size, random);
                expected.run(tolerance * moments.squaredDeviations() / (ROWS * columns));
                assertThat(found.iterations()).isEqualTo(expected.reported.size());
                assertThat(found.converged()).isEqualTo(expected.converged).isEqualTo(!end.equals("limit"));
                if (ratio == 0) {
                    assertThat(expected.reassigned).isZero();
                } else if (ratio >= 0.7) {
                    assertThat(expected.reassigned).isGreaterThan(clusters);
                }
                assertThat(progress).hasSize(found.iterations());
                for (int i = 0; i < progress.size(); i++) {
                    assertThat(progress.get(i).initialization()).isEqualTo(1);
                    assertThat(progress.get(i).iteration()).isEqualTo(i + 1);
                    double inertia = expected.reported.get(i);
                    assertThat(progress.get(i).inertia()).isCloseTo(inertia, within(1e-4 * inertia));
                }
                double inertia = 0;
                for (int i = 0; i < ROWS; i++) {
                    int label = nearest(expected.x[i], expected.centers);
                    assertThat(found.labels()[i]).isEqualTo(label);
                    inertia += rowWeights.of(i) * squares(expected.x[i], expected.centers[label]);
                }
                assertThat(found.inertia()).isCloseTo(inertia, within(1e-4 * inertia));
                for (int c = 0; c < clusters; c++) {
                    for (int j = 0; j < columns; j++) {
                        assertThat((double) centers.get(c, j)).isCloseTo(expected.centers[c][j], within(1e-4));
                    }
                }
            }
        }
    }
}
