package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.linear.FeatureTransform.Scaling;
import org.junit.jupiter.api.Test;

class DescentEffortTest {
    @Test
    void effortDependsOnTheCentringOfTheColumns() {
        try (SmallRows centred = new SmallRows(10, 2, 2);
                SmallRows not = new SmallRows(10, 2, 2, Scaling.STANDARDIZE, false, false);
                ExactLoss a = ExactLoss.of(centred.rows, SmallRows.POOL);
                ExactLoss b = ExactLoss.of(not.rows, SmallRows.POOL)) {
            DescentEffort few = DescentEffort.of(a);
            assertThat(few.damping()).isEqualTo(1.02);
            assertThat(few.sweeps(1)).isEqualTo(30);
            assertThat(few.sweeps(4_000)).isEqualTo(30);
            DescentEffort many = DescentEffort.of(b);
            assertThat(many.damping()).isEqualTo(1);
            assertThat(many.sweeps(100)).isEqualTo(3_000);
            assertThat(many.sweeps(500)).isEqualTo(2_000);
            assertThat(many.sweeps(1_000)).isEqualTo(500);
            assertThat(many.sweeps(10_000)).isEqualTo(30);
        }
    }
}
