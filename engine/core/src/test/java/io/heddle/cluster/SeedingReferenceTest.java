package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.rows.RowSample;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.OpenMemory;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Seeds against plain loops in double that draw the same random numbers. */
class SeedingReferenceTest {
    private static final WorkerPool POOL = WorkerPool.shared();

    private static double squares(FloatMatrix a, long i, FloatMatrix b, long j) {
        double squares = 0;
        for (int l = 0; l < a.columns(); l++) {
            squares += Math.pow((double) a.get(i, l) - b.get(j, l), 2);
        }
        return squares;
    }

    /** The first index whose cumulative sum exceeds a target. */
    private static int find(double[] shares, double target) {
        double sum = 0;
        for (int i = 0; i < shares.length; i++) {
            sum += shares[i];
            if (sum > target) {
                return i;
            }
        }
        throw new AssertionError("the target exceeds the sum");
    }

    private static int draw(double[] weights, boolean weighted, RandomGenerator random) {
        return weighted
                ? find(weights, random.nextDouble() * Arrays.stream(weights).sum())
                : random.nextInt(weights.length);
    }

    private static int[] choose(FloatMatrix x, double[] weights, boolean weighted, int k, RandomGenerator random) {
        return choose(x, null, weights, weighted, k, random);
    }

    /** The squared distance as far as a sketch tells, whose last two numbers are the residual and padding. */
    private static double sketched(FloatMatrix sketches, int i, int j) {
        int residual = sketches.columns() - 2;
        double squares = Math.pow(sketches.get(i, residual), 2) + Math.pow(sketches.get(j, residual), 2);
        for (int l = 0; l < residual; l++) {
            squares += Math.pow((double) sketches.get(i, l) - sketches.get(j, l), 2);
        }
        return squares;
    }

    /**
     * Greedy k-means++; the candidate with the lowest potential becomes a seed.
     *
     * @param sketches by which candidates are compared, or null
     */
    private static int[] choose(
            FloatMatrix x, FloatMatrix sketches, double[] weights, boolean weighted, int k, RandomGenerator random) {
        int n = (int) x.rows();
        int trials = 2 + (int) Math.floor(Math.log(k));
        double[] nearest = new double[n];
        Arrays.fill(nearest, Double.POSITIVE_INFINITY);
        int[] seeds = new int[k];
        for (int s = 0; s < k; s++) {
            double least = Double.POSITIVE_INFINITY;
            double[] shares = new double[n];
            for (int i = 0; i < n; i++) {
                shares[i] = weights[i] * nearest[i];
            }
            int[] drawn = new int[s == 0 ? 1 : trials];
            double total = Arrays.stream(shares).sum();
            for (int t = 0; t < drawn.length; t++) {
                drawn[t] = s == 0 || total == 0
                        ? draw(weights, weighted, random)
                        : find(shares, random.nextDouble() * total);
            }
            for (int candidate : drawn) {
                double potential = 0;
                for (int i = 0; i < n; i++) {
                    double distance = sketches == null ? squares(x, i, x, candidate) : sketched(sketches, i, candidate);
                    potential += weights[i] * Math.min(nearest[i], distance);
                }
                // Two rows that would serve each other are equally good: the first counts.
                if (potential < least * (1 - 1e-9) || s == 0) {
                    least = potential;
                    seeds[s] = candidate;
                }
            }
            for (int i = 0; i < n; i++) {
                nearest[i] = Math.min(nearest[i], squares(x, i, x, seeds[s]));
            }
        }
        return seeds;
    }

    private static double potential(FloatMatrix x, double[] weights, int[] seeds) {
        double total = 0;
        for (int i = 0; i < x.rows(); i++) {
            int row = i;
            total += weights[i]
                    * Arrays.stream(seeds)
                            .mapToDouble(s -> squares(x, row, x, s))
                            .min()
                            .orElseThrow();
        }
        return total;
    }

