package io.heddle.cluster.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.cluster.KMeans;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** Compares the gradient of the training with finite differences of the loss in double. */
class ConsistencyHeadTest {
    private static final int N = 700;
    private static final int D = 7;
    private static final int HIDDEN = 37;
    private static final int K = 5;
    private static final int PAIRS = 300;
    private static final double ENTROPY_WEIGHT = 2.5;

    private final SplittableRandom random = new SplittableRandom(4);
    private final double[][] x = new double[N][D + 1];
    private final int[] anchors = random.ints(PAIRS, 0, N).toArray();
    private final int[] partners = random.ints(PAIRS, 0, N).toArray();

    private FloatMatrix inputs() {
        try (FloatMatrix rows = FloatMatrix.allocate(N, D)) {
            for (int i = 0; i < N; i++) {
                for (int j = 0; j < D; j++) {
                    rows.set(i, j, (float) random.nextGaussian());
                }
            }
            FloatMatrix inputs = NeighborClustering.inputs(rows, 3, WorkerPool.shared());
            for (int i = 0; i < N; i++) {
                for (int j = 0; j <= D; j++) {
                    x[i][j] = inputs.get(i, j);
                }
            }
            return inputs;
        }
    }

    private static double[][] copy(FloatMatrix m) {
        double[][] copy = new double[(int) m.rows()][m.columns()];
        for (int i = 0; i < copy.length; i++) {
            for (int j = 0; j < copy[i].length; j++) {
                copy[i][j] = m.get(i, j);
            }
        }
        return copy;
    }

    private static double[] probabilities(double[] row, double[][] w1, double[][] w2, double[][] b2) {
        double[] units = new double[HIDDEN];
        for (int h = 0; h < HIDDEN; h++) {
            for (int j = 0; j <= D; j++) {
                units[h] += row[j] * w1[j][h];
            }
            units[h] = Math.max(0, units[h]);
        }
        double[] p = new double[K];
        double sum = 0;
        for (int k = 0; k < K; k++) {
            double logit = b2[0][k];
            for (int h = 0; h < HIDDEN; h++) {
                logit += units[h] * w2[k][h];
            }
            p[k] = Math.exp(logit);
            sum += p[k];
        }
        for (int k = 0; k < K; k++) {
            p[k] /= sum;
        }
        return p;
    }

    private double loss(double[][] w1, double[][] w2, double[][] b2) {
        double disagreement = 0;
        double[] mean = new double[K];
        for (int i = 0; i < PAIRS; i++) {
            double[] p = probabilities(x[anchors[i]], w1, w2, b2);
            double[] q = probabilities(x[partners[i]], w1, w2, b2);
            double agreement = 0;
            for (int k = 0; k < K; k++) {
                agreement += p[k] * q[k];
                mean[k] += (p[k] + q[k]) / (2 * PAIRS);
            }
            disagreement -= Math.log(agreement) / PAIRS;
        }
        double entropy = 0;
        for (double m : mean) {
            entropy -= m * Math.log(m);
        }
        return disagreement - ENTROPY_WEIGHT * entropy;
    }

    @Test
    void theGradientIsThatOfTheLoss() {
        RandomGenerator generator = RandomGeneratorFactory.of(KMeans.RANDOM).create(1);
        try (FloatMatrix inputs = inputs();
                ConsistencyHead head = new ConsistencyHead(D + 1, HIDDEN, K, generator);
                HeadScratch scratch = new HeadScratch(HeadScratch.batch(PAIRS), D + 1, HIDDEN, K)) {
            double[][] w1 = copy(head.hidden.value);
            double[][] w2 = copy(head.output.value);
            double[][] b2 = copy(head.bias.value);
            double loss = head.accumulate(inputs, anchors, partners, 0, PAIRS, ENTROPY_WEIGHT, scratch);
            assertThat(loss).isCloseTo(loss(w1, w2, b2), within(1e-5));
            check(head.hidden.gradient, w1, w1, w2, b2);
            check(head.output.gradient, w2, w1, w2, b2);
            check(head.bias.gradient, b2, w1, w2, b2);
        }
    }

    private void check(FloatMatrix gradient, double[][] weights, double[][] w1, double[][] w2, double[][] b2) {
        double step = 1e-5;
        for (int i = 0; i < weights.length; i++) {
            for (int j = 0; j < weights[i].length; j++) {
                double before = weights[i][j];
                weights[i][j] = before + step;
                double above = loss(w1, w2, b2);
                weights[i][j] = before - step;
                double below = loss(w1, w2, b2);
                weights[i][j] = before;
                assertThat((double) gradient.get(i, j)).isCloseTo((above - below) / (2 * step), within(2e-5));
            }
        }
    }

    @Test
    void gradientsAddUpAndAStepClearsThem() {
        RandomGenerator generator = RandomGeneratorFactory.of(KMeans.RANDOM).create(1);
        try (FloatMatrix inputs = inputs();
                ConsistencyHead head = new ConsistencyHead(D + 1, HIDDEN, K, generator);
                HeadScratch scratch = new HeadScratch(HeadScratch.batch(PAIRS), D + 1, HIDDEN, K)) {
            double first = head.accumulate(inputs, anchors, partners, 0, PAIRS, ENTROPY_WEIGHT, scratch);
            float once = head.output.gradient.get(2, 3);
            head.accumulate(inputs, anchors, partners, 0, PAIRS, ENTROPY_WEIGHT, scratch);
            assertThat(head.output.gradient.get(2, 3)).isCloseTo(2 * once, within(1e-6f));
            for (int step = 0; step < 30; step++) {
                head.step(3e-3, 0);
                assertThat(head.output.gradient.get(2, 3)).isZero();
                head.accumulate(inputs, anchors, partners, 0, PAIRS, ENTROPY_WEIGHT, scratch);
            }
            double last = head.accumulate(inputs, anchors, partners, 0, PAIRS, ENTROPY_WEIGHT, scratch);
            assertThat(last).isLessThan(first - 0.1);
        }
    }
}
