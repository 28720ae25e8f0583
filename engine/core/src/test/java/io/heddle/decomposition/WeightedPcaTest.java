package io.heddle.decomposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.decomposition.Pca.Options;
import io.heddle.decomposition.Pca.Solver;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A row of weight w is w rows, and the values of a row of weight 0 do not count. */
class WeightedPcaTest {
    private static final int ROWS = 400;
    private static final int COLUMNS = 24;
    private static final int COMPONENTS = 4;
    private static final WorkerPool POOL = WorkerPool.shared();

    /** Whole weights from 0 to 4. */
    private static double[] weights() {
        return IntStream.range(0, ROWS).mapToDouble(i -> i % 5).toArray();
    }

    /** @param placeholder values of the rows of weight 0 */
    private static float[][] rows(double size, double offset, double placeholder) {
        Random random = new Random(7);
        float[][] rows = new float[ROWS][COLUMNS];
        for (int i = 0; i < ROWS; i++) {
            double[] hidden =
                    random.doubles(COMPONENTS, -1, 1).map(v -> v * v * v).toArray();
            for (int j = 0; j < COLUMNS; j++) {
                double value = 0.05 * random.nextGaussian();
                for (int k = 0; k < COMPONENTS; k++) {
                    value += hidden[k] * Math.cos(j * (k + 1.3)) * (1 + 3 * k);
                }
                rows[i][j] = (float) (i % 5 == 0 ? placeholder : size * value + offset);
            }
        }
        return rows;
    }

    private static FloatMatrix matrix(float[][] rows) {
        FloatMatrix x = FloatMatrix.allocate(rows.length, COLUMNS);
        for (int i = 0; i < rows.length; i++) {
            x.setRow(i, rows[i]);
        }
        return x;
    }

    private static float[][] repeated(float[][] rows) {
        return IntStream.range(0, ROWS)
                .flatMap(i -> IntStream.range(0, i % 5).map(copy -> i))
                .mapToObj(i -> rows[i])
                .toArray(float[][]::new);
    }

    private static void assertSame(PcaModel found, PcaModel expected, double tolerance) {
        assertThat(found.converged()).isTrue();
        assertThat(found.rows()).isEqualTo(expected.rows());
        for (int k = 0; k < COMPONENTS; k++) {
            double variance = expected.explainedVariance()[k];
            assertThat(found.explainedVariance()[k]).isCloseTo(variance, within(tolerance * variance));
            assertThat(found.explainedVarianceRatio()[k])
                    .isCloseTo(expected.explainedVarianceRatio()[k], within(tolerance));
            for (int j = 0; j < COLUMNS; j++) {
                assertThat(found.components().get(k, j))
                        .isCloseTo(expected.components().get(k, j), within((float) tolerance));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "COVARIANCE, false, 1, 0, -9999",
        "COVARIANCE, true, 1, 0, 9.97e36",
        "RANDOMIZED, false, 1, 3, 9.97e36",
        "RANDOMIZED, true, 1, 3, -9999",
        "COVARIANCE, false, 1e-15, 0, 1",
        "COVARIANCE, true, 1e15, 0, 0"
    })
    void wholeWeightsAreRepeatedRows(
            Solver solver, boolean standardize, double size, double offset, double placeholder) {
        Options options =
                Options.defaults().withComponents(COMPONENTS).withSolver(solver).withStandardize(standardize);
        float[][] rows = rows(size, offset, placeholder);
        try (FloatMatrix x = matrix(rows);
                FloatMatrix copies = matrix(repeated(rows));
                PcaModel found = Pca.fit(x, weights(), options, POOL);
                PcaModel expected = Pca.fit(copies, options, POOL)) {
            assertSame(found, expected, 2e-4);
            try (FloatMatrix z = found.transform(copies);
                    FloatMatrix known = expected.transform(copies)) {
                double deviation = Math.sqrt(expected.explainedVariance()[0]);
                for (int i = 0; i < z.rows(); i++) {
                    for (int k = 0; k < COMPONENTS; k++) {
                        assertThat((double) z.get(i, k)).isCloseTo(known.get(i, k), within(1e-3 * deviation));
                    }
                }
            }
        }
    }

    @Test
    void onlyTheRatiosOfOtherWeightsMatter() {
        Options options = Options.defaults().withComponents(COMPONENTS);
        double[] weights =
                IntStream.range(0, ROWS).mapToDouble(i -> 1e-3 * (i % 5)).toArray();
        double total = Arrays.stream(weights).sum();
        float[][] rows = rows(1, 2, -9999);
        try (FloatMatrix x = matrix(rows);
                PcaModel found = Pca.fit(x, weights, options, POOL);
                PcaModel doubled =
                        Pca.fit(x, Arrays.stream(weights).map(w -> 2 * w).toArray(), options, POOL)) {
            assertSame(doubled, found, 1e-6);
            long counted = Arrays.stream(weights).filter(w -> w > 0).count();
            assertThat(found.rows()).isEqualTo(counted);
            double whole = 0;
            for (int j = 0; j < COLUMNS; j++) {
                int column = j;
                double mean = IntStream.range(0, ROWS)
                                .mapToDouble(i -> weights[i] * rows[i][column])
                                .sum()
                        / total;
                whole += IntStream.range(0, ROWS)
                                .mapToDouble(i -> weights[i] * Math.pow(rows[i][column] - mean, 2))
                                .sum()
                        / total;
            }
            double expected = whole * counted / (counted - 1);
            assertThat(found.totalVariance()).isCloseTo(expected, within(1e-6 * expected));
        }
    }

    @Test
    void bytesHaveWeightsToo() {
        byte[] bytes = new byte[ROWS * COLUMNS];
        new Random(3).nextBytes(bytes);
        float[][] floats = new float[ROWS][COLUMNS];
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                // Components are the columns that keep all their bits, or their first ones.
                bytes[i * COLUMNS + j] &= (byte) (j < COMPONENTS ? 0xff >> j : 7);
                floats[i][j] = Byte.toUnsignedInt(bytes[i * COLUMNS + j]);
            }
        }
        Options options = Options.defaults().withComponents(COMPONENTS);
        try (ByteMatrix x = ByteMatrix.wrap(MemorySegment.ofArray(bytes), ROWS, COLUMNS, 1);
                FloatMatrix copies = matrix(repeated(floats));
                PcaModel found = Pca.fit(x, weights(), options, POOL);
                PcaModel expected = Pca.fit(copies, options, POOL)) {
            assertSame(found, expected, 2e-4);
        }
    }

    @Test
    void missingWeightsAreOnesAndBadOnesAreRefused() {
        Options options = Options.defaults().withComponents(2);
        try (FloatMatrix x = matrix(rows(1, 0, 0));
                PcaModel plain = Pca.fit(x, options, POOL);
                PcaModel none = Pca.fit(x, null, options, POOL)) {
            assertThat(none.explainedVariance()).containsExactly(plain.explainedVariance());
            double[] one = new double[ROWS];
            one[3] = 2;
            assertThatThrownBy(() -> Pca.fit(x, one, options, POOL))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("at least 2 rows with a weight above 0");
            assertThatThrownBy(() -> Pca.fit(x, new double[ROWS], options, POOL))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("are 0");
            assertThatThrownBy(() -> Pca.fit(x, new double[3], options, POOL))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("3 weights do not pair with 400 rows");
            one[4] = 1;
            one[5] = Double.NaN;
            assertThatThrownBy(() -> Pca.fit(x, one, options, POOL)).isInstanceOf(InvalidInputException.class);
        }
    }
}
