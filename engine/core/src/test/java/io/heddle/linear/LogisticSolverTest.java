package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.FeatureTransform.Scaling;
import io.heddle.linear.LogisticRegression.Options;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.matrix.OpenMemory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogisticSolverTest {
    private static final Options OPTIONS = Options.defaults();

    @Test
    void startsInFloatWithManyRowsOfColumnsThatFloatsRepresent() {
        assertThat(LogisticSolver.small(1 << 18, 1, 2)).isTrue();
        assertThat(LogisticSolver.small((1 << 18) + 1, 1, 2)).isFalse();
        assertThat(LogisticSolver.small(1 << 10, 1 << 5, 1 << 4)).isTrue();
        assertThat(LogisticSolver.small(1 << 10, 1 << 5, 1 << 5)).isFalse();
        try (FloatMatrix x = FloatMatrix.allocate((1 << 17) + 1, 1)) {
            int[] labels = new int[(1 << 17) + 1];
            for (int classes : new int[] {3, 4}) {
                for (boolean coarse : new boolean[] {true, false}) {
                    FeatureTransform t =
                            new FeatureTransform(new double[1], new double[] {1}, new double[] {1}, 1, coarse);
                    TrainingRows rows = new TrainingRows(x, labels, null, classes, t);
                    assertThat(LogisticSolver.startsInFloat(rows)).isEqualTo(classes == 4 && !coarse);
                }
            }
        }
    }

    /** Without a smooth part or without centred columns, floats do not reach tolerances below 1e-5. */
    @Test
    void theToleranceOfFloatsIsLimited() {
        try (SmallRows centred = new SmallRows(10, 2, 2);
                SmallRows not = new SmallRows(10, 2, 2, Scaling.STANDARDIZE, false, false)) {
            Options fine = OPTIONS.withTolerance(1e-7);
            Options rough = OPTIONS.withTolerance(1e-3);
            Penalty lasso = centred.elasticNet(0.1, 0);
            Penalty both = centred.elasticNet(0.1, 0.1);
            Penalty none = centred.elasticNet(0, 0);
            assertThat(LogisticSolver.floatTolerance(both, centred.rows, fine)).isEqualTo(1e-7);
            assertThat(LogisticSolver.floatTolerance(none, centred.rows, fine)).isEqualTo(1e-7);
            assertThat(LogisticSolver.floatTolerance(lasso, centred.rows, fine)).isEqualTo(1e-5);
            assertThat(LogisticSolver.floatTolerance(both, not.rows, fine)).isEqualTo(1e-5);
            assertThat(LogisticSolver.floatTolerance(lasso, centred.rows, rough))
                    .isEqualTo(1e-3);
            assertThat(LogisticSolver.floatTolerance(both, not.rows, rough)).isEqualTo(1e-3);
        }
    }

    /** Iterations in float and then in double, for one fit or for several in a row. */
    @ParameterizedTest
    @CsvSource({"0, 1e-3, true", "0.5, 1e-6, false"})
    void manyRowsReachTheObjectiveOfIterationsInDouble(double l1Ratio, double tolerance, boolean last) {
        try (SmallRows many = new SmallRows(13_200, 10, 4, Scaling.WHERE_NEEDED, true, true)) {
            assertThat(LogisticSolver.startsInFloat(many.rows)).isTrue();
            Options options = OPTIONS.withLambda(0.01).withL1Ratio(l1Ratio).withTolerance(tolerance);
            Penalty penalty = Penalties.of(options, many.rows.transform());
            double[] expected = new double[many.size()];
            double minimum;
            try (ExactLoss loss = ExactLoss.of(many.rows, SmallRows.POOL)) {
                minimum = ProximalNewton.solve(loss, penalty, expected, false, 1e-9, 50, SmallRows.POOL, s -> {})
                        .objective();
            }
            double[] w = new double[many.size()];
            int[] reports = new int[2];
            Options reported = options.withProgress(p -> {
                reports[0] = p.iteration();
                reports[1] = p.passes();
            });
            LogisticSolver solver = new LogisticSolver(many.rows, SmallRows.POOL);
            try (solver;
                    LogisticModel model = solver.fit(penalty, w, reported, last)) {
                assertThat(model.converged()).isTrue();
                assertThat(model.objective()).isBetween(minimum * (1 - 1e-8), minimum * (1 + tolerance));
                assertThat(model.iterations()).isEqualTo(reports[0]).isBetween(1, 15);
                assertThat(model.passes()).isGreaterThanOrEqualTo(reports[1]).isLessThan(100);
                assertThat(OpenMemory.of(solver, many.x))
                        .anyMatch(path -> path.startsWith("exact"))
                        .matches(paths -> paths.stream().anyMatch(path -> path.startsWith("floats")) == !last);
                try (LogisticModel again = solver.fit(penalty, w, reported, false)) {
                    assertThat(again.iterations()).isLessThanOrEqualTo(1);
                    assertThat(again.objective()).isBetween(minimum * (1 - 1e-8), minimum * (1 + tolerance));
                    assertThat(again.passes()).isBetween(2, 20);
                    assertThat(again.iterations() == 0 || reports[1] <= again.passes())
                            .isTrue();
                }
            }
            assertThat(OpenMemory.of(solver, many.x)).isEmpty();
        }
    }

    /** The losses in float are those of the parameters, or of others. */
    @ParameterizedTest
    @CsvSource({"false", "true"})
    void comparesTheLossesOfASampleWithThoseInDouble(boolean weighted) {
        try (SmallRows some = new SmallRows(3_000, 3, 3, Scaling.STANDARDIZE, true, weighted);
                SoftmaxLoss floats = new SoftmaxLoss(some.rows, SmallRows.POOL)) {
            double[] w = some.point(0.5);
            double objective = floats.evaluate(w, new double[w.length]);
            assertThat(LogisticSolver.agrees(floats, objective, w, SmallRows.POOL))
                    .isTrue();
            double[] shifted = w.clone();
            shifted[1] += 1e-3;
            assertThat(LogisticSolver.agrees(floats, objective, shifted, SmallRows.POOL))
                    .isFalse();
            shifted[1] -= 2e-3;
            assertThat(LogisticSolver.agrees(floats, objective, shifted, SmallRows.POOL))
                    .isFalse();
            assertThat(LogisticSolver.agrees(floats, 1e-12, w, SmallRows.POOL)).isFalse();
        }
    }

    /** Weights of the data are parameters times scales; the bias compensates the shifts. */
    @Test
    void theModelHasTheWeightsOfTheOriginalColumns() {
        try (FloatMatrix x = FloatMatrix.allocate(4, 2).withColumnNames(List.of("a", "b"))) {
            FeatureTransform t =
                    new FeatureTransform(new double[] {10, -2}, new double[] {0.5, 4}, new double[] {1, 1}, 1, false);
            TrainingRows rows = new TrainingRows(x, new int[] {0, 1, 2, 0}, null, 3, t);
            double[] w = {1, 2, 3, 0, -1, 5, 0, 7, 0};
            Certificate certificate = new Certificate(Certificate.Kind.DUALITY_GAP, 1e-6);
            ProximalNewton.State end = new ProximalNewton.State(4, 0.75, certificate, true);
            try (LogisticModel model = LogisticSolver.model(rows, w, end, 9, 21)) {
                assertThat(model.weights().get(0, 0)).isEqualTo(0.5f);
                assertThat(model.weights().get(0, 1)).isEqualTo(8);
                assertThat(model.weights().get(1, 1)).isEqualTo(-4);
                assertThat(model.intercepts()).containsExactly(3 - 0.5f * 10 + 8 * 2, 5 - 8, 28 * 2);
                assertThat(model.nonZeros()).as("without intercepts").isEqualTo(4);
                assertThat(model.objective()).isEqualTo(0.75);
                assertThat(model.certificate()).isEqualTo(certificate);
                assertThat(model.converged()).isTrue();
                assertThat(model.iterations()).isEqualTo(9);
                assertThat(model.passes()).isEqualTo(21);
                assertThat(model.weights().columnNames()).containsExactly("a", "b");
            }
            ProximalNewton.State early = new ProximalNewton.State(4, 0.75, certificate, false);
            try (LogisticModel model = LogisticSolver.model(rows, w, early, 9, 21)) {
                assertThat(model.converged()).isFalse();
            }
            w[1] = 1e38;
            assertThatThrownBy(() -> LogisticSolver.model(rows, w, end, 9, 21))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("exceeds the largest float");
        }
    }

    private static double[] gradient(TrainingRows rows, double[] w) {
        return new PlainSums(rows, w, 1).gradient();
    }

    /** The largest gradient at the log frequencies, over the share of the norms. */
    @ParameterizedTest
    @CsvSource({"1, false", "0.5, true", "0, false"})
    void theLargestLambdaIsTheLargestGradientWithoutWeights(double l1Ratio, boolean weighted) {
        try (SmallRows small = new SmallRows(80, 4, 3)) {
            double[] weights = weighted ? small.random.doubles(80, 0.5, 2).toArray() : null;
            Options options = OPTIONS.withL1Ratio(l1Ratio).withStandardize(true);
            int[] labels = small.rows.labels();
            TrainingRows rows = LogisticRegression.rows(small.x, labels, weights, 0, options, SmallRows.POOL);
            double[] counts = new double[3];
            for (int i = 0; i < 80; i++) {
                counts[labels[i]] += weighted ? weights[i] : 1;
            }
            double[] w = new double[15];
            double total = Arrays.stream(counts).sum();
            for (int c = 0; c < 3; c++) {
                w[5 * c + 4] = Math.log(counts[c] / total);
            }
            double largest = 0;
            double[] g = gradient(rows, w);
            for (int i = 0; i < 15; i++) {
                largest = i % 5 == 4 ? largest : Math.max(largest, Math.abs(g[i]));
            }
            double lambda = RegularizationPath.largestLambda(small.x, labels, weights, options, SmallRows.POOL);
            assertThat(lambda).isCloseTo(largest / Math.max(l1Ratio, 1e-3), within(1e-9 * lambda));
            if (!weighted) {
                assertThat(RegularizationPath.largestLambda(small.x, labels, options, SmallRows.POOL))
                        .isEqualTo(lambda);
            }
        }
    }

    /** A class without rows, and columns without a penalty. */
    @Test
    void theLargestLambdaIsFoundAfterTheUnpenalisedColumns() {
        try (SmallRows small = new SmallRows(80, 4, 3)) {
            int[] labels = small.rows.labels().clone();
            Options options = OPTIONS.withL1Ratio(1).withStandardize(true).withPenaltyFactors(Map.of(1, 0.0, 2, 2.0));
            double lambda = RegularizationPath.largestLambda(small.x, labels, options, SmallRows.POOL);
            TrainingRows rows = LogisticRegression.rows(small.x, labels, null, 0, options, SmallRows.POOL);
            // Newton steps on column 1 and the intercepts.
            double[] w = new double[15];
            for (int step = 0; step < 15; step++) {
                PlainSums sums = new PlainSums(rows, w, 1);
                double[][] a = sums.hessian();
                double[] right = new double[15];
                for (int i = 0; i < 15; i++) {
                    boolean free = i % 5 == 1 || i % 5 == 4;
                    right[i] = free ? -sums.gradient()[i] : 0;
                    for (int j = 0; j < 15; j++) {
                        boolean both = free && (j % 5 == 1 || j % 5 == 4);
                        a[i][j] = both ? a[i][j] : 0;
                    }
                    a[i][i] += free ? 1e-9 : 1;
                }
                double[] d = ReferenceOptimum.eliminate(a, right);
                for (int i = 0; i < 15; i++) {
                    w[i] += d[i];
                }
            }
            double largest = 0;
            double[] g = gradient(rows, w);
            double[] factors = {1, 0, 2, 1, 0};
            for (int i = 0; i < 15; i++) {
                double factor = factors[i % 5];
                largest = factor == 0 ? largest : Math.max(largest, Math.abs(g[i]) / factor);
            }
            assertThat(lambda).isCloseTo(largest, within(1e-4 * largest));
        }
    }

    @Test
    void aPathReportsEachModelAndRefusesOtherLambdas() {
        try (SmallRows small = new SmallRows(80, 4, 3)) {
            int[] labels = small.rows.labels();
            Options options = OPTIONS.withL1Ratio(0.5).withTolerance(1e-8);
            double[] weights = small.random.doubles(80, 0.5, 2).toArray();
            double[] lambdas = {0.2, 0.05, 0.01};
            int[] reports = new int[1];
            List<LogisticModel> path =
                    RegularizationPath.fit(small.x, labels, weights, lambdas, options, SmallRows.POOL, n -> {
                        assertThat(n).isEqualTo(reports[0] + 1);
                        reports[0] = n;
                    });
            assertThat(reports[0]).isEqualTo(3);
            for (int i = 0; i < 3; i++) {
                try (LogisticModel alone = LogisticRegression.fit(
                        small.x, labels, weights, options.withLambda(lambdas[i]), SmallRows.POOL)) {
                    assertThat(path.get(i).objective()).isCloseTo(alone.objective(), within(1e-8));
                }
            }
            path.forEach(LogisticModel::close);
            int[] one = new int[1];
            RegularizationPath.fit(small.x, labels, new double[] {0.1}, options, SmallRows.POOL, n -> one[0] = n)
                    .forEach(LogisticModel::close);
            assertThat(one[0]).isEqualTo(1);
            List<LogisticModel> plain =
                    RegularizationPath.fit(small.x, labels, new double[] {0.1}, options, SmallRows.POOL);
            assertThat(plain).hasSize(1);
            plain.forEach(LogisticModel::close);
            assertThat(RegularizationPath.fit(small.x, labels, new double[0], options, SmallRows.POOL))
                    .isEmpty();
            for (double[] wrong : new double[][] {{0}, {0.1, 0}, {Double.NaN}}) {
                assertThatThrownBy(() -> RegularizationPath.fit(small.x, labels, wrong, options, SmallRows.POOL))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageStartingWith("the lambdas of a path must be above 0, not ");
            }
            assertThatThrownBy(() ->
                            RegularizationPath.fit(small.x, labels, new double[] {0.1, 0.1}, options, SmallRows.POOL))
                    .hasMessage("the lambdas of a path must decrease, but 0.1 comes after 0.1");
        }
    }

    @Test
    void refusesSequencesThatDoNotDecrease() {
        assertThatThrownBy(() -> RegularizationPath.lambdas(0, 0.1, 3))
                .hasMessage("the largest lambda must be above 0, not 0.0");
        for (double ratio : new double[] {0, 1, Double.NaN}) {
            assertThatThrownBy(() -> RegularizationPath.lambdas(1, ratio, 3))
                    .hasMessage("the ratio of the last lambda to the first must be between 0 and 1, not " + ratio);
        }
        assertThatThrownBy(() -> RegularizationPath.lambdas(1, 0.1, 1))
                .hasMessage("a path needs 2 lambdas or more, not 1");
        assertThat(RegularizationPath.lambdas(2, 0.25, 2)).containsExactly(2, 0.5);
    }
}
