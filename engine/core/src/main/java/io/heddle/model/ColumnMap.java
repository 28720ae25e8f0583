package io.heddle.model;

import static io.heddle.matrix.InvalidInputException.require;

import java.util.Arrays;
import java.util.stream.Stream;

/**
 * The effect of the operators so far: each column is shifted and scaled, (x − shift) · factor, then optionally
 * multiplied by weights. The two steps are stored separately, because folding a large shift into float weights loses
 * digits.
 *
 * @param weights outputs × columns; null if there are none
 * @param biases one per output; null if there are no weights
 */
record ColumnMap(double[] shift, double[] factor, double[][] weights, double[] biases) {
    /** Maximum number of folded weights. */
    private static final long MAXIMUM_WEIGHTS = 1L << 27;

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
                "an operator has %d values for %d columns",
                values.length,
                width());
    }

    /** @param values one per column, or one for all */
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

    /** @param values one per column, or one for all */
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
                "an operator has weights for %d columns, but its input has %d",
                matrix.length == 0 ? 0 : matrix[0].length,
                width());
        Affine next = new Affine(matrix, new double[matrix.length]);
        if (weights != null) {
            require(
                    (long) matrix.length * shift.length <= MAXIMUM_WEIGHTS,
                    "%d x %d weights are too many",
                    matrix.length,
                    shift.length);
            next = next.after(affine(), false);
        }
        return new ColumnMap(shift, factor, next.weights(), next.biases());
    }

    /** Returns whether the second of two outputs is the negative of the first. */
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

    /** Returns the weights without the scale. */
    Affine affine() {
        require(weights != null, "there are no weights");
        return new Affine(weights, biases);
    }

    /** Returns whether any column is shifted or scaled. */
    boolean scales() {
        return Arrays.stream(shift).anyMatch(v -> v != 0)
                || Arrays.stream(factor).anyMatch(v -> v != 1);
    }

    /** Returns whether nothing is rounded, as in files of float32 and those of a classifier that Heddle wrote. */
    private boolean areFloats() {
        return Stream.concat(Stream.of(shift, factor, biases), Arrays.stream(weights))
                .allMatch(values -> Arrays.stream(values).allMatch(v -> v == (float) v));
    }

    /**
     * Returns the same map with a shift near the border of the classes, if the outputs are logits of columns far from
     * zero. Floats would round the weights and intercepts of such columns by more than the logits differ.
     */
    ColumnMap nearBorder() {
        if (areFloats() || !FarColumns.isRoundedBadly(affine())) {
            return this;
        }
        double[] scaled = ClassBorder.row(affine().relative());
        double[] moved = shift.clone();
        double[] sums = biases.clone();
        for (int j = 0; j < moved.length; j++) {
            moved[j] += scaled[j] / factor[j];
            if (!(Math.abs(moved[j]) <= Float.MAX_VALUE)) {
                return this;
            }
            for (int o = 0; o < sums.length; o++) {
                sums[o] += weights[o][j] * scaled[j];
            }
        }
        return new ColumnMap(moved, factor, weights, sums);
    }

    /**
     * Returns this map with shifts that are floats, as {@link #scale} stores them. The biases make up for the rounding:
     * it is a whole standard deviation for a column of large numbers that differ little.
     */
    ColumnMap withFloatShifts() {
        require(weights != null, "there are no weights");
        double[] rounded = new double[shift.length];
        double[] sums = biases.clone();
        for (int j = 0; j < rounded.length; j++) {
            rounded[j] = (float) shift[j];
            for (int o = 0; o < sums.length; o++) {
                sums[o] += weights[o][j] * (rounded[j] - shift[j]) * factor[j];
            }
        }
        return new ColumnMap(rounded, factor, weights, sums);
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
