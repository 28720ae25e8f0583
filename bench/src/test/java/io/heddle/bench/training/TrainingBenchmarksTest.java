package io.heddle.bench.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.heddle.bench.BenchData;
import io.heddle.bench.HeddleSide;
import io.heddle.bench.Quality;
import io.heddle.bench.SmileSide;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the benchmarks time is a fit of the quality that the data allow: each is called as JMH calls it. */
@Tag("slow")
class TrainingBenchmarksTest {
    private static final String DATA = "600x20x3";

    private static <T extends HeddleSide> T loaded(T side) throws IOException {
        side.data = DATA;
        side.load();
        return side;
    }

    private static <T extends SmileSide> T loaded(T side) throws IOException {
        side.data = DATA;
        side.load();
        return side;
    }

    /**
     * The share of unseen rows nearest to the centre that they were drawn around, which no classifier beats by much.
     */
    private static double attainable() throws IOException {
        try (BenchData data = BenchData.of(DATA)) {
            int d = data.train().columns();
            double[][] centres = new double[data.classes()][d];
            int[] counts = new int[data.classes()];
            for (int i = 0; i < data.trainLabels().length; i++) {
                counts[data.trainLabels()[i]]++;
                for (int j = 0; j < d; j++) {
                    centres[data.trainLabels()[i]][j] += data.train().get(i, j);
                }
            }
            int right = 0;
            for (int i = 0; i < data.testLabels().length; i++) {
                double best = Double.POSITIVE_INFINITY;
                int nearest = -1;
                for (int c = 0; c < centres.length; c++) {
                    double distance = 0;
                    for (int j = 0; j < d; j++) {
                        // Differences in units of the column's standard deviation within a class.
                        double difference =
                                (data.test().get(i, j) - centres[c][j] / counts[c]) * Math.sqrt(1 + j / 8.0);
                        distance += difference * difference;
                    }
                    if (distance < best) {
                        best = distance;
                        nearest = c;
                    }
                }
                right += nearest == data.testLabels()[i] ? 1 : 0;
            }
            return (double) right / data.testLabels().length;
        }
    }

    @Test
    void logisticRegressionFindsTheClasses() throws IOException {
        Quality.Accuracy heddle = new Quality.Accuracy();
        Quality.Accuracy smile = new Quality.Accuracy();
        LogisticBenchmark benchmark = new LogisticBenchmark();
        LogisticBenchmark.Heddle ours = loaded(new LogisticBenchmark.Heddle());
        benchmark.heddle(ours);
        ours.judge(heddle);
        ours.free();
        LogisticBenchmark.Smile theirs = loaded(new LogisticBenchmark.Smile());
        benchmark.smile(theirs);
        theirs.judge(smile);

        assertThat(attainable()).isBetween(0.9, 0.999);
        assertThat(heddle.accuracy).isCloseTo(attainable(), within(0.02));
        assertThat(smile.accuracy).isCloseTo(heddle.accuracy, within(0.02));
    }

    @Test
    void elasticNetFindsTheClasses() throws IOException {
        Quality.Accuracy heddle = new Quality.Accuracy();
        ElasticNetBenchmark.Heddle ours = loaded(new ElasticNetBenchmark.Heddle());
        new ElasticNetBenchmark().heddle(ours);
        ours.judge(heddle);
        ours.free();
        assertThat(heddle.accuracy).isCloseTo(attainable(), within(0.02));
    }

    @Test
    void thePathHasMoreAndMoreWeights() throws IOException {
        Quality.Accuracy heddle = new Quality.Accuracy();
        PathBenchmark.Heddle ours = loaded(new PathBenchmark.Heddle());
        new PathBenchmark().heddle(ours);
        long[] nonZeros = ours.models().stream().mapToLong(m -> m.nonZeros()).toArray();
        assertThat(nonZeros).hasSize(7).isSorted();
        assertThat(nonZeros[0]).isLessThan(nonZeros[6] / 2);
        ours.judge(heddle);
        ours.free();
        assertThat(heddle.accuracy).isCloseTo(attainable(), within(0.02));
    }

