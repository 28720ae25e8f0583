package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.LogisticReferenceTest.Problem;
import io.heddle.linear.LogisticRegression.Options;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Compares penalty factors and norms of columns with optima of glmnet (penalty_reference.R) and of proximal gradient
 * steps in float64.
 */
class PenaltyReferenceTest {
    private static Map<Integer, Double> factors(String text) {
        String[] fields = text.split(" ");
        Map<Integer, Double> factors = new HashMap<>();
        for (int j = 0; j < fields.length; j++) {
            factors.put(j, Double.valueOf(fields[j]));
        }
        return factors;
    }

    @ParameterizedTest
    @CsvFileSource(resources = "penalties.csv", numLinesToSkip = 1, maxCharsPerColumn = 10_000)
    void reachesTheOptimumOfGlmnet(
            String problem,
            double lambda,
            double l1Ratio,
            int standardize,
            int grouped,
            String factors,
            double optimum,
            long nonZeros) {
        Options options = Options.defaults()
                .withLambda(lambda)
                .withL1Ratio(l1Ratio)
                .withGrouped(grouped == 1)
                .withStandardize(standardize == 1)
                .withPenaltyFactors(factors(factors))
                .withTolerance(1e-6);
        try (Problem p = new Problem(problem);
                LogisticModel model = LogisticRegression.fit(p.x, p.labels, options)) {
            assertThat(model.converged()).isTrue();
            assertThat(model.objective()).isCloseTo(optimum, within(1e-6 * optimum));
            Certificate.Kind kind =
                    factors.startsWith("0 ") ? Certificate.Kind.KKT_VIOLATION : Certificate.Kind.DUALITY_GAP;
            assertThat(model.certificate().kind()).isEqualTo(kind);
            assertThat(model.nonZeros()).isBetween(nonZeros - nonZeros / 20 - 1, nonZeros + nonZeros / 20 + 1);
        }
    }

    /** Rows of three classes that depend on columns 0 and 1. Column 5 is nearly a copy of column 4. */
    private static final class Rows implements AutoCloseable {
        final double[][] values;
        final int[] labels;
        final FloatMatrix x;

        Rows(int count, int columns) {
            SplittableRandom random = new SplittableRandom(11);
            values = new double[count][columns];
            labels = new int[count];
            x = FloatMatrix.allocate(count, columns);
            for (int i = 0; i < count; i++) {
                labels[i] = random.nextInt(3);
                for (int j = 0; j < columns; j++) {
                    double v = random.nextGaussian() + (j == labels[i] ? 1.2 : 0);
                    x.set(i, j, (float) (j == 5 ? values[i][4] + 0.1 * v : v));
                    values[i][j] = x.get(i, j);
                }
            }
        }

        @Override
        public void close() {
            x.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"0.01, 0.5", "0.01, 1", "0.05, 0.5", "0.05, 0", "0.001, 0.9"})
    void factorsReachTheOptimumOfProximalGradientSteps(double lambda, double l1Ratio) {
        double[] factors = {0, 0.5, 1, 2, 1, 0.1, 3, 0};
        Map<Integer, Double> named = new HashMap<>();
        IntStream.range(0, factors.length).forEach(j -> named.put(j, factors[j]));
        Options options = Options.defaults()
                .withLambda(lambda)
                .withL1Ratio(l1Ratio)
                .withPenaltyFactors(named)
                .withTolerance(1e-7);
        try (Rows rows = new Rows(120, 8);
                LogisticModel model = LogisticRegression.fit(rows.x, rows.labels, options)) {
            double minimum = new ProximalGradient(
                            rows.values, rows.labels, 3, lambda * l1Ratio, lambda * (1 - l1Ratio), factors, false)
                    .minimum();
            assertThat(model.objective()).isCloseTo(minimum, within(1e-8 * minimum));
            assertThat(model.converged()).isTrue();
        }
    }

    @Test
    void factorsOfOneChangeNoBit() {
        Options options = Options.defaults().withLambda(0.01).withL1Ratio(0.5);
        try (Problem p = new Problem("digits");
                LogisticModel plain = LogisticRegression.fit(p.x, p.labels, options);
                LogisticModel named =
                        LogisticRegression.fit(p.x, p.labels, options.withPenaltyFactors(Map.of(0, 1.0, 20, 1.0)))) {
            assertThat(named.weights().segment().mismatch(plain.weights().segment()))
                    .isEqualTo(-1);
            assertThat(named.objective()).isEqualTo(plain.objective());
        }
    }

