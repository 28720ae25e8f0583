package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.FeatureTransform.Scaling;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FeatureTransformTest {
    private static FeatureTransform of(Scaling scaling, boolean intercepts, double l2, double... deviation) {
        double[] mean = new double[deviation.length];
        Arrays.fill(mean, 3);
        return FeatureTransform.of(mean, deviation, scaling, intercepts, l2);
    }

    @Test
    void choosesTheScaling() {
        assertThat(Scaling.of(true, true)).isEqualTo(Scaling.STANDARDIZE);
        assertThat(Scaling.of(true, false)).isEqualTo(Scaling.STANDARDIZE);
        assertThat(Scaling.of(false, true)).isEqualTo(Scaling.ALWAYS);
        assertThat(Scaling.of(false, false)).isEqualTo(Scaling.WHERE_NEEDED);
    }

    @Test
    void columnsAreDividedByTheirDeviation() {
        FeatureTransform standardized = of(Scaling.STANDARDIZE, true, 0, 2, 0, 4);
        assertThat(standardized.shift()).containsExactly(3, 3, 3);
        assertThat(standardized.scale()).containsExactly(0.5, 0, 0.25);
        assertThat(standardized.penaltyFactor()).containsExactly(1, 1, 1);
        assertThat(standardized.constant()).isEqualTo(1);
        assertThat(standardized.coarse()).isFalse();
        FeatureTransform always = of(Scaling.ALWAYS, true, 0, 2, 0, 4);
        assertThat(always.scale()).containsExactly(0.5, 0, 0.25);
        assertThat(always.penaltyFactor()).containsExactly(0.5, 1, 0.25);
    }

    /**
     * Without intercepts there is no shift, and the spread is that around zero; a standardized column keeps its own.
     */
    @Test
    void withoutInterceptsTheSpreadIsThatAroundZero() {
        FeatureTransform always = of(Scaling.ALWAYS, false, 0, 4, 0);
        assertThat(always.shift()).containsExactly(0, 0);
        assertThat(always.scale()).containsExactly(0.2, 1 / 3.0);
        assertThat(always.constant()).isZero();
        assertThat(of(Scaling.STANDARDIZE, false, 0, 4, 0).scale()).containsExactly(0.25, 0);
    }

    /** From a ratio of squares of 1e6 on, but not below the weight of the squares of the penalty. */
    @Test
    void columnsAreScaledWhereTheirSpreadsDiffer() {
        assertThat(of(Scaling.WHERE_NEEDED, true, 0, 1, 1000).scale()).containsExactly(1, 1);
        assertThat(of(Scaling.WHERE_NEEDED, true, 0, 1, 1001).scale()).containsExactly(1, 1 / 1001.0);
        assertThat(of(Scaling.WHERE_NEEDED, true, 4, 1, 1001).scale()).containsExactly(1, 1);
        assertThat(of(Scaling.WHERE_NEEDED, true, 0, 0, 1000).scale()).containsExactly(0, 1);
        assertThat(of(Scaling.WHERE_NEEDED, true, 0, 0x1p-100, 0x1p-100).scale())
                .containsExactly(0x1p100, 0x1p100);
    }

    /** Coarse: a spread below a thousandth of the mean, 3; narrow columns count as a hundredth of the widest. */
    @Test
    void spreadsFarBelowTheMeanAreCoarse() {
        assertThat(of(Scaling.ALWAYS, true, 0, 0.0031).coarse()).isFalse();
        assertThat(of(Scaling.ALWAYS, true, 0, 0.0029).coarse()).isTrue();
        assertThat(of(Scaling.ALWAYS, true, 0, 0.0029, 0.31).coarse()).isFalse();
        assertThat(of(Scaling.ALWAYS, true, 0, 0.0029, 0.29).coarse()).isTrue();
        assertThat(of(Scaling.ALWAYS, true, 0, 1e30).coarse())
                .as("squares outside the range of float")
                .isTrue();
    }

    @Test
    void unfoldUndoesFold() {
        for (boolean intercepts : new boolean[] {false, true}) {
            FeatureTransform t = of(Scaling.ALWAYS, intercepts, 0, 0.5, 4);
            double[] parameters = {1, 2, 0.5, -1, 0.25, -2};
            double[] found = new double[9];
            found[8] = 7;
            try (FloatMatrix weights = FloatMatrix.allocate(2, 2);
                    FloatMatrix biases = FloatMatrix.allocate(1, 2)) {
                t.fold(parameters, weights, biases);
                for (int c = 0; c < 2; c++) {
                    double bias = intercepts ? parameters[3 * c + 2] : 0;
                    for (int j = 0; j < 2; j++) {
                        double w = parameters[3 * c + j] * t.scale()[j];
                        assertThat((double) weights.get(c, j)).isCloseTo(w, within(1e-7));
                        bias -= w * t.shift()[j];
                    }
                    assertThat((double) biases.get(0, c)).isCloseTo(bias, within(1e-6));
                }
                t.unfold(weights, new float[] {biases.get(0, 0), biases.get(0, 1)}, found);
                for (int i = 0; i < 6; i++) {
                    double expected = i % 3 == 2 && !intercepts ? 0 : parameters[i];
                    assertThat(found[i]).isCloseTo(expected, within(1e-6));
                }
                assertThat(found[8]).as("a class without weights").isEqualTo(7);
            }
        }
    }

    @Test
    void aConstantColumnHasNoParameter() {
        double[] found = {9, 9, 9, 9, 9, 9};
        try (FloatMatrix weights = FloatMatrix.copyOf(new float[] {5, 1, 5, 2}, 2, 2)) {
            of(Scaling.ALWAYS, true, 0, 0, 0.5).unfold(weights, new float[] {1, 1}, found);
            assertThat(found).containsExactly(0, 0.5, 1 + 5 * 3 + 3, 0, 1, 1 + 5 * 3 + 6);
        }
    }

    @Test
    void namesTheColumnWhoseWeightExceedsFloat() {
        FeatureTransform t = of(Scaling.ALWAYS, true, 0, 2, 0.5);
        try (FloatMatrix weights = FloatMatrix.allocate(2, 2)) {
            t.requireRange(weights);
            weights.set(1, 1, Float.POSITIVE_INFINITY);
            assertThatThrownBy(() -> t.requireRange(weights))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("has a standard deviation of about 0.500");
        }
    }
}
