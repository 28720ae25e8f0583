package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.cluster.KMeans.Algorithm;
import io.heddle.cluster.KMeans.Options;
import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.matrix.ReferenceTables;
import io.heddle.matrix.ReferenceTables.Table;
import io.heddle.parallel.WorkerPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class KMeansTest {
    private static final ReferenceTables REFERENCE = ReferenceTables.read(KMeansTest.class, "kmeans.txt");

    static Iterable<String> referenceCases() {
        return REFERENCE.cases();
    }

    static FloatMatrix cloud(int n, int d, double offset, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        FloatMatrix x = FloatMatrix.allocate(n, d);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < d; j++) {
                x.set(i, j, (float) (random.nextGaussian() + offset));
            }
        }
        return x;
    }

    /** Tight blobs far from each other; row i belongs to blob i mod k. */
    static FloatMatrix blobs(int n, int d, int k, double offset, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] centers = random.doubles((long) k * d, -50, 50).toArray();
        FloatMatrix x = FloatMatrix.allocate(n, d);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < d; j++) {
                x.set(i, j, (float) (centers[i % k * d + j] + random.nextGaussian() * 0.1 + offset));
            }
        }
        return x;
    }

    private static double distance(FloatMatrix x, long row, FloatMatrix c, long center) {
        double sum = 0;
        for (int j = 0; j < x.columns(); j++) {
            double d = (double) x.get(row, j) - c.get(center, j);
            sum += d * d;
        }
        return sum;
    }

    /** Every label is that of a nearest centre, up to rounding, and the inertia is the sum of their distances. */
    private static void assertAssigned(FloatMatrix x, KMeansModel model, double rounding) {
        double total = 0;
        int[] labels = model.labels();
        for (int i = 0; i < x.rows(); i++) {
            double own = distance(x, i, model.centroids(), labels[i]);
            total += own;
            for (int j = 0; j < model.centroids().rows(); j++) {
                assertThat(own).isLessThanOrEqualTo(distance(x, i, model.centroids(), j) * (1 + rounding) + rounding);
            }
        }
        assertThat(model.inertia()).isCloseTo(total, within(1e-6 * total + 1e-9));
    }

    /** Of two centres that are equally near up to rounding, the fit and the prediction may choose different ones. */
    private static void assertPredictsLabels(FloatMatrix x, KMeansModel model) {
        int[] labels = model.labels();
        int[] predicted = model.predict(x);
        for (int i = 0; i < labels.length; i++) {
            if (predicted[i] != labels[i]) {
                assertThat(distance(x, i, model.centroids(), predicted[i]))
                        .isCloseTo(distance(x, i, model.centroids(), labels[i]), within(1e-5));
            }
        }
    }

    private static void assertCentersAreMeans(FloatMatrix x, KMeansModel model, double tolerance) {
        int d = x.columns();
        double[] sums = new double[(int) model.centroids().rows() * d];
        int[] counts = new int[(int) model.centroids().rows()];
        int[] labels = model.labels();
        for (int i = 0; i < x.rows(); i++) {
            counts[labels[i]]++;
            for (int j = 0; j < d; j++) {
                sums[labels[i] * d + j] += x.get(i, j);
            }
        }
        for (int c = 0; c < counts.length; c++) {
            for (int j = 0; j < d && counts[c] > 0; j++) {
                assertThat((double) model.centroids().get(c, j))
                        .isCloseTo(sums[c * d + j] / counts[c], within(tolerance));
            }
        }
    }

    private static KMeansModel lloydFrom(FloatMatrix start, FloatMatrix x, Options options) {
        WorkerPool pool = WorkerPool.shared();
        ColumnMoments moments = ColumnMoments.of(x, "the data", pool);
        Origin origin = Origin.of(moments, x.rows());
        Outcome found =
                Lloyd.from(start, false, 1, x, RowWeights.NONE, origin.mean(), null, null, moments, options, pool);
        return new KMeansModel(start, origin, null, found, RowWeights.NONE, KMeans.Distance.EUCLIDEAN);
    }

    @ParameterizedTest
    @MethodSource("referenceCases")
    void lloydFollowsScikitLearnFromTheSameStart(String name) {
        Table centroids = REFERENCE.get(name + "/centroids");
        try (FloatMatrix x = REFERENCE.get(name + "/x").toMatrix()) {
            Options options = Options.defaults()
                    .withClusters(centroids.rows())
                    .withAlgorithm(Algorithm.LLOYD)
                    .withTolerance(REFERENCE.number(name + "/tolerance"));
            try (KMeansModel model = lloydFrom(REFERENCE.get(name + "/start").toMatrix(), x, options)) {
                assertThat(model.labels())
                        .containsExactly(
                                Arrays.stream(REFERENCE.get(name + "/labels").values())
                                        .mapToInt(v -> (int) v)
                                        .toArray());
                double inertia = REFERENCE.number(name + "/inertia");
                assertThat(model.inertia()).isCloseTo(inertia, within(1e-5 * inertia));
                assertThat((double) model.iterations()).isEqualTo(REFERENCE.number(name + "/iterations"));
                assertThat(model.converged()).isTrue();
                double size =
                        Arrays.stream(centroids.values()).map(Math::abs).max().orElse(0);
                for (int i = 0; i < centroids.values().length; i++) {
                    assertThat((double) model.centroids().get(i / centroids.columns(), i % centroids.columns()))
                            .isCloseTo(centroids.values()[i], within(1e-6 * size));
                }
            }
        }
    }

    @net.jqwik.api.Tag("slow")
    @Property(tries = 40)
    void lloydEndsAtAFixedPointForEveryShape(
            @ForAll @IntRange(min = 1, max = 400) int n,
            @ForAll @IntRange(min = 1, max = 40) int d,
            @ForAll @IntRange(min = 1, max = 60) int wanted,
            @ForAll long seed) {
        int k = Math.min(n, wanted);
        Options options = Options.defaults()
                .withClusters(k)
                .withAlgorithm(Algorithm.LLOYD)
                .withTolerance(0)
                .withSeed(seed);
        try (FloatMatrix x = cloud(n, d, 1, seed);
                KMeansModel model = KMeans.fit(x, options)) {
            assertThat(model.converged()).isTrue();
            assertAssigned(x, model, 1e-4);
            assertCentersAreMeans(x, model, 1e-5);
            assertThat(Arrays.stream(model.labels()).distinct().count()).isEqualTo(k);
            assertThat(model.predict(x)).isEqualTo(model.labels());
        }
    }

    @net.jqwik.api.Tag("slow")
    @Property(tries = 40)
    void miniBatchAssignsEveryRowToItsNearestCenterForEveryShape(
            @ForAll @IntRange(min = 1, max = 400) int n,
            @ForAll @IntRange(min = 1, max = 40) int d,
            @ForAll @IntRange(min = 1, max = 60) int wanted,
            @ForAll @IntRange(min = 1, max = 500) int batchSize,
            @ForAll long seed) {
        int k = Math.min(n, wanted);
        Options options =
                Options.defaults().withClusters(k).withBatchSize(batchSize).withSeed(seed);
        try (FloatMatrix x = cloud(n, d, 1, seed);
                KMeansModel model = KMeans.fit(x, options)) {
            assertAssigned(x, model, 1e-4);
            assertThat(model.labels()).hasSize(n);
            assertThat(Arrays.stream(model.labels())).allMatch(label -> label >= 0 && label < k);
            assertPredictsLabels(x, model);
        }
    }

    @Test
    void lloydNeverIncreasesTheInertia() {
        try (FloatMatrix x = cloud(2000, 17, 3, 5)) {
            List<KMeans.Progress> progress = new ArrayList<>();
            Options options = Options.defaults()
                    .withClusters(12)
                    .withAlgorithm(Algorithm.LLOYD)
                    .withTolerance(0)
                    .withProgress(progress::add);
            try (KMeansModel model = KMeans.fit(x, options)) {
                assertThat(progress).hasSize(model.iterations()).hasSizeGreaterThan(5);
                for (int i = 1; i < progress.size(); i++) {
                    double before = progress.get(i - 1).inertia();
                    assertThat(progress.get(i).inertia()).isLessThanOrEqualTo(before * (1 + 1e-7));
                }
                assertThat(progress.getLast().inertia()).isCloseTo(model.inertia(), within(1e-5 * model.inertia()));
            }
            double before = Double.POSITIVE_INFINITY;
            for (int iterations = 1; iterations < 8; iterations++) {
                try (KMeansModel model = KMeans.fit(x, options.withMaxIterations(iterations))) {
                    assertThat(model.inertia()).isLessThan(before);
                    assertThat(model.converged()).isFalse();
                    before = model.inertia();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void findsBlobsNearAndFarFromTheOrigin(Algorithm algorithm) {
        for (double offset : new double[] {0, -30, 100_000}) {
            for (long seed = 0; seed < 5; seed++) {
                int k = 8;
                Options options = Options.defaults()
                        .withClusters(k)
                        .withAlgorithm(algorithm)
                        .withInitializations(2)
                        .withSeed(seed);
                try (FloatMatrix x = blobs(2000, 9, k, offset, seed);
                        KMeansModel model = KMeans.fit(x, options)) {
                    int[] labels = model.labels();
                    for (int i = k; i < labels.length; i++) {
                        assertThat(labels[i]).isEqualTo(labels[i % k]);
                    }
                    assertThat(Arrays.stream(labels).distinct().count()).isEqualTo(k);
                    assertCentersAreMeans(x, model, algorithm == Algorithm.LLOYD ? 0.01 : 0.1);
                }
            }
        }
    }

    @Test
    void miniBatchNearlyReachesTheInertiaOfLloyd() {
        try (FloatMatrix x = cloud(5000, 12, 0, 3)) {
            Options options = Options.defaults().withClusters(10).withInitializations(3);
            try (KMeansModel lloyd = KMeans.fit(x, options.withAlgorithm(Algorithm.LLOYD));
                    KMeansModel batches = KMeans.fit(x, options)) {
                assertThat(batches.inertia()).isBetween(lloyd.inertia() * 0.99, lloyd.inertia() * 1.03);
                assertThat(batches.converged()).isTrue();
            }
        }
    }

    @Test
    void moreInitializationsAreNeverWorse() {
        try (FloatMatrix x = blobs(600, 2, 9, 0, 4)) {
            Options options = Options.defaults().withClusters(9).withAlgorithm(Algorithm.LLOYD);
            List<KMeans.Progress> progress = new ArrayList<>();
            try (KMeansModel one = KMeans.fit(x, options);
                    KMeansModel five =
                            KMeans.fit(x, options.withInitializations(5).withProgress(progress::add))) {
                assertThat(five.inertia()).isLessThanOrEqualTo(one.inertia());
                assertThat(progress).extracting(KMeans.Progress::initialization).contains(1, 2, 3, 4, 5);
            }
        }
    }

    @Test
    void emptyClustersTakeTheFarthestRows() {
        // Two of the three centres start without a row that is nearest to them.
        float[] values = {0, 1, 2, 3, 100, 50};
        float[] start = {2, 1000, 2000};
        try (FloatMatrix x = FloatMatrix.copyOf(values, 6, 1)) {
            Options options = Options.defaults()
                    .withClusters(3)
                    .withAlgorithm(Algorithm.LLOYD)
                    .withTolerance(0);
            try (KMeansModel model = lloydFrom(FloatMatrix.copyOf(start, 3, 1), x, options)) {
                assertThat(Arrays.copyOf(model.labels(), 4)).containsOnly(0);
                assertThat(Arrays.copyOfRange(model.labels(), 4, 6)).containsExactlyInAnyOrder(1, 2);
                assertThat(model.centroids().get(0, 0)).isEqualTo(1.5f);
                assertThat(model.inertia()).isEqualTo(5);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void fewerDistinctRowsThanClusters(Algorithm algorithm) {
        try (FloatMatrix x = FloatMatrix.allocate(50, 3)) {
            for (int i = 0; i < 50; i++) {
                x.set(i, 1, i % 4);
            }
            Options options = Options.defaults().withClusters(9).withAlgorithm(algorithm);
            try (KMeansModel model = KMeans.fit(x, options)) {
                assertThat(model.inertia()).isCloseTo(0, within(1e-9));
                int[] labels = model.labels();
                for (int i = 4; i < 50; i++) {
                    assertThat(labels[i]).isEqualTo(labels[i % 4]);
                }
                for (int c = 0; c < 9; c++) {
                    assertThat(Float.isFinite(model.centroids().get(c, 1))).isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void sameBitsForAnyNumberOfThreads(Algorithm algorithm) {
        Options options = Options.defaults()
                .withClusters(11)
                .withAlgorithm(algorithm)
                .withInitializations(2)
                .withSeed(7);
        try (FloatMatrix x = cloud(3000, 70, 2, 5);
                KMeansModel first = KMeans.fit(x, options)) {
            for (int threads : new int[] {1, 2, 4, 8}) {
                try (WorkerPool pool = WorkerPool.of(threads);
                        KMeansModel model = KMeans.fit(x, options, pool)) {
                    assertThat(model.centroids()
                                    .segment()
                                    .mismatch(first.centroids().segment()))
                            .isEqualTo(-1);
                    assertThat(model.labels()).isEqualTo(first.labels());
                    assertThat(model.inertia()).isEqualTo(first.inertia());
                    assertThat(model.iterations()).isEqualTo(first.iterations());
                    assertThat(model.predict(x, pool)).isEqualTo(first.labels());
                }
            }
        }
    }

    @Test
    void anotherSeedGivesAnotherClustering() {
        try (FloatMatrix x = cloud(1000, 5, 0, 1);
                KMeansModel a = KMeans.fit(x, Options.defaults().withSeed(1));
                KMeansModel b = KMeans.fit(x, Options.defaults().withSeed(2))) {
            assertThat(a.labels()).isNotEqualTo(b.labels());
        }
    }

    @Test
    void rarelyUsedCentersAreReassigned() {
        // Six centres for each blob and small batches: some are hardly used.
        try (FloatMatrix x = blobs(4000, 6, 5, 0, 2)) {
            Options options = Options.defaults().withClusters(30).withBatchSize(256);
            try (KMeansModel with = KMeans.fit(x, options.withReassignmentRatio(0.5));
                    KMeansModel without = KMeans.fit(x, options.withReassignmentRatio(0))) {
                long[] used = new long[30];
                Arrays.stream(with.labels()).forEach(label -> used[label]++);
                assertThat(Arrays.stream(used).filter(count -> count > 0).count())
                        .isEqualTo(30);
                assertThat(without.labels()).isNotEqualTo(with.labels());
            }
        }
    }

    @Test
    void refusesInvalidOptions() {
        try (FloatMatrix x = cloud(6, 4, 0, 1);
                FloatMatrix none = FloatMatrix.allocate(5, 0);
                FloatMatrix other = FloatMatrix.allocate(3, 5)) {
            Options two = Options.defaults().withClusters(2);
            assertThatThrownBy(() -> KMeans.fit(x, two.withClusters(7)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("k-means cannot find 7 clusters in 6 rows");
            assertThatThrownBy(() -> two.withClusters(0))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("k-means needs at least 1 cluster, not 0");
            assertThatThrownBy(() -> KMeans.fit(none, two)).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> two.withBatchSize(0)).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> two.withMaxIterations(0)).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> two.withTolerance(Double.NaN)).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> two.withInitializations(0)).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> two.withReassignmentRatio(-1)).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> two.withMaxNoImprovement(-1)).isInstanceOf(InvalidInputException.class);
            try (KMeansModel model = KMeans.fit(x, two)) {
                assertThatThrownBy(() -> model.predict(other))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessage("data of 5 columns does not fit centres of 4 columns");
                model.close();
                assertThatThrownBy(() -> model.predict(x)).isInstanceOf(IllegalStateException.class);
            }
            x.set(4, 2, Float.NaN);
            assertThatThrownBy(() -> KMeans.fit(x, two))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("the data holds NaN in row 4, column 2; every value must be a finite number");
        }
    }

    @Test
    void optionsHoldTheBoundsOfTheirRanges() {
        Options options = Options.defaults();
        assertThat(options.withClusters(1).clusters()).isEqualTo(1);
        assertThat(options.withBatchSize(1).batchSize()).isEqualTo(1);
        assertThat(options.withMaxIterations(1).maxIterations()).isEqualTo(1);
        assertThat(options.withTolerance(0).tolerance()).isZero();
        assertThat(options.withReassignmentRatio(0).reassignmentRatio()).isZero();
        assertThat(options.withReassignmentRatio(1).reassignmentRatio()).isEqualTo(1);
        assertThat(options.withMaxNoImprovement(0).maxNoImprovement()).isZero();
        assertThatThrownBy(() -> options.withReassignmentRatio(1.5)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> options.withTolerance(-1)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> options.withTolerance(Double.POSITIVE_INFINITY))
                .isInstanceOf(InvalidInputException.class);
        try (FloatMatrix x = cloud(3, 2, 0, 1);
                KMeansModel all = KMeans.fit(x, options.withClusters(3))) {
            assertThat(all.labels()).containsExactlyInAnyOrder(0, 1, 2);
        }
    }
}