    /** Several slices of rows, with and without weights and sketches. */
    @ParameterizedTest
    @CsvSource({
        "200, 1, false, false",
        "200, 2, false, false",
        "200, 9, false, false",
        "200, 9, true, false",
        "200, 60, true, false",
        "200, 1, false, true",
        "200, 9, false, true",
        "200, 60, true, true",
        "900, 20, false, true"
    })
    void seedsAreThoseOfPlainLoops(int rows, int clusters, boolean weighted, boolean sketched) {
        double[] weights = new double[rows];
        for (int i = 0; i < rows; i++) {
            weights[i] = weighted ? i % 4 * 0.75 : 1;
        }
        RowWeights given = weighted ? RowWeights.of(weights, rows) : RowWeights.NONE;
        try (FloatMatrix x = KMeansTest.cloud(rows, 40, 1, 3);
                FloatMatrix mean = ColumnMoments.of(x, "x", POOL).meanRow();
                Sketch sketch = sketched ? CenterAssignmentTest.sketchOf(x, mean) : null;
                Sketch.Sketches sketches = sketched ? sketch.projectAll(x, POOL) : null) {
            for (long seed = 0; seed < 5; seed++) {
                SplittableRandom random = new SplittableRandom(seed);
                FloatMatrix told = sketched ? sketches.rows() : null;
                int[] expected = choose(x, told, weights, weighted, clusters, new SplittableRandom(seed));
                GreedySeeding.Chosen chosen = sketched
                        ? SketchedSeeding.choose(x, all(rows), given, sketches, clusters, random, POOL)
                        : GreedySeeding.choose(x, given, clusters, random, POOL);
                assertThat(chosen.rows()).isEqualTo(expected);
                double potential = potential(x, weights, expected);
                assertThat(chosen.potential()).isCloseTo(potential, within(1e-5 * potential));
            }
        }
    }

    private static long[] all(int rows) {
        return LongStream.range(0, rows).toArray();
    }

    /** Rows of a sample, which are named by their numbers in the data. */
    @Test
    void seedsOfASampleAreRowsOfTheSample() {
        long[] sample = LongStream.range(0, 100).map(i -> 3 * i + 1).toArray();
        int[] numbers = LongStream.of(sample).mapToInt(i -> (int) i).toArray();
        try (FloatMatrix x = KMeansTest.cloud(300, 40, 1, 3);
                FloatMatrix chosen = x.gather(numbers);
                FloatMatrix mean = ColumnMoments.of(x, "x", POOL).meanRow();
                Sketch sketch = CenterAssignmentTest.sketchOf(x, mean);
                Sketch.Sketches sketches = sketch.projectAll(x, POOL);
                FloatMatrix told = sketches.rows().gather(numbers)) {
            int[] expected = choose(chosen, told, ones(100), false, 9, new SplittableRandom(5));
            GreedySeeding.Chosen found =
                    SketchedSeeding.choose(x, sample, RowWeights.NONE, sketches, 9, new SplittableRandom(5), POOL);
            assertThat(found.rows())
                    .isEqualTo(Arrays.stream(expected).map(i -> 3 * i + 1).toArray());
        }
    }

    /**
     * More clusters than a sketch has directions, each in a direction of its own: sketches cannot tell most of them
     * apart, but rows are drawn by exact distances, so that nearly every cluster has a seed.
     */
    @Test
    void clustersThatSketchesCannotTellApartHaveSeeds() {
        int clusters = 60;
        try (FloatMatrix x = FloatMatrix.allocate(1200, 128)) {
            SplittableRandom noise = new SplittableRandom(3);
            for (int i = 0; i < 1200; i++) {
                for (int j = 0; j < 128; j++) {
                    x.set(i, j, (float) (0.01 * noise.nextGaussian()) + (j == i % clusters ? 1 : 0));
                }
            }
            try (FloatMatrix mean = ColumnMoments.of(x, "x", POOL).meanRow();
                    Sketch sketch = CenterAssignmentTest.sketchOf(x, mean);
                    Sketch.Sketches sketches = sketch.projectAll(x, POOL)) {
                for (long seed = 0; seed < 5; seed++) {
                    GreedySeeding.Chosen chosen = SketchedSeeding.choose(
                            x, all(1200), RowWeights.NONE, sketches, clusters, new SplittableRandom(seed), POOL);
                    assertThat(Arrays.stream(chosen.rows())
                                    .map(i -> i % clusters)
                                    .distinct())
                            .hasSize(clusters);
                }
            }
        }
    }

