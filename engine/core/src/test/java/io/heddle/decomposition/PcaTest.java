package io.heddle.decomposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.decomposition.Pca.Options;
import io.heddle.decomposition.Pca.Solver;
import io.heddle.internal.linalg.Reflector;
import io.heddle.internal.linalg.SymmetricEigenTest;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.matrix.ReferenceTables;
import io.heddle.matrix.ReferenceTables.Table;
import io.heddle.parallel.WorkerPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PcaTest {
    private static final ReferenceTables REFERENCE = ReferenceTables.read(PcaTest.class, "pca.txt");

    static Stream<Arguments> referenceCases() {
        return REFERENCE.cases().stream().flatMap(name -> Stream.of(Solver.COVARIANCE, Solver.RANDOMIZED, Solver.AUTO)
                .map(solver -> Arguments.of(name, solver)));
    }

    private static void assertClose(double[] actual, Table expected, double tolerance) {
        assertThat(actual).containsExactly(expected.values(), within(tolerance));
    }

    /** The rows of data with a decaying spectrum: column j of a rotated basis has the scale decay^j. */
    static FloatMatrix decaying(int n, int d, double decay, double offset, long seed) {
        double[] rotation = SymmetricEigenTest.gaussian(d, d, seed);
        Reflector.orthonormalize(rotation, d, d);
        SplittableRandom random = new SplittableRandom(seed + 1);
        FloatMatrix x = FloatMatrix.allocate(n, d);
        double[] row = new double[d];
        for (int i = 0; i < n; i++) {
            Arrays.fill(row, offset);
            for (int j = 0; j < d; j++) {
                double coordinate = random.nextGaussian() * Math.pow(decay, j);
                for (int l = 0; l < d; l++) {
                    row[l] += coordinate * rotation[j * d + l];
                }
            }
            for (int l = 0; l < d; l++) {
                x.set(i, l, (float) row[l]);
            }
        }
        return x;
    }

    @ParameterizedTest
    @MethodSource("referenceCases")
    void agreesWithScikitLearn(String name, Solver solver) {
        Table data = REFERENCE.get(name + "/x");
        int k = REFERENCE.get(name + "/components").rows();
        Options options = Options.defaults().withComponents(k).withSolver(solver);
        try (FloatMatrix x = data.toMatrix();
                PcaModel model = Pca.fit(x, options);
                FloatMatrix z = model.transform(x)) {
            double scale = REFERENCE.number(name + "/singularValues");
            // The effect of rounding the data to float, far from the origin.
            double float32 = Arrays.stream(data.values()).map(Math::abs).max().orElse(0) * 0x1p-22;
            double tolerance = 2e-6 * scale + float32;
            Table mean = REFERENCE.get(name + "/mean");
            for (int j = 0; j < x.columns(); j++) {
                assertThat((double) model.mean()[j]).isCloseTo(mean.get(0, j), within(float32));
            }
            double variance = REFERENCE.number(name + "/explainedVariance");
            assertClose(model.explainedVariance(), REFERENCE.get(name + "/explainedVariance"), 1e-5 * variance);
            assertClose(model.explainedVarianceRatio(), REFERENCE.get(name + "/explainedVarianceRatio"), 1e-5);
            assertThat(model.noiseVariance())
                    .isCloseTo(REFERENCE.number(name + "/noiseVariance"), within(1e-5 * variance));
            Table singular = REFERENCE.get(name + "/singularValues");
            Table components = REFERENCE.get(name + "/components");
            Table transformed = REFERENCE.get(name + "/transformed");
            for (int i = 0; i < k; i++) {
                if (singular.get(0, i) < 1e-6 * scale) {
                    continue; // a direction without variance is arbitrary
                }
                assertThat(model.singularValues()[i]).isCloseTo(singular.get(0, i), within(1e-5 * scale));
                for (int j = 0; j < x.columns(); j++) {
                    assertThat((double) model.components().get(i, j)).isCloseTo(components.get(i, j), within(2e-4));
                }
                for (int r = 0; r < transformed.rows(); r++) {
                    assertThat((double) z.get(r, i)).isCloseTo(transformed.get(r, i), within(100 * tolerance));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("referenceCases")
    void whitensAsScikitLearn(String name, Solver solver) {
        if (!REFERENCE.has(name + "/whitened")) {
            return;
        }
        Table whitened = REFERENCE.get(name + "/whitened");
        Options options = Options.defaults()
                .withComponents(whitened.columns())
                .withSolver(solver)
                .withWhiten(true);
        try (FloatMatrix x = REFERENCE.get(name + "/x").toMatrix();
                PcaModel model = Pca.fit(x, options);
                FloatMatrix z = model.transform(x)) {
            for (int r = 0; r < whitened.rows(); r++) {
                for (int i = 0; i < whitened.columns(); i++) {
                    assertThat((double) z.get(r, i)).isCloseTo(whitened.get(r, i), within(1e-3));
                }
            }
        }
    }

    @Property(tries = 60)
    void componentsAreOrthonormalForEveryShape(
            @ForAll @IntRange(min = 2, max = 70) int n,
            @ForAll @IntRange(min = 1, max = 70) int d,
            @ForAll @IntRange(min = 1, max = 70) int wanted,
            @ForAll boolean randomized,
            @ForAll long seed) {
        int k = Math.min(wanted, Math.min(n, d));
        Solver solver = randomized ? Solver.RANDOMIZED : Solver.COVARIANCE;
        try (FloatMatrix x = decaying(n, d, 0.9, 3, seed);
                PcaModel model = Pca.fit(
                        x,
                        Options.defaults().withComponents(k).withSolver(solver).withSeed(seed))) {
            for (int i = 0; i < k; i++) {
                for (int j = 0; j <= i; j++) {
                    double inner = 0;
                    for (int l = 0; l < d; l++) {
                        inner += (double) model.components().get(i, l)
                                * model.components().get(j, l);
                    }
                    assertThat(inner).isCloseTo(i == j ? 1 : 0, within(1e-6));
                }
            }
            double[] ratio = model.explainedVarianceRatio();
            for (int i = 1; i < k; i++) {
                assertThat(ratio[i]).isLessThanOrEqualTo(ratio[i - 1]).isGreaterThanOrEqualTo(0);
            }
            assertThat(Arrays.stream(ratio).sum()).isLessThanOrEqualTo(1 + 1e-6);
            if (k == Math.min(n, d)) {
                assertThat(Arrays.stream(ratio).sum()).isCloseTo(1, within(1e-5));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Solver.class)
    void inverseTransformUndoesTransform(Solver solver) {
        for (double whitening : new double[] {0, 0.25, 0.5}) {
            try (FloatMatrix x = decaying(500, 20, 0.9, 2, 4);
                    PcaModel model = Pca.fit(
                            x,
                            Options.defaults()
                                    .withComponents(20)
                                    .withSolver(solver)
                                    .withWhitening(whitening));
                    FloatMatrix z = model.transform(x);
                    FloatMatrix back = model.inverseTransform(z)) {
                for (int i = 0; i < 500; i++) {
                    for (int j = 0; j < 20; j++) {
                        assertThat((double) back.get(i, j)).isCloseTo(x.get(i, j), within(2e-5));
                    }
                }
            }
        }
    }

    @Test
    void whiteningScalesByTheGivenPower() {
        Options options = Options.defaults().withComponents(6);
        try (FloatMatrix x = decaying(400, 12, 0.8, 3, 4);
                PcaModel plain = Pca.fit(x, options);
                PcaModel partly = Pca.fit(x, options.withWhitening(0.25));
                FloatMatrix z = plain.transform(x);
                FloatMatrix scaled = partly.transform(x)) {
            assertThat(partly.whitening()).isEqualTo(0.25);
            for (int j = 0; j < 6; j++) {
                double factor = Math.pow(plain.explainedVariance()[j], -0.25);
                for (int i = 0; i < 400; i++) {
                    assertThat((double) scaled.get(i, j)).isCloseTo(factor * z.get(i, j), within(2e-5));
                }
            }
        }
        assertThatThrownBy(() -> options.withWhitening(1.5))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("whitening must be between 0 and 1, not 1.5");
    }

    @ParameterizedTest
    @EnumSource(Solver.class)
    void whitenedDataHasUnitCovariance(Solver solver) {
        int n = 3000;
        int k = 9;
        try (FloatMatrix x = decaying(n, 40, 0.7, 50, 6);
                PcaModel model = Pca.fit(
                        x,
                        Options.defaults().withComponents(k).withSolver(solver).withWhiten(true));
                FloatMatrix z = model.transform(x)) {
            for (int a = 0; a < k; a++) {
                for (int b = 0; b <= a; b++) {
                    double sum = 0;
                    double sumA = 0;
                    double sumB = 0;
                    for (int i = 0; i < n; i++) {
                        sum += (double) z.get(i, a) * z.get(i, b);
                        sumA += z.get(i, a);
                        sumB += z.get(i, b);
                    }
                    assertThat(sumA / n).isCloseTo(0, within(1e-3));
                    assertThat((sum - sumA * sumB / n) / (n - 1)).isCloseTo(a == b ? 1 : 0, within(2e-3));
                }
            }
        }
    }

    @Test
    void randomizedAgreesWithCovarianceWithinItsTolerance() {
        try (FloatMatrix x = decaying(4000, 150, 0.97, 1, 8);
                PcaModel exact =
                        Pca.fit(x, Options.defaults().withComponents(20).withSolver(Solver.COVARIANCE))) {
            double best = Arrays.stream(exact.explainedVarianceRatio()).sum();
            for (long seed = 0; seed < 5; seed++) {
                List<Pca.Progress> passes = new ArrayList<>();
                Options options = Options.defaults()
                        .withComponents(20)
                        .withSolver(Solver.RANDOMIZED)
                        .withSeed(seed)
                        .withProgress(passes::add);
                try (PcaModel model = Pca.fit(x, options)) {
                    double captured =
                            Arrays.stream(model.explainedVarianceRatio()).sum();
                    assertThat(captured).isBetween(best - 3e-4, best + 1e-6);
                    assertThat(passes).hasSizeGreaterThan(1);
                    assertThat(passes.getLast().explainedVarianceRatio()).isCloseTo(captured, within(1e-9));
                }
            }
        }
    }

    @Test
    void findsADirectionThatTheStartingSampleLacks() {
        // Enough rows for a sample. A single row has a direction with more variance than the last components.
        int n = 4000;
        int d = 40;
        try (FloatMatrix x = decaying(n, d, 0.8, 0, 9)) {
            for (int i = 0; i < n; i++) {
                x.set(i, d - 1, 0);
            }
            x.set(1234, d - 1, 20);
            Options options = Options.defaults().withComponents(5).withOversampling(5);
            try (PcaModel exact = Pca.fit(x, options.withSolver(Solver.COVARIANCE));
                    PcaModel model = Pca.fit(x, options.withSolver(Solver.RANDOMIZED))) {
                double best = Arrays.stream(exact.explainedVarianceRatio()).sum();
                double captured = Arrays.stream(model.explainedVarianceRatio()).sum();
                assertThat(captured).isBetween(best - 3e-4, best + 1e-6);
            }
        }
    }

    @Test
    void powerIterationsAreThoseOfTheOption() {
        try (FloatMatrix x = decaying(300, 60, 0.95, 0, 2)) {
            for (int iterations : new int[] {0, 1, 4}) {
                List<Pca.Progress> passes = new ArrayList<>();
                Options options = Options.defaults()
                        .withComponents(5)
                        .withSolver(Solver.RANDOMIZED)
                        .withPowerIterations(iterations)
                        .withProgress(passes::add);
                Pca.fit(x, options).close();
                assertThat(passes)
                        .extracting(Pca.Progress::pass)
                        .hasSize(iterations + 1)
                        .endsWith(iterations + 1);
                for (int pass = 1; pass < passes.size(); pass++) {
                    assertThat(passes.get(pass).explainedVarianceRatio())
                            .isGreaterThan(passes.get(pass - 1).explainedVarianceRatio() - 1e-6);
                }
            }
        }
    }

    @Test
    void theCovarianceSolverReportsItsOnlyPass() {
        List<Pca.Progress> passes = new ArrayList<>();
        Options options = Options.defaults()
                .withComponents(2)
                .withSolver(Solver.COVARIANCE)
                .withProgress(passes::add);
        try (FloatMatrix x = decaying(50, 4, 0.5, 1, 3);
                PcaModel model = Pca.fit(x, options)) {
            double[] ratio = model.explainedVarianceRatio();
            assertThat(passes).hasSize(1);
            assertThat(passes.getFirst().pass()).isEqualTo(1);
            assertThat(passes.getFirst().maximumPasses()).isEqualTo(1);
            assertThat(passes.getFirst().explainedVarianceRatio()).isCloseTo(ratio[0] + ratio[1], within(1e-6));
        }
    }

    /** Floats near 1.7e9 are 128 apart. */
    @Test
    void refusesColumnsWhoseSpreadIsLost() {
        try (FloatMatrix x = FloatMatrix.allocate(20, 1)) {
            for (int i = 0; i < 20; i++) {
                x.set(i, 0, 1.7e9f + 128 * (i % 2));
            }
            assertThatThrownBy(() -> Pca.fit(x, Options.defaults().withComponents(1)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("column 0 (mean 1.70000e+09");
        }
    }

    @Test
    void constantDataHasNoVariance() {
        for (Solver solver : Solver.values()) {
            try (FloatMatrix x = FloatMatrix.allocate(30, 8)) {
                for (int i = 0; i < 30; i++) {
                    for (int j = 0; j < 8; j++) {
                        x.set(i, j, 0.1f * j);
                    }
                }
                try (PcaModel model = Pca.fit(
                                x,
                                Options.defaults()
                                        .withComponents(3)
                                        .withSolver(solver)
                                        .withWhiten(true));
                        FloatMatrix z = model.transform(x)) {
                    assertThat(model.explainedVariance()).containsExactly(new double[3], within(1e-12));
                    assertThat(model.explainedVarianceRatio()).doesNotContain(Double.NaN);
                    assertThat((double) z.get(7, 2)).isCloseTo(0, within(1e-6));
                }
            }
        }
    }

    @Test
    void capturesAllOfLowRankData() {
        int n = 400;
        try (FloatMatrix x = FloatMatrix.allocate(n, 50)) {
            SplittableRandom random = new SplittableRandom(3);
            for (int i = 0; i < n; i++) {
                double a = random.nextGaussian();
                double b = random.nextGaussian();
                for (int j = 0; j < 50; j++) {
                    x.set(i, j, (float) (a * Math.cos(j) + b * Math.sin(0.3 * j)));
                }
            }
            for (Solver solver : Solver.values()) {
                try (PcaModel model =
                        Pca.fit(x, Options.defaults().withComponents(6).withSolver(solver))) {
                    double[] ratio = model.explainedVarianceRatio();
                    assertThat(ratio[0] + ratio[1]).isCloseTo(1, within(1e-5));
                    assertThat(ratio[5]).isCloseTo(0, within(1e-6));
                }
            }
        }
    }

    @Tag("slow")
    @Test
    void sameBitsForAnyNumberOfThreads() {
        for (Solver solver : new Solver[] {Solver.COVARIANCE, Solver.RANDOMIZED}) {
            try (FloatMatrix x = decaying(5000, 110, 0.95, 1, 5);
                    PcaModel first =
                            Pca.fit(x, Options.defaults().withComponents(10).withSolver(solver));
                    FloatMatrix z = first.transform(x)) {
                for (int threads : new int[] {1, 2, 4, 8}) {
                    try (WorkerPool pool = WorkerPool.of(threads);
                            PcaModel model = Pca.fit(
                                    x, Options.defaults().withComponents(10).withSolver(solver), pool);
                            FloatMatrix again = model.transform(x, pool)) {
                        assertThat(model.components()
                                        .segment()
                                        .mismatch(first.components().segment()))
                                .isEqualTo(-1);
                        assertThat(model.explainedVariance()).isEqualTo(first.explainedVariance());
                        assertThat(again.segment().mismatch(z.segment())).isEqualTo(-1);
                    }
                }
            }
        }
    }

    @Test
    void choosesTheSolverAsScikitLearnUnlessASampleIsFaster() {
        assertThat(choose(60_000, 784, 50)).isEqualTo(Solver.RANDOMIZED);
        assertThat(choose(60_000, 784, 100)).isEqualTo(Solver.COVARIANCE);
        assertThat(choose(30_000, 784, 50)).isEqualTo(Solver.COVARIANCE);
        assertThat(choose(40_000, 784, 50)).isEqualTo(Solver.RANDOMIZED);
        assertThat(choose(60_000, 100, 10)).isEqualTo(Solver.COVARIANCE);
        assertThat(Pca.choose(60_000, 784, Options.defaults().withComponents(50).withPowerIterations(2)))
                .isEqualTo(Solver.COVARIANCE);
        assertThat(choose(5_000, 784, 50)).isEqualTo(Solver.RANDOMIZED);
        assertThat(choose(60_000, 1280, 50)).isEqualTo(Solver.RANDOMIZED);
        assertThat(choose(60_000, 1280, 1100)).isEqualTo(Solver.COVARIANCE);
        assertThat(choose(500, 500, 5)).isEqualTo(Solver.COVARIANCE);
    }

    @Test
    void choosesTheCovarianceAtItsBounds() {
        assertThat(choose(10_000, 1000, 50)).isEqualTo(Solver.COVARIANCE);
        assertThat(choose(9_999, 1000, 50)).isEqualTo(Solver.RANDOMIZED);
        assertThat(choose(10_010, 1001, 50)).isEqualTo(Solver.RANDOMIZED);
        assertThat(choose(2_000, 2_000, 1_600)).isEqualTo(Solver.COVARIANCE);
        assertThat(choose(2_000, 2_000, 1_599)).isEqualTo(Solver.RANDOMIZED);
        assertThat(Pca.choose(5_000, 784, Options.defaults().withExplainedVariance(0.9)))
                .isEqualTo(Solver.COVARIANCE);
    }

    private static Solver choose(long n, int d, int components) {
        return Pca.choose(n, d, Options.defaults().withComponents(components));
    }

    @Test
    void refusesInvalidOptions() {
        try (FloatMatrix x = decaying(6, 4, 1, 0, 1);
                FloatMatrix one = FloatMatrix.allocate(1, 4);
                FloatMatrix other = FloatMatrix.allocate(3, 5)) {
            Options two = Options.defaults().withComponents(2);
            assertThatThrownBy(() -> Pca.fit(x, two.withComponents(5)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("PCA cannot find 5 components in data of 6 rows and 4 columns: at most 4");
            assertThatThrownBy(() -> Pca.fit(one, two.withComponents(1)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("PCA needs at least 2 rows, but the data has 1");
            assertThatThrownBy(() -> two.withComponents(0))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("PCA needs at least 1 component, not 0");
            assertThatThrownBy(() -> two.withOversampling(-1)).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> two.withPowerIterations(-2)).isInstanceOf(InvalidInputException.class);
            assertThat(two.withOversampling(0).oversampling()).isZero();
            assertThat(two.withWhitening(1).whitening()).isEqualTo(1);
            try (PcaModel model = Pca.fit(x, two)) {
                assertThatThrownBy(() -> model.transform(other))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessage("data of 5 columns does not fit a PCA of 4 columns");
                assertThatThrownBy(() -> model.inverseTransform(other))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessage("coordinates of 5 columns do not fit a PCA of 2 components");
                model.close();
                assertThatThrownBy(() -> model.transform(x)).isInstanceOf(IllegalStateException.class);
            }
            x.set(4, 2, Float.NaN);
            assertThatThrownBy(() -> Pca.fit(x, two))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("the data holds NaN in row 4, column 2; every value must be a finite number");
        }
    }
}
