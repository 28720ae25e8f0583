package io.heddle.decomposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.decomposition.Pca.Options;
import io.heddle.decomposition.Pca.Solver;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.ScaledColumns;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares values from the smallest floats to the largest with closed forms in float64. */
class MagnitudePcaTest {
    /** Mean, deviations (n as divisor), and the covariance's eigenvalues and first eigenvector (n − 1). */
    private record Reference(double[] mean, double[] deviation, double[] values, double[] first) {
        static Reference of(double[][] x, boolean standardize) {
            int n = x.length;
            double[] mean = new double[2];
            for (double[] row : x) {
                mean[0] += row[0] / n;
                mean[1] += row[1] / n;
            }
            double[] deviation = new double[2];
            for (int j = 0; j < 2; j++) {
                int column = j;
                double squares = Arrays.stream(x)
                        .mapToDouble(row -> Math.pow(row[column] - mean[column], 2))
                        .sum();
                deviation[j] = Math.sqrt(squares / n);
            }
            double a = 0;
            double b = 0;
            double c = 0;
            for (double[] row : x) {
                double u = (row[0] - mean[0]) / (standardize ? deviation[0] : 1);
                double v = (row[1] - mean[1]) / (standardize ? deviation[1] : 1);
                a += u * u / (n - 1);
                b += u * v / (n - 1);
                c += v * v / (n - 1);
            }
            double root = Math.hypot((a - c) / 2, b);
            double angle = 0.5 * Math.atan2(2 * b, a - c);
            double[] values = {(a + c) / 2 + root, (a * c - b * b) / ((a + c) / 2 + root)};
            return new Reference(mean, deviation, values, new double[] {Math.cos(angle), Math.sin(angle)});
        }

        double coordinate(double[] row, boolean standardize) {
            double sum = 0;
            for (int j = 0; j < 2; j++) {
                sum += (row[j] - mean[j]) / (standardize ? deviation[j] : 1) * first[j];
            }
            return sum;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "COVARIANCE, 1e-40", "COVARIANCE, 1e-30", "COVARIANCE, 1e-22", "COVARIANCE, 1", "COVARIANCE, 1e15",
        "COVARIANCE, 1e20", "COVARIANCE, 1e37", "RANDOMIZED, 1e-40", "RANDOMIZED, 1e-22", "RANDOMIZED, 1",
        "RANDOMIZED, 1e20", "RANDOMIZED, 1e37"
    })
    void agreesWithFloat64(Solver solver, double magnitude) {
        for (boolean standardize : new boolean[] {false, true}) {
            for (double whitening : new double[] {0, 0.5}) {
                check(solver, magnitude, standardize, whitening);
            }
        }
    }

    private static void check(Solver solver, double magnitude, boolean standardize, double whitening) {
        Options options = Options.defaults()
                .withComponents(2)
                .withSolver(solver)
                .withStandardize(standardize)
                .withWhitening(whitening);
        try (FloatMatrix x = ScaledColumns.of(magnitude);
                PcaModel model = Pca.fit(x, options);
                FloatMatrix z = model.transform(x);
                FloatMatrix back = model.inverseTransform(z)) {
            double[][] rows = ScaledColumns.toDoubles(x);
            Reference expected = Reference.of(rows, standardize);
            double[] values = expected.values();
            assertThat(model.explainedVariance()[0]).isCloseTo(values[0], within(1e-5 * values[0]));
            assertThat(model.explainedVariance()[1]).isCloseTo(values[1], within(1e-4 * values[1]));
            double[] ratio = model.explainedVarianceRatio();
            assertThat(ratio[0] + ratio[1]).isCloseTo(1, within(1e-5));
            double scale = whitening == 0 ? 1 : 1 / Math.sqrt(values[0]);
            double spread = Math.sqrt(values[0]) * scale;
            double sign = Math.signum(z.get(0, 0) * expected.coordinate(rows[0], standardize));
            float[] row = new float[2];
            float[] single = new float[2];
            for (int i = 0; i < rows.length; i++) {
                double coordinate = sign * scale * expected.coordinate(rows[i], standardize);
                assertThat((double) z.get(i, 0)).isCloseTo(coordinate, within(1e-4 * spread));
                x.getRow(i, row);
                model.transform(row, single);
                assertThat((double) single[0]).isCloseTo(z.get(i, 0), within(1e-4 * spread));
                for (int j = 0; j < 2; j++) {
                    assertThat((double) back.get(i, j)).isCloseTo(x.get(i, j), within(2e-4 * magnitude));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1e-40", "1e-30", "1", "1e20", "1e37"})
    void standardizesColumnsOfEveryMagnitudeTogether(double magnitude) {
        Options options = Options.defaults().withComponents(2).withStandardize(true);
        try (FloatMatrix x = ScaledColumns.of(1);
                FloatMatrix mixed = FloatMatrix.allocate(x.rows(), 3);
                PcaModel expected = Pca.fit(x, options)) {
            for (int i = 0; i < x.rows(); i++) {
                mixed.set(i, 0, x.get(i, 0));
                mixed.set(i, 1, (float) (x.get(i, 1) * magnitude));
                mixed.set(i, 2, (float) (0.1 * magnitude)); // a constant column
            }
            try (PcaModel found = Pca.fit(mixed, options);
                    FloatMatrix z = found.transform(mixed);
                    FloatMatrix reference = expected.transform(x)) {
                for (int k = 0; k < 2; k++) {
                    double variance = expected.explainedVariance()[k];
                    assertThat(found.explainedVariance()[k]).isCloseTo(variance, within(1e-4 * variance));
                    double sign = Math.signum(z.get(0, k) * reference.get(0, k));
                    for (int i = 0; i < x.rows(); i++) {
                        assertThat(sign * z.get(i, k)).isCloseTo(reference.get(i, k), within(1e-3));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1e-40", "1e-22", "1", "1e20", "1e37"})
    void batchesAgreeWithAllRows(double magnitude) {
        try (FloatMatrix x = ScaledColumns.of(magnitude)) {
            IncrementalPca batches = IncrementalPca.of(2);
            batches.partialFit(x.rows(0, 50));
            batches.partialFit(x.rows(50, 80));
            double[] expected = Reference.of(ScaledColumns.toDoubles(x), false).values();
            try (PcaModel model = batches.model(false)) {
                for (int k = 0; k < 2; k++) {
                    assertThat(model.explainedVariance()[k]).isCloseTo(expected[k], within(1e-4 * expected[k]));
                }
            }
        }
    }
}
