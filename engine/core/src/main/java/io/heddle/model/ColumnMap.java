package io.heddle.model;

import static io.heddle.matrix.InvalidInputException.require;

import java.util.Arrays;

/**
 * What operators have made of a matrix so far: each column shifted and scaled, (x − shift) · factor, and then, if there
 * were any, weights. The two are kept apart, for a scale far from zero costs digits once it is folded into weights of
 * floats.
 *
 * @param weights outputs × columns, null as long as each column is for itself
 * @param biases one an output, null with the weights
 */
record ColumnMap(double[] shift, double[] factor, double[][] weights, double[] biases) {
    /** Of weights that are folded together. */
    private static final long MOST_WEIGHTS = 1L << 27;

    static ColumnMap identity(int columns) {
        double[] factor = new double[columns];
        Arrays.fill(factor, 1);
        return new ColumnMap(new double[columns], factor, null, null);
    }

    int width() {
        return weights == null ? shift.length : weights.length;
    }

    private int at(double[] values, int i) {
        return values.length == 1 ? 0 : i;
    }

    private void requireWidth(double[] values) {
        require(
                values.length == 1 || values.length == width(),
                "%d values do not pair with %d columns",
                values.length,
                width());
    }

    /** @param values one a column, or one for all */
    ColumnMap plus(double[] values) {
        requireWidth(values);
        if (weights == null) {
            double[] moved = shift.clone();
            for (int j = 0; j < moved.length; j++) {
                moved[j] -= values[at(values, j)] / factor[j];
            }
            return new ColumnMap(moved, factor, null, null);
        }
        double[] sums = biases.clone();
        for (int o = 0; o < sums.length; o++) {
            sums[o] += values[at(values, o)];
        }
        return new ColumnMap(shift, factor, weights, sums);
    }

    /** @param values one a column, or one for all */
    ColumnMap times(double[] values) {
        requireWidth(values);
        if (weights == null) {
            double[] scaled = factor.clone();
            for (int j = 0; j < scaled.length; j++) {
                double by = values[at(values, j)];
                require(by != 0 && Double.isFinite(by), "column %d is multiplied by %s", j, by);
                scaled[j] *= by;
            }
            return new ColumnMap(shift, scaled, null, null);
        }
        double[][] products = new double[weights.length][];
        double[] sums = biases.clone();
        for (int o = 0; o < sums.length; o++) {
            double by = values[at(values, o)];
            sums[o] *= by;
            products[o] = Arrays.stream(weights[o]).map(v -> v * by).toArray();
        }
        return new ColumnMap(shift, factor, products, sums);
    }

    /** @param matrix outputs × columns; not copied */
    ColumnMap through(double[][] matrix) {
        require(
                matrix.length > 0 && matrix[0].length == width(),
                "weights of %d columns do not pair with %d",
                matrix.length == 0 ? 0 : matrix[0].length,
                width());
        Affine next = new Affine(matrix, new double[matrix.length]);
        if (weights != null) {
            require(
                    (long) matrix.length * shift.length <= MOST_WEIGHTS,
                    "%d x %d weights are too many",
                    matrix.length,
                    shift.length);
            next = next.after(affine(), false);
        }
        return new ColumnMap(shift, factor, next.weights(), next.biases());
    }

    /** Whether the second of two outputs is the first with the other sign. */
    boolean isMirrored() {
        if (weights == null || biases[0] != -biases[1]) {
            return false;
        }
        for (int j = 0; j < weights[0].length; j++) {
            if (weights[0][j] != -weights[1][j]) {
                return false;
            }
        }
        return true;
    }

    /** The part behind the scale. */
    Affine affine() {
        require(weights != null, "there are no weights");
        return new Affine(weights, biases);
    }

    /** Whether any column is shifted or scaled. */
    boolean scales() {
        return Arrays.stream(shift).anyMatch(v -> v != 0)
                || Arrays.stream(factor).anyMatch(v -> v != 1);
    }

    Stage scale() {
        float[] from = new float[shift.length];
        float[] by = new float[shift.length];
        for (int j = 0; j < from.length; j++) {
            from[j] = (float) shift[j];
            by[j] = (float) factor[j];
        }
        return Stage.scale(from, by);
    }
}