    /** A row of bytes is read through a copy, and equal rows end the choice by distance. */
    @Test
    void equalRowsOfBytesHaveNoPotential() {
        byte[] bytes = new byte[600 * 64];
        new SplittableRandom(2).nextBytes(bytes);
        for (int i = 3; i < 600; i++) {
            System.arraycopy(bytes, i % 3 * 64, bytes, i * 64, 64);
        }
        int[] every = new int[600];
        Arrays.setAll(every, i -> i);
        try (ByteMatrix x = ByteMatrix.wrap(MemorySegment.ofArray(bytes), 600, 64, 1 / 255f);
                FloatMatrix floats = x.gather(every);
                FloatMatrix mean = ColumnMoments.of(floats, "x", POOL).meanRow();
                Sketch sketch = CenterAssignmentTest.sketchOf(floats, mean);
                Sketch.Sketches sketches = sketch.projectAll(x, POOL)) {
            GreedySeeding.Chosen chosen =
                    SketchedSeeding.choose(x, all(600), RowWeights.NONE, sketches, 5, new SplittableRandom(4), POOL);
            assertThat(chosen.potential()).isZero();
            assertThat(Arrays.stream(chosen.rows()).map(i -> i % 3).distinct()).hasSize(3);
        }
    }

    /** Three distinct rows and five seeds: the last ones are drawn by weight only. */
    @Test
    void equalRowsAreDrawnByTheirWeight() {
        byte[] bytes = new byte[90];
        double[] weights = new double[90];
        for (int i = 0; i < 90; i++) {
            bytes[i] = (byte) (i % 3);
            weights[i] = i % 5;
        }
        int[] all = new int[90];
        Arrays.setAll(all, i -> i);
        try (ByteMatrix x = ByteMatrix.wrap(MemorySegment.ofArray(bytes), 90, 1, 1);
                FloatMatrix floats = x.gather(all)) {
            int[] expected = choose(floats, weights, true, 5, new SplittableRandom(4));
            GreedySeeding.Chosen chosen =
                    GreedySeeding.choose(x, RowWeights.of(weights, 90), 5, new SplittableRandom(4), POOL);
            assertThat(chosen.rows()).isEqualTo(expected);
            assertThat(chosen.potential()).isZero();
            assertThat(Arrays.stream(chosen.rows()).map(i -> i % 3).distinct()).hasSize(3);
        }
    }

