package io.heddle.model;

import java.util.Arrays;

/**
 * Finds the row of minimum length whose logits are all equal, or nearly so if there is none. Rows for which a
 * classifier is of use are near it. It therefore shows where columns far from zero are, without the data.
 */
final class ClassBorder {
    private static final int MAXIMUM_STEPS = 100;
    /** Share of the first gradient at which the search ends. */
    private static final double CLOSE = 1e-12;

    private ClassBorder() {}

    /**
     * Solves the least squares by conjugate gradients.
     *
     * @param differences logits relative to the first one, see {@link Affine#relative()}
     */
    static double[] row(Affine differences) {
        double[][] weights = differences.weights();
        double[] row = new double[weights[0].length];
        double[] residual =
                Arrays.stream(differences.biases()).map(bias -> -bias).toArray();
        double[] gradient = transposed(weights, residual);
        double[] direction = gradient.clone();
        double first = product(gradient, gradient);
        double last = first;
        for (int step = 0; step < MAXIMUM_STEPS && last > CLOSE * CLOSE * first; step++) {
            double[] change = new double[weights.length];
            for (int o = 0; o < change.length; o++) {
                change[o] = product(weights[o], direction);
            }
            double length = last / product(change, change);
            if (!Double.isFinite(length)) {
                break;
            }
            add(row, direction, length);
            add(residual, change, -length);
            gradient = transposed(weights, residual);
            double next = product(gradient, gradient);
            for (int j = 0; j < direction.length; j++) {
                direction[j] = gradient[j] + next / last * direction[j];
            }
            last = next;
        }
        return row;
    }

    private static double[] transposed(double[][] weights, double[] by) {
        double[] sums = new double[weights[0].length];
        for (int o = 0; o < weights.length; o++) {
            add(sums, weights[o], by[o]);
        }
        return sums;
    }

    private static double product(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static void add(double[] to, double[] values, double factor) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * values[i];
        }
    }
}
