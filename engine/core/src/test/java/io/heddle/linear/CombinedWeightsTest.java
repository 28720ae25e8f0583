package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.LogisticRegression.ClassWeight;
import io.heddle.linear.LogisticRegression.Options;
import io.heddle.matrix.InvalidInputException;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class CombinedWeightsTest {
    private static final int[] LABELS = {0, 0, 0, 1};
    private static final Options PLAIN = Options.defaults();
    private static final Options BALANCED = PLAIN.withClassWeight(ClassWeight.BALANCED);

    private static void refused(String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(InvalidInputException.class).hasMessage(message);
    }

    @Test
    void theMeanWeightIsOne() {
        assertThat(CombinedWeights.of(LABELS, 2, null, PLAIN)).isNull();
        double[] own = {1, 2, 0, 5};
        assertThat(CombinedWeights.of(LABELS, 2, own, PLAIN))
                .containsExactly(new double[] {0.5, 1, 0, 2.5}, within(1e-15));
        assertThat(own).containsExactly(1, 2, 0, 5);
        assertThat(CombinedWeights.of(LABELS, 2, null, BALANCED))
                .containsExactly(new double[] {2 / 3.0, 2 / 3.0, 2 / 3.0, 2}, within(1e-15));
        assertThat(CombinedWeights.of(LABELS, 2, own, BALANCED))
                .containsExactly(new double[] {2 / 3.0, 4 / 3.0, 0, 2}, within(1e-15));
        assertThat(CombinedWeights.of(LABELS, 2, null, PLAIN.withClassWeights(Map.of(1, 5.0))))
                .containsExactly(new double[] {0.5, 0.5, 0.5, 2.5}, within(1e-15));
    }

    @Test
    void factorsOfClassesGiveTheSameWeights() {
        double[] totals = {3, 1};
        assertThat(CombinedWeights.ofClasses(totals, 4, false, PLAIN)).isNull();
        assertThat(CombinedWeights.ofClasses(totals, 4, false, BALANCED))
                .containsExactly(new double[] {2 / 3.0, 2}, within(1e-15));
        assertThat(CombinedWeights.ofClasses(new double[] {3, 5}, 4, true, PLAIN))
                .containsExactly(new double[] {0.5, 0.5}, within(1e-15));
        assertThat(CombinedWeights.ofClasses(new double[] {3, 0, 1}, 4, false, BALANCED))
                .containsExactly(new double[] {2 / 3.0, 0, 2}, within(1e-15));
    }

    @Test
    void refusesWeightsThatLeaveOneClass() {
        String one = "all rows with a weight above 0 have label 0; a classifier needs at least two classes";
        String none = "all weights are 0; rows of at least two classes must count";
        Options withoutOne = PLAIN.withClassWeights(Map.of(1, 0.0));
        refused(one, () -> CombinedWeights.of(LABELS, 2, new double[] {1, 2, 3, 0}, PLAIN));
        refused(one, () -> CombinedWeights.of(LABELS, 2, null, withoutOne));
        refused(none, () -> CombinedWeights.of(LABELS, 2, new double[4], PLAIN));
        refused(one, () -> CombinedWeights.ofClasses(new double[] {3, 1}, 4, false, withoutOne));
        refused(one, () -> CombinedWeights.ofClasses(new double[] {3, 0}, 4, true, PLAIN));
        refused(none, () -> CombinedWeights.ofClasses(new double[2], 4, true, PLAIN));
        refused(
                "all 4 labels are 1; a classifier needs at least two classes",
                () -> CombinedWeights.ofClasses(new double[] {0, 4}, 4, false, PLAIN));
    }

    @Test
    void refusesWeightsThatCannotBe() {
        refused("there are 3 weights for 4 rows", () -> CombinedWeights.of(LABELS, 2, new double[] {1, 1, 1}, PLAIN));
        for (double wrong : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            refused(
                    "the weight of row 2 is " + wrong + "; weights are finite numbers of 0 or more",
                    () -> CombinedWeights.of(LABELS, 2, new double[] {1, 1, wrong, 1}, PLAIN));
        }
        Options third = PLAIN.withClassWeights(Map.of(2, 1.5));
        String message = "there is a weight for class 2, but the largest label is 1";
        refused(message, () -> CombinedWeights.of(LABELS, 2, null, third));
        refused(message, () -> CombinedWeights.ofClasses(new double[] {3, 1}, 4, false, third));
    }
}
