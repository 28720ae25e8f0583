package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.cluster.KMeans.Algorithm;
import io.heddle.cluster.KMeans.Distance;
import io.heddle.cluster.KMeans.Options;
import io.heddle.cluster.KMeans.Progress;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.matrix.OpenMemory;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Options, what a fit refuses, and which way it takes for which data. */
class KMeansOptionsTest {
    private static final WorkerPool POOL = WorkerPool.shared();

    @Test
    void eachWithMethodChangesOneComponent() throws ReflectiveOperationException {
        Consumer<Progress> progress = p -> {};
        WithMethods.assertEachChangesOneComponent(
                Options.defaults(),
                Map.ofEntries(
                        Map.entry("clusters", 3),
                        Map.entry("algorithm", Algorithm.LLOYD),
                        Map.entry("distance", Distance.COSINE),
                        Map.entry("batchSize", 77),
                        Map.entry("maxIterations", 5),
                        Map.entry("tolerance", 0.5),
                        Map.entry("initializations", 4),
                        Map.entry("reassignmentRatio", 0.25),
                        Map.entry("maxNoImprovement", 6),
                        Map.entry("seed", 99L),
                        Map.entry("progress", progress)));
        assertThat(Options.defaults().isCosine()).isFalse();
        assertThat(Options.defaults().withDistance(Distance.COSINE).isCosine()).isTrue();
    }

