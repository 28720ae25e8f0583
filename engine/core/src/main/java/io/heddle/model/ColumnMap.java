package io.heddle.model;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.linear.LogisticModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The effect of the operators so far: each column is shifted and scaled, (x − shift) · factor, then optionally
 * multiplied by weights. The two steps are stored separately, because folding a large shift into float weights loses
 * digits.
 *
 * @param weights outputs × columns; null if there are none
 * @param biases one per output; null if there are no weights
 * @param steps the same shifts and factors, one step for each scaling of the graph
 */
record ColumnMap(double[] shift, double[] factor, double[][] weights, double[] biases, List<Step> steps) {
    /** Maximum number of folded weights. */
    private static final long MAXIMUM_WEIGHTS = 1L << 27;

    /** One scaling, (x − shift) · factor. */
    record Step(double[] shift, double[] factor) {
        static Step identity(int columns) {
            double[] factor = new double[columns];
            Arrays.fill(factor, 1);
            return new Step(new double[columns], factor);
        }

        boolean shifts() {
            return Arrays.stream(shift).anyMatch(v -> v != 0);
        }

        boolean scales() {
            return Arrays.stream(factor).anyMatch(v -> v != 1);
        }

        Stage stage() {
            float[] from = new float[shift.length];
            float[] by = new float[shift.length];
            for (int j = 0; j < from.length; j++) {
                from[j] = (float) shift[j];
                by[j] = (float) factor[j];
            }
            return Stage.scale(from, by);
        }
    }

    static ColumnMap identity(int columns) {
        Step step = Step.identity(columns);
        return new ColumnMap(step.shift, step.factor, null, null, List.of(step));
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
            return new ColumnMap(moved, factor, null, null, stepsPlus(values));
        }
        double[] sums = biases.clone();
        for (int o = 0; o < sums.length; o++) {
            sums[o] += values[at(values, o)];
        }
        return new ColumnMap(shift, factor, weights, sums, steps);
    }

    private List<Step> stepsPlus(double[] values) {
        List<Step> all = new ArrayList<>(steps);
        Step last = all.getLast();
        if (last.shifts() || last.scales()) {
            last = Step.identity(shift.length);
            all.add(last);
        }
        double[] moved = new double[shift.length];
        for (int j = 0; j < moved.length; j++) {
            moved[j] = -values[at(values, j)];
        }
        all.set(all.size() - 1, new Step(moved, last.factor));
        return all;
    }

    private List<Step> stepsTimes(double[] values) {
        List<Step> all = new ArrayList<>(steps);
        Step last = all.getLast();
        if (last.scales()) {
            last = Step.identity(shift.length);
            all.add(last);
        }
        double[] scaled = new double[shift.length];
        for (int j = 0; j < scaled.length; j++) {
            scaled[j] = values[at(values, j)];
        }
        all.set(all.size() - 1, new Step(last.shift, scaled));
        return all;
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
            return new ColumnMap(shift, scaled, null, null, stepsTimes(values));
        }
        double[][] products = new double[weights.length][];
        double[] sums = biases.clone();
        for (int o = 0; o < sums.length; o++) {
            double by = values[at(values, o)];
            sums[o] *= by;
            products[o] = Arrays.stream(weights[o]).map(v -> v * by).toArray();
        }
        return new ColumnMap(shift, factor, products, sums, steps);
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
        return new ColumnMap(shift, factor, next.weights(), next.biases(), steps);
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

    /** Returns whether nothing is rounded, as in files of float32 and those of a classifier that Heddle wrote. */
    private boolean areFloats(List<Step> scalings) {
        return Stream.concat(
                        scalings.stream().flatMap(step -> Stream.of(step.shift, step.factor)),
                        Stream.concat(Stream.of(biases), Arrays.stream(weights)))
                .allMatch(values -> Arrays.stream(values).allMatch(v -> v == (float) v));
    }

    /**
     * Returns the scaling before the weights and the classifier that these become. Several scalings are one stage,
     * unless all numbers of the graph are floats and their products are not: as floats, the products could change the
     * logits of columns far from zero.
     */
    List<Stage> stages() {
        boolean roundsBadly = FarColumns.isRoundedBadly(affine());
        boolean apart = roundsBadly && !areFloats(combined()) && areFloats(steps);
        ColumnMap map = (apart || !roundsBadly ? this : nearBorder()).withFloatShifts();
        List<Stage> stages = new ArrayList<>();
        for (Step step : apart ? steps : map.combined()) {
            if (step.shifts() || step.scales()) {
                stages.add(step.stage());
            }
        }
        stages.add(Stage.of((apart ? this : map).classifier()));
        return stages;
    }

    private List<Step> combined() {
        return List.of(new Step(shift, factor));
    }

    private LogisticModel classifier() {
        int inputs = weights[0].length;
        double[] flat = new double[Math.multiplyExact(weights.length, inputs)];
        for (int c = 0; c < weights.length; c++) {
            System.arraycopy(weights[c], 0, flat, c * inputs, inputs);
        }
        return ImportedClassifier.of(flat, biases);
    }

    /**
     * Returns the same map with a shift near the border of the classes, if the outputs are logits of columns far from
     * zero. Floats would round the weights and intercepts of such columns by more than the logits differ.
     */
    private ColumnMap nearBorder() {
        if (areFloats(combined())) {
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
        return new ColumnMap(moved, factor, weights, sums, steps);
    }

    /**
     * Returns this map with shifts that are floats, as a stage stores them. The biases make up for the rounding: it is
     * a whole standard deviation for a column of large numbers that differ little.
     */
    private ColumnMap withFloatShifts() {
        double[] rounded = new double[shift.length];
        double[] sums = biases.clone();
        for (int j = 0; j < rounded.length; j++) {
            rounded[j] = (float) shift[j];
            for (int o = 0; o < sums.length; o++) {
                sums[o] += weights[o][j] * (rounded[j] - shift[j]) * factor[j];
            }
        }
        return new ColumnMap(rounded, factor, weights, sums, steps);
    }
}
