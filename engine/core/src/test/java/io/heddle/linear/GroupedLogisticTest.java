package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.LogisticReferenceTest.Problem;
import io.heddle.linear.LogisticRegression.Options;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
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

/** Tests norms of whole columns against weights of glmnet and optima of proximal gradient steps. */
class GroupedLogisticTest {
    private static final Options GROUPED = Options.defaults().withGrouped(true).withTolerance(1e-7);

    private static double[] numbers(String text) {
        return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    private static Map<Integer, Double> named(double[] factors) {
        Map<Integer, Double> named = new HashMap<>();
        IntStream.range(0, factors.length).forEach(j -> named.put(j, factors[j]));
        return named;
    }

    /** A line for each class. A column without a penalty can be shifted in all classes, so its mean is subtracted. */
    @ParameterizedTest
    @CsvFileSource(resources = "grouped_weights.csv", numLinesToSkip = 1, maxCharsPerColumn = 10_000)
    void reachesTheWeightsOfGlmnet(
            String problem, double lambda, double l1Ratio, String factors, int classIndex, String weights) {
        Options options = GROUPED.withLambda(lambda)
                .withL1Ratio(l1Ratio)
                .withPenaltyFactors(named(numbers(factors)))
                .withTolerance(1e-10);
        double[] expected = numbers(weights);
        try (Problem p = new Problem(problem);
                LogisticModel model = LogisticRegression.fit(p.x, p.labels, options)) {
            double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
            for (int j = 0; j < expected.length; j++) {
                double mean = 0;
                for (int c = 0; c < model.classes(); c++) {
                    mean += model.weights().get(c, j) / (double) model.classes();
                }
                assertThat(model.weights().get(classIndex, j) - mean)
                        .as("column %d", j)
                        .isCloseTo(expected[j], within(1e-5 * Math.max(largest, 1)));
                if (expected[j] == 0) {
                    assertThat(model.weights().get(classIndex, j)).isZero();
                }
            }
        }
    }

    /** Rows of classes that depend on the first columns. */
    private static final class Rows implements AutoCloseable {
        final double[][] values;
        final int[] labels;
        final FloatMatrix x;

        Rows(int count, int columns, int classes, double signal) {
            SplittableRandom random = new SplittableRandom(21);
            values = new double[count][columns];
            labels = new int[count];
            x = FloatMatrix.allocate(count, columns);
            for (int i = 0; i < count; i++) {
                labels[i] = i < classes ? i : random.nextInt(classes);
                for (int j = 0; j < columns; j++) {
                    x.set(i, j, (float) (random.nextGaussian() + (j % classes == labels[i] ? signal : 0)));
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
    @CsvSource({"0.02, 0.5", "0.05, 1", "0.1, 0.9", "0.001, 0.9", "0.3, 1"})
    void factorsReachTheOptimumOfProximalGradientSteps(double lambda, double l1Ratio) {
        double[] factors = {0, 0.5, 1, 2, 1, 0.1, 3, 0};
        Options options = GROUPED.withLambda(lambda).withL1Ratio(l1Ratio).withPenaltyFactors(named(factors));
        try (Rows rows = new Rows(120, 8, 3, 1);
                LogisticModel model = LogisticRegression.fit(rows.x, rows.labels, options)) {
            double minimum = new ProximalGradient(
                            rows.values, rows.labels, 3, lambda * l1Ratio, lambda * (1 - l1Ratio), factors, true)
                    .minimum();
            assertThat(model.objective()).isCloseTo(minimum, within(1e-8 * minimum));
            assertThat(model.converged()).isTrue();
            assertThat(model.certificate().kind()).isEqualTo(Certificate.Kind.KKT_VIOLATION);
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"0.02, 0.7", "0.05, 1", "0.002, 1"})
    void manyRowsInFloatReachTheSameOptimum(double lambda, double l1Ratio) {
        Options options = GROUPED.withLambda(lambda).withL1Ratio(l1Ratio).withTolerance(1e-4);
        double[] factors = new double[12];
        Arrays.fill(factors, 1);
        try (Rows rows = new Rows(20_000, 12, 4, 0.5);
                LogisticModel model = LogisticRegression.fit(rows.x, rows.labels, options)) {
            double minimum = new ProximalGradient(
                            rows.values, rows.labels, 4, lambda * l1Ratio, lambda * (1 - l1Ratio), factors, true)
                    .minimum();
            assertThat(model.converged()).isTrue();
            assertThat(model.certificate().kind()).isEqualTo(Certificate.Kind.DUALITY_GAP);
            double above = model.objective() - minimum;
            assertThat(above).isBetween(-1e-7 * minimum, 1e-4 * minimum);
            assertThat(above).isLessThanOrEqualTo(model.certificate().relative() * model.objective() + 1e-7);
        }
    }

    @Test
    void aColumnHasWeightsInAllClassesOrInNone() {
        Options options = GROUPED.withLambda(0.02).withL1Ratio(1);
        try (Problem p = new Problem("digits");
                LogisticModel model = LogisticRegression.fit(p.x, p.labels, options)) {
            int used = 0;
            for (int j = 0; j < model.features(); j++) {
                int nonZeros = 0;
                for (int c = 0; c < model.classes(); c++) {
                    nonZeros += model.weights().get(c, j) != 0 ? 1 : 0;
                }
                assertThat(nonZeros).isIn(0, model.classes());
                used += nonZeros > 0 ? 1 : 0;
            }
            assertThat(used).isBetween(10, 50);
        }
    }

    /** More parameters than one estimated Hessian has, so the columns are processed in groups. */
    @Tag("slow")
    @Test
    void moreColumnsThanOneEstimateReachTheTolerance() {
        Options options = GROUPED.withLambda(2e-3).withL1Ratio(0.1).withTolerance(1e-2);
        try (Rows rows = new Rows(2_000, 200, 30, 0.7);
                LogisticModel model = LogisticRegression.fit(rows.x, rows.labels, options)) {
            assertThat(model.nonZeros()).isGreaterThan(CoordinateGroups.MAXIMUM_COUPLED);
            assertThat(model.converged()).isTrue();
        }
    }

    @Test
    void groupsOfColumnsHoldAllClassesAndEachColumnOnce() {
        try (Rows rows = new Rows(400, 200, 30, 1)) {
            TrainingRows data = LogisticRegression.rows(rows.x, rows.labels, null, 0, GROUPED, WorkerPool.shared());
            try (SoftmaxLoss loss = new SoftmaxLoss(data, WorkerPool.shared())) {
                int[] columns = IntStream.range(0, 201).toArray();
                List<int[]> groups = CoordinateGroups.byColumns(columns, loss);
                assertThat(groups).hasSizeGreaterThan(1).allSatisfy(g -> {
                    assertThat(g).isSorted().hasSizeLessThanOrEqualTo(CoordinateGroups.MAXIMUM_COUPLED);
                    assertThat(g.length % 30).isZero();
                });
                int[] all =
                        groups.stream().flatMapToInt(Arrays::stream).sorted().toArray();
                assertThat(all).isEqualTo(IntStream.range(0, 201 * 30).toArray());
            }
        }
    }

    @Test
    void givesTheSameBitsForAnyNumberOfThreads() {
        Options options = GROUPED.withLambda(0.01).withL1Ratio(0.8).withTolerance(1e-4);
        try (Rows rows = new Rows(20_000, 30, 5, 0.3);
                LogisticModel first = LogisticRegression.fit(rows.x, rows.labels, options)) {
            for (int threads : new int[] {1, 2, 5}) {
                try (WorkerPool pool = WorkerPool.of(threads);
                        LogisticModel again = LogisticRegression.fit(rows.x, rows.labels, options, pool)) {
                    assertThat(again.weights()
                                    .segment()
                                    .mismatch(first.weights().segment()))
                            .isEqualTo(-1);
                    assertThat(again.objective()).isEqualTo(first.objective());
                }
            }
        }
    }

    @Test
    void aPathStartsWhereAllColumnsAreZero() {
        Options options = GROUPED.withL1Ratio(0.5);
        try (Rows rows = new Rows(300, 7, 3, 1)) {
            double largest = RegularizationPath.largestLambda(rows.x, rows.labels, options, WorkerPool.shared());
            try (LogisticModel at = LogisticRegression.fit(rows.x, rows.labels, options.withLambda(1.001 * largest));
                    LogisticModel below =
                            LogisticRegression.fit(rows.x, rows.labels, options.withLambda(0.99 * largest))) {
                assertThat(at.nonZeros()).isZero();
                assertThat(below.nonZeros()).isPositive();
            }
        }
    }

    @Test
    void withoutANormItIsRidgeRegression() {
        Options options = Options.defaults().withLambda(0.01);
        try (Problem p = new Problem("iris");
                LogisticModel plain = LogisticRegression.fit(p.x, p.labels, options);
                LogisticModel grouped = LogisticRegression.fit(p.x, p.labels, options.withGrouped(true))) {
            assertThat(grouped.weights().segment().mismatch(plain.weights().segment()))
                    .isEqualTo(-1);
        }
    }

    @Test
    void refusesTooManyClasses() {
        try (Rows rows = new Rows(600, 3, 300, 1)) {
            assertThatThrownBy(() -> LogisticRegression.fit(rows.x, rows.labels, GROUPED.withL1Ratio(1)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("a grouped penalty takes at most 256 classes, but there are 300: leave out grouped, or"
                            + " merge classes");
        }
    }
}
