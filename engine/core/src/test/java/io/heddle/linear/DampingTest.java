package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DampingTest {
    @ParameterizedTest
    @ValueSource(doubles = {1, 1.02})
    void shortenedStepsRaiseItAndFullStepsLowerIt(double start) {
        Damping damping = new Damping(start);
        assertThat(damping.factor()).isEqualTo(start);
        damping.adapt(1, List.of());
        assertThat(damping.factor()).as("its minimum").isEqualTo(start);
        damping.adapt(0.5, List.of());
        double raised = damping.factor();
        assertThat(raised).isGreaterThan(start);
        damping.adapt(0, List.of());
        double twice = damping.factor();
        assertThat(twice - 1).isCloseTo(4 * (raised - 1), within(1e-12));
        damping.adapt(1, List.of());
        assertThat(damping.factor() - 1).isCloseTo(2 * (raised - 1), within(1e-12));
        for (int i = 0; i < 20; i++) {
            damping.adapt(0.25, List.of());
        }
        assertThat(damping.factor()).as("its limit").isEqualTo(11);
        for (int i = 0; i < 100; i++) {
            damping.adapt(1, List.of());
        }
        assertThat(damping.factor()).isCloseTo(start, within(1e-12));
    }

    @Test
    void changesTheDiagonalsOfEstimates() {
        try (SmallRows small = new SmallRows(60, 4, 3);
                ExactLoss loss = ExactLoss.of(small.rows, SmallRows.POOL)) {
            loss.evaluate(small.point(0.3), new double[small.size()]);
            int[] all = IntStream.range(0, small.size()).toArray();
            Penalty penalty = small.elasticNet(0, 0.1);
            Damping damping = new Damping(1.02);
            List<BlockHessian> estimates =
                    BlockHessian.build(loss, List.of(all), penalty, damping.factor(), 1e12, SmallRows.POOL);
            List<BlockHessian> plain = BlockHessian.build(loss, List.of(all), penalty, 1, 1e12, SmallRows.POOL);
            try (BlockHessian h = estimates.getFirst();
                    BlockHessian undamped = plain.getFirst()) {
                for (double step : new double[] {0.5, 0.5, 1, 0}) {
                    damping.adapt(step, estimates);
                    for (int i = 0; i < all.length; i++) {
                        double expected = damping.factor() * undamped.matrix().get(i, i);
                        assertThat((double) h.matrix().get(i, i)).isCloseTo(expected, within(1e-5 * expected));
                    }
                    assertThat(h.matrix().get(0, 1)).isEqualTo(undamped.matrix().get(0, 1));
                }
            }
        }
    }
}
