package io.heddle.cli.selection;

import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.linear.RegularizationPath;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tries penalties: a path of falling λ for each share of the L1 norm, scored on rows that the fit has not seen.
 *
 * @param lambdas values of λ on a path
 * @param lambdaRatio the smallest of them as a share of the largest
 * @param l1Ratios shares of the L1 norm to try
 * @param options of each fit, but for its penalty
 * @param listener told after each fit, while a path is under way
 */
public record PenaltySearch(
        int lambdas, double lambdaRatio, List<Double> l1Ratios, LogisticRegression.Options options, Listener listener) {
    private static final int MOST_LAMBDAS = 1000;

    /** Told how the search gets on, on the calling thread. */
    @FunctionalInterface
    public interface Listener {
        /**
         * @param done fits so far
         * @param total fits in all
         */
        void fitted(int done, int total);
    }

    /** @throws InvalidInputException if no l1Ratio is given, or one out of its range */
    public PenaltySearch {
        l1Ratios = List.copyOf(l1Ratios);
        InvalidInputException.require(!l1Ratios.isEmpty(), "at least one l1Ratio is to be tried");
        l1Ratios.forEach(options::withL1Ratio);
        InvalidInputException.require(
                lambdas >= 2 && lambdas <= MOST_LAMBDAS, "a path has 2 to %d lambdas, not %d", MOST_LAMBDAS, lambdas);
        InvalidInputException.require(
                lambdaRatio > 0 && lambdaRatio < 1,
                "the ratio of the last lambda to the first lies between 0 and 1, not at %s",
                lambdaRatio);
    }

    /**
     * Follows the paths on all rows and scores them on others; the standard error is that of a share of so many rows.
     *
     * @param weights how much each row counts in the fits, or null; in the score all test rows count alike
     * @param testX may be {@code x} itself; the score is then that of the training
     */
    public List<PathPoint> paths(FloatMatrix x, int[] labels, double[] weights, FloatMatrix testX, int[] testLabels) {
        List<PathPoint> points = new ArrayList<>();
        int[] done = new int[1];
        for (double l1Ratio : l1Ratios) {
            double[] grid = grid(x, labels, weights, l1Ratio);
            follow(
                    x,
                    labels,
                    weights,
                    grid,
                    l1Ratio,
                    (i, model) -> {
                        double score = accuracy(model.predict(testX), testLabels);
                        double error = Math.sqrt(score * (1 - score) / testLabels.length);
                        points.add(new PathPoint(grid[i], l1Ratio, score, error, model.nonZeros(), model.converged()));
                    },
                    () -> listener.fitted(++done[0], lambdas * l1Ratios.size()));
        }
        return points;
    }

    /**
     * Cross-validates: the score is the mean over the folds, its standard error that of this mean.
     *
     * @param weights how much each row counts in the fits, or null; in the score all held-out rows count alike
     * @param count of folds, 2 to as many as there are rows; each class keeps its share in every one
     * @param seed of the split
     */
    public List<PathPoint> crossValidate(FloatMatrix x, int[] labels, double[] weights, int count, long seed) {
        Folds folds = new Folds(labels, count, seed);
        int total = lambdas * l1Ratios.size() * (count + 1);
        int[] done = new int[1];
        double[][] grids = new double[l1Ratios.size()][];
        double[][][] scores = new double[l1Ratios.size()][lambdas][count];
        long[][] nonZeros = new long[l1Ratios.size()][lambdas];
        boolean[][] unfinished = new boolean[l1Ratios.size()][lambdas];
        for (int r = 0; r < grids.length; r++) {
            int ratio = r;
            grids[r] = grid(x, labels, weights, l1Ratios.get(r));
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
                    () -> listener.fitted(++done[0], total));
        }
        for (int f = 0; f < count; f++) {
            int fold = f;
            int[] train = folds.others(f);
            int[] held = folds.heldOut(f);
            int[] heldLabels = pick(labels, held);
            try (FloatMatrix trainX = x.gather(train);
                    FloatMatrix heldX = x.gather(held)) {
                for (int r = 0; r < grids.length; r++) {
                    int ratio = r;
                    follow(
                            trainX,
                            pick(labels, train),
                            pick(weights, train),
                            grids[r],
                            l1Ratios.get(r),
                            (i, model) -> {
                                scores[ratio][i][fold] = accuracy(model.predict(heldX), heldLabels);
                                unfinished[ratio][i] |= !model.converged();
                            },
                            () -> listener.fitted(++done[0], total));
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

    private double[] grid(FloatMatrix x, int[] labels, double[] weights, double l1Ratio) {
        double largest =
                RegularizationPath.largestLambda(x, labels, weights, options.withL1Ratio(l1Ratio), WorkerPool.shared());
        InvalidInputException.require(
                largest > 0, "no column tells the classes apart, so there is no path of penalties to follow");
        return RegularizationPath.lambdas(largest, lambdaRatio, lambdas);
    }

    /** Looks at each model of a path; it is closed afterwards. */
    @FunctionalInterface
    private interface Visitor {
        void look(int index, LogisticModel model);
    }

    private void follow(
            FloatMatrix x,
            int[] labels,
            double[] weights,
            double[] grid,
            double l1Ratio,
            Visitor visitor,
            Runnable fitted) {
        List<LogisticModel> models = RegularizationPath.fit(
                x, labels, weights, grid, options.withL1Ratio(l1Ratio), WorkerPool.shared(), count -> fitted.run());
        try {
            for (int i = 0; i < grid.length; i++) {
                visitor.look(i, models.get(i));
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

    private static double accuracy(int[] predicted, int[] labels) {
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            right += predicted[i] == labels[i] ? 1 : 0;
        }
        return (double) right / labels.length;
    }
}
