package io.heddle.cluster.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.OpenMemory;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps of Adam against the formulas of the paper in double. */
class AdamParameterTest {
    private static final int ROWS = 3;
    private static final int COLUMNS = 5;

    private static double gradient(int i, int j, int step) {
        // From 1e-9, where epsilon counts, to 10.
        return Math.sin(1 + i + 2 * j + step) * Math.pow(10, 2.5 * j - 9);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3})
    void stepsFollowThePaper(double decay) {
        double[][] value = new double[ROWS][COLUMNS];
        double[][] first = new double[ROWS][COLUMNS];
        double[][] second = new double[ROWS][COLUMNS];
        try (AdamParameter tested = new AdamParameter(ROWS, COLUMNS)) {
            for (int i = 0; i < ROWS; i++) {
                for (int j = 0; j < COLUMNS; j++) {
                    value[i][j] = (float) (0.1 * i - 0.05 * j);
                    tested.value.set(i, j, (float) value[i][j]);
                }
            }
            for (int step = 1; step <= 5; step++) {
                for (int i = 0; i < ROWS; i++) {
                    for (int j = 0; j < COLUMNS; j++) {
                        tested.gradient.set(i, j, (float) gradient(i, j, step));
                        double g = (float) gradient(i, j, step) + decay * value[i][j];
                        first[i][j] = 0.9 * first[i][j] + 0.1 * g;
                        second[i][j] = 0.999 * second[i][j] + 0.001 * g * g;
                        double m = first[i][j] / (1 - Math.pow(0.9, step));
                        double v = second[i][j] / (1 - Math.pow(0.999, step));
                        value[i][j] -= 0.01 * m / (Math.sqrt(v) + 1e-8);
                    }
                }
                tested.step(0.01, decay);
                for (int i = 0; i < ROWS; i++) {
                    for (int j = 0; j < COLUMNS; j++) {
                        assertThat((double) tested.value.get(i, j)).isCloseTo(value[i][j], within(1e-6));
                        assertThat(tested.gradient.get(i, j)).isZero();
                    }
                }
            }
        }
    }

    @Test
    void weightsAreDrawnFromBothSidesOfZero() {
        try (AdamParameter tested = new AdamParameter(20, 30)) {
            tested.draw(0.25, new SplittableRandom(1));
            SplittableRandom random = new SplittableRandom(1);
            double sum = 0;
            double largest = 0;
            for (int i = 0; i < 20; i++) {
                for (int j = 0; j < 30; j++) {
                    float value = tested.value.get(i, j);
                    assertThat(value).isEqualTo((float) random.nextDouble(-0.25, 0.25));
                    sum += value;
                    largest = Math.max(largest, Math.abs(value));
                }
            }
            assertThat(sum / 600).isCloseTo(0, within(0.02));
            assertThat(largest).isBetween(0.24, 0.25);
        }
    }

    @Test
    void onlyTheWeightsOutliveTheTraining() {
        AdamParameter tested = new AdamParameter(ROWS, COLUMNS);
        assertThat(OpenMemory.of(tested)).hasSize(4);
        tested.finish();
        assertThat(OpenMemory.of(tested)).containsExactly("value.segment");
        tested.close();
        assertThat(OpenMemory.of(tested)).isEmpty();
        AdamParameter unfinished = new AdamParameter(ROWS, COLUMNS);
        unfinished.close();
        assertThat(OpenMemory.of(unfinished)).isEmpty();
    }
}