    @Test
    void allFactorsOfTwoAreTwiceTheLambda() {
        Options options = Options.defaults().withLambda(0.01).withL1Ratio(0.7).withTolerance(1e-7);
        Map<Integer, Double> twos = Map.of(0, 2.0, 1, 2.0, 2, 2.0, 3, 2.0);
        try (Problem p = new Problem("iris");
                LogisticModel factors = LogisticRegression.fit(p.x, p.labels, options.withPenaltyFactors(twos));
                LogisticModel lambda = LogisticRegression.fit(p.x, p.labels, options.withLambda(0.02))) {
            assertThat(factors.objective()).isCloseTo(lambda.objective(), within(2e-7));
        }
    }

    @Test
    void allFactorsOfZeroAreNoPenalty() {
        Options options = Options.defaults().withLambda(0.1).withL1Ratio(0.5).withTolerance(1e-6);
        Map<Integer, Double> zeros = Map.of(0, 0.0, 1, 0.0, 2, 0.0, 3, 0.0, 4, 0.0, 5, 0.0);
        try (Rows rows = new Rows(200, 6);
                LogisticModel factors = LogisticRegression.fit(rows.x, rows.labels, options.withPenaltyFactors(zeros));
                LogisticModel none = LogisticRegression.fit(rows.x, rows.labels, options.withLambda(0))) {
            assertThat(factors.objective()).isCloseTo(none.objective(), within(1e-9));
            assertThat(factors.converged()).isTrue();
        }
    }

    @Tag("slow")
    @Test
    void manyRowsInFloatReachTheSameOptimum() {
        Options options = Options.defaults()
                .withLambda(0.02)
                .withL1Ratio(0.6)
                .withPenaltyFactors(Map.of(0, 0.0, 3, 4.0))
                .withTolerance(1e-5);
        try (Rows rows = new Rows(20_000, 10);
                LogisticModel model = LogisticRegression.fit(rows.x, rows.labels, options)) {
            double[] factors = {0, 1, 1, 4, 1, 1, 1, 1, 1, 1};
            double minimum = new ProximalGradient(rows.values, rows.labels, 3, 0.012, 0.008, factors, false).minimum();
            assertThat(model.converged()).isTrue();
            assertThat(model.objective()).isCloseTo(minimum, within(1e-6 * minimum));
        }
    }

    @Test
    void aPathStartsAtTheModelOfTheUnpenalisedColumns() {
        Options options = Options.defaults()
                .withL1Ratio(0.5)
                .withPenaltyFactors(Map.of(0, 0.0, 1, 2.0))
                .withTolerance(1e-6);
        try (Rows rows = new Rows(300, 7)) {
            double largest = RegularizationPath.largestLambda(rows.x, rows.labels, options, WorkerPool.shared());
            try (LogisticModel at = LogisticRegression.fit(rows.x, rows.labels, options.withLambda(1.001 * largest));
                    LogisticModel below =
                            LogisticRegression.fit(rows.x, rows.labels, options.withLambda(0.98 * largest))) {
                assertThat(at.nonZeros()).isEqualTo(3);
                assertThat(below.nonZeros()).isGreaterThan(3);
            }
            List<LogisticModel> path = RegularizationPath.fit(
                    rows.x, rows.labels, new double[] {largest, largest / 10}, options, WorkerPool.shared());
            assertThat(path.getFirst().nonZeros()).isLessThan(path.getLast().nonZeros());
            path.forEach(LogisticModel::close);
        }
    }

    @Test
    void refusesFactorsOfNoColumnAndOutOfRange() {
        Options options = Options.defaults();
        try (Rows rows = new Rows(50, 6)) {
            assertThatThrownBy(() ->
                            LogisticRegression.fit(rows.x, rows.labels, options.withPenaltyFactors(Map.of(6, 0.0))))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("there is a penalty factor for column 6, but the data have only 6 columns, 0 to 5");
        }
        assertThatThrownBy(() -> options.withPenaltyFactors(Map.of(2, -1.0)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "the penalty factor of column 2 is -1.0; columns count from 0, and factors are finite numbers"
                                + " of 0 or more");
    }
}
