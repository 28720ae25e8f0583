package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.linear.LogisticRegression.ClassWeight;
import io.heddle.linear.LogisticRegression.Options;
import io.heddle.linear.LogisticRegression.Progress;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogisticOptionsTest {
    private static final Consumer<Progress> LISTENER = p -> {};

    /** Each value differs from its default, and from those of the same type. */
    private static final Options ALL = new Options(
            0.25, 0.5, true, 1e-3, 7, true, false, ClassWeight.NONE, Map.of(1, 2.0), Map.of(0, 3.0), 42, LISTENER);

    @Test
    void eachMethodChangesOneComponent() {
        assertThat(ALL.withLambda(0.75))
                .isEqualTo(new Options(
                        0.75,
                        0.5,
                        true,
                        1e-3,
                        7,
                        true,
                        false,
                        ClassWeight.NONE,
                        Map.of(1, 2.0),
                        Map.of(0, 3.0),
                        42,
                        LISTENER));
        assertThat(ALL.withL1Ratio(0.75))
                .isEqualTo(new Options(
                        0.25,
                        0.75,
                        true,
                        1e-3,
                        7,
                        true,
                        false,
                        ClassWeight.NONE,
                        Map.of(1, 2.0),
                        Map.of(0, 3.0),
                        42,
                        LISTENER));
        assertThat(ALL.withGrouped(false))
                .isEqualTo(new Options(
                        0.25,
                        0.5,
                        false,
                        1e-3,
                        7,
                        true,
                        false,
                        ClassWeight.NONE,
                        Map.of(1, 2.0),
                        Map.of(0, 3.0),
                        42,
                        LISTENER));
        assertThat(ALL.withTolerance(1e-2).withMaxIterations(8))
                .isEqualTo(new Options(
                        0.25,
                        0.5,
                        true,
                        1e-2,
                        8,
                        true,
                        false,
                        ClassWeight.NONE,
                        Map.of(1, 2.0),
                        Map.of(0, 3.0),
                        42,
                        LISTENER));
        assertThat(ALL.withStandardize(false).withIntercept(true))
                .isEqualTo(new Options(
                        0.25,
                        0.5,
                        true,
                        1e-3,
                        7,
                        false,
                        true,
                        ClassWeight.NONE,
                        Map.of(1, 2.0),
                        Map.of(0, 3.0),
                        42,
                        LISTENER));
        assertThat(ALL.withClassWeights(Map.of()).withClassWeight(ClassWeight.BALANCED))
                .isEqualTo(new Options(
                        0.25,
                        0.5,
                        true,
                        1e-3,
                        7,
                        true,
                        false,
                        ClassWeight.BALANCED,
                        Map.of(),
                        Map.of(0, 3.0),
                        42,
                        LISTENER));
        Consumer<Progress> other = p -> {};
        assertThat(ALL.withPenaltyFactors(Map.of(1, 0.5)).withSeed(1).withProgress(other))
                .isEqualTo(new Options(
                        0.25,
                        0.5,
                        true,
                        1e-3,
                        7,
                        true,
                        false,
                        ClassWeight.NONE,
                        Map.of(1, 2.0),
                        Map.of(1, 0.5),
                        1,
                        other));
    }

    @Test
    void limitsAreAllowedAndWhatIsBeyondIsRefused() {
        assertThat(ALL.withL1Ratio(0).l1Ratio()).isZero();
        assertThat(ALL.withTolerance(Double.MIN_VALUE).tolerance()).isEqualTo(Double.MIN_VALUE);
        Map<Integer, Double> largest = Map.of(0, (double) Float.MAX_VALUE);
        assertThat(ALL.withClassWeights(largest).withPenaltyFactors(largest).penaltyFactors())
                .isEqualTo(largest);
        assertThatThrownBy(() -> ALL.withTolerance(Double.NaN)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> ALL.withL1Ratio(Double.NaN)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> ALL.withL1Ratio(1.0000001)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> ALL.withClassWeights(Map.of(0, 1e39))).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> ALL.withPenaltyFactors(Map.of(0, 1e39))).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void groupedPenaltiesHaveALimitOfClasses() {
        Options grouped = Options.defaults().withGrouped(true);
        LogisticRegression.requireClasses(256, grouped.withL1Ratio(0.5));
        LogisticRegression.requireClasses(257, grouped.withL1Ratio(0));
        LogisticRegression.requireClasses(257, grouped.withGrouped(false).withL1Ratio(0.5));
        assertThatThrownBy(() -> LogisticRegression.requireClasses(257, grouped.withL1Ratio(0.5)))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void validatesRowsAndLabels() {
        Options options = Options.defaults();
        try (FloatMatrix x = FloatMatrix.copyOf(new float[] {1, 2, 3, 4}, 4, 1)) {
            int[] labels = {0, 99_999, 0, 1};
            assertThat(LogisticRegression.requireLabels(x, labels)).isEqualTo(99_999);
            assertThat(LogisticRegression.requireLabels(x, new int[4])).isZero();
            labels[1] = 100_000;
            assertThatThrownBy(() -> LogisticRegression.requireLabels(x, labels))
                    .hasMessage("the largest label is 100000; at most 100000 classes are supported");
            assertThatThrownBy(() -> LogisticRegression.requireLabels(x, new int[3]))
                    .hasMessage("there are 3 labels for 4 rows");
            int[] two = {0, 1, 1, 0};
            TrainingRows rows = LogisticRegression.rows(x, two, null, 0, options, SmallRows.POOL);
            assertThat(rows.classes()).isEqualTo(2);
            assertThat(rows.weights()).isNull();
            assertThat(LogisticRegression.rows(x, two, null, 5, options, SmallRows.POOL)
                            .classes())
                    .isEqualTo(5);
            TrainingRows weighted =
                    LogisticRegression.rows(x, two, new double[] {1, 2, 3, 2}, 0, options, SmallRows.POOL);
            assertThat(weighted.weights()).containsExactly(0.5, 1, 1.5, 1);
            assertThat(weighted.transform().constant()).isEqualTo(1);
            assertThatThrownBy(() -> LogisticRegression.rows(
                            x, two, null, 0, options.withClassWeights(Map.of(2, 1.0)), SmallRows.POOL))
                    .hasMessage("there is a weight for class 2, but the largest label is 1");
            assertThatThrownBy(() -> LogisticRegression.rows(
                            x, two, null, 257, options.withGrouped(true).withL1Ratio(1), SmallRows.POOL))
                    .hasMessageContaining("256");
        }
    }

    /** The reports of a fit: one for each iteration, with all passes so far. */
    @Test
    void reportsProgress() {
        List<Progress> reports = new ArrayList<>();
        Options options = Options.defaults()
                .withLambda(0.01)
                .withL1Ratio(0.5)
                .withTolerance(1e-9)
                .withProgress(reports::add);
        try (SmallRows small = new SmallRows(80, 4, 3);
                LogisticModel model = LogisticRegression.fit(small.x, small.rows.labels(), options)) {
            assertThat(model.converged()).isTrue();
            assertThat(reports).hasSize(model.iterations());
            assertThat(IntStream.range(0, reports.size())
                            .map(k -> reports.get(k).iteration()))
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, reports.size()).boxed().toList());
            Progress last = reports.getLast();
            assertThat(last.objective()).isEqualTo(model.objective());
            assertThat(last.certificate()).isEqualTo(model.certificate().relative());
            assertThat(last.passes()).isEqualTo(model.passes());
            assertThat(reports.getFirst().passes()).isBetween(1, last.passes());
            try (LogisticModel again =
                    LogisticRegression.fit(small.x, small.rows.labels(), options, model, SmallRows.POOL)) {
                assertThat(again.iterations()).isLessThan(model.iterations());
                assertThat(Arrays.equals(again.predict(small.x), model.predict(small.x)))
                        .isTrue();
            }
        }
    }

    @Test
    void refusesInvalidInput() {
        try (FloatMatrix x = FloatMatrix.allocate(3, 2);
                FloatMatrix none = FloatMatrix.allocate(0, 2)) {
            refused("logistic regression needs rows and columns, not 0 x 2", none, new int[0]);
            refused("there are 2 labels for 3 rows", x, new int[] {0, 1});
            refused("the label of row 2 is -1; labels count from 0", x, new int[] {0, 1, -1});
            refused("all 3 labels are 1; a classifier needs at least two classes", x, new int[] {1, 1, 1});
            x.set(1, 1, Float.NaN);
            refused("the data holds NaN in row 1, column 1; every value must be a finite number", x, new int[] {0, 1, 0
            });
        }
        assertThatThrownBy(() -> Options.defaults().withLambda(-1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("lambda must be 0 or more, not -1.0");
        assertThatThrownBy(() -> Options.defaults().withL1Ratio(1.5)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> Options.defaults().withTolerance(0)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> Options.defaults().withMaxIterations(0)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> Options.defaults().withLambda(Double.NaN)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void refusesOptionsOutOfRange() {
        Options options = Options.defaults();
        assertThat(options.withLambda(0).lambda()).isZero();
        assertThat(options.withL1Ratio(1).l1Ratio()).isEqualTo(1);
        assertThat(options.withMaxIterations(1).maxIterations()).isEqualTo(1);
        assertThat(options.withSeed(8).seed()).isEqualTo(8);
        assertThat(options.withClassWeights(Map.of(0, 0.0)).classWeights()).containsEntry(0, 0.0);
        assertThat(options.withPenaltyFactors(Map.of(0, 0.0)).penaltyFactors()).containsEntry(0, 0.0);
        assertThatThrownBy(() -> options.withLambda(Double.POSITIVE_INFINITY))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> options.withL1Ratio(-0.5))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("l1Ratio must be between 0 and 1, not -0.5");
        for (double wrong : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> options.withClassWeights(Map.of(1, wrong)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("the weight of class 1 is " + wrong);
            assertThatThrownBy(() -> options.withPenaltyFactors(Map.of(1, wrong)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("the penalty factor of column 1 is " + wrong);
        }
        assertThatThrownBy(() -> options.withClassWeights(Map.of(-1, 1.0))).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> options.withPenaltyFactors(Map.of(-1, 1.0))).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> options.withClassWeight(ClassWeight.BALANCED).withClassWeights(Map.of(1, 2.0)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("classWeight BALANCED and weights of single classes exclude each other");
    }

    @Test
    void refusesToStartFromAModelOfOtherColumns() {
        int[] labels = {0, 1, 0, 1};
        try (FloatMatrix x = FloatMatrix.copyOf(new float[] {0, 1, 0, 2}, 4, 1);
                FloatMatrix wide = FloatMatrix.allocate(4, 2);
                LogisticModel model = LogisticRegression.fit(x, labels, Options.defaults())) {
            assertThatThrownBy(() -> LogisticRegression.fit(wide, labels, Options.defaults(), model, SmallRows.POOL))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("the data have 2 columns, but the model to start from has 1");
            int[] large = {0, 1, 0, 100_000};
            assertThatThrownBy(() -> LogisticRegression.fit(x, large, Options.defaults()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("the largest label is 100000; at most 100000 classes are supported");
        }
    }

    private static void refused(String message, FloatMatrix x, int[] labels) {
        assertThatThrownBy(() -> LogisticRegression.fit(x, labels, Options.defaults()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(message);
    }
}
