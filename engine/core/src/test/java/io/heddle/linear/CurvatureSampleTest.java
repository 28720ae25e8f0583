package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CurvatureSampleTest {
    private static final int ROWS = 5_000;
    private static final int CLASSES = 4;
    private FloatMatrix x;
    private SoftmaxLoss loss;

    @BeforeEach
    void setUp() {
        SplittableRandom random = new SplittableRandom(9);
        x = FloatMatrix.allocate(ROWS, 3);
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < 3; j++) {
                x.set(i, j, (float) random.nextGaussian());
            }
        }
        int[] labels = random.ints(ROWS, 0, CLASSES).toArray();
        FeatureTransform t =
                FeatureTransform.of(x, null, FeatureTransform.Scaling.WHERE_NEEDED, true, 1e-4, WorkerPool.shared());
        loss = new SoftmaxLoss(new TrainingRows(x, labels, null, CLASSES, t), WorkerPool.shared());
        double[] w = random.doubles(loss.size(), -2, 2).toArray();
        loss.evaluate(w, new double[w.length]);
    }

    @AfterEach
    void tearDown() {
        loss.close();
        x.close();
    }

    private static double sum(CurvatureSample.Chosen chosen) {
        double sum = 0;
        for (int i = 0; i < chosen.weights().size(); i++) {
            sum += chosen.weights().getFloat(i);
        }
        return sum;
    }

    private double weight(int row, int a, int b) {
        double pa = loss.probabilities().get(row, a);
        return a == b ? pa * (1 - pa) : pa * loss.probabilities().get(row, b);
    }

    @Test
    void keepsEveryRowWithinTheBudget() {
        CurvatureSample sample = CurvatureSample.draw(loss, true, (a, b) -> 1, 1e12, WorkerPool.shared());
        for (int a = 0; a < CLASSES; a++) {
            for (int b = a + 1; b < CLASSES; b++) {
                CurvatureSample.Chosen chosen = sample.chosen(a, b);
                for (int i = 0; i < chosen.rows().size(); i++) {
                    assertThat((double) chosen.weights().getFloat(i))
                            .isCloseTo(weight(chosen.rows().getInt(i), a, b), within(1e-7));
                }
            }
        }
    }

    @Test
    void keepsTheMeanWeightAndTheBudget() {
        double budget = 3_000;
        CurvatureSample sample = CurvatureSample.draw(loss, true, (a, b) -> 1, budget, WorkerPool.shared());
        double rows = 0;
        for (int a = 0; a < CLASSES; a++) {
            double laplacian = 0;
            for (int b = 0; b < CLASSES; b++) {
                CurvatureSample.Chosen chosen = sample.chosen(Math.min(a, b), Math.max(a, b));
                double expected = 0;
                for (int i = 0; i < ROWS; i++) {
                    expected += weight(i, a, b);
                }
                assertThat(sum(chosen)).isCloseTo(expected, within(0.05 * expected));
                laplacian += a == b ? sum(chosen) : -sum(chosen);
                rows += a <= b ? chosen.rows().size() : 0;
                for (int i = 1; i < chosen.rows().size(); i++) {
                    assertThat(chosen.rows().getInt(i))
                            .isGreaterThan(chosen.rows().getInt(i - 1));
                }
            }
            assertThat(laplacian).isCloseTo(0, within(1e-2));
        }
        assertThat(rows).isBetween(budget / 2, budget * 1.1);
    }

    @Test
    void isTheSameForAnyNumberOfThreads() {
        try (WorkerPool one = WorkerPool.of(1);
                WorkerPool three = WorkerPool.of(3)) {
            CurvatureSample a = CurvatureSample.draw(loss, false, (i, j) -> 1, 1_000, one);
            CurvatureSample b = CurvatureSample.draw(loss, false, (i, j) -> 1, 1_000, three);
            for (int c = 0; c < CLASSES; c++) {
                assertThat(b.chosen(c, c)).isEqualTo(a.chosen(c, c));
            }
        }
    }
}
