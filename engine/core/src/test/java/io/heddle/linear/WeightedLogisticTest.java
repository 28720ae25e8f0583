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
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightedLogisticTest {
    private static final WorkerPool POOL = WorkerPool.shared();
    private static final int ROWS = 30;
    private static final Map<Integer, Double> OF_CLASSES = Map.of(0, 2.0, 1, 0.5);

    private final FloatMatrix x = FloatMatrix.allocate(ROWS, 3);
    private final int[] labels =
            IntStream.range(0, ROWS).map(i -> (i * 5 + i / 7) % 3).toArray();
    private final double[] halves =
            IntStream.range(0, ROWS).mapToDouble(i -> i % 4 * 0.5).toArray();
    private final Options options = Options.defaults().withLambda(0.01).withTolerance(1e-9);

    WeightedLogisticTest() {
        for (int i = 0; i < ROWS; i++) {
            x.set(i, 0, (float) Math.sin(i * 1.7 + 0.3));
            x.set(i, 1, (float) Math.cos(i * 0.9));
            x.set(i, 2, (float) (i * 7 % 11 / 11.0));
        }
    }

    @AfterEach
    void tearDown() {
        x.close();
    }

    /** Results of scikit-learn 1.9.1 with C = 1 / (lambda · Σ weights), tol 1e-12. */
    @Test
    void agreesWithSampleWeightOfScikitLearn() {
        try (LogisticModel rows = LogisticRegression.fit(x, labels, halves, options, POOL);
                LogisticModel classes = LogisticRegression.fit(x, labels, options.withClassWeights(OF_CLASSES));
                LogisticModel both =
                        LogisticRegression.fit(x, labels, halves, options.withClassWeights(OF_CLASSES), POOL)) {
            assertThat(rows.objective()).isCloseTo(0.7966220625149845, within(1e-9));
            assertThat(rows.weights().get(0, 0)).isCloseTo(-1.4076037f, within(1e-5f));
            assertThat(rows.weights().get(2, 2)).isCloseTo(-0.7970641f, within(1e-5f));
            assertThat(classes.objective()).isCloseTo(0.6506187148683068, within(1e-9));
            assertThat(classes.weights().get(0, 0)).isCloseTo(-1.4266139f, within(1e-5f));
            assertThat(both.objective()).isCloseTo(0.6503685055349644, within(1e-9));
            assertThat(both.weights().get(1, 1)).isCloseTo(-0.9059985f, within(1e-5f));
        }
    }

    /** Enough rows for iterations in float, and few rows. */
    @ParameterizedTest
    @CsvSource({"1, 0, false", "1, 0.5, true", "1, 1, false", "400, 0, true", "400, 0.5, false"})
    void aWeightOfTwoRepeatsTheRowAndOneOfZeroRemovesIt(int copies, double l1Ratio, boolean standardize) {
        Options fit = options.withL1Ratio(l1Ratio).withStandardize(standardize).withTolerance(1e-7);
        int n = ROWS * copies;
        long[] all = new long[n];
        int[] y = new int[n];
        double[] weights = new double[n];
        for (int i = 0; i < n; i++) {
            all[i] = i % ROWS;
            y[i] = labels[i % ROWS];
            weights[i] = i % ROWS % 3;
        }
        long[] repeated = Arrays.stream(all)
                .flatMap(i -> java.util.stream.LongStream.generate(() -> i).limit(i % 3))
                .toArray();
        int[] repeatedLabels =
                Arrays.stream(repeated).mapToInt(i -> labels[(int) i]).toArray();
        try (FloatMatrix rows = gather(all);
                FloatMatrix twice = gather(repeated);
                LogisticModel weighted = LogisticRegression.fit(rows, y, weights, fit, POOL);
                LogisticModel duplicated = LogisticRegression.fit(twice, repeatedLabels, fit)) {
            assertThat(weighted.converged()).isTrue();
            assertThat(weighted.objective()).isCloseTo(duplicated.objective(), within(1e-6 * duplicated.objective()));
            for (int c = 0; c < 3; c++) {
                for (int j = 0; j < 3; j++) {
                    assertThat(weighted.weights().get(c, j))
                            .isCloseTo(duplicated.weights().get(c, j), within(2e-3f));
                }
            }
        }
    }

    private FloatMatrix gather(long[] rows) {
        FloatMatrix copy = FloatMatrix.allocate(rows.length, 3);
        for (int i = 0; i < rows.length; i++) {
            x.copyRow(rows[i], copy, i);
        }
        return copy;
    }

    /** 9.97e36 is a placeholder for missing values. */
    @ParameterizedTest
    @CsvSource({"1, 0, false", "1, 0.5, true", "400, 0, true", "400, 0.5, false"})
    void valuesOfRowsOfWeightZeroHaveNoEffect(int copies, double l1Ratio, boolean standardize) {
        Options fit = options.withL1Ratio(l1Ratio).withStandardize(standardize).withTolerance(1e-7);
        int n = ROWS * copies;
        int[] y = new int[n];
        double[] weights = new double[n];
        long[] all = new long[n];
        for (int i = 0; i < n; i++) {
            all[i] = i % ROWS;
            y[i] = labels[i % ROWS];
            weights[i] = i % 3;
        }
        try (FloatMatrix rows = gather(all);
                LogisticModel clean = LogisticRegression.fit(rows, y, weights, fit, POOL)) {
            double largest = RegularizationPath.largestLambda(rows, y, weights, fit, POOL);
            for (int i = 0; i < n; i += 3) {
                rows.set(i, 1, 9.97e36f);
            }
            try (LogisticModel placeholders = LogisticRegression.fit(rows, y, weights, fit, POOL)) {
                assertThat(placeholders.converged()).isTrue();
                assertThat(placeholders.objective()).isEqualTo(clean.objective());
                assertThat(placeholders.weights().get(0, 1))
                        .isEqualTo(clean.weights().get(0, 1));
            }
            assertThat(RegularizationPath.largestLambda(rows, y, weights, fit, POOL))
                    .isEqualTo(largest);
            LogisticModel first = RegularizationPath.fit(rows, y, weights, new double[] {0.01}, fit, POOL, i -> {})
                    .getFirst();
            assertThat(first.objective()).isCloseTo(clean.objective(), within(1e-6));
            first.close();
            rows.set(3, 2, Float.NaN);
            assertThatThrownBy(() -> LogisticRegression.fit(rows, y, weights, fit, POOL))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("row 3, column 2");
        }
    }

    @Test
    void aClassOfRowsOfWeightZeroRemainsAClass() {
        double[] weights =
                Arrays.stream(labels).mapToDouble(l -> l == 2 ? 0 : 1).toArray();
        try (LogisticModel model = LogisticRegression.fit(x, labels, weights, options, POOL)) {
            assertThat(model.classes()).isEqualTo(3);
        }
    }

    @Test
    void onlyRatiosOfWeightsCount() {
        double[] larger = Arrays.stream(halves).map(w -> 1e6 * w).toArray();
        try (LogisticModel a = LogisticRegression.fit(x, labels, halves, options, POOL);
                LogisticModel b = LogisticRegression.fit(x, labels, larger, options, POOL)) {
            assertThat(b.objective()).isCloseTo(a.objective(), within(1e-12));
        }
    }

    @Test
    void balancedIsTheInverseOfTheWeightOfAClass() {
        double[] totals = new double[3];
        for (int i = 0; i < ROWS; i++) {
            totals[labels[i]] += halves[i];
        }
        Map<Integer, Double> inverse = Map.of(0, 1 / totals[0], 1, 1 / totals[1], 2, 1 / totals[2]);
        try (LogisticModel balanced =
                        LogisticRegression.fit(x, labels, halves, options.withClassWeight(ClassWeight.BALANCED), POOL);
                LogisticModel named =
                        LogisticRegression.fit(x, labels, halves, options.withClassWeights(inverse), POOL)) {
            assertThat(balanced.objective()).isCloseTo(named.objective(), within(1e-12));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1})
    void aPathOfWeightedRowsStartsWhereAllWeightsAreZero(double l1Ratio) {
        Options path = options.withL1Ratio(l1Ratio);
        double largest = RegularizationPath.largestLambda(x, labels, halves, path, POOL);
        List<LogisticModel> models = RegularizationPath.fit(
                x, labels, halves, new double[] {1.001 * largest, 0.5 * largest}, path, POOL, n -> {});
        assertThat(models.getFirst().nonZeros()).isZero();
        assertThat(models.getLast().nonZeros()).isPositive();
        assertThat(models).allMatch(LogisticModel::converged);
        models.forEach(LogisticModel::close);
    }

    @Test
    void refusesInvalidWeights() {
        double[] weights = halves.clone();
        weights[3] = -1;
        refused("the weight of row 3 is -1.0; weights are finite numbers of 0 or more", weights);
        weights[3] = Double.NaN;
        refused("the weight of row 3 is NaN; weights are finite numbers of 0 or more", weights);
        refused("there are 2 weights for 30 rows", new double[] {1, 1});
        refused("all weights are 0; rows of at least two classes must count", new double[ROWS]);
        double[] oneClass =
                Arrays.stream(labels).mapToDouble(l -> l == 2 ? 1 : 0).toArray();
        refused("all rows with a weight above 0 have label 2; a classifier needs at least two classes", oneClass);
        assertThatThrownBy(() -> LogisticRegression.fit(x, labels, options.withClassWeights(Map.of(3, 1.0))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("there is a weight for class 3, but the largest label is 2");
        assertThatThrownBy(() -> options.withClassWeights(Map.of(1, -2.0)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("the weight of class 1 is -2.0; classes count from 0, and weights are finite numbers of 0 "
                        + "or more");
        assertThatThrownBy(() -> options.withClassWeights(OF_CLASSES).withClassWeight(ClassWeight.BALANCED))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("classWeight BALANCED and weights of single classes exclude each other");
    }

    private void refused(String message, double[] weights) {
        assertThatThrownBy(() -> LogisticRegression.fit(x, labels, weights, options, POOL))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(message);
    }
}
