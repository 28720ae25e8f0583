package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.OpenMemory;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sketches, their products and the nearest centres by them, against distances in double. */
class CenterSketchesTest {
    private static final WorkerPool POOL = WorkerPool.shared();
    private static final int COLUMNS = 64;
    private static final int CLUSTERS = 50;

    private static double distance(FloatMatrix a, long i, FloatMatrix b, long j) {
        double squares = 0;
        for (int l = 0; l < a.columns(); l++) {
            squares += Math.pow((double) a.get(i, l) - b.get(j, l), 2);
        }
        return Math.sqrt(squares);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 20})
    void centersWithinReachOfTheirSketchesAreFound(double offset) {
        try (FloatMatrix x = KMeansTest.cloud(100, COLUMNS, offset, 4);
                FloatMatrix mean = ColumnMoments.of(x, "x", POOL).meanRow();
                FloatMatrix centers = KMeansTest.cloud(CLUSTERS, COLUMNS, offset, 5);
                Sketch sketch = CenterAssignmentTest.sketchOf(x, mean);
                Sketch.Sketches rows = sketch.projectAll(x, POOL);
                Sketch.Sketches expected = sketch.projectAll(centers, POOL);
                CenterSketches tested = new CenterSketches(CLUSTERS, sketch, POOL);
                FloatMatrix scores = FloatMatrix.allocate(110, CLUSTERS)) {
            assertThat(tested.count()).isEqualTo(CLUSTERS);
            // A second call replaces the sketches of the first.
            tested.prepare(x.rows(0, CLUSTERS));
            tested.prepare(centers);
            tested.multiply(rows.rows(), 20, 70, scores, 30);
            int[] nearest = new int[70];
            tested.nearest(scores, 30, 70, nearest, new float[70]);
            int[] found = new int[CLUSTERS];
            float[] own = new float[CLUSTERS];
            for (int i = 0; i < 70; i++) {
                double[] distances = new double[CLUSTERS];
                tested.scores(scores, 30 + i, own);
                double base = tested.base(rows.rows(), 20 + i);
                for (int c = 0; c < CLUSTERS; c++) {
                    distances[c] = distance(rows.rows(), 20 + i, expected.rows(), c);
                }
                for (int c = 0; c < CLUSTERS; c++) {
                    double bound = tested.lowerBound(own[c], base, 0);
                    assertThat(bound).isLessThan(distances[c]).isCloseTo(distances[c], within(0.02));
                    assertThat(tested.lowerBound(own[c], base, 3)).isCloseTo(bound - 3, within(1e-12));
                    // A score that is at least this belongs to a centre at that distance or farther.
                    float score = tested.scoreAt(distances[c], base, 0.5);
                    assertThat(tested.lowerBound(score, base, 0.5))
                            .isGreaterThanOrEqualTo(distances[c])
                            .isCloseTo(distances[c], within(1e-3));
                }
                double[] sorted = Arrays.stream(distances).sorted().toArray();
                assertThat(distances[nearest[i]]).isCloseTo(sorted[0], within(1e-4));
                // Between two distances, by more than the margins.
                int rank = IntStream.range(0, CLUSTERS - 1)
                        .filter(r -> sorted[r + 1] - sorted[r] > 0.02)
                        .findFirst()
                        .orElseThrow();
                double limit = (sorted[rank] + sorted[rank + 1]) / 2;
                int count = tested.near(rows.rows(), 20 + i, scores, 30 + i, limit, 0, found);
                assertThat(Arrays.copyOf(found, count))
                        .containsExactlyInAnyOrder(IntStream.range(0, CLUSTERS)
                                .filter(c -> distances[c] < limit)
                                .toArray());
                // The error of the row's sketch extends the reach.
                assertThat(tested.near(rows.rows(), 20 + i, scores, 30 + i, limit - 100, 100, found))
                        .isEqualTo(count);
                assertThat(tested.near(rows.rows(), 20 + i, scores, 30 + i, sorted[CLUSTERS - 1] + 1, 0, found))
                        .isEqualTo(CLUSTERS);
            }
            tested.close();
            assertThat(OpenMemory.of(tested, POOL, sketch)).isEmpty();
        }
    }

    /** The distance of sketches is at most that of rows, and the residual makes it sharper than the coordinates. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 1000})
    void sketchesBoundDistancesFromBelow(double offset) {
        try (FloatMatrix x = KMeansTest.cloud(300, COLUMNS, offset, 4);
                FloatMatrix mean = ColumnMoments.of(x, "x", POOL).meanRow();
                Sketch sketch = CenterAssignmentTest.sketchOf(x, mean);
                Sketch.Sketches sketches = sketch.projectAll(x, POOL);
                FloatMatrix scratch = sketch.scratch(POOL);
                FloatMatrix block = FloatMatrix.allocate(20, sketch.width())) {
            assertThat(sketch.width()).isEqualTo(32);
            assertThat(scratch.rows()).isEqualTo(128L * POOL.threads());
            assertThat(scratch.columns()).isEqualTo(COLUMNS);
            double largest = 0;
            for (int i = 0; i < 300; i++) {
                double length = 0;
                for (int l = 0; l < 32; l++) {
                    length += Math.pow(sketches.rows().get(i, l), 2);
                }
                double whole = distance(x, i, mean, 0);
                largest = Math.max(largest, whole);
                // With the residual, a sketch is as long as its row.
                assertThat(Math.sqrt(length)).isCloseTo(whole, within(1e-4 * whole));
                assertThat(sketches.rows().get(i, 31)).isZero();
                int other = (i * 7 + 11) % 300;
                assertThat(distance(sketches.rows(), i, sketches.rows(), other) - 2 * sketches.margin())
                        .isLessThanOrEqualTo(distance(x, i, x, other));
            }
            // 4 · 2⁻²⁴ · √64 times the length, and with the residual up to a few times as much.
            double coordinates = 4 * 0x1p-24 * 8 * largest;
            assertThat(sketches.margin()).isBetween(coordinates, 10 * coordinates);
            double margin = sketch.project(x, 40, 18, block, 2, scratch, POOL.threads() - 1);
            assertThat(margin).isBetween(coordinates / 2, sketches.margin());
            for (int i = 0; i < 18; i++) {
                for (int l = 0; l < 32; l++) {
                    assertThat(block.get(2 + i, l)).isEqualTo(sketches.rows().get(40 + i, l));
                }
            }
            for (int l = 0; l < 32; l++) {
                assertThat(block.get(1, l)).isZero();
            }
            sketch.close();
            assertThat(OpenMemory.of(sketch, mean)).isEmpty();
            sketches.close();
            assertThat(OpenMemory.of(sketches)).isEmpty();
        }
    }

    /** Rows of the mean have no length; a row along the first direction has no residual. */
    @Test
    void marginsCoverRowsWithoutResidual() {
        try (FloatMatrix x = FloatMatrix.allocate(100, COLUMNS);
                FloatMatrix zero = FloatMatrix.allocate(1, COLUMNS)) {
            for (int i = 0; i < 100; i++) {
                for (int j = 0; j < 30; j++) {
                    x.set(i, j, (float) Math.sin(1 + i * (j + 1)));
                }
            }
            try (Sketch sketch = CenterAssignmentTest.sketchOf(x, zero);
                    Sketch.Sketches sketches = sketch.projectAll(x, POOL);
                    Sketch.Sketches none = sketch.projectAll(zero, POOL)) {
                assertThat(none.margin()).isZero();
                double rounding = 4 * 0x1p-24 * 8;
                for (int i = 0; i < 100; i++) {
                    double length = distance(x, i, zero, 0);
                    double residual = sketches.rows().get(i, 30);
                    assertThat(residual).isLessThan(sketches.margin());
                    try (FloatMatrix own = x.rows(i, i + 1).copy();
                            Sketch.Sketches one = sketch.projectAll(own, POOL)) {
                        double ofRoot = Math.sqrt(3 * rounding) * length;
                        double expected = rounding * length
                                + (residual > 0
                                        ? Math.min(ofRoot, 1.5 * rounding * length * length / residual)
                                        : ofRoot);
                        assertThat(one.margin()).isCloseTo(expected, within(1e-5 * expected));
                    }
                }
            }
        }
    }

    @Test
    void wideSketchesNeedManyClustersAndColumns() {
        try (FloatMatrix x = KMeansTest.cloud(2048, 256, 0, 1);
                FloatMatrix mean = ColumnMoments.of(x, "x", POOL).meanRow();
                Sketch few = Sketch.learn(x, mean, 255, new java.util.SplittableRandom(1), POOL);
                Sketch many = Sketch.learn(x, mean, 256, new java.util.SplittableRandom(1), POOL)) {
            assertThat(few.width()).isEqualTo(32);
            assertThat(many.width()).isEqualTo(64);
        }
        assertThat(Sketch.pays(2048, 128)).isTrue();
        assertThat(Sketch.pays(2047, 128)).isFalse();
        assertThat(Sketch.pays(2048, 127)).isFalse();
    }

    /** With sketches that are known already, and of other rows than those before; more rows than in a block. */
    @Test
    void knownSketchesGiveTheSameLabels() {
        try (FloatMatrix x = KMeansTest.cloud(300, COLUMNS, 1, 3);
                FloatMatrix zero = FloatMatrix.allocate(1, COLUMNS);
                FloatMatrix centers = x.rows(7, 7 + CLUSTERS).copy();
                Sketch sketch = CenterAssignmentTest.sketchOf(x, zero);
                NearestCenter nearest = new SketchedNearestCenter(CLUSTERS, sketch, POOL);
                Sketch.Sketches known = nearest.sketches(x, POOL);
                Sketch.Sketches swapped = known.empty(300)) {
            nearest.prepare(centers);
            int[] labels = new int[300];
            nearest.assignAll(x, null, labels, POOL);
            double sum = 0;
            for (int i = 20; i < 290; i++) {
                sum += Math.pow(distance(x, i, centers, labels[i]), 2);
            }
            int[] found = new int[300];
            assertThat(nearest.assignAndSum(x, known, 20, 290, 0, found)).isCloseTo(sum, within(1e-5 * sum));
            for (int i = 0; i < 300; i++) {
                assertThat(found[i]).isEqualTo(i < 20 || i >= 290 ? 0 : labels[i]);
            }
            assertThat(nearest.assignAndSum(x, null, 20, 290, 0, found)).isCloseTo(sum, within(1e-5 * sum));
            nearest.assignAll(x, known, found, POOL);
            assertThat(found).isEqualTo(labels);
            double inertia = nearest.assignAndMeasure(x, known, RowWeights.NONE, found, POOL);
            assertThat(found).isEqualTo(labels);
            assertThat(nearest.assignAndMeasure(x, null, RowWeights.NONE, found, POOL))
                    .isEqualTo(inertia);
            // The sketches are used, not computed again: those of other rows rule out the nearest centres.
            for (int i = 0; i < 300; i++) {
                known.rows().copyRow(299 - i, swapped.rows(), i);
            }
            nearest.assignAll(x, swapped, found, POOL);
            assertThat(found).isNotEqualTo(labels);
        }
    }

    @Test
    void sketchesOfVeryManyRowsAreNotKept() {
        try (FloatMatrix x = KMeansTest.cloud(300, COLUMNS, 0, 3);
                ByteMatrix many = ByteMatrix.wrap(MemorySegment.ofArray(new byte[1 << 19 | 1]), 1 << 19 | 1, 1, 1);
                FloatMatrix zero = FloatMatrix.allocate(1, COLUMNS);
                Sketch sketch = CenterAssignmentTest.sketchOf(x, zero);
                NearestCenter nearest = new SketchedNearestCenter(CLUSTERS, sketch, POOL);
                Sketch.Sketches known = nearest.sketches(x, POOL)) {
            assertThat(known.rows().rows()).isEqualTo(300);
            assertThat(nearest.sketches(many, POOL)).isNull();
        }
    }

    /** More rows than in a block; clear clusters and none, near the origin of the sketches and far from it. */
    @ParameterizedTest
    @CsvSource({"true, 0", "false, 0", "true, 30", "false, 3"})
    void rowsHaveTheNearestCenter(boolean clear, double offset) {
        try (FloatMatrix x = clear
                        ? KMeansTest.blobs(300, COLUMNS, CLUSTERS, offset, 3)
                        : KMeansTest.cloud(300, COLUMNS, offset, 3);
                FloatMatrix zero = FloatMatrix.allocate(1, COLUMNS);
                FloatMatrix centers = x.rows(7, 7 + CLUSTERS).copy();
                Sketch sketch = CenterAssignmentTest.sketchOf(x, zero);
                NearestCenter nearest = new SketchedNearestCenter(CLUSTERS, sketch, POOL)) {
            // A second call replaces the centres of the first.
            nearest.prepare(x.rows(200, 200 + CLUSTERS));
            nearest.prepare(centers);
            int[] labels = new int[310];
            nearest.assign(x, null, 20, 290, POOL.threads() - 1, labels, 10);
            for (int i = 0; i < 310; i++) {
                int label = labels[i];
                if (i < 10 || i >= 280) {
                    assertThat(label).isZero();
                } else {
                    double own = distance(x, i + 10, centers, label);
                    for (int c = 0; c < CLUSTERS; c++) {
                        assertThat(own).isLessThanOrEqualTo(distance(x, i + 10, centers, c) * (1 + 1e-5));
                    }
                }
            }
            nearest.close();
            assertThat(OpenMemory.of(nearest, POOL, sketch, centers)).isEmpty();
        }
    }
}
