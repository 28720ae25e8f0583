package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.matrix.InvalidInputException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FloatSpreadTest {
    /** Floats near 2²⁴ lie 2 apart, near 1 they lie 2⁻²³ apart. */
    @Test
    void namesColumnsWhoseSpreadFloatsRound() {
        double ulp = Math.ulp(1f);
        assertThat(FloatSpread.warning(new double[] {1, -1, 0, 1}, new double[] {1000 * ulp, 2000 * ulp, 1e-30, 0}))
                .isEmpty();
        assertThat(FloatSpread.warning(new double[] {0, 1, -1}, new double[] {1, 999 * ulp, 500 * ulp}))
                .get()
                .asString()
                .contains("1 (mean 1.000, standard deviation 0.00012, floats 1.2e-07 apart); 2 (mean -1.000,")
                .doesNotContain("more");
        double large = 1 << 24;
        assertThat(FloatSpread.warning(new double[] {large, -large}, new double[] {0, 2000}))
                .get()
                .asString()
                .contains("Columns: 0 (mean 1.678e+07, standard deviation 0.0, floats 2.0 apart)")
                .doesNotContain("; 1 ");
        assertThat(FloatSpread.warning(new double[] {large}, new double[] {4})).isPresent();
        double[] means = new double[7];
        Arrays.fill(means, 1);
        double[] deviations = new double[7];
        Arrays.fill(deviations, ulp);
        assertThat(FloatSpread.warning(means, deviations))
                .get()
                .asString()
                .contains("4 (mean 1.000,")
                .doesNotContain("5 (mean")
                .endsWith("; and 2 more");
        assertThat(FloatSpread.warning(Arrays.copyOf(means, 5), Arrays.copyOf(deviations, 5)))
                .get()
                .asString()
                .contains("4 (mean 1.000,")
                .doesNotContain("more");
    }

    @Test
    void refusesAColumnWhoseValuesAreLost() {
        double large = 1 << 24;
        assertThatThrownBy(() -> FloatSpread.check(new double[] {0, -large}, new double[] {1, 3.9}))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("column 1 has a mean of -1.6777216E7 and a standard deviation of 3.9, but floats near the"
                        + " mean lie 2.0 apart, so its values are lost; subtract the mean in double before they become"
                        + " floats");
        // Not a whole number that floats round.
        assertThat(FloatSpread.warning(new double[] {large - 2}, new double[] {1.5}))
                .isPresent();
    }
}