    private static void refused(String message, Consumer<Options> change) {
        assertThatThrownBy(() -> change.accept(Options.defaults()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(message);
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        refused("k-means needs at least 1 cluster, not 0", o -> o.withClusters(0));
        refused("the batch size must be at least 1, not 0", o -> o.withBatchSize(0));
        refused("the number of iterations must be at least 1, not 0", o -> o.withMaxIterations(0));
        String tolerance = "the tolerance must be a finite number of at least 0, not ";
        refused(tolerance + "-1.0E-9", o -> o.withTolerance(-1e-9));
        refused(tolerance + "Infinity", o -> o.withTolerance(Double.POSITIVE_INFINITY));
        refused("the number of initializations must be at least 1, not 0", o -> o.withInitializations(0));
        String ratio = "the reassignment ratio must be between 0 and 1, not ";
        refused(ratio + "-0.1", o -> o.withReassignmentRatio(-0.1));
        refused(ratio + "1.1", o -> o.withReassignmentRatio(1.1));
        refused(
                "the number of batches without improvement must be at least 0, not -1",
                o -> o.withMaxNoImprovement(-1));
        Options bounds = new Options(1, Algorithm.LLOYD, Distance.COSINE, 1, 1, 0, 1, 0, 0, Long.MIN_VALUE, p -> {});
        assertThat(bounds.withReassignmentRatio(1).reassignmentRatio()).isEqualTo(1);
    }

    @Test
    void dataThatDoNotFitAreRefused() {
        try (FloatMatrix x = KMeansTest.cloud(4, 2, 0, 1);
                FloatMatrix none = FloatMatrix.allocate(4, 0)) {
            Options four = Options.defaults().withClusters(4);
            double[] weights = {1, 0, 1, 1};
            assertThatThrownBy(() -> KMeans.fit(x, weights, four, POOL))
                    .hasMessage("k-means cannot find 4 clusters in 3 rows with a weight above 0");
            assertThatThrownBy(() -> KMeans.fit(x, four.withClusters(5)))
                    .hasMessage("k-means cannot find 5 clusters in 4 rows");
            assertThatThrownBy(() -> KMeans.fit(none, four)).hasMessage("k-means needs at least 1 column");
            Options lloyd = four.withAlgorithm(Algorithm.LLOYD);
            try (KMeansModel weighted = KMeans.fit(x, weights, lloyd.withClusters(3), POOL)) {
                assertThat(weighted.weights()).containsExactly(1, 1, 1);
                assertThat(weighted.inertia()).isZero();
            }
            try (KMeansModel all = KMeans.fit(x, lloyd)) {
                assertThat(all.labels()).containsExactlyInAnyOrder(0, 1, 2, 3);
            }
        }
    }

    /** The number of callbacks tells the algorithm; lengths tell the distance. */
    @ParameterizedTest
    @CsvSource({"LLOYD, EUCLIDEAN", "LLOYD, COSINE", "MINI_BATCH, EUCLIDEAN", "MINI_BATCH, COSINE"})
    void theChosenAlgorithmAndDistanceAreUsed(Algorithm algorithm, Distance distance) {
        List<Progress> progress = new ArrayList<>();
        Options options = Options.defaults()
                .withClusters(3)
                .withAlgorithm(algorithm)
                .withDistance(distance)
                .withBatchSize(10)
                .withMaxIterations(2)
                .withTolerance(0)
                .withMaxNoImprovement(0)
                .withProgress(progress::add);
        try (FloatMatrix x = KMeansTest.cloud(100, 3, 2, 1);
                KMeansModel model = KMeans.fit(x, options, POOL)) {
            assertThat(progress).hasSize(algorithm == Algorithm.LLOYD ? 2 : 20);
            assertThat(model.distance()).isEqualTo(distance);
            double[] counts = new double[3];
            for (int label : model.labels()) {
                counts[label]++;
            }
            assertThat(model.weights()).isEqualTo(counts);
            double length = 0;
            for (int j = 0; j < 3; j++) {
                length += Math.pow(model.centroids().get(0, j), 2);
            }
            if (distance == Distance.COSINE) {
                assertThat(length).isCloseTo(1, within(1e-6));
            } else {
                assertThat(length).isGreaterThan(2);
            }
            assertThat(OpenMemory.of(model)).isNotEmpty();
            model.close();
            assertThat(OpenMemory.of(model)).isEmpty();
        }
    }

    /** A fit of values whose squares leave the range of float, as floats and as bytes, is that of scaled values. */
    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void extremeValuesGiveTheClustersOfScaledOnes(Algorithm algorithm) {
        byte[] bytes = new byte[60];
        for (int i = 0; i < 60; i++) {
            bytes[i] = (byte) (i % 3 * 40 + i % 7);
        }
        List<Double> reported = new ArrayList<>();
        List<Double> expected = new ArrayList<>();
        Options options = Options.defaults()
                .withClusters(3)
                .withAlgorithm(algorithm)
                .withProgress(p -> reported.add(p.inertia()));
        try (ByteMatrix tiny = ByteMatrix.wrap(MemorySegment.ofArray(bytes), 60, 1, 0x1p-90f);
                ByteMatrix plain = ByteMatrix.wrap(MemorySegment.ofArray(bytes), 60, 1, 1);
                FloatMatrix floats = FloatMatrix.allocate(60, 1)) {
            for (int i = 0; i < 60; i++) {
                tiny.copyRow(i, floats, i);
            }
            try (KMeansModel model = KMeans.fit(plain, options.withProgress(p -> expected.add(p.inertia())));
                    KMeansModel ofBytes = KMeans.fit(tiny, options);
                    KMeansModel ofFloats = KMeans.fit(floats, options)) {
                for (KMeansModel scaled : List.of(ofBytes, ofFloats)) {
                    assertThat(Math.scalb(scaled.inertia(), 180))
                            .isCloseTo(model.inertia(), within(0.05 * model.inertia()));
                    for (int i = 3; i < 60; i++) {
                        assertThat(scaled.labels()[i]).isEqualTo(scaled.labels()[i - 3]);
                    }
                }
                assertThat(Math.scalb(reported.getLast(), 180))
                        .isCloseTo(expected.getLast(), within(0.3 * expected.getLast()));
            }
        }
    }

    /** Sketches need 2048 rows of 128 columns; mini-batches, 48 clusters too, and Lloyd's algorithm, two. */
    @ParameterizedTest
    @CsvSource({
        "LLOYD, 1, false",
        "LLOYD, 2, true",
        "MINI_BATCH, 47, false",
        "MINI_BATCH, 48, true",
    })
    void sketchesAreLearntWhereTheySaveTime(Algorithm algorithm, int clusters, boolean learnt) {
        Options options = Options.defaults()
                .withClusters(clusters)
                .withAlgorithm(algorithm)
                .withBatchSize(64)
                .withMaxIterations(1);
        try (FloatMatrix x = KMeansTest.cloud(2048, 128, 0, 1);
                KMeansModel model = KMeans.fit(x, options)) {
            assertThat(OpenMemory.of(model).stream().anyMatch(path -> path.startsWith("sketch")))
                    .isEqualTo(learnt);
            model.close();
            assertThat(OpenMemory.of(model)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void aCallbackCanStopTheFit(Algorithm algorithm) {
        Options options = Options.defaults()
                .withAlgorithm(algorithm)
                .withBatchSize(50)
                .withProgress(p -> {
                    throw new UnsupportedOperationException("enough");
                });
        try (FloatMatrix x = KMeansTest.cloud(100, 5, 0, 1)) {
            assertThatThrownBy(() -> KMeans.fit(x, options)).hasMessage("enough");
        }
    }

    /** Floats near 1.7e9 are 128 apart. */
    @Test
    void refusesColumnsWhoseSpreadIsLost() {
        try (FloatMatrix x = FloatMatrix.allocate(20, 1)) {
            for (int i = 0; i < 20; i++) {
                x.set(i, 0, 1.7e9f + 128 * (i % 2));
            }
            assertThatThrownBy(() -> KMeans.fit(x, Options.defaults().withClusters(2)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("column 0 (mean 1.70000e+09");
        }
    }

    @Test
    void theModelHasTheNamesOfTheColumns() {
        for (double magnitude : new double[] {1, 1e-30}) {
            try (FloatMatrix x = FloatMatrix.allocate(6, 2).withColumnNames(List.of("length", "width"))) {
                for (int i = 0; i < 6; i++) {
                    x.set(i, 0, (float) (i * magnitude));
                }
                try (KMeansModel model = KMeans.fit(x, Options.defaults().withClusters(2))) {
                    assertThat(model.featureNames()).containsExactly("length", "width");
                }
            }
        }
    }
}
