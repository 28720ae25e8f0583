package io.heddle.selection;

import io.heddle.internal.rows.RowSample;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.linear.RegularizationPath;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Searches penalties for a logistic regression. For each l1Ratio it fits a path of decreasing lambdas and scores them
 * by accuracy on rows that were not used for training. {@link PathPoint#best} chooses one by the one-standard-error
 * rule.
 *
 * <p>For example: {@snippet file="SelectionExamplesTest.java" region="penalty-search"}
 *
 * @param lambdas number of lambdas on a path, 2 to 1000
 * @param lambdaRatio the smallest lambda as a share of the largest, above 0 and below 1
 * @param l1Ratios shares of the L1 norm to try, at least one, each in [0, 1]
 * @param options of each fit; their lambda and l1Ratio are not used
 * @param listener called after each fit
 */
public record PenaltySearch(
        int lambdas, double lambdaRatio, List<Double> l1Ratios, LogisticRegression.Options options, Listener listener) {
    private static final int MAX_LAMBDAS = 1000;

    /** Receives the progress of the search, on the calling thread. */
    @FunctionalInterface
    public interface Listener {
        /**
         * Called after each fit.
         *
         * @param done fits so far
         * @param total fits in all
         */
        void fitted(int done, int total);
    }

    /**
     * Checks the values.
     *
     * @throws InvalidInputException if no l1Ratio is given, or a value is out of its range
     * @throws NullPointerException if a component is null
     */
    public PenaltySearch {
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(listener, "listener");
        l1Ratios = List.copyOf(l1Ratios);
        InvalidInputException.require(!l1Ratios.isEmpty(), "give at least one l1Ratio");
        l1Ratios.forEach(options::withL1Ratio);
        InvalidInputException.require(
                lambdas >= 2 && lambdas <= MAX_LAMBDAS, "a path has 2 to %d lambdas, not %d", MAX_LAMBDAS, lambdas);
        InvalidInputException.require(
                lambdaRatio > 0 && lambdaRatio < 1, "lambdaRatio must be above 0 and below 1, not %s", lambdaRatio);
    }

    /**
     * Fits each path to all rows and scores it on other rows. The standard error is that of a share of the test rows.
     *
     * @param x n × features, finite
     * @param labels n classes
     * @param weights how much each row counts in the fits, or null for 1 each
     * @param testX m × features; if it is {@code x}, the score is the training accuracy
     * @param testLabels m classes
     * @param testWeights how much each test row counts in the score, or null for 1 each
     * @param pool whose threads share the work
     * @return a point for each lambda of each path
     * @throws InvalidInputException as {@link LogisticRegression#fit}, if no column separates the classes, if there are
     *     no test rows or not as many labels or weights, or if the test weights are invalid or all 0
     */
    public List<PathPoint> paths(
            DataMatrix x,
            int[] labels,
            double[] weights,
            DataMatrix testX,
            int[] testLabels,
            double[] testWeights,
            WorkerPool pool) {
        requireScorable(testX.rows(), testLabels, testWeights);
        List<PathPoint> points = new ArrayList<>();
        int[] done = new int[1];
        for (double l1Ratio : l1Ratios) {
            double[] grid = grid(x, labels, weights, l1Ratio, pool);
            follow(
                    x,
                    labels,
                    weights,
                    grid,
                    l1Ratio,
                    (i, model) -> {
                        double score = accuracy(model.predict(testX), testLabels, testWeights);
                        double error = Math.sqrt(score * (1 - score) / equivalentRows(testLabels.length, testWeights));
                        points.add(new PathPoint(grid[i], l1Ratio, score, error, model.nonZeros(), model.converged()));
                    },
                    () -> listener.fitted(++done[0], lambdas * l1Ratios.size()),
                    pool);
        }
        return points;
    }

    private static void requireScorable(long rows, int[] labels, double[] weights) {
        InvalidInputException.require(rows > 0, "there are no test rows, so there is nothing to score");
        InvalidInputException.require(
                labels.length == rows, "there are %d labels for %d test rows", labels.length, rows);
        if (weights == null) {
            return;
        }
        InvalidInputException.require(
                weights.length == rows, "there are %d weights for %d test rows", weights.length, rows);
        for (int i = 0; i < weights.length; i++) {
            InvalidInputException.require(
                    weights[i] >= 0 && weights[i] <= Float.MAX_VALUE,
                    "the weight of test row %d is %s; weights are finite numbers of 0 or more",
                    i,
                    weights[i]);
        }
        InvalidInputException.require(
                Arrays.stream(weights).anyMatch(w -> w > 0),
                "the weights of all %d test rows are 0, so there is no row to score",
                rows);
    }

    /**
     * Cross-validates: the score is the mean accuracy over the folds, the standard error that of this mean. Costs
     * {@code folds + 1} paths for each l1Ratio.
     *
     * @param x n × features, finite
     * @param labels n classes
     * @param weights how much each row counts in the fits and in the score, or null for 1 each
     * @param count number of folds, 2 to n; each class keeps its share in every fold
     * @param seed of the split
     * @param pool whose threads share the work
     * @return a point for each lambda of each path
     * @throws InvalidInputException as {@link LogisticRegression#fit}, and if no column separates the classes
     */
    public List<PathPoint> crossValidate(
            DataMatrix x, int[] labels, double[] weights, int count, long seed, WorkerPool pool) {
        Folds folds = Folds.stratified(labels, count, seed);
        int total = lambdas * l1Ratios.size() * (count + 1);
        int[] done = new int[1];
        double[][] grids = new double[l1Ratios.size()][];
        double[][][] scores = new double[l1Ratios.size()][lambdas][count];
        long[][] nonZeros = new long[l1Ratios.size()][lambdas];
        boolean[][] unfinished = new boolean[l1Ratios.size()][lambdas];
        for (int r = 0; r < grids.length; r++) {
            int ratio = r;
            grids[r] = grid(x, labels, weights, l1Ratios.get(r), pool);
            follow(
                    x,
                    labels,
                    weights,
                    grids[r],
                    l1Ratios.get(r),
                    (i, model) -> {
                        nonZeros[ratio][i] = model.nonZeros();
                        unfinished[ratio][i] |= !model.converged();
                    },
                    () -> listener.fitted(++done[0], total),
                    pool);
        }
        for (int f = 0; f < count; f++) {
            int fold = f;
            int[] train = folds.others(f);
            int[] held = folds.heldOut(f);
            int[] heldLabels = pick(labels, held);
            double[] heldWeights = pick(weights, held);
            InvalidInputException.require(
                    heldWeights == null || Arrays.stream(heldWeights).anyMatch(w -> w > 0),
                    "the weights of all rows of fold %d of %d are 0, so there is no row to score",
                    f + 1,
                    count);
            try (FloatMatrix trainX = RowSample.gather(x, train, pool);
                    FloatMatrix heldX = RowSample.gather(x, held, pool)) {
                for (int r = 0; r < grids.length; r++) {
                    int ratio = r;
                    follow(
                            trainX,
                            pick(labels, train),
                            pick(weights, train),
                            grids[r],
                            l1Ratios.get(r),
                            (i, model) -> {
                                scores[ratio][i][fold] = accuracy(model.predict(heldX, pool), heldLabels, heldWeights);
                                unfinished[ratio][i] |= !model.converged();
                            },
                            () -> listener.fitted(++done[0], total),
                            pool);
                }
            }
        }
        List<PathPoint> points = new ArrayList<>();
        for (int r = 0; r < grids.length; r++) {
            for (int i = 0; i < lambdas; i++) {
                double mean = Arrays.stream(scores[r][i]).average().orElseThrow();
                double squares = Arrays.stream(scores[r][i])
                        .map(s -> (s - mean) * (s - mean))
                        .sum();
                double error = Math.sqrt(squares / (count - 1) / count);
                points.add(new PathPoint(grids[r][i], l1Ratios.get(r), mean, error, nonZeros[r][i], !unfinished[r][i]));
            }
        }
        return points;
    }

    private double[] grid(DataMatrix x, int[] labels, double[] weights, double l1Ratio, WorkerPool pool) {
        double largest = RegularizationPath.largestLambda(x, labels, weights, options.withL1Ratio(l1Ratio), pool);
        InvalidInputException.require(largest > 0, "no column separates the classes, so there is no path of penalties");
        return RegularizationPath.lambdas(largest, lambdaRatio, lambdas);
    }

    /** Receives each model of a path, which is closed afterwards. */
    @FunctionalInterface
    private interface Visitor {
        void visit(int index, LogisticModel model);
    }

    private void follow(
            DataMatrix x,
            int[] labels,
            double[] weights,
            double[] grid,
            double l1Ratio,
            Visitor visitor,
            Runnable fitted,
            WorkerPool pool) {
        List<LogisticModel> models = RegularizationPath.fit(
                x, labels, weights, grid, options.withL1Ratio(l1Ratio), pool, count -> fitted.run());
        try {
            for (int i = 0; i < grid.length; i++) {
                visitor.visit(i, models.get(i));
            }
        } finally {
            models.forEach(LogisticModel::close);
        }
    }

    private static double[] pick(double[] values, int[] at) {
        return values == null
                ? null
                : Arrays.stream(at).mapToDouble(i -> values[i]).toArray();
    }

    private static int[] pick(int[] values, int[] at) {
        return Arrays.stream(at).map(i -> values[i]).toArray();
    }

    /** The share of the rows, or of their weight, that is predicted correctly. */
    private static double accuracy(int[] predicted, int[] labels, double[] weights) {
        double right = 0;
        double all = 0;
        for (int i = 0; i < labels.length; i++) {
            double weight = weights == null ? 1 : weights[i];
            right += predicted[i] == labels[i] ? weight : 0;
            all += weight;
        }
        return right / all;
    }

    /** The number of rows of equal weight whose mean is as certain: (Σ weight)² / Σ weight². */
    private static double equivalentRows(int rows, double[] weights) {
        if (weights == null) {
            return rows;
        }
        double sum = Arrays.stream(weights).sum();
        return sum * sum / Arrays.stream(weights).map(w -> w * w).sum();
    }
}
