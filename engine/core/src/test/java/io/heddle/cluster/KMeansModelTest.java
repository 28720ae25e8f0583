package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.cluster.KMeans.Distance;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KMeansModelTest {
    private static final List<String> NAMES = List.of("length", "width");

    /** The first centre is far from the origin, so most rows have larger products with it than with their own. */
    private static FloatMatrix centers(double magnitude) {
        float[] values = {9, 6, 0, 1, -1, -2, 2, 0};
        for (int i = 0; i < values.length; i++) {
            values[i] *= (float) magnitude;
        }
        return FloatMatrix.copyOf(values, 4, 2).withColumnNames(NAMES);
    }

    private static double measure(float[] row, FloatMatrix centers, int center, Distance distance) {
        double squares = 0;
        double product = 0;
        double length = 0;
        for (int j = 0; j < row.length; j++) {
            double c = centers.get(center, j);
            squares += (row[j] - c) * (row[j] - c);
            product += row[j] * c;
            length += c * c;
        }
        double own = Math.hypot(row[0], row[1]);
        return distance == Distance.EUCLIDEAN ? Math.sqrt(squares) : 1 - product / Math.sqrt(length) / own;
    }

    private static int nearest(float[] row, FloatMatrix centers, Distance distance) {
        int best = 0;
        for (int c = 1; c < centers.rows(); c++) {
            if (measure(row, centers, c, distance) < measure(row, centers, best, distance)) {
                best = c;
            }
        }
        return best;
    }

    /** Loose clusters, which products rank; tight ones; squares outside the range of float; and directions. */
    @ParameterizedTest
    @CsvSource({
        "1, 40, EUCLIDEAN",
        "1, 1e-9, EUCLIDEAN",
        "1e-30, NaN, EUCLIDEAN",
        "1e30, NaN, EUCLIDEAN",
        "1e-30, 4e-59, EUCLIDEAN",
        "1e30, 4e61, EUCLIDEAN",
        "1, 4, COSINE"
    })
    void rowsInEachKindOfMemoryHaveTheirNearestCenter(double magnitude, double inertia, Distance distance) {
        double[] weights = {10, 0, 10, 5};
        FloatMatrix centers = centers(magnitude);
        if (distance == Distance.COSINE) {
            for (int c = 0; c < 4; c++) {
                double length = Math.hypot(centers.get(c, 0), centers.get(c, 1));
                centers.set(c, 0, (float) (centers.get(c, 0) / length));
                centers.set(c, 1, (float) (centers.get(c, 1) / length));
            }
        }
        try (KMeansModel model = KMeansModel.of(centers, weights, inertia, 3, true, distance);
                FloatMatrix x = FloatMatrix.allocate(49, 2)) {
            for (int i = 0; i < 49; i++) {
                x.set(i, 0, (float) (magnitude * (0.11 + 1.5 * (i % 7 - 2))));
                x.set(i, 1, (float) (magnitude * (0.23 + 1.5 * (i / 7 - 2))));
            }
            int[] labels = model.predict(x);
            try (FloatMatrix distances = model.distances(x)) {
                for (int i = 0; i < 49; i++) {
                    float[] row = {x.get(i, 0), x.get(i, 1)};
                    int expected = nearest(row, centers, distance);
                    assertThat(labels[i]).isEqualTo(expected);
                    assertThat(model.predict(row)).isEqualTo(expected);
                    assertThat(model.predict(MemorySegment.ofArray(row))).isEqualTo(expected);
                    float[] rows = {-3e37f, row[0], row[1], 3e37f};
                    assertThat(model.predict(MemorySegment.ofArray(rows), Float.BYTES))
                            .isEqualTo(expected);
                    FloatBuffer buffer = FloatBuffer.wrap(rows, 1, 2);
                    assertThat(model.predict(buffer)).isEqualTo(expected);
                    assertThat(buffer.position()).isEqualTo(1);
                    for (int c = 0; c < 4; c++) {
                        double measured = measure(row, centers, c, distance);
                        assertThat((double) distances.get(i, c)).isCloseTo(measured, within(1e-5 * magnitude));
                    }
                }
            }
        }
    }

    /** Products of floats cannot rank centres so near to each other and so far from zero. */
    @ParameterizedTest
    @CsvSource({"50, 1", "50, NaN", "0, 1"})
    void tightClustersAreRankedByDifferences(double weight, double inertia) {
        double[] weights = weight == 0 ? new double[0] : new double[] {weight, weight, weight, weight};
        float[] values = {1e6f, 0, 1e6f, 1, -1e6f, 0, -1e6f, 1};
        try (KMeansModel model = KMeansModel.of(FloatMatrix.copyOf(values, 4, 2), weights, inertia, 1, true);
                FloatMatrix x = FloatMatrix.allocate(200, 2)) {
            for (int i = 0; i < 200; i++) {
                x.set(i, 0, values[i % 4 * 2]);
                x.set(i, 1, i % 2 + (i % 7 - 3) / 10f);
            }
            int[] labels = model.predict(x);
            float[] row = new float[2];
            for (int i = 0; i < 200; i++) {
                x.getRow(i, row);
                assertThat(labels[i]).isEqualTo(i % 4);
                assertThat(model.predict(row)).isEqualTo(i % 4);
                assertThat(model.predict(FloatBuffer.wrap(row))).isEqualTo(i % 4);
            }
        }
    }

    @Test
    void oneColumnIsEnough() {
        try (KMeansModel model = KMeansModel.of(FloatMatrix.copyOf(new float[] {1, 4}, 2, 1), Double.NaN, 1, true)) {
            assertThat(model.inputs()).isEqualTo(1);
            assertThat(model.predict(new float[] {2})).isZero();
            assertThat(model.predict(new float[] {3})).isEqualTo(1);
        }
    }

    @Test
    void theLowestOfEqualCentersIsTheNearest() {
        float[] values = {5, 5, 1, 1, 1, 1};
        for (double inertia : new double[] {Double.NaN, 30}) {
            try (KMeansModel model =
                    KMeansModel.of(FloatMatrix.copyOf(values, 3, 2), new double[] {1, 1, 1}, inertia, 1, true)) {
                assertThat(model.predict(new float[] {1, 2})).isEqualTo(1);
            }
        }
    }

    @Test
    void holdsItsParts() {
        double[] weights = {10, 0, 10, 0};
        try (KMeansModel model = KMeansModel.of(centers(1), weights, 40, 3, true);
                KMeansModel withoutWeights = KMeansModel.of(centers(1), 40, 3, false)) {
            assertThat(model.clusters()).isEqualTo(4);
            assertThat(model.inputs()).isEqualTo(2);
            assertThat(model.featureNames()).isEqualTo(NAMES);
            assertThat(model.weights()).isEqualTo(weights).isNotSameAs(weights);
            assertThat(model.emptyClusters()).containsExactly(1, 3);
            assertThat(model.distance()).isEqualTo(Distance.EUCLIDEAN);
            assertThat(model.inertia()).isEqualTo(40);
            assertThat(model.iterations()).isEqualTo(3);
            assertThat(model.converged()).isTrue();
            assertThat(model.labels()).isEmpty();
            assertThat(model).hasToString("KMeansModel[4 clusters of 2 columns, inertia 40.0]");
            assertThat(withoutWeights.converged()).isFalse();
            assertThat(withoutWeights.weights()).isEmpty();
            assertThat(withoutWeights.emptyClusters()).isEmpty();
        }
    }

    @Test
    void oneCenterIsTheNearestOfAllRows() {
        try (KMeansModel model = KMeansModel.of(FloatMatrix.copyOf(new float[] {3, 4}, 1, 2), Double.NaN, 1, true);
                FloatMatrix x = FloatMatrix.allocate(3, 2)) {
            assertThat(model.predict(x)).containsExactly(0, 0, 0);
            assertThat(model.predict(new float[] {100, -7})).isZero();
        }
    }

    private static void refused(String message, FloatMatrix centers, double... weights) {
        assertThatThrownBy(() -> KMeansModel.of(centers, weights, 1, 1, true))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(message);
    }

    @Test
    void refusesPartsThatDoNotFit() {
        try (FloatMatrix centers = centers(1);
                FloatMatrix noRows = FloatMatrix.allocate(0, 2);
                FloatMatrix noColumns = FloatMatrix.allocate(2, 0)) {
            refused("centres of 0 x 2 are no clustering", noRows);
            refused("centres of 2 x 0 are no clustering", noColumns);
            refused("3 weights do not pair with 4 centres", centers, 1, 1, 1);
            String message = "the weight of a centre must be a finite number of at least 0, not ";
            refused(message + "-1.0", centers, 1, -1, 1, 1);
            refused(message + "Infinity", centers, 1, 1, 1, Double.POSITIVE_INFINITY);
        }
    }

    @Test
    void refusesRowsThatDoNotFit() {
        try (KMeansModel model = KMeansModel.of(centers(1), Double.NaN, 1, true);
                FloatMatrix x = FloatMatrix.allocate(2, 2);
                FloatMatrix wide = FloatMatrix.allocate(2, 3)) {
            FloatMatrix renamed = x.withColumnNames(NAMES.reversed());
            assertThatThrownBy(() -> model.predict(renamed))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("column 0 of the data is 'width', but 'length' in the training data");
            assertThatThrownBy(() -> model.distances(wide))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("data of 3 columns does not fit centres of 2 columns");
            assertThatThrownBy(() -> model.predict(MemorySegment.ofArray(new float[3])))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("a row of 12 bytes does not fit a model of 2 floats");
            x.set(1, 0, Float.POSITIVE_INFINITY);
            assertThatThrownBy(() -> model.predict(x))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("Infinity in row 1, column 0");
            assertThatThrownBy(() -> model.distances(x))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("Infinity in row 1, column 0");
        }
    }

    @Test
    void aClosedModelMapsNoRows() {
        KMeansModel model = KMeansModel.of(centers(1), Double.NaN, 1, true);
        float[] row = {1, 2};
        model.predict(row);
        model.close();
        assertThatThrownBy(() -> model.predict(row)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(model::warmUp).isInstanceOf(IllegalStateException.class);
    }
}
