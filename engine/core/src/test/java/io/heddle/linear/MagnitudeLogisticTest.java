package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.LogisticRegression.Options;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.matrix.ScaledColumns;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests columns from the smallest floats to the largest. */
class MagnitudeLogisticTest {
    private static int[] labels() {
        return IntStream.range(0, 2 * ScaledColumns.HALF)
                .map(i -> i < ScaledColumns.HALF ? 0 : 1)
                .toArray();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-36, 1e-30, 1e-22, 1, 1e15, 1e20, 1e37})
    void standardizesColumnsOfEveryMagnitude(double magnitude) {
        Options options = Options.defaults().withStandardize(true).withLambda(1e-2);
        try (FloatMatrix x = ScaledColumns.of(magnitude);
                LogisticModel model = LogisticRegression.fit(x, labels(), options)) {
            double minimum =
                    new ReferenceOptimum(ScaledColumns.toDoubles(x), labels(), null, 2, 1e-2, 0, true).minimum();
            assertThat(model.converged()).isTrue();
            assertThat(model.objective()).isCloseTo(minimum, within(1e-4 * minimum));
            assertThat(model.predict(x)).isEqualTo(labels());
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-40, 1e-30, 1e-22, 1, 1e15, 1e20, 1e37})
    void fitsColumnsOfEveryMagnitudeAsTheyAre(double magnitude) {
        // The penalty is so weak that it does not limit the product of weights and columns; no penalty below 1e-22.
        double lambda = magnitude < 1e-20 ? 1e-4 : 1e-2 * magnitude * magnitude;
        Options options = Options.defaults().withLambda(lambda);
        try (FloatMatrix x = ScaledColumns.of(magnitude);
                LogisticModel model = LogisticRegression.fit(x, labels(), options)) {
            // The weights that the penalty allows for tiny columns change no probability.
            double minimum = magnitude < 1e-20
                    ? Math.log(2)
                    : new ReferenceOptimum(
                                    ScaledColumns.toDoubles(ScaledColumns.of(1)), labels(), null, 2, 1e-2, 0, false)
                            .minimum();
            assertThat(model.converged()).isTrue();
            assertThat(model.objective()).isCloseTo(minimum, within(1e-4 * minimum));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-40, 1e-44})
    void namesAColumnWhoseWeightExceedsFloat(double magnitude) {
        Options options = Options.defaults().withStandardize(true);
        try (FloatMatrix x = ScaledColumns.of(magnitude)) {
            assertThatThrownBy(() -> LogisticRegression.fit(x, labels(), options))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("column 0 has a standard deviation of")
                    .hasMessageContaining("multiply the column")
                    .satisfies(e -> assertThat(((InvalidInputException) e).named(List.of("length")))
                            .hasMessageStartingWith("column 'length' has a standard deviation of"))
                    .satisfies(e -> assertThat(((InvalidInputException) e).named(List.of()))
                            .isSameAs(e));
        }
    }

    /** More parameters than one Hessian has. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-30, 1, 1e20, 1e37})
    void fitsManyColumnsOfEveryMagnitude(double magnitude) {
        SplittableRandom random = new SplittableRandom(3);
        int[] labels = new int[1500];
        try (FloatMatrix x = FloatMatrix.allocate(1500, 200);
                FloatMatrix one = FloatMatrix.allocate(1500, 200)) {
            for (int i = 0; i < 1500; i++) {
                labels[i] = i % 2;
                for (int j = 0; j < 200; j++) {
                    double value = random.nextGaussian() + (j < 3 ? labels[i] : 0);
                    one.set(i, j, (float) value);
                    x.set(i, j, (float) (magnitude * value));
                }
            }
            for (double l1Ratio : new double[] {0, 0.5}) {
                Options options = Options.defaults()
                        .withStandardize(true)
                        .withLambda(1e-2)
                        .withL1Ratio(l1Ratio);
                try (LogisticModel model = LogisticRegression.fit(x, labels, options);
                        LogisticModel expected = LogisticRegression.fit(one, labels, options)) {
                    assertThat(model.converged()).isTrue();
                    assertThat(model.objective()).isCloseTo(expected.objective(), within(1e-4 * expected.objective()));
                }
            }
        }
    }
}
