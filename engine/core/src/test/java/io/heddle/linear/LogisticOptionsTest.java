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
}
