package io.heddle.cluster.consensus;

import io.heddle.internal.kernels.Simd;
import io.heddle.internal.kernels.TrainingKernels;
import io.heddle.matrix.FloatMatrix;
import java.util.random.RandomGenerator;

/**
 * Weights trained by Adam, with their gradient and moments. Kingma and Ba, "Adam: a method for stochastic
 * optimization", ICLR 2015.
 */
final class AdamParameter implements AutoCloseable {
    private static final float KEEP_FIRST = 0.9f;
    private static final float KEEP_SECOND = 0.999f;
    private static final double EPSILON = 1e-8;
    private static final TrainingKernels KERNELS = Simd.trainingKernels();

    final FloatMatrix value;
    final FloatMatrix gradient;
    private final FloatMatrix first;
    private final FloatMatrix second;
    private int steps;

    AdamParameter(int rows, int columns) {
        value = FloatMatrix.allocate(rows, columns);
        gradient = FloatMatrix.allocate(rows, columns);
        first = FloatMatrix.allocate(rows, columns);
        second = FloatMatrix.allocate(rows, columns);
    }

    /** Samples each weight uniformly from ±bound. */
    void draw(double bound, RandomGenerator random) {
        for (int i = 0; i < value.rows(); i++) {
            for (int j = 0; j < value.columns(); j++) {
                value.set(i, j, (float) random.nextDouble(-bound, bound));
            }
        }
    }

    /** Updates the weights by the gradient, and sets the gradient to zero. */
    void step(double learningRate, double weightDecay) {
        steps++;
        double unbiased = Math.sqrt(1 - Math.pow(KEEP_SECOND, steps));
        double rate = learningRate * unbiased / (1 - Math.pow(KEEP_FIRST, steps));
        KERNELS.adam(
                value.segment(),
                gradient.segment(),
                first.segment(),
                second.segment(),
                0,
                Math.toIntExact(value.rows() * value.stride()),
                (float) rate,
                (float) (EPSILON * unbiased),
                KEEP_FIRST,
                KEEP_SECOND,
                (float) weightDecay);
        gradient.segment().fill((byte) 0);
    }

    /** Frees all but the weights. */
    void finish() {
        gradient.close();
        first.close();
        second.close();
    }

    @Override
    public void close() {
        value.close();
        finish();
    }
}
