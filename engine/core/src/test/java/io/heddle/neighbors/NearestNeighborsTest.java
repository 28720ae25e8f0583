package io.heddle.neighbors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.matrix.ReferenceTables;
import io.heddle.matrix.ReferenceTables.Table;
import io.heddle.neighbors.NearestNeighbors.Metric;
import io.heddle.neighbors.NearestNeighbors.Options;
import io.heddle.parallel.WorkerPool;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class NearestNeighborsTest {
    private static final ReferenceTables REFERENCE = ReferenceTables.read(NearestNeighborsTest.class, "neighbors.txt");

    private static Stream<Arguments> cases() {
        return REFERENCE.cases().stream()
                .flatMap(name -> Stream.of(Metric.values()).map(metric -> Arguments.of(name, metric)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithScikitLearn(String name, Metric metric) {
        String prefix = name + "/" + metric.name().toLowerCase(Locale.ROOT);
        try (FloatMatrix points = REFERENCE.get(name + "/points").toMatrix();
                FloatMatrix queries = REFERENCE.get(name + "/queries").toMatrix()) {
            for (String kind : new String[] {"within", "find"}) {
                Table indices = REFERENCE.get(prefix + "/" + kind + "/indices");
                Table distances = REFERENCE.get(prefix + "/" + kind + "/distances");
                Options options = Options.defaults().withMetric(metric).withNeighbors(indices.columns());
                Neighbors found = kind.equals("within")
                        ? NearestNeighbors.within(points, options)
                        : NearestNeighbors.find(queries, points, options);
                assertThat(found.rows()).isEqualTo(indices.rows());
                // A cosine has the rounding error of a float near 1.
                double error = metric == Metric.COSINE ? 3e-7 : 1e-5;
                for (int i = 0; i < found.rows(); i++) {
                    for (int rank = 0; rank < found.count(); rank++) {
                        double expected = distances.get(i, rank);
                        assertThat((double) found.distance(i, rank))
                                .isCloseTo(expected, within(error * (1 + expected)));
                        if (stands(distances, i, rank, 2 * error * (1 + expected))) {
                            assertThat(found.index(i, rank)).isEqualTo((int) indices.get(i, rank));
                        }
                    }
                }
            }
        }
    }

    /** Whether a distance differs from its neighbours' by more than rounding, so that its rank is certain. */
    private static boolean stands(Table distances, int row, int rank, double margin) {
        boolean fromBefore = rank == 0 || distances.get(row, rank) - distances.get(row, rank - 1) > margin;
        return fromBefore
                && rank + 1 < distances.columns()
                && distances.get(row, rank + 1) - distances.get(row, rank) > margin;
    }

    private static FloatMatrix grid(int n, int d, int values, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        FloatMatrix x = FloatMatrix.allocate(n, d);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < d; j++) {
                x.set(i, j, random.nextInt(values) - (values - 1) / 2);
            }
        }
        return x;
    }

    /** Small integers: all distances are exact, and nearly all are shared by many. */
    @ParameterizedTest
    @EnumSource(Metric.class)
    void tiesAreSortedByRowNumber(Metric metric) {
        // Rows of length 4 or 128 for the cosine, so that their scaling and all products are exact.
        checkTies(metric, 1000, metric == Metric.COSINE ? 16 : 8);
        // Rows so long that a block is packed in parts.
        checkTies(metric, 100, 16_384);
    }

    /** More blocks of rows than those for which a block is packed once. */
    @Tag("slow")
    @ParameterizedTest
    @EnumSource(Metric.class)
    void tiesOfManyBlocksAreSortedByRowNumber(Metric metric) {
        checkTies(metric, 2500, metric == Metric.COSINE ? 16 : 8);
    }

    /** So many rows that the search orders them. */
    @ParameterizedTest
    @EnumSource(Metric.class)
    void tiesOfOrderedRowsAreSortedByRowNumber(Metric metric) {
        int k = 11;
        int n = PairSearch.ORDERED_ROWS + 77;
        try (FloatMatrix x = exact(metric, n, metric == Metric.COSINE ? 16 : 8)) {
            Options options = Options.defaults().withMetric(metric);
            Neighbors found = NearestNeighbors.within(x, options.withNeighbors(k));
            Neighbors withSelf =
                    NearestNeighbors.within(x, options.withNeighbors(k + 1).withIncludeSelf(true));
            // A search among other points is not ordered.
            Neighbors expected = NearestNeighbors.find(x, x, options.withNeighbors(k + 1));

            assertThat(PairSearch.order(x, WorkerPool.shared())).isNotEqualTo(PairSearch.unordered(x));
            assertThat(withSelf.indices()).isEqualTo(expected.indices());
            assertThat(withSelf.distances()).isEqualTo(expected.distances());
            for (int i = 0; i < n; i++) {
                int self = i;
                int[] others = java.util.stream.IntStream.rangeClosed(0, k)
                        .map(rank -> expected.index(self, rank))
                        .filter(j -> j != self)
                        .limit(k)
                        .toArray();
                assertThat(java.util.Arrays.copyOfRange(found.indices(), i * k, (i + 1) * k))
                        .isEqualTo(others);
            }
        }
    }

    /** Small integers, or −1 and 1 for the cosine. */
    private static FloatMatrix exact(Metric metric, int n, int d) {
        FloatMatrix x = grid(n, d, metric == Metric.COSINE ? 2 : 3, 3);
        for (int i = 0; metric == Metric.COSINE && i < n; i++) {
            for (int j = 0; j < d; j++) {
                x.set(i, j, x.get(i, j) == 0 ? -1 : 1);
            }
        }
        return x;
    }

    private static void checkTies(Metric metric, int n, int d) {
        int k = 11;
        try (FloatMatrix x = exact(metric, n, d)) {
            Neighbors found = NearestNeighbors.within(
                    x, Options.defaults().withMetric(metric).withNeighbors(k));
            Neighbors others = NearestNeighbors.find(
                    x, x, Options.defaults().withMetric(metric).withNeighbors(k + 1));
            for (int i = 0; i < n; i++) {
                int[] squares = new int[n];
                for (int j = 0; j < n; j++) {
                    for (int c = 0; c < d; c++) {
                        int difference = (int) (x.get(i, c) - x.get(j, c));
                        squares[j] += difference * difference;
                    }
                }
                int self = i;
                int[] expected = java.util.stream.IntStream.range(0, n)
                        .boxed()
                        .sorted(java.util.Comparator.<Integer>comparingInt(j -> squares[j])
                                .thenComparingInt(j -> j))
                        .mapToInt(j -> j)
                        .toArray();
                int[] withoutSelf =
                        java.util.Arrays.stream(expected).filter(j -> j != self).toArray();
                for (int rank = 0; rank < k; rank++) {
                    assertThat(found.index(i, rank)).isEqualTo(withoutSelf[rank]);
                    assertThat(others.index(i, rank)).isEqualTo(expected[rank]);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void theSameBitsForAnyNumberOfThreads(Metric metric) {
        SplittableRandom random = new SplittableRandom(1);
        try (FloatMatrix x = FloatMatrix.allocate(1700, 21)) {
            for (int i = 0; i < x.rows(); i++) {
                for (int j = 0; j < x.columns(); j++) {
                    x.set(i, j, (float) random.nextGaussian());
                }
            }
            Options options = Options.defaults().withMetric(metric);
            Neighbors expected = null;
            for (int threads : new int[] {1, 2, 5}) {
                try (WorkerPool pool = WorkerPool.of(threads)) {
                    Neighbors found = NearestNeighbors.within(x, options, pool);
                    expected = expected == null ? found : expected;
                    assertThat(found.indices()).isEqualTo(expected.indices());
                    assertThat(found.distances()).isEqualTo(expected.distances());
                    Neighbors queried = NearestNeighbors.find(x.rows(600, 1200), x, options.withNeighbors(16), pool);
                    for (int i = 0; i < 600; i++) {
                        assertThat(queried.index(i, 0)).isEqualTo(600 + i);
                        for (int rank = 0; rank < 15; rank++) {
                            assertThat(queried.index(i, rank + 1)).isEqualTo(found.index(600 + i, rank));
                        }
                    }
                }
            }
        }
    }

    @Test
    void aRowIsItsOwnNeighbourIfRequested() {
        try (FloatMatrix x = FloatMatrix.copyOf(new float[] {1, 0, 0, 1, 1, 1}, 3, 2)) {
            Neighbors found = NearestNeighbors.within(
                    x, Options.defaults().withNeighbors(3).withIncludeSelf(true));
            assertThat(found.indices()).containsExactly(0, 2, 1, 1, 2, 0, 2, 0, 1);
            assertThat(found.distance(0, 0)).isZero();
            assertThat(found.distance(0, 2)).isEqualTo(1);
        }
    }

    @Test
    void aRowOfZerosHasDistanceOneFromEveryOther() {
        try (FloatMatrix x = FloatMatrix.copyOf(new float[] {0, 0, 3, 4, -3, -4}, 3, 2)) {
            Neighbors found = NearestNeighbors.within(x, Options.defaults().withNeighbors(2));
            assertThat(found.indices()).containsExactly(1, 2, 0, 2, 0, 1);
            assertThat(found.distances()).containsExactly(1, 1, 1, 2, 1, 2);
        }
    }

    @Test
    void noQueriesHaveNoNeighbours() {
        try (FloatMatrix none = FloatMatrix.allocate(0, 3);
                FloatMatrix x = FloatMatrix.allocate(20, 3)) {
            assertThat(NearestNeighbors.find(none, x, Options.defaults()).rows())
                    .isZero();
        }
    }

    @Test
    void refusesInputThatDoesNotFit() {
        try (FloatMatrix x = grid(15, 3, 3, 1);
                FloatMatrix wide = grid(4, 4, 3, 1)) {
            Options options = Options.defaults();
            assertThatThrownBy(() -> NearestNeighbors.within(x, options))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("there are not 15 neighbours among 14 points");
            assertThatThrownBy(() -> NearestNeighbors.find(x, x, options.withNeighbors(16)))
                    .hasMessage("there are not 16 neighbours among 15 points");
            assertThatThrownBy(() -> NearestNeighbors.find(wide, x, options))
                    .hasMessage("queries of 4 columns do not fit points of 3 columns");
            assertThatThrownBy(() -> options.withNeighbors(0))
                    .hasMessage("the number of neighbours must be at least 1, not 0");
            x.set(3, 1, Float.NaN);
            for (Metric metric : Metric.values()) {
                assertThatThrownBy(() -> NearestNeighbors.within(
                                x, options.withNeighbors(2).withMetric(metric)))
                        .hasMessage(
                                "the matrix of points holds NaN in row 3, column 1; every value must be a finite number");
            }
        }
    }

    @Test
    void ranksAndRowsAreChecked() {
        try (FloatMatrix x = grid(5, 3, 3, 1)) {
            Neighbors found = NearestNeighbors.within(x, Options.defaults().withNeighbors(2));
            assertThatThrownBy(() -> found.index(0, 2)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> found.distance(5, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }
}