    @Test
    void pcaCapturesTheVarianceOfTheLeadingDirections() throws IOException {
        Quality.Variance heddle = new Quality.Variance();
        Quality.Variance smile = new Quality.Variance();
        PcaBenchmark.Heddle ours = loaded(new PcaBenchmark.Heddle());
        ours.components = 20;
        new PcaBenchmark().heddle(ours);
        ours.judge(heddle);
        assertThat(heddle.variance).isCloseTo(1, within(1e-5));

        ours.components = 5;
        new PcaBenchmark().heddle(ours);
        double all = heddle.variance;
        ours.judge(heddle);
        double captured = heddle.variance - all;
        assertThat(captured).isCloseTo(leadingShare(ours.data(), 5), within(1e-4));
        ours.free();

        assumeThat(isInstalled("openblas")).as("OpenBLAS for Smile").isTrue();
        PcaBenchmark.Smile theirs = loaded(new PcaBenchmark.Smile());
        theirs.components = 5;
        new PcaBenchmark().smile(theirs);
        theirs.judge(smile);
        assertThat(smile.variance).isCloseTo(captured, within(1e-4));
    }

    private static boolean isInstalled(String library) {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup(System.mapLibraryName(library), arena);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** By orthogonal iteration on the covariance, in double. */
    private static double leadingShare(BenchData data, int components) {
        int n = Math.toIntExact(data.train().rows());
        int d = data.train().columns();
        double[] mean = new double[d];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < d; j++) {
                mean[j] += data.train().get(i, j) / (double) n;
            }
        }
        double[][] covariance = new double[d][d];
        double total = 0;
        for (int a = 0; a < d; a++) {
            for (int b = 0; b < d; b++) {
                for (int i = 0; i < n; i++) {
                    covariance[a][b] +=
                            (data.train().get(i, a) - mean[a]) * (data.train().get(i, b) - mean[b]) / n;
                }
            }
            total += covariance[a][a];
        }
        double[][] basis = new double[components][d];
        for (int k = 0; k < components; k++) {
            Arrays.setAll(basis[k], j -> 1 / (1.0 + j));
            basis[k][k] += 1;
        }
        double captured = 0;
        for (int round = 0; round < 2_000; round++) {
            captured = 0;
            for (int k = 0; k < components; k++) {
                double[] v = basis[k];
                double[] product = new double[d];
                for (int a = 0; a < d; a++) {
                    for (int b = 0; b < d; b++) {
                        product[a] += covariance[a][b] * v[b];
                    }
                }
                for (int before = 0; before < k; before++) {
                    double overlap = dot(product, basis[before]);
                    for (int a = 0; a < d; a++) {
                        product[a] -= overlap * basis[before][a];
                    }
                }
                double norm = Math.sqrt(dot(product, product));
                Arrays.setAll(v, a -> product[a] / norm);
                captured += norm;
            }
        }
        return captured / total;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @ParameterizedTest
    @EnumSource
    void lloydReachesTheInertiaOfTheClasses(LloydBenchmark.Way way) throws IOException {
        Quality.Inertia heddle = new Quality.Inertia();
        Quality.Inertia smile = new Quality.Inertia();
        LloydBenchmark benchmark = new LloydBenchmark();
        LloydBenchmark.Heddle ours = loaded(new LloydBenchmark.Heddle());
        ours.clusters = 3;
        benchmark.heddle(ours);
        double ofTheClasses = inertiaOfTheClasses(ours.data());
        ours.judge(heddle);
        ours.free();
        LloydBenchmark.Smile theirs = loaded(new LloydBenchmark.Smile());
        theirs.clusters = 3;
        theirs.way = way;
        benchmark.smile(theirs);
        theirs.judge(smile);

        // A local minimum near the true classes is at most as large as their own inertia.
        assertThat(heddle.inertia).isBetween(0.9 * ofTheClasses, ofTheClasses);
        assertThat(smile.inertia).isCloseTo(heddle.inertia, within(0.01 * heddle.inertia));
    }

    @Test
    void miniBatchesNearlyReachTheInertiaOfTheClasses() throws IOException {
        Quality.Inertia heddle = new Quality.Inertia();
        MiniBatchBenchmark.Heddle ours = loaded(new MiniBatchBenchmark.Heddle());
        ours.clusters = 3;
        new MiniBatchBenchmark().heddle(ours);
        double ofTheClasses = inertiaOfTheClasses(ours.data());
        ours.judge(heddle);
        ours.free();
        assertThat(heddle.inertia).isBetween(0.9 * ofTheClasses, 1.05 * ofTheClasses);
    }

    private static double inertiaOfTheClasses(BenchData data) {
        int d = data.train().columns();
        double sum = 0;
        for (int c = 0; c < data.classes(); c++) {
            for (int j = 0; j < d; j++) {
                double count = 0;
                double mean = 0;
                double squares = 0;
                for (int i = 0; i < data.trainLabels().length; i++) {
                    if (data.trainLabels()[i] == c) {
                        double value = data.train().get(i, j);
                        count++;
                        mean += value;
                        squares += value * value;
                    }
                }
                sum += squares - mean * mean / count;
            }
        }
        return sum;
    }
}
