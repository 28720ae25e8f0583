package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.OpenMemory;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Assignments by products and by differences, against all distances in double. */
class NearestCenterTest {
    private static final WorkerPool POOL = WorkerPool.shared();

    private static int nearest(FloatMatrix x, int row, FloatMatrix centers) {
        int best = 0;
        double minimum = Double.POSITIVE_INFINITY;
        for (int c = 0; c < centers.rows(); c++) {
            double squares = NearestCenter.squaredDistance(x, row, centers, c);
            if (squares < minimum) {
                minimum = squares;
                best = c;
            }
        }
        return best;
    }

    private static double squares(FloatMatrix x, int row, FloatMatrix centers, int center) {
        double squares = 0;
        for (int j = 0; j < x.columns(); j++) {
            squares += Math.pow((double) x.get(row, j) - centers.get(center, j), 2);
        }
        return squares;
    }

    /** Data around zero and far from it, where rows are centred first; several blocks of rows. */
    @ParameterizedTest
    @CsvSource({"1, 0, false", "7, 0, false", "7, 3, false", "7, 500, false", "20, 0, true"})
    void rowsHaveTheNearestCenter(int clusters, double offset, boolean tight) {
        int rows = 300;
        double[] weights = new double[rows];
        try (FloatMatrix x = KMeansTest.cloud(rows, 5, offset, 4);
                FloatMatrix centers = KMeansTest.cloud(clusters, 5, offset, 9);
                Origin origin = Origin.of(ColumnMoments.of(x, "x", POOL), rows);
                NearestCenter nearest = NearestCenter.of(clusters, origin, null, tight, POOL)) {
            assertThat(nearest).isInstanceOf(tight ? DifferenceNearestCenter.class : ProductNearestCenter.class);
            assertThat(origin.centerRows()).isEqualTo(offset == 500);
            nearest.prepare(centers);
            int[] labels = new int[rows];
            nearest.assignAll(x, null, labels, POOL);
            double inertia = 0;
            double weighted = 0;
            for (int i = 0; i < rows; i++) {
                assertThat(labels[i]).isEqualTo(nearest(x, i, centers));
                weights[i] = i % 3;
                double squares = squares(x, i, centers, labels[i]);
                inertia += squares;
                weighted += weights[i] * squares;
            }
            int[] again = new int[rows];
            assertThat(nearest.assignAndMeasure(x, null, RowWeights.NONE, again, POOL))
                    .isCloseTo(inertia, within(1e-7 * inertia));
            assertThat(again).isEqualTo(labels);
            RowWeights own = RowWeights.of(weights, rows);
            assertThat(nearest.assignAndMeasure(x, null, own, again, POOL)).isCloseTo(weighted, within(1e-7 * inertia));
            assertThat(NearestCenter.inertia(x, own, centers, labels, POOL))
                    .isCloseTo(weighted, within(1e-7 * inertia));
        }
    }

    /** Products near zero and far from it, and differences in float and in double; more rows than in a block. */
    @ParameterizedTest
    @CsvSource({"product, 0", "product, 500", "float, 0", "double, 0"})
    void rangesOfRowsFillRangesOfLabels(String kind, double offset) {
        try (FloatMatrix x = KMeansTest.cloud(300, 5, offset, 4);
                FloatMatrix centers = KMeansTest.cloud(7, 5, offset, 9);
                Origin origin = Origin.of(ColumnMoments.of(x, "x", POOL), 300);
                NearestCenter tested = kind.equals("product")
                        ? new ProductNearestCenter(7, origin, POOL)
                        : new DifferenceNearestCenter(kind.equals("double"))) {
            tested.prepare(centers);
            int[] labels = new int[310];
            Arrays.fill(labels, -1);
            tested.assign(x, null, 20, 290, POOL.threads() - 1, labels, 30);
            for (int i = 0; i < 310; i++) {
                assertThat(labels[i]).isEqualTo(i < 30 || i >= 300 ? -1 : nearest(x, i - 10, centers));
            }
            // The first of two equal centres.
            centers.copyRow(3, centers, 5);
            tested.prepare(centers);
            tested.assign(x, null, 0, 300, 0, labels, 0);
            assertThat(labels).contains(3).doesNotContain(5);
            tested.close();
            assertThat(OpenMemory.of(tested, origin, centers)).isEmpty();
            origin.close();
            assertThat(OpenMemory.of(origin)).isEmpty();
        }
    }

