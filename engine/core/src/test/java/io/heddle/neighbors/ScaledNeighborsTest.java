package io.heddle.neighbors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.matrix.ReferenceTables;
import io.heddle.matrix.ReferenceTables.Table;
import io.heddle.metrics.Silhouette;
import io.heddle.neighbors.NearestNeighbors.Metric;
import io.heddle.neighbors.NearestNeighbors.Options;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Columns of large offset or spread, against float64. */
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
    void findsTheNeighborsThatDoublesFind(String name) {
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
    void findsTheDirectionsThatDoublesFind(String name) {
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
    void scoresAsDoublesDo(String name) {
        int[] labels = Arrays.stream(REFERENCE.get(name + "/labels").values())
                .mapToInt(v -> (int) v)
                .toArray();
        try (FloatMatrix x = REFERENCE.get(name + "/x").toMatrix()) {
            assertThat(Silhouette.score(x, labels, Silhouette.Options.defaults()))
                    .isCloseTo(REFERENCE.number(name + "/silhouette"), within(1e-5));
        }
    }

    @Test
    void aSilhouetteRefusesWhatItCannotSquare() {
        try (FloatMatrix x = FloatMatrix.allocate(10, 2)) {
            x.set(3, 1, 1e20f);
            int[] labels = IntStream.range(0, 10).map(i -> i % 2).toArray();
            assertThatThrownBy(() -> Silhouette.score(x, labels, Silhouette.Options.defaults()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("too large for a silhouette");
        }
    }
}
