package io.heddle.decomposition;

import io.heddle.internal.rows.Elements;
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;

/**
 * Projects single rows in double, without allocation. It is used for rows so far from zero that a product in float
 * would cancel, and for factors outside the range of float. O(k · d) per row.
 */
final class ExactProjection {

    private final double[] mean;
    /** k × d. */
    private final double[] weights;

    private final int outputs;

    /** Returns the factor of a centred column in a coordinate. */
    @FunctionalInterface
    interface Weights {
        double of(int component, int column);
    }

    ExactProjection(int outputs, double[] mean, Weights weights) {
        this.outputs = outputs;
        this.mean = mean;
        this.weights = new double[Math.multiplyExact(outputs, mean.length)];
        for (int i = 0; i < outputs; i++) {
            for (int j = 0; j < mean.length; j++) {
                this.weights[i * mean.length + j] = weights.of(i, j);
            }
        }
    }

    void apply(float[] row, float[] out) {
        int d = mean.length;
        for (int i = 0; i < outputs; i++) {
            double sum = 0;
            for (int j = 0; j < d; j++) {
                sum += (row[j] - mean[j]) * weights[i * d + j];
            }
            out[i] = (float) sum;
        }
    }

    void apply(MemorySegment rows, long offset, float[] out) {
        int d = mean.length;
        for (int i = 0; i < outputs; i++) {
            double sum = 0;
            for (int j = 0; j < d; j++) {
                sum += (Elements.get(rows, offset, j) - mean[j]) * weights[i * d + j];
            }
            out[i] = (float) sum;
        }
    }

    void apply(FloatBuffer row, float[] out) {
        int d = mean.length;
        int from = row.position();
        for (int i = 0; i < outputs; i++) {
            double sum = 0;
            for (int j = 0; j < d; j++) {
                sum += (row.get(from + j) - mean[j]) * weights[i * d + j];
            }
            out[i] = (float) sum;
        }
    }
}