    private static double[] ones(int n) {
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** Five iterations of Lloyd's algorithm in double; a seed without rows does not move. */
    private static void refine(FloatMatrix sample, FloatMatrix seeds) {
        int k = (int) seeds.rows();
        for (int iteration = 0; iteration < 8; iteration++) {
            double[][] sums = new double[k][sample.columns()];
            int[] counts = new int[k];
            for (int i = 0; i < sample.rows(); i++) {
                int best = nearest(sample, i, seeds);
                counts[best]++;
                for (int j = 0; j < sample.columns(); j++) {
                    sums[best][j] += sample.get(i, j);
                }
            }
            for (int c = 0; c < k; c++) {
                for (int j = 0; j < sample.columns() && counts[c] > 0; j++) {
                    seeds.set(c, j, (float) (sums[c][j] / counts[c]));
                }
            }
        }
    }

    private static int nearest(FloatMatrix x, int row, FloatMatrix centers) {
        int best = 0;
        for (int c = 1; c < centers.rows(); c++) {
            if (squares(x, row, centers, c) < squares(x, row, centers, best)) {
                best = c;
            }
        }
        return best;
    }

    private static double inertia(FloatMatrix x, FloatMatrix centers) {
        double total = 0;
        for (int i = 0; i < x.rows(); i++) {
            total += squares(x, i, centers, nearest(x, i, centers));
        }
        return total;
    }

    private static FloatMatrix sample(FloatMatrix x, RowWeights weights, int count, RandomGenerator random) {
        return weights.isNone() ? RowSample.draw(x, count, random, POOL) : weights.sample(x, count, random, POOL);
    }

    /**
     * A sample of three batches; of 50 rows per cluster; of five batches; of three rows per cluster; and of all rows.
     */
    @ParameterizedTest
    @CsvSource({
        "2, 40, 1, 120",
        "3, 40, 1, 150",
        "5, 40, 1, 200",
        "5, 40, 4, 200",
        "31, 10, 2, 93",
        "8, 200, 3, 300",
        "6, 200, 1, 300",
        "300, 40, 1, 300"
    })
    void seedsOfBatchesAreThoseOfPlainLoops(int clusters, int batch, int initializations, int rows) {
        KMeans.Options options =
                KMeans.Options.defaults().withClusters(clusters).withInitializations(initializations);
        boolean weighted = clusters == 6;
        double[] weights = new double[300];
        Arrays.setAll(weights, i -> 1 + i % 3);
        RowWeights given = weighted ? RowWeights.of(weights, 300) : RowWeights.NONE;
        try (FloatMatrix x = KMeansTest.cloud(300, 4, 1, 3);
                FloatMatrix centers = FloatMatrix.allocate(clusters, 4);
                FloatMatrix expected = FloatMatrix.allocate(clusters, 4);
                FloatMatrix seeds = FloatMatrix.allocate(clusters, 4)) {
            ColumnMoments moments = ColumnMoments.of(x, "x", POOL);
            try (Origin origin = Origin.of(moments, 300);
                    SampleSeeding tested = new SampleSeeding(
                            x, given, moments, options, batch, origin, null, new SplittableRandom(7), POOL)) {
                assertThat(tested.nearest()).isNull();
                tested.seed(centers);
                NearestCenter nearest = tested.nearest();
                // As many clusters as rows in the sample leave no inertia.
                assertThat(nearest)
                        .isInstanceOf(clusters == rows ? DifferenceNearestCenter.class : ProductNearestCenter.class);
                tested.close();
                assertThat(OpenMemory.of(nearest, origin, centers)).isEmpty();
            }
            SplittableRandom random = new SplittableRandom(7);
            FloatMatrix validation = initializations == 1 ? null : sample(x, given, rows, random);
            double least = Double.POSITIVE_INFINITY;
            for (int init = 0; init < initializations; init++) {
                try (FloatMatrix sample = sample(x, given, rows, random)) {
                    int[] chosen = choose(sample, ones(rows), false, clusters, random);
                    for (int c = 0; c < clusters; c++) {
                        sample.copyRow(chosen[c], seeds, c);
                    }
                    refine(sample, seeds);
                    double inertia = validation == null ? 0 : inertia(validation, seeds);
                    if (inertia < least) {
                        least = inertia;
                        for (int c = 0; c < clusters; c++) {
                            seeds.copyRow(c, expected, c);
                        }
                    }
                }
            }
            for (int c = 0; c < clusters; c++) {
                for (int j = 0; j < 4; j++) {
                    assertThat(centers.get(c, j)).isCloseTo(expected.get(c, j), within(1e-5f));
                }
            }
        }
    }

    /** Tight: the inertia of the seeds is below a thousandth of the spread of as many rows of the data. */
    @Test
    void tightSeedsAreMeasuredByDifferences() {
        KMeans.Options options = KMeans.Options.defaults().withClusters(5);
        try (FloatMatrix x = KMeansTest.cloud(300, 4, 1, 3);
                FloatMatrix centers = FloatMatrix.allocate(5, 4);
                FloatMatrix mean = FloatMatrix.allocate(1, 4)) {
            double inertia;
            SplittableRandom random = new SplittableRandom(7);
            try (FloatMatrix sample = RowSample.draw(x, 200, random, POOL)) {
                inertia = potential(sample, ones(200), choose(sample, ones(200), false, 5, random));
            }
            for (double factor : new double[] {0.99, 1.01}) {
                ColumnMoments moments = new ColumnMoments(new double[4], factor * 1000 * inertia * 300 / 200, 1);
                try (SampleSeeding tested = new SampleSeeding(
                        x,
                        RowWeights.NONE,
                        moments,
                        options,
                        40,
                        new Origin(mean, false),
                        null,
                        new SplittableRandom(7),
                        POOL)) {
                    tested.seed(centers);
                    assertThat(tested.nearest())
                            .isInstanceOf(factor > 1 ? DifferenceNearestCenter.class : ProductNearestCenter.class);
                }
            }
        }
    }
}
