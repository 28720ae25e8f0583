package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.LogisticRegression.Options;
import io.heddle.matrix.InvalidInputException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PenaltiesTest {
    /** Three columns, whose weights are 1, 2 and 4 times their parameters. */
    private static final FeatureTransform TRANSFORM =
            new FeatureTransform(new double[3], new double[] {1, 2, 4}, new double[] {1, 2, 4}, 1, false);

    private static final Options OPTIONS =
            Options.defaults().withLambda(0.5).withL1Ratio(0.4).withPenaltyFactors(Map.of(1, 3.0));

    @Test
    void dividesLambdaByTheRatio() {
        ElasticNetPenalty penalty = (ElasticNetPenalty) Penalties.of(OPTIONS, TRANSFORM);
        assertThat(penalty.norms()).isEqualTo(0.2);
        double[] kinks = {0.2, 0.2 * 3 * 2, 0.2 * 4, 0};
        double[] squares = {0.3, 0.3 * 3 * 4, 0.3 * 16, 0};
        for (int i = 0; i < 8; i++) {
            assertThat(penalty.kink(i)).isCloseTo(kinks[i % 4], within(1e-15));
            assertThat(penalty.l2(i)).isCloseTo(squares[i % 4], within(1e-15));
        }
        assertThat(Penalties.of(OPTIONS, 2, TRANSFORM).norms()).isEqualTo(0.8);
    }

    @Test
    void isGroupedIfThereIsANorm() {
        Penalty grouped = Penalties.of(OPTIONS.withGrouped(true), TRANSFORM);
        assertThat(grouped).isInstanceOf(GroupedPenalty.class);
        assertThat(grouped.norms()).isEqualTo(0.2);
        assertThat(grouped.l2(2)).isCloseTo(0.3 * 16, within(1e-15));
        assertThat(Penalties.of(OPTIONS.withGrouped(true).withL1Ratio(0), TRANSFORM))
                .isInstanceOf(ElasticNetPenalty.class);
    }

    @Test
    void normsOnlyHaveTheWholeWeight() {
        Penalty norms = Penalties.norms(OPTIONS, 7, TRANSFORM);
        assertThat(norms.norms()).isEqualTo(7);
        assertThat(norms.l2(0)).isZero();
        assertThat(Penalties.norms(OPTIONS.withGrouped(true), 7, TRANSFORM)).isInstanceOf(GroupedPenalty.class);
    }

    @Test
    void theSmallestSquareHasTheSmallestFactor() {
        assertThat(Penalties.smallestSquares(OPTIONS, 3)).isCloseTo(0.3, within(1e-15));
        assertThat(Penalties.smallestSquares(OPTIONS.withPenaltyFactors(Map.of(2, 0.25)), 3))
                .isCloseTo(0.075, within(1e-15));
        assertThat(Penalties.factors(OPTIONS, 3)).containsExactly(1, 3, 1);
        assertThatThrownBy(() -> Penalties.factors(OPTIONS, 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("there is a penalty factor for column 1, but the data have only 1 columns, 0 to 0");
    }
}
