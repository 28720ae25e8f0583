package io.heddle.internal.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.internal.columns.ColumnMoments;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** Compares the kernels of PCA and k-means with their scalar twins. */
class ClusterKernelsTest {
    private static final Kernels FAST = new VectorKernels();
    private static final Kernels PLAIN = new ScalarKernels();

    private static FloatMatrix random(int rows, int columns, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        FloatMatrix m = FloatMatrix.allocate(rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                m.set(i, j, (float) random.nextDouble(-4, 4));
            }
        }
        return m;
    }

    @Property(tries = 200)
    void sumsEqualTheirTwins(
            @ForAll @IntRange(min = 0, max = 200) int n,
            @ForAll @IntRange(min = 0, max = 5) int from,
            @ForAll long seed) {
        double[] fast = new SplittableRandom(seed).doubles(n + from + 3, -9, 9).toArray();
        double[] plain = fast.clone();
        try (FloatMatrix x = random(1, n, seed)) {
            double squares = FAST.addToSums(x.segment(), 0, n, fast, from);
            assertThat(squares)
                    .isCloseTo(PLAIN.addToSums(x.segment(), 0, n, plain, from), within(1e-12 * (1 + squares)));
            assertThat(fast).isEqualTo(plain);
            FAST.subtractFromSums(x.segment(), 0, n, fast, from);
            FAST.subtractFromSums(x.segment(), 0, n, fast, from);
            PLAIN.subtractFromSums(x.segment(), 0, n, plain, from);
            PLAIN.subtractFromSums(x.segment(), 0, n, plain, from);
            assertThat(fast).isEqualTo(plain);
        }
    }

    @Property(tries = 200)
    void minimumBiasedIsTheFirstOfEquals(
            @ForAll @IntRange(min = 0, max = 9) int rows,
            @ForAll @IntRange(min = 1, max = 70) int n,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (FloatMatrix scores = FloatMatrix.allocate(rows, n);
                FloatMatrix bias = FloatMatrix.allocate(1, n)) {
            // Few distinct values cause ties; padding of −∞ would be the minimum if it were used.
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < n; j++) {
                    scores.set(i, j, random.nextInt(4));
                }
            }
            for (int j = 0; j < n; j++) {
                bias.set(0, j, random.nextInt(3) + 5);
            }
            int[] fast = new int[rows + 2];
            int[] plain = new int[rows + 2];
            float[] fastValues = new float[rows + 2];
            float[] plainValues = new float[rows + 2];
            FAST.minimumBiased(scores.segment(), 0, scores.offset(1), rows, n, bias.segment(), 0, fast, fastValues, 1);
            PLAIN.minimumBiased(
                    scores.segment(), 0, scores.offset(1), rows, n, bias.segment(), 0, plain, plainValues, 1);
            assertThat(fast).isEqualTo(plain);
            assertThat(fastValues).isEqualTo(plainValues);
            for (int i = 0; i < rows; i++) {
                float minimum = scores.get(i, plain[i + 1]) + bias.get(0, plain[i + 1]);
                assertThat(plainValues[i + 1]).isEqualTo(minimum);
                for (int j = 0; j < n; j++) {
                    assertThat(scores.get(i, j) + bias.get(0, j))
                            .isGreaterThanOrEqualTo(j < plain[i + 1] ? Math.nextUp(minimum) : minimum);
                }
            }
        }
    }

    @Property(tries = 100)
    void columnsBelowFindsAll(
            @ForAll @IntRange(min = 1, max = 70) int n,
            @ForAll @IntRange(min = 0, max = 9) int limit,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (FloatMatrix scores = FloatMatrix.allocate(1, n);
                FloatMatrix bias = FloatMatrix.allocate(1, n)) {
            for (int j = 0; j < n; j++) {
                scores.set(0, j, random.nextInt(5));
                bias.set(0, j, random.nextInt(5));
            }
            int[] expected = java.util.stream.IntStream.range(0, n)
                    .filter(j -> scores.get(0, j) + bias.get(0, j) < limit)
                    .toArray();
            for (Kernels kernels : new Kernels[] {FAST, PLAIN}) {
                int[] columns = new int[n];
                int count = kernels.columnsBelow(scores.segment(), 0, n, bias.segment(), 0, limit, columns);
                assertThat(java.util.Arrays.copyOf(columns, count)).isEqualTo(expected);
            }
        }
    }

    @Test
    void minimumBiasedOfNothingButNaNIsTheFirst() {
        for (int n : new int[] {1, 15, 16, 40}) {
            try (FloatMatrix scores = FloatMatrix.allocate(1, n);
                    FloatMatrix bias = FloatMatrix.allocate(1, n)) {
                for (int j = 0; j < n; j++) {
                    scores.set(0, j, Float.NaN);
                }
                for (Kernels kernels : new Kernels[] {FAST, PLAIN}) {
                    int[] column = {-1};
                    kernels.minimumBiased(
                            scores.segment(), 0, scores.offset(1), 1, n, bias.segment(), 0, column, new float[1], 0);
                    assertThat(column[0]).isZero();
                }
            }
        }
    }

    @Property(tries = 200)
    void squaredDistancesAreWithinTheErrorBound(
            @ForAll @IntRange(min = 1, max = 11) int m,
            @ForAll @IntRange(min = 1, max = 150) int n,
            @ForAll long seed) {
        try (FloatMatrix x = random(1, n, seed);
                FloatMatrix others = random(m, n, seed + 1)) {
            float[] fast = new float[m + 1];
            float[] plain = new float[m + 1];
            FAST.squaredDistances(x.segment(), 0, others.segment(), 0, others.offset(1), m, n, fast, 1);
            PLAIN.squaredDistances(x.segment(), 0, others.segment(), 0, others.offset(1), m, n, plain, 1);
            for (int r = 0; r < m; r++) {
                double exact = 0;
                for (int j = 0; j < n; j++) {
                    double d = x.get(0, j) - others.get(r, j);
                    exact += d * d;
                }
                assertThat((double) fast[r + 1]).isCloseTo(exact, within((n + 1) * 0x1p-23 * exact));
                assertThat((double) plain[r + 1]).isCloseTo(exact, within((n + 1) * 0x1p-23 * exact));
            }
        }
    }

    @Property(tries = 100)
    void theDistanceOfTwoRowsIsIndependentOfOtherRows(
            @ForAll @IntRange(min = 1, max = 9) int m, @ForAll @IntRange(min = 1, max = 150) int n, @ForAll long seed) {
        try (FloatMatrix x = random(1, n, seed);
                FloatMatrix others = random(m, n, seed + 1)) {
            float[] together = new float[m];
            FAST.squaredDistances(x.segment(), 0, others.segment(), 0, others.offset(1), m, n, together, 0);
            for (int r = 0; r < m; r++) {
                float[] alone = new float[1];
                FAST.squaredDistances(x.segment(), 0, others.segment(), others.offset(r), 0, 1, n, alone, 0);
                assertThat(alone[0]).isEqualTo(together[r]);
            }
        }
    }

    /** Elements behind a row are read if there are any, but do not count. */
    @Property(tries = 200)
    void theDistanceOfTwoRowsIsIndependentOfTheMemoryBehindThem(
            @ForAll @IntRange(min = 1, max = 9) int m, @ForAll @IntRange(min = 1, max = 70) int n, @ForAll long seed) {
        try (FloatMatrix x = random(1, n, seed);
                FloatMatrix others = random(m, n, seed + 1);
                Arena arena = Arena.ofShared()) {
            float[] padded = new float[m];
            FAST.squaredDistances(x.segment(), 0, others.segment(), 0, others.offset(1), m, n, padded, 0);
            long bytes = (long) n * Float.BYTES;
            MemorySegment row = arena.allocate(bytes);
            MemorySegment rows = arena.allocate(m * bytes);
            MemorySegment noise = arena.allocate(m * bytes + 64);
            noise.asSlice(m * bytes).fill((byte) -1);
            MemorySegment.copy(x.segment(), 0, row, 0, bytes);
            for (int r = 0; r < m; r++) {
                MemorySegment.copy(others.segment(), others.offset(r), rows, r * bytes, bytes);
                MemorySegment.copy(others.segment(), others.offset(r), noise, r * bytes, bytes);
            }
            float[] exact = new float[m];
            FAST.squaredDistances(row, 0, rows, 0, bytes, m, n, exact, 0);
            assertThat(exact).containsExactly(padded);
            FAST.squaredDistances(x.segment(), 0, rows, 0, bytes, m, n, exact, 0);
            assertThat(exact).containsExactly(padded);
            FAST.squaredDistances(x.segment(), 0, noise, 0, bytes, m, n, exact, 0);
            assertThat(exact).containsExactly(padded);
        }
    }

    @Property(tries = 100)
    void lowerBoundsPicksTheRowsBelowTheirLimit(
            @ForAll @IntRange(min = 0, max = 40) int rows,
            @ForAll @IntRange(min = 1, max = 3) int vectors,
            @ForAll long seed) {
        int n = 16 * vectors;
        SplittableRandom random = new SplittableRandom(seed);
        float[] limits = new float[rows + 2];
        for (int i = 0; i < limits.length; i++) {
            limits[i] = (float) random.nextDouble(-4, 2);
        }
        try (FloatMatrix fast = random(rows, n, seed);
                FloatMatrix plain = fast.copy();
                FloatMatrix by = random(1, n, seed + 1)) {
            if (rows > 1) {
                fast.set(1, 0, Float.NEGATIVE_INFINITY);
                plain.set(1, 0, Float.NEGATIVE_INFINITY);
            }
            int[] fastPicked = new int[rows];
            int[] plainPicked = new int[rows];
            int count =
                    FAST.lowerBounds(fast.segment(), 0, fast.offset(1), rows, n, by.segment(), limits, 2, fastPicked);
            assertThat(count)
                    .isEqualTo(PLAIN.lowerBounds(
                            plain.segment(), 0, plain.offset(1), rows, n, by.segment(), limits, 2, plainPicked));
            assertThat(fastPicked).isEqualTo(plainPicked);
            assertThat(fast.segment().mismatch(plain.segment())).isEqualTo(-1);
        }
    }

    @Property(tries = 100)
    void blendEqualsItsTwin(@ForAll @IntRange(min = 0, max = 100) int n, @ForAll boolean replace, @ForAll long seed) {
        double[] sums = new SplittableRandom(seed).doubles(n + 2, -30, 30).toArray();
        double keep = replace ? 0 : 0.75;
        try (FloatMatrix fast = random(1, n, seed);
                FloatMatrix plain = fast.copy();
                FloatMatrix before = fast.copy()) {
            double change = FAST.blend(keep, fast.segment(), 0, n, 0.125, sums, 2);
            assertThat(PLAIN.blend(keep, plain.segment(), 0, n, 0.125, sums, 2))
                    .isCloseTo(change, within(1e-12 * change));
            double expected = 0;
            for (int i = 0; i < n; i++) {
                assertThat(fast.get(0, i)).isEqualTo(plain.get(0, i));
                float now = (float) (keep * before.get(0, i) + 0.125 * sums[i + 2]);
                assertThat(fast.get(0, i)).isCloseTo(now, within(1e-6f));
                expected += Math.pow((double) fast.get(0, i) - before.get(0, i), 2);
            }
            assertThat(change).isCloseTo(expected, within(1e-12 * expected));
        }
    }

    @Property(tries = 150)
    void productsInDoubleEqualTheirTwin(
            @ForAll @IntRange(min = 0, max = 13) int m,
            @ForAll @IntRange(min = 0, max = 60) int n,
            @ForAll @IntRange(min = 0, max = 20) int k,
            @ForAll boolean transposed,
            @ForAll boolean accumulate,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] a = random.doubles(m * k + 1, -1, 1).toArray();
        double[] b = random.doubles(k * (n + 2) + 1, -1, 1).toArray();
        double[] fast = random.doubles(m * (n + 3) + 2, -1, 1).toArray();
        double[] plain = fast.clone();
        int aRow = transposed ? 1 : k;
        int aStep = transposed ? m : 1;
        FAST.multiplyDoubles(m, n, k, a, 1, aRow, aStep, b, 1, n + 2, fast, 2, n + 3, accumulate);
        PLAIN.multiplyDoubles(m, n, k, a, 1, aRow, aStep, b, 1, n + 2, plain, 2, n + 3, accumulate);
        assertThat(fast).isEqualTo(plain);
    }

    @Property(tries = 150)
    void innerProductsInDoubleEqualTheirTwin(
            @ForAll @IntRange(min = 1, max = 13) int rows,
            @ForAll @IntRange(min = 0, max = 20) int steps,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int more = (int) (seed & 15);
        int n = steps * Kernels.DOUBLE_STEPS + more < Kernels.SHORT_DOUBLES
                ? steps * Kernels.DOUBLE_STEPS + more
                : steps * Kernels.DOUBLE_STEPS;
        double[] w = random.doubles(rows * (long) n, -1, 1).toArray();
        double[] x = random.doubles(n + 3, -1e6, 1e6).toArray();
        double[] fast = new double[rows + Kernels.DOUBLE_SCRATCH];
        double[] plain = new double[rows];
        FAST.dotsOfDoubles(w, rows, n, x, fast);
        PLAIN.dotsOfDoubles(w, rows, n, x, plain);
        for (int r = 0; r < rows; r++) {
            BigDecimal sum = BigDecimal.ZERO;
            double terms = 0;
            for (int i = 0; i < n; i++) {
                sum = sum.add(new BigDecimal(w[r * n + i]).multiply(new BigDecimal(x[i])));
                terms += Math.abs(w[r * n + i] * x[i]);
            }
            assertThat(fast[r]).isCloseTo(sum.doubleValue(), within(1e-15 * terms));
            assertThat(plain[r]).isCloseTo(sum.doubleValue(), within(1e-14 * terms));
        }
    }

    @Property(tries = 50)
    void momentsAgreeWithTheirDefinition(
            @ForAll @IntRange(min = 1, max = 600) int n,
            @ForAll @IntRange(min = 1, max = 40) int d,
            @ForAll long seed) {
        try (FloatMatrix x = random(n, d, seed)) {
            boolean far = seed % 2 == 0;
            for (int i = 0; far && i < n; i++) {
                for (int j = 0; j < d; j++) {
                    x.set(i, j, x.get(i, j) + 1e6f);
                }
            }
            ColumnMoments moments = ColumnMoments.of(x, "x", WorkerPool.shared());
            double deviations = 0;
            double largest = 0;
            for (int j = 0; j < d; j++) {
                double sum = 0;
                for (int i = 0; i < n; i++) {
                    sum += x.get(i, j);
                }
                assertThat(moments.mean()[j]).isCloseTo(sum / n, within(1e-14 * (far ? 1e6 : 1) * n));
                for (int i = 0; i < n; i++) {
                    deviations += Math.pow(x.get(i, j) - sum / n, 2);
                }
            }
            for (int i = 0; i < n; i++) {
                double squares = 0;
                for (int j = 0; j < d; j++) {
                    squares += (double) x.get(i, j) * x.get(i, j);
                }
                largest = Math.max(largest, squares);
            }
            assertThat(moments.squaredDeviations()).isCloseTo(deviations, within(1e-6 * deviations + 1e-9));
            assertThat(moments.largestSquaredNorm()).isCloseTo(largest, within(1e-12 * largest));
        }
    }

    @Test
    void momentsNameValuesThatAreNotFinite() {
        try (FloatMatrix x = random(700, 5, 1)) {
            x.set(600, 3, Float.NEGATIVE_INFINITY);
            x.set(699, 1, Float.NaN);
            Assertions.assertThatThrownBy(() -> ColumnMoments.of(x, "the data", WorkerPool.shared()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("the data holds -Infinity in row 600, column 3; every value must be a finite number");
        }
    }
}
