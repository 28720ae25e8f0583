package io.heddle.decomposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.decomposition.Pca.Options;
import io.heddle.decomposition.Pca.Solver;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.matrix.ReferenceTables;
import io.heddle.matrix.ReferenceTables.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares columns of large offset or spread, standardized columns and shares of the variance with float64. */
class ScaledPcaTest {
    private static final ReferenceTables REFERENCE = ReferenceTables.read(ScaledPcaTest.class, "scaled.txt");

    static Iterable<String> cases() {
        return REFERENCE.cases();
    }

    private static void assertVariance(PcaModel model, Table expected) {
        double[] found = model.explainedVariance();
        for (int i = 0; i < found.length; i++) {
            assertThat(found[i]).isCloseTo(expected.get(0, i), within(1e-4 * expected.get(0, i)));
        }
    }

    /** Compares up to the sign of each component, with a tolerance relative to its deviation. */
    private static void assertCoordinates(FloatMatrix found, Table expected, Table variance) {
        for (int j = 0; j < found.columns(); j++) {
            double sign = Math.signum(found.get(0, j) * expected.get(0, j));
            for (int i = 0; i < expected.rows(); i++) {
                assertThat(sign * found.get(i, j))
                        .isCloseTo(expected.get(i, j), within(1e-3 * Math.sqrt(variance.get(0, j))));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithFloat64(String name) {
        try (FloatMatrix x = REFERENCE.get(name + "/x").toMatrix()) {
            Options options = Options.defaults().withComponents(Math.min(x.columns(), 12));
            try (PcaModel model = Pca.fit(x, options);
                    FloatMatrix z = model.transform(x)) {
                Table variance = REFERENCE.get(name + "/explainedVariance");
                assertVariance(model, variance);
                assertCoordinates(z, REFERENCE.get(name + "/transformed"), variance);
                assertThat(model.converged()).isTrue();
                assertThat(model.iterations()).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void standardizesAsScikitLearn(String name) {
        try (FloatMatrix x = REFERENCE.get(name + "/x").toMatrix()) {
            Options options =
                    Options.defaults().withComponents(Math.min(x.columns(), 12)).withStandardize(true);
            try (PcaModel model = Pca.fit(x, options);
                    FloatMatrix z = model.transform(x)) {
                Table variance = REFERENCE.get(name + "/standardizedVariance");
                assertVariance(model, variance);
                assertCoordinates(z, REFERENCE.get(name + "/standardized"), variance);
                double total = x.columns() * (double) x.rows() / (x.rows() - 1);
                assertThat(model.totalVariance()).isCloseTo(total, within(1e-9 * total));
                assertThat(model.deviations()).hasSize(x.columns());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void takesAsManyComponentsForAShareAsScikitLearn(String name) {
        try (FloatMatrix x = REFERENCE.get(name + "/x").toMatrix()) {
            for (double share : new double[] {0.5, 0.9, 0.95, 0.999}) {
                Options options = Options.defaults().withExplainedVariance(share);
                try (PcaModel model = Pca.fit(x, options);
                        PcaModel standardized = Pca.fit(x, options.withStandardize(true))) {
                    assertThat((double) model.components().rows())
                            .isEqualTo(REFERENCE.number(name + "/components-" + share));
                    assertThat((double) standardized.components().rows())
                            .isEqualTo(REFERENCE.number(name + "/standardized-components-" + share));
                }
            }
        }
    }

    @Test
    void aShareOfWideDataCountsRows() {
        try (FloatMatrix x = FloatMatrix.allocate(4, 9)) {
            // Three orthogonal differences of equal length.
            for (int i = 0; i < 4; i++) {
                x.set(i, i, 1);
            }
            for (double share : new double[] {0.3, 0.5, 0.9}) {
                try (PcaModel model = Pca.fit(x, Options.defaults().withExplainedVariance(share))) {
                    assertThat(model.components().rows()).isEqualTo((long) Math.ceil(3 * share));
                }
            }
        }
    }

    @Test
    void aShareOfDataWithoutVarianceIsOneComponent() {
        try (FloatMatrix x = FloatMatrix.allocate(5, 3);
                PcaModel model = Pca.fit(x, Options.defaults().withExplainedVariance(0.9))) {
            assertThat(model.components().rows()).isEqualTo(1);
        }
    }

    /** The inner products of rows are those of standardized rows. */
    @Test
    void wideDataAreStandardized() {
        int n = 6;
        int d = 9;
        Options options = Options.defaults().withComponents(4).withSolver(Solver.COVARIANCE);
        SplittableRandom random = new SplittableRandom(2);
        try (FloatMatrix x = FloatMatrix.allocate(n, d);
                FloatMatrix standardized = FloatMatrix.allocate(n, d)) {
            for (int j = 0; j < d; j++) {
                double[] column = random.doubles(n).toArray();
                double mean = Arrays.stream(column).average().orElseThrow();
                double squares =
                        Arrays.stream(column).map(v -> (v - mean) * (v - mean)).sum();
                for (int i = 0; i < n; i++) {
                    x.set(i, j, (float) (Math.pow(5, j % 4) * column[i]));
                    standardized.set(i, j, (float) ((column[i] - mean) / Math.sqrt(squares / n)));
                }
            }
            try (PcaModel model = Pca.fit(x, options.withStandardize(true));
                    PcaModel expected = Pca.fit(standardized, options)) {
                assertThat(model.explainedVariance()).containsExactly(expected.explainedVariance(), within(1e-4));
                for (int i = 0; i < 4; i++) {
                    for (int j = 0; j < d; j++) {
                        assertThat(model.components().get(i, j))
                                .isCloseTo(expected.components().get(i, j), within(1e-4f));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Solver.class,
            names = {"COVARIANCE", "RANDOMIZED"})
    void bytesHaveTheComponentsOfTheirFloats(Solver solver, @TempDir Path folder) throws IOException {
        int n = 400;
        int d = 8;
        byte[] values = new byte[n * d];
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) random.nextInt(40 + 25 * (i % d));
        }
        Path file = folder.resolve("values");
        Files.write(file, values);
        for (boolean standardize : new boolean[] {false, true}) {
            Options options =
                    Options.defaults().withComponents(3).withSolver(solver).withStandardize(standardize);
            try (ByteMatrix bytes = ByteMatrix.map(file, 0, n, d, 1 / 255f);
                    FloatMatrix floats = FloatMatrix.allocate(n, d)) {
                for (int i = 0; i < n; i++) {
                    bytes.copyRow(i, floats, i);
                }
                try (PcaModel model = Pca.fit(bytes, options);
                        PcaModel expected = Pca.fit(floats, options)) {
                    double bound = 1e-5 * expected.totalVariance();
                    assertThat(model.totalVariance()).isCloseTo(expected.totalVariance(), within(bound));
                    assertThat(model.explainedVariance()).containsExactly(expected.explainedVariance(), within(bound));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"COVARIANCE, 0", "RANDOMIZED, 0", "COVARIANCE, 3e4", "RANDOMIZED, 3e4"})
    void inverseAndRowsUndoTheScaling(Solver solver, double offset) {
        SplittableRandom random = new SplittableRandom(3);
        try (FloatMatrix x = FloatMatrix.allocate(300, 6)) {
            for (int i = 0; i < 300; i++) {
                for (int j = 0; j < 6; j++) {
                    double scale = Math.pow(10, j - 2);
                    x.set(i, j, (float) (scale * (random.nextGaussian() + offset)));
                }
                x.set(i, 3, 7);
            }
            Options options = Options.defaults()
                    .withComponents(6)
                    .withSolver(solver)
                    .withStandardize(true)
                    .withWhitening(0.25);
            try (PcaModel model = Pca.fit(x, options);
                    FloatMatrix z = model.transform(x);
                    FloatMatrix back = model.inverseTransform(z)) {
                // The constant column: its rounding error must not be amplified.
                assertThat(model.explainedVariance()[5]).isLessThan(1e-12);
                assertThat(model.scale(5)).isZero();
                float[] row = new float[6];
                float[] out = new float[6];
                for (int i = 0; i < 300; i++) {
                    for (int j = 0; j < 6; j++) {
                        double scale = Math.pow(10, j - 2);
                        assertThat((double) back.get(i, j))
                                .isCloseTo(x.get(i, j), within(scale * (1e-4 + offset * 1e-7)));
                    }
                    x.getRow(i, row);
                    model.transform(row, out);
                    for (int j = 0; j < 6; j++) {
                        assertThat((double) out[j]).isCloseTo(z.get(i, j), within(1e-5 + offset * 1e-6));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theRandomizedSolverFindsTheSameFarFromZero(boolean standardize) {
        SplittableRandom random = new SplittableRandom(5);
        try (FloatMatrix x = FloatMatrix.allocate(400, 60)) {
            for (int i = 0; i < 400; i++) {
                for (int j = 0; j < 60; j++) {
                    x.set(i, j, (float) (random.nextGaussian() * Math.pow(0.8, j) + 2e4));
                }
            }
            Options options = Options.defaults().withComponents(5).withStandardize(standardize);
            try (PcaModel exact = Pca.fit(x, options.withSolver(Solver.COVARIANCE));
                    PcaModel model =
                            Pca.fit(x, options.withSolver(Solver.RANDOMIZED).withPowerIterations(15))) {
                for (int i = 0; i < 5; i++) {
                    double variance = exact.explainedVariance()[i];
                    assertThat(model.explainedVariance()[i]).isCloseTo(variance, within(1e-3 * variance));
                }
                assertThat(model.iterations()).isEqualTo(16);
            }
        }
    }

    @Test
    void reportsARandomizedSolverThatDidNotConverge() {
        SplittableRandom random = new SplittableRandom(5);
        try (FloatMatrix x = FloatMatrix.allocate(500, 200)) {
            for (int i = 0; i < 500; i++) {
                for (int j = 0; j < 200; j++) {
                    x.set(i, j, (float) random.nextGaussian());
                }
            }
            Options options = Options.defaults().withComponents(5).withSolver(Solver.RANDOMIZED);
            try (PcaModel once = Pca.fit(x, options.withPowerIterations(0));
                    PcaModel twice = Pca.fit(x, options.withPowerIterations(1));
                    PcaModel enough = Pca.fit(x, options.withPowerIterations(40))) {
                assertThat(once.converged()).isFalse();
                assertThat(twice.converged()).isFalse();
                assertThat(twice.iterations()).isEqualTo(2);
                assertThat(enough.converged()).isTrue();
            }
        }
    }

    @Test
    void refusesInvalidOptions() {
        Options options = Options.defaults();
        assertThatThrownBy(() -> options.withExplainedVariance(1)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> options.withExplainedVariance(-0.1)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> options.withSolver(Solver.RANDOMIZED).withExplainedVariance(0.9))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("covariance solver");
        assertThat(options.withExplainedVariance(0.9).withComponents(3).explainedVariance())
                .isZero();
    }
}
