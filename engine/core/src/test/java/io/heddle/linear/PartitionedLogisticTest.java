package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.LogisticRegression.ClassWeight;
import io.heddle.linear.LogisticRegression.Options;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionedLogisticTest {
    private static final WorkerPool POOL = WorkerPool.shared();
    private static final int ROWS = 6_000;
    private static final int COLUMNS = 20;
    private static final int CLASSES = 5;
    /** An empty partition at the beginning, one within, one of a single row, and uneven others. */
    private static final int[] ENDS = {0, 1_500, 1_501, 1_501, 4_700, ROWS};

    private static FloatMatrix x;
    private static int[] labels;
    private static double[] weights;

    /**
     * Overlapping classes in columns of different scales, sorted by class, so that a partition does not have all
     * classes.
     */
    @BeforeAll
    static void generate() {
        SplittableRandom random = new SplittableRandom(11);
        x = FloatMatrix.allocate(ROWS, COLUMNS);
        labels = new int[ROWS];
        weights = new double[ROWS];
        for (int i = 0; i < ROWS; i++) {
            labels[i] = i * CLASSES / ROWS;
            weights[i] = i % 7 == 0 ? 0 : random.nextDouble(0.5, 2);
            for (int j = 0; j < COLUMNS - 1; j++) {
                double centre = j % CLASSES == labels[i] ? 1 : 0;
                x.set(i, j, (float) ((centre + random.nextGaussian()) * (1 + j % 3) + j));
            }
            x.set(i, COLUMNS - 1, 3.5f); // constant
        }
    }

    @AfterAll
    static void free() {
        x.close();
    }

    private static LocalPartitions partitions(double[] w, int... ends) {
        return new LocalPartitions(x, labels, w, ends, POOL, 0, 1);
    }

    private static void agrees(double[] w, Options options) {
        try (LocalPartitions partitions = partitions(w, ENDS);
                LogisticModel expected = w == null
                        ? LogisticRegression.fit(x, labels, options)
                        : LogisticRegression.fit(x, labels, w, options, POOL);
                LogisticModel actual = LogisticRegression.fit(partitions, options, POOL)) {
            assertThat(expected.converged()).isTrue();
            assertThat(actual.converged()).isTrue();
            assertThat(actual.certificate().relative()).isBetween(0.0, options.tolerance());
            assertThat(actual.objective()).isCloseTo(expected.objective(), within(1e-6 * expected.objective()));
            assertThat(actual.passes()).isPositive();
            for (int c = 0; c < CLASSES; c++) {
                if (options.intercept() || options.standardize()) {
                    assertThat(actual.weights().get(c, COLUMNS - 1)).isZero();
                }
                for (int j = 0; j < COLUMNS; j++) {
                    assertThat(actual.weights().get(c, j))
                            .isCloseTo(expected.weights().get(c, j), within(1e-2f));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0, false, false", "0.5, false, true", "1, false, false", "0.5, true, false", "0, true, true"})
    void reachesTheObjectiveOfRowsInMemory(double l1Ratio, boolean standardize, boolean weighted) {
        Options options = Options.defaults()
                .withLambda(1e-3)
                .withL1Ratio(l1Ratio)
                .withStandardize(standardize)
                .withTolerance(1e-6);
        agrees(weighted ? weights : null, options);
    }

    @Test
    void takesGroupedPenaltiesAndWeightsOfClasses() {
        Options options = Options.defaults().withLambda(1e-3).withTolerance(1e-6);
        agrees(null, options.withL1Ratio(0.7).withGrouped(true));
        agrees(null, options.withClassWeight(ClassWeight.BALANCED));
        agrees(weights, options.withClassWeights(Map.of(1, 3.0, 4, 0.5)).withPenaltyFactors(Map.of(2, 5.0)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5})
    void endsInFloatWithACertificateInFloat64(double l1Ratio) {
        Options options =
                Options.defaults().withLambda(1e-3).withL1Ratio(l1Ratio).withTolerance(1e-3);
        try (LocalPartitions partitions = partitions(null, ENDS);
                LogisticModel model = LogisticRegression.fit(partitions, options, POOL)) {
            assertThat(model.certificate().relative()).isBetween(0.0, 1e-3);
            TrainingRows rows = LogisticRegression.rows(x, labels, null, 0, options, POOL);
            double[] parameters = new double[model.classes() * rows.width()];
            rows.transform().unfold(model.weights(), model.intercepts(), parameters);
            double[] gradient = new double[parameters.length];
            double loss = ExactLoss.measure(rows, parameters, gradient, POOL);
            Penalty penalty = Penalties.of(options, rows.transform());
            assertThat(model.objective()).isCloseTo(loss + penalty.value(parameters), within(1e-6));
        }
    }

    private static int[] bits(LogisticModel model) {
        float[] row = new float[model.features()];
        int[] bits = new int[model.classes() * (model.features() + 1)];
        for (int c = 0; c < model.classes(); c++) {
            model.weights().getRow(c, row);
            for (int j = 0; j < row.length; j++) {
                bits[c * row.length + j] = Float.floatToIntBits(row[j]);
            }
            bits[model.classes() * row.length + c] = Float.floatToIntBits(model.intercepts()[c]);
        }
        return bits;
    }

    /** Threads, the order of the tasks, and lost partitions have no influence on the bits. */
    @ParameterizedTest
    @CsvSource({"0, 1e-4", "0.5, 1e-6"})
    void givesTheSameBitsHoweverThePartitionsRun(double l1Ratio, double tolerance) {
        Options options =
                Options.defaults().withLambda(1e-3).withL1Ratio(l1Ratio).withTolerance(tolerance);
        int[] expected = null;
        double objective = 0;
        for (int threads = 1; threads <= 3; threads += 2) {
            try (WorkerPool pool = WorkerPool.of(threads);
                    LocalPartitions partitions = new LocalPartitions(
                            x, labels, weights, ENDS, 1_500, pool, threads == 1 ? 0 : 0.1, threads);
                    LogisticModel model = LogisticRegression.fit(partitions, options, pool)) {
                if (threads == 1) {
                    expected = bits(model);
                    objective = model.objective();
                    continue;
                }
                assertThat(partitions.rebuilt()).isPositive();
                assertThat(bits(model)).isEqualTo(expected);
                assertThat(model.objective()).isEqualTo(objective);
            }
        }
    }

    @Tag("slow")
    @Test
    void emptyPartitionsChangeNoBit() {
        Options options = Options.defaults().withL1Ratio(0.5);
        try (LocalPartitions one = partitions(null, ROWS);
                LocalPartitions among = partitions(null, 0, 0, ROWS, ROWS);
                LogisticModel expected = LogisticRegression.fit(one, options, POOL);
                LogisticModel actual = LogisticRegression.fit(among, options, POOL)) {
            assertThat(bits(actual)).isEqualTo(bits(expected));
            assertThat(actual.objective()).isEqualTo(expected.objective());
            assertThat(actual.certificate()).isEqualTo(expected.certificate());
        }
    }

    /** A task contains the point, a vector and the transform; a result contains a number for each parameter. */
    @Test
    void messagesGrowWithTheParametersOnly() {
        int size = CLASSES * (COLUMNS + 1);
        Options options = Options.defaults().withL1Ratio(0.5).withTolerance(1e-3);
        try (LocalPartitions partitions = partitions(null, ENDS);
                LogisticModel model = LogisticRegression.fit(partitions, options, POOL)) {
            int overhead = 1_024;
            assertThat(partitions.largestTask()).isLessThan(8 * (2 * size + 2 * COLUMNS) + overhead);
            assertThat(partitions.largestResult()).isLessThan(8 * (size + 1) + overhead);
            assertThat(partitions.tasks()).isLessThan(3 * model.passes() + 10);
        }
    }

    /** Few parameters: Newton steps with the whole Hessian, also for nearly collinear columns. */
    @Test
    void sumsTheWholeHessianOfFewParameters() {
        int n = 60;
        SplittableRandom random = new SplittableRandom(2);
        int[] y = new int[n];
        try (FloatMatrix few = FloatMatrix.allocate(n, 3)) {
            for (int i = 0; i < n; i++) {
                y[i] = i % 3;
                float v = (float) random.nextGaussian() + y[i];
                few.setRow(i, new float[] {v, v + 1e-3f * (float) random.nextGaussian(), i % 5});
            }
            for (double l1Ratio : new double[] {0, 0.5, 1}) {
                Options options = Options.defaults()
                        .withL1Ratio(l1Ratio)
                        .withTolerance(1e-9)
                        .withLambda(1e-3);
                try (LocalPartitions partitions =
                                new LocalPartitions(few, y, null, new int[] {10, 10, 35, n}, POOL, 0, 3);
                        LogisticModel expected = LogisticRegression.fit(few, y, options);
                        LogisticModel actual = LogisticRegression.fit(partitions, options, POOL)) {
                    assertThat(actual.converged()).isTrue();
                    assertThat(actual.objective()).isCloseTo(expected.objective(), within(1e-8));
                }
            }
        }
    }

    /** 9.97e36 is a placeholder for missing values. */
    @ParameterizedTest
    @CsvSource({"0, false", "0.5, true"})
    void valuesOfRowsOfWeightZeroHaveNoEffect(double l1Ratio, boolean standardize) {
        Options options = Options.defaults()
                .withLambda(1e-3)
                .withTolerance(1e-7)
                .withL1Ratio(l1Ratio)
                .withStandardize(standardize);
        try (FloatMatrix placeholders = x.copy()) {
            for (int i = 0; i < ROWS; i += 7) {
                placeholders.set(i, 1, 9.97e36f);
            }
            try (LocalPartitions partitions = new LocalPartitions(placeholders, labels, weights, ENDS, POOL, 0, 1);
                    LogisticModel actual = LogisticRegression.fit(partitions, options, POOL);
                    LogisticModel expected = LogisticRegression.fit(x, labels, weights, options, POOL)) {
                assertThat(actual.converged()).isTrue();
                assertThat(actual.objective()).isCloseTo(expected.objective(), within(1e-6));
                assertThat(actual.weights().get(0, 1))
                        .isCloseTo(expected.weights().get(0, 1), within(1e-3f));
            }
        }
    }

    /** Without intercepts, the minimum over all weights is that of columns that are not centred. */
    @Test
    @Tag("slow")
    void fitsWithoutIntercepts() {
        Options options =
                Options.defaults().withLambda(1e-3).withTolerance(1e-6).withIntercept(false);
        for (double l1Ratio : new double[] {0, 0.5}) {
            agrees(weights, options.withL1Ratio(l1Ratio));
            agrees(weights, options.withL1Ratio(l1Ratio).withStandardize(true));
        }
        agrees(null, options.withL1Ratio(0.7).withGrouped(true));
        try (LogisticModel model = LogisticRegression.fit(x, labels, weights, options, POOL)) {
            assertThat(model.intercepts()).containsOnly(0);
            assertThat(model.weights().get(0, COLUMNS - 1))
                    .as("the constant column")
                    .isNotZero();
            TrainingRows rows = LogisticRegression.rows(x, labels, weights, 0, options, POOL);
            double[] parameters = new double[model.classes() * rows.width()];
            rows.transform().unfold(model.weights(), model.intercepts(), parameters);
            assertThat(rows.transform().shift()).containsOnly(0);
            Penalty penalty = Penalties.of(options, rows.transform());
            double[] gradient = new double[parameters.length];
            double best = ExactLoss.measure(rows, parameters, gradient, POOL) + penalty.value(parameters);
            assertThat(model.objective()).isCloseTo(best, within(1e-7));
            double[] subgradient = new double[parameters.length];
            penalty.subgradient(gradient, parameters, subgradient);
            for (double g : subgradient) {
                assertThat(g).isCloseTo(0, within(1e-4));
            }
        }
    }

    /**
     * Without a penalty and with fewer rows than columns, the Hessian is singular. The objective has no minimum above
     * 0.
     */
    @Test
    @Tag("slow")
    void separatesFewRowsOfManyColumnsWithoutAPenalty() {
        int columns = 700;
        SplittableRandom random = new SplittableRandom(3);
        int[] halves = new int[100];
        Arrays.setAll(halves, i -> i % 2);
        try (FloatMatrix few = FloatMatrix.allocate(halves.length, columns)) {
            for (int i = 0; i < halves.length; i++) {
                for (int j = 0; j < columns; j++) {
                    few.set(i, j, j % 3 == 0 ? 0 : (float) (100 * random.nextDouble() + (j % 7 == halves[i] ? 60 : 0)));
                }
            }
            Options options = Options.defaults().withLambda(0).withTolerance(1e-4);
            for (boolean intercept : new boolean[] {true, false}) {
                try (LocalPartitions partitions =
                                new LocalPartitions(few, halves, null, new int[] {0, 40, 100}, POOL, 0, 1);
                        LogisticModel model =
                                LogisticRegression.fit(partitions, options.withIntercept(intercept), POOL)) {
                    assertThat(model.objective()).isLessThan(1e-3);
                    assertThat(model.certificate().relative()).isLessThan(1e-3);
                }
            }
        }
    }

    @Test
    void refusesInvalidInput() {
        Options options = Options.defaults();
        refused("logistic regression needs rows, but there are no partitions with rows", new int[] {0, 0}, null);
        double[] nothing = new double[ROWS];
        refused("all weights are 0; rows of at least two classes must count", ENDS, nothing);
        double[] oneClass =
                Arrays.stream(labels).mapToDouble(l -> l == 2 ? 1 : 0).toArray();
        refused("all rows with a weight above 0 have label 2; a classifier needs at least two classes", ENDS, oneClass);
        refused("all 100 labels are 0; a classifier needs at least two classes", new int[] {40, 100}, null);
        try (FloatMatrix bad = FloatMatrix.copyOf(new float[] {1, 2, 3, Float.NaN, 5, 6}, 3, 2);
                LocalPartitions partitions =
                        new LocalPartitions(bad, new int[] {0, 1, 1}, null, new int[] {1, 3}, POOL, 0, 1)) {
            assertThatThrownBy(() -> LogisticRegression.fit(partitions, options, POOL))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("partition 1 holds NaN in row 0, column 1");
        }
    }

    private static void refused(String message, int[] ends, double[] w) {
        try (LocalPartitions partitions = partitions(w, ends)) {
            assertThatThrownBy(() -> LogisticRegression.fit(partitions, Options.defaults(), POOL))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage(message);
        }
    }
}
