package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.cluster.KMeans.Algorithm;
import io.heddle.cluster.KMeans.Options;
import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sketches save work and do not change results, which are compared with those without sketches. */
class SketchTest {
    private static final int N = 2500;
    private static final int D = 150;
    private static final WorkerPool POOL = WorkerPool.shared();

    static Stream<Arguments> data() {
        return Stream.of(
                named("spread", () -> correlated(0.97, 0)),
                named("far from zero", () -> correlated(0.97, 3000)),
                named("few directions", () -> correlated(0.5, 1)),
                named("one direction", () -> correlated(1e-9, 0)),
                named("tight blobs", () -> KMeansTest.blobs(N, D, 60, 0, 3)),
                named("no directions", () -> KMeansTest.cloud(N, D, 0, 4)));
    }

    private static Arguments named(String name, Supplier<FloatMatrix> data) {
        return Arguments.of(name, data);
    }

    /** Coordinate j of a mixed basis has the scale decay^j. */
    private static FloatMatrix correlated(double decay, double offset) {
        SplittableRandom random = new SplittableRandom(5);
        double[] mix = random.doubles(D * D, -1, 1).toArray();
        FloatMatrix x = FloatMatrix.allocate(N, D);
        double[] row = new double[D];
        for (int i = 0; i < N; i++) {
            java.util.Arrays.fill(row, offset);
            for (int j = 0; j < D && Math.pow(decay, j) > 1e-12; j++) {
                double coordinate = random.nextGaussian() * Math.pow(decay, j);
                for (int l = 0; l < D; l++) {
                    row[l] += coordinate * mix[j * D + l];
                }
            }
            for (int l = 0; l < D; l++) {
                x.set(i, l, (float) row[l]);
            }
        }
        return x;
    }

    private static double distance(FloatMatrix a, long i, FloatMatrix b, long j) {
        double sum = 0;
        for (int l = 0; l < a.columns(); l++) {
            double d = (double) a.get(i, l) - b.get(j, l);
            sum += d * d;
        }
        return Math.sqrt(sum);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("data")
    void sketchesAreNeverFartherApartThanTheirRows(String name, Supplier<FloatMatrix> data) {
        try (FloatMatrix x = data.get();
                FloatMatrix mean = ColumnMoments.of(x, "x", POOL).meanRow();
                Sketch sketch = Sketch.learn(x, mean, 40, new SplittableRandom(1), POOL);
                Sketch.Sketches sketches = sketch.projectAll(x, POOL)) {
            double sharp = 0;
            double whole = 0;
            for (int i = 0; i < N; i++) {
                int j = (i * 7 + 11) % N;
                double told = distance(sketches.rows(), i, sketches.rows(), j);
                double exact = distance(x, i, x, j);
                assertThat(told - 2 * sketches.margin()).isLessThanOrEqualTo(exact);
                sharp += told;
                whole += exact;
            }
            // A bound that is always 0 would pass too.
            assertThat(sharp).isGreaterThan(0.1 * whole);
        }
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0}")
    @MethodSource("data")
    void nearestCentersAreExact(String name, Supplier<FloatMatrix> data) {
        int k = 70;
        try (FloatMatrix x = data.get()) {
            ColumnMoments moments = ColumnMoments.of(x, "x", POOL);
            try (Origin origin = Origin.of(moments, N);
                    Sketch sketch = Sketch.learn(x, origin.mean(), k, new SplittableRandom(1), POOL);
                    NearestCenter nearest = NearestCenter.of(k, origin, sketch, false, POOL);
                    FloatMatrix centers = x.rows(100, 100 + k).copy()) {
                assertThat(nearest).isInstanceOf(SketchedNearestCenter.class);
                nearest.prepare(centers);
                int[] labels = new int[N];
                double inertia = nearest.assignAndMeasure(x, null, RowWeights.NONE, labels, POOL);
                double total = 0;
                for (int i = 0; i < N; i++) {
                    double minimum = Double.POSITIVE_INFINITY;
                    for (int j = 0; j < k; j++) {
                        minimum = Math.min(minimum, distance(x, i, centers, j));
                    }
                    double own = distance(x, i, centers, labels[i]);
                    assertThat(own).isLessThanOrEqualTo(minimum * (1 + 1e-5));
                    total += own * own;
                }
                assertThat(inertia).isCloseTo(total, within(1e-6 * total));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("data")
    void lloydIsTheSameWithAndWithout(String name, Supplier<FloatMatrix> data) {
        int k = 40;
        try (FloatMatrix x = data.get()) {
            ColumnMoments moments = ColumnMoments.of(x, "x", POOL);
            Options options = Options.defaults()
                    .withClusters(k)
                    .withAlgorithm(Algorithm.LLOYD)
                    .withTolerance(0);
            try (FloatMatrix mean = moments.meanRow();
                    Sketch sketch = Sketch.learn(x, mean, 40, new SplittableRandom(1), POOL);
                    Sketch.Sketches sketches = sketch.projectAll(x, POOL);
                    FloatMatrix with = FloatMatrix.allocate(k, D);
                    FloatMatrix without = FloatMatrix.allocate(k, D)) {
                GreedySeeding.seed(x, RowWeights.NONE, with, new SplittableRandom(2), POOL);
                GreedySeeding.seed(x, RowWeights.NONE, without, new SplittableRandom(2), POOL);
                Outcome a =
                        Lloyd.from(with, false, 1, x, RowWeights.NONE, mean, sketch, sketches, moments, options, POOL);
                Outcome b = Lloyd.from(without, false, 1, x, RowWeights.NONE, mean, null, null, moments, options, POOL);
                assertThat(a.converged()).isTrue();
                assertThat(a.labels()).isEqualTo(b.labels());
                assertThat(a.iterations()).isEqualTo(b.iterations());
                assertThat(with.segment().mismatch(without.segment())).isEqualTo(-1);
            }
        }
    }

    @Test
    void onlyLongAndManyRowsAreSketched() {
        assertThat(Sketch.pays(60_000, 784)).isTrue();
        assertThat(Sketch.pays(60_000, 50)).isFalse();
        assertThat(Sketch.pays(500, 784)).isFalse();
    }
}
