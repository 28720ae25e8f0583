package io.heddle.neighbors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.matrix.ReferenceTables;
import io.heddle.matrix.ReferenceTables.Table;
import io.heddle.matrix.ScaledColumns;
import io.heddle.metrics.Silhouette;
import io.heddle.neighbors.NearestNeighbors.Metric;
import io.heddle.neighbors.NearestNeighbors.Options;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares columns of large offset or spread with float64. */
class ScaledNeighborsTest {
    private static final ReferenceTables REFERENCE =
            ReferenceTables.read(Silhouette.class, "/io/heddle/cluster/scaled.txt");

    static Iterable<String> cases() {
        return REFERENCE.cases();
    }

    private static void assertNearest(Neighbors found, Table expected, double relative, double absolute) {
        for (int i = 0; i < expected.rows(); i++) {
            for (int rank = 0; rank < expected.columns(); rank++) {
                double distance = expected.get(i, rank);
                assertThat((double) found.distance(i, rank))
                        .isCloseTo(distance, within(relative * distance + absolute));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void neighborsAgreeWithFloat64(String name) {
        Table expected = REFERENCE.get(name + "/euclidean");
        Options options = Options.defaults().withNeighbors(5).withMetric(Metric.EUCLIDEAN);
        try (FloatMatrix x = REFERENCE.get(name + "/x").toMatrix()) {
            assertNearest(NearestNeighbors.within(x, options), expected, 1e-4, 0);
            // Against a second matrix each row is its own nearest.
            Neighbors found = NearestNeighbors.find(x, x, options.withNeighbors(6));
            for (int i = 0; i < expected.rows(); i++) {
                assertThat(found.distance(i, 0)).isZero();
                double distance = expected.get(i, 4);
                assertThat((double) found.distance(i, 5)).isCloseTo(distance, within(1e-4 * distance));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void directionsAgreeWithFloat64(String name) {
        Table expected = REFERENCE.get(name + "/cosine");
        Options options = Options.defaults().withNeighbors(5);
        try (FloatMatrix x = REFERENCE.get(name + "/x").toMatrix()) {
            Neighbors found = NearestNeighbors.within(x, options);
            if (name.equals("wide") || name.equals("tiny")) {
                // Products of floats.
                assertNearest(found, expected, 1e-4, 3e-7);
                return;
            }
            double widest = Arrays.stream(expected.values()).max().orElse(0);
            for (int i = 0; i < expected.rows(); i++) {
                for (int rank = 0; rank < 5; rank++) {
                    // Directions from their mean are floats: to 10⁻⁷ of their spread, which is wider than this.
                    double distance = Math.sqrt(expected.get(i, rank));
                    assertThat(Math.sqrt(found.distance(i, rank)))
                            .isCloseTo(distance, within(1e-3 * distance + 3e-7 * Math.sqrt(widest)));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void scoresAgreeWithFloat64(String name) {
        int[] labels = Arrays.stream(REFERENCE.get(name + "/labels").values())
                .mapToInt(v -> (int) v)
                .toArray();
        try (FloatMatrix x = REFERENCE.get(name + "/x").toMatrix()) {
            assertThat(Silhouette.score(x, labels, Silhouette.Options.defaults()))
                    .isCloseTo(REFERENCE.number(name + "/silhouette"), within(1e-5));
        }
    }

    /** The spread is that of the huge value, so the search scales all rows. */
    @ParameterizedTest
    @ValueSource(ints = {0, 100, 299})
    void oneHugeRowHidesNoNeighbours(int huge) {
        Options three = Options.defaults().withNeighbors(3).withMetric(Metric.EUCLIDEAN);
        SplittableRandom random = new SplittableRandom(4);
        try (FloatMatrix x = FloatMatrix.allocate(300, 2)) {
            for (int i = 0; i < x.rows(); i++) {
                for (int j = 0; j < x.columns(); j++) {
                    x.set(i, j, i == huge ? 1e20f : (float) random.nextDouble());
                }
            }
            double[][] rows = ScaledColumns.toDoubles(x);
            Neighbors within = NearestNeighbors.within(x, three);
            for (int i = 0; i < rows.length; i++) {
                double[] from = rows[i];
                double[] sorted = sortedDistances(rows, from);
                for (int rank = 0; rank < 3 && i != huge; rank++) {
                    assertThat((double) within.distance(i, rank)).isCloseTo(sorted[rank + 1], within(1e-5));
                    assertThat(length(rows[within.index(i, rank)], from)).isCloseTo(sorted[rank + 1], within(1e-5));
                }
            }
        }
    }

    /** Rasters mark missing values by -3.4e38. Scaled by its spread, the others are below the smallest float. */
    @ParameterizedTest
    @ValueSource(doubles = {1, 1e-5, 1e-7, 1e-15})
    void valuesThatMarkMissingOnesHideNoNeighbours(double unit) {
        Options two = Options.defaults().withNeighbors(2).withMetric(Metric.EUCLIDEAN);
        SplittableRandom random = new SplittableRandom(6);
        try (FloatMatrix x = FloatMatrix.allocate(200, 2)) {
            for (int i = 0; i < x.rows(); i++) {
                for (int j = 0; j < x.columns(); j++) {
                    x.set(i, j, i == 0 && j == 0 ? -Float.MAX_VALUE : (float) (unit * random.nextDouble()));
                }
            }
            x.set(1, 0, Float.MAX_VALUE);
            double[][] rows = ScaledColumns.toDoubles(x);
            Neighbors within = NearestNeighbors.within(x, two);
            Neighbors found = NearestNeighbors.find(x, x, two);
            for (int i = 2; i < rows.length; i++) {
                double[] sorted = sortedDistances(rows, rows[i]);
                assertThat((double) within.distance(i, 0)).isCloseTo(sorted[1], within(1e-6 * unit));
                assertThat((double) within.distance(i, 1)).isCloseTo(sorted[2], within(1e-6 * unit));
                assertThat((double) found.distance(i, 0)).isZero();
                assertThat((double) found.distance(i, 1)).isCloseTo(sorted[1], within(1e-6 * unit));
                assertThat(length(rows[within.index(i, 0)], rows[i])).isCloseTo(sorted[1], within(1e-6 * unit));
            }
            // Nearer than the row at the other end of the range.
            assertThat(within.distance(0, 1)).isEqualTo(Float.MAX_VALUE);
            assertThat(within.index(0, 0)).isGreaterThan(1);
        }
    }

    /** A sample of every seventh row would have huge values only. */
    @Test
    void hugeValuesInPeriodicRowsHideNoNeighbours() {
        SplittableRandom random = new SplittableRandom(5);
        try (FloatMatrix x = FloatMatrix.allocate(7 * 255, 2)) {
            for (int i = 0; i < x.rows(); i++) {
                x.set(i, 0, i % 7 == 0 ? -1e20f : (float) random.nextDouble());
                x.set(i, 1, (float) random.nextDouble());
            }
            double[][] rows = ScaledColumns.toDoubles(x);
            Neighbors found = NearestNeighbors.within(
                    x, Options.defaults().withNeighbors(1).withMetric(Metric.EUCLIDEAN));
            for (int i = 1; i < rows.length; i += 7) {
                assertThat(length(rows[found.index(i, 0)], rows[i]))
                        .isCloseTo(sortedDistances(rows, rows[i])[1], within(1e-5));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-40, 1e-15, 1e20, 1e37})
    void anIndexRefusesMagnitudesWhoseSquaresLeaveTheRangeOfFloat(double magnitude) {
        try (FloatMatrix x = ScaledColumns.of(magnitude)) {
            int[] labels = new int[(int) x.rows()];
            assertThatThrownBy(() -> NeighborIndex.of(x, labels, 1))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("scale the rows to about 1");
        }
    }

    /** Squares of these differences are 0 in float; the longest row has length 1. */
    @ParameterizedTest
    @ValueSource(floats = {1e-40f, 1e-24f, 1e-19f, 1e-12f})
    void anIndexRanksRowsWhoseDistancesHaveNoSquareInFloat(float unit) {
        float[] values = {1, 0, unit, unit, unit * 3, 0, unit * 9, 0};
        try (FloatMatrix x = FloatMatrix.copyOf(values, 4, 2);
                NeighborIndex index = NeighborIndex.of(x, new int[] {0, 1, 2, 3}, 2)) {
            int[] ids = new int[2];
            float[] distances = new float[2];
            float[] row = {unit * 9, 0};
            index.nearest(row, ids, distances);
            assertThat(ids).containsExactly(3, 2);
            assertThat(distances[0]).isZero();
            assertThat(distances[1]).isCloseTo(6 * unit, within(1e-6f * unit));
            assertThat(index.predict(row)).isEqualTo(3);
            float[] second = {unit * 3, 0};
            index.nearest(second, ids, distances);
            assertThat(ids).containsExactly(2, 1);
            assertThat(distances[1]).isCloseTo((float) Math.sqrt(5) * unit, within(1e-6f * unit));
        }
        try (FloatMatrix x = FloatMatrix.copyOf(values, 4, 2);
                NeighborIndex index = NeighborIndex.of(x, new int[] {0, 1, 2, 3}, 4)) {
            int[] ids = new int[4];
            float[] distances = new float[4];
            index.nearest(new float[] {unit * 9, 0}, ids, distances);
            // The last distance has a square in float.
            assertThat(ids).containsExactly(3, 2, 1, 0);
            assertThat(distances[1]).isCloseTo(6 * unit, within(1e-6f * unit));
            assertThat(distances[3]).isEqualTo(1);
        }
    }

    @Test
    void anIndexRefusesRowsTooFarAwayForSquaresInFloat() {
        float[] row = {1e20f, 0};
        float[] values = {1, 0, 2, 0, 1e18f, 0};
        try (FloatMatrix x = FloatMatrix.copyOf(values, 3, 2);
                NeighborIndex index = NeighborIndex.of(x, new int[3], 2)) {
            assertThatThrownBy(() -> index.predict(row))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("exceeds the range of float");
            assertThatThrownBy(() -> index.nearest(row, new int[2], new float[2]))
                    .isInstanceOf(InvalidInputException.class);
            // The nearest row is within the range, the second is not.
            float[] beside = {1.9e19f, 0};
            assertThatThrownBy(() -> index.predict(beside)).isInstanceOf(InvalidInputException.class);
            assertThat(index.predict(new float[] {1e18f, 0})).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-40, 1e-30, 1e-22, 1, 1e15, 1e20, 1e37})
    void agreesWithFloat64AtEveryMagnitude(double magnitude) {
        NearestNeighbors.Options three =
                NearestNeighbors.Options.defaults().withNeighbors(3).withMetric(NearestNeighbors.Metric.EUCLIDEAN);
        try (FloatMatrix x = ScaledColumns.of(magnitude);
                FloatMatrix queries = x.copy()) {
            double[][] rows = ScaledColumns.toDoubles(x);
            Neighbors within = NearestNeighbors.within(x, three);
            Neighbors found = NearestNeighbors.find(queries, x, three);
            for (int i = 0; i < rows.length; i++) {
                double[] from = rows[i];
                double[] sorted = sortedDistances(rows, from);
                for (int rank = 0; rank < 3; rank++) {
                    Offset<Double> tolerance = within(1e-5 * magnitude);
                    assertThat((double) within.distance(i, rank)).isCloseTo(sorted[rank + 1], tolerance);
                    assertThat((double) found.distance(i, rank)).isCloseTo(sorted[rank], tolerance);
                    assertThat(length(rows[found.index(i, rank)], from)).isCloseTo(sorted[rank], tolerance);
                }
            }
        }
    }

    private static double[] sortedDistances(double[][] rows, double[] from) {
        return Arrays.stream(rows)
                .mapToDouble(row -> length(row, from))
                .sorted()
                .toArray();
    }

    private static double length(double[] a, double[] b) {
        return Math.hypot(a[0] - b[0], a[1] - b[1]);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-40, 1e-30, 1e-22, 1, 1e15, 1e20, 1e37})
    void silhouettesAgreeWithFloat64AtEveryMagnitude(double magnitude) {
        try (FloatMatrix x = ScaledColumns.of(magnitude)) {
            double[][] rows = ScaledColumns.toDoubles(x);
            int n = rows.length;
            int[] labels = IntStream.range(0, n)
                    .map(i -> i < ScaledColumns.HALF ? 0 : 1)
                    .toArray();
            double expected = 0;
            for (double[] row : rows) {
                double[] means = {0, 0};
                for (int i = 0; i < n; i++) {
                    means[labels[i]] += length(row, rows[i]);
                }
                boolean first = Arrays.asList(rows).indexOf(row) < ScaledColumns.HALF;
                double a = means[first ? 0 : 1] / (ScaledColumns.HALF - 1);
                double b = means[first ? 1 : 0] / ScaledColumns.HALF;
                expected += (b - a) / Math.max(a, b) / n;
            }
            assertThat(Silhouette.score(x, labels, Silhouette.Options.defaults()))
                    .isCloseTo(expected, within(1e-5));
        }
    }

    @Test
    void namesColumnsThatRoundingHasFlattened() {
        try (FloatMatrix x = FloatMatrix.allocate(20, 1)) {
            for (int i = 0; i < 20; i++) {
                x.set(i, 0, 1_700_000_000f + 10 * i);
            }
            int[] labels = IntStream.range(0, 20).map(i -> i % 2).toArray();
            assertThatThrownBy(() -> Silhouette.score(x, labels, Silhouette.Options.defaults()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("column 0");
            assertThatThrownBy(() -> NearestNeighbors.within(
                            x, NearestNeighbors.Options.defaults().withMetric(NearestNeighbors.Metric.EUCLIDEAN)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("column 0");
        }
    }
}