    /** Groups around zero, ten apart, and one row in a hundred far away. */
    static FloatMatrix withFarRows(int rows, int columns, double distance, long seed) {
        Random random = new Random(seed);
        FloatMatrix x = FloatMatrix.allocate(rows, columns);
        for (int i = 0; i < rows; i++) {
            double scale = i % 100 == 34 ? distance * (1 + random.nextGaussian() / 2) : 0;
            for (int j = 0; j < columns; j++) {
                x.set(i, j, (float) (scale + 10 * (i >> j % 2 & 1) + random.nextGaussian()));
            }
        }
        return x;
    }

    /** The mean is far from most rows, so that products with centres relative to it have large errors. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 1e3, 1e5, 1e7, 1e9, 1e12})
    void farRowsDoNotMisleadProducts(double distance) {
        int rows = 1000;
        int clusters = 6;
        try (FloatMatrix x = withFarRows(rows, 3, distance, 5);
                FloatMatrix centers = FloatMatrix.allocate(clusters, 3);
                Origin origin = Origin.of(ColumnMoments.of(x, "x", POOL), rows);
                NearestCenter tested = new ProductNearestCenter(clusters, origin, POOL)) {
            for (int c = 0; c < clusters; c++) {
                // The last is a far one.
                x.copyRow(c < clusters - 1 ? c : 34, centers, c);
            }
            int[] labels = new int[rows];
            tested.prepare(centers);
            double inertia = tested.assignAndMeasure(x, null, RowWeights.NONE, labels, POOL);
            double expected = 0;
            for (int i = 0; i < rows; i++) {
                double found = squares(x, i, centers, labels[i]);
                assertThat(found).isLessThanOrEqualTo(1.01 * squares(x, i, centers, nearest(x, i, centers)));
                expected += found;
            }
            assertThat(inertia).isCloseTo(expected, within(1e-7 * expected));
        }
    }

    /** Squares of such values are infinite or zero in float. */
    @ParameterizedTest
    @ValueSource(doubles = {1e30, 1e-30})
    void extremeValuesAreMeasuredInDouble(double magnitude) {
        try (FloatMatrix x = FloatMatrix.allocate(60, 2);
                FloatMatrix centers = FloatMatrix.allocate(6, 2);
                NearestCenter tested = new DifferenceNearestCenter(true)) {
            for (int i = 0; i < 60; i++) {
                x.set(i, 0, (float) (magnitude * (i % 6 + 0.3)));
            }
            for (int c = 0; c < 6; c++) {
                centers.set(c, 0, (float) (magnitude * c));
            }
            int[] labels = new int[60];
            tested.prepare(centers);
            tested.assignAll(x, null, labels, POOL);
            for (int i = 0; i < 60; i++) {
                assertThat(labels[i]).isEqualTo(i % 6);
            }
        }
    }

    @Test
    void sketchesAreUsedFor48CentersAndMore() {
        assertThat(NearestCenter.wantsSketch(47)).isFalse();
        assertThat(NearestCenter.wantsSketch(48)).isTrue();
        try (FloatMatrix x = KMeansTest.cloud(100, 64, 0, 1);
                Origin origin = Origin.of(ColumnMoments.of(x, "x", POOL), 100);
                Sketch sketch = CenterAssignmentTest.sketchOf(x, origin.mean());
                NearestCenter few = NearestCenter.of(47, origin, sketch, false, POOL);
                NearestCenter many = NearestCenter.of(48, origin, sketch, false, POOL);
                NearestCenter without = NearestCenter.of(48, origin, null, false, POOL)) {
            assertThat(few).isInstanceOf(ProductNearestCenter.class);
            assertThat(many).isInstanceOf(SketchedNearestCenter.class);
            assertThat(without).isInstanceOf(ProductNearestCenter.class);
        }
    }

    @Test
    void clustersAreTightBelowAThousandthOfTheSpread() {
        assertThat(NearestCenter.isTight(0.99, 1000)).isTrue();
        assertThat(NearestCenter.isTight(1.01, 1000)).isFalse();
        assertThat(NearestCenter.isTight(0, 0)).isFalse();
    }

    /** Far: ‖mean‖² · rows above 100 times the squared deviations. */
    @Test
    void rowsAreCentredFarFromTheOrigin() {
        try (Origin near = Origin.of(new ColumnMoments(new double[] {3, 4}, 1, 100), 4);
                Origin far = Origin.of(new ColumnMoments(new double[] {3, 4}, 1, 100), 5)) {
            assertThat(near.centerRows()).isFalse();
            assertThat(far.centerRows()).isTrue();
            assertThat(far.mean().get(0, 0)).isEqualTo(3);
            assertThat(far.mean().get(0, 1)).isEqualTo(4);
        }
    }
}
