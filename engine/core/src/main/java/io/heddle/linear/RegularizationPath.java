package io.heddle.linear;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.linear.LogisticRegression.Options;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Logistic regressions for a decreasing sequence of penalties, with warm starts and one preparation of the data.
 * Friedman, Hastie and Tibshirani, "Regularization Paths for Generalized Linear Models via Coordinate Descent", JSS
 * 33(1), 2010.
 *
 * <p>For example: {@snippet file="LinearExamplesTest.java" region="path"}
 */
public final class RegularizationPath {
    /** An l1Ratio of 0 has no finite largest lambda: this one is used instead, as in glmnet. */
    private static final double MINIMUM_L1_RATIO = 1e-3;

    /** Multiple of the largest gradient with which weights stay zero while the unpenalized columns change. */
    private static final double HOLDING = 1e3;
    /** Tolerance of the fit of the unpenalized columns, on which the largest lambda depends. */
    private static final double FINE = 1e-6;

    private RegularizationPath() {}

    /**
     * Fits one model for each lambda; the caller closes them.
     *
     * <p>Off-heap memory: at most that of {@link LogisticRegression#fit(DataMatrix, int[], Options, WorkerPool)}, and
     * for each further model 4·K·d + 4·K bytes for K classes and d features. Numbers of columns count as multiples of
     * 16.
     *
     * @param x n × features, finite
     * @param labels n classes
     * @param lambdas decreasing, each above 0; the lambda of the options is not used
     * @param options of each fit; their lambda is not used
     * @param pool whose threads share the work
     * @return the models, in the order of the lambdas
     * @throws InvalidInputException if the lambdas do not decrease, and as {@link LogisticRegression#fit(DataMatrix,
     *     int[], Options, WorkerPool)}
     */
    public static List<LogisticModel> fit(
            DataMatrix x, int[] labels, double[] lambdas, Options options, WorkerPool pool) {
        return fit(x, labels, lambdas, options, pool, fitted -> {});
    }

    /**
     * Fits one model for each lambda and reports each; the caller closes them.
     *
     * @param x n × features, finite
     * @param labels n classes
     * @param lambdas decreasing, each above 0; the lambda of the options is not used
     * @param options of each fit; their lambda is not used
     * @param pool whose threads share the work
     * @param fitted called with the number of models so far, on the calling thread
     * @return the models, in the order of the lambdas
     * @throws InvalidInputException as {@link #fit(DataMatrix, int[], double[], Options, WorkerPool)}
     */
    public static List<LogisticModel> fit(
            DataMatrix x, int[] labels, double[] lambdas, Options options, WorkerPool pool, IntConsumer fitted) {
        return fit(x, labels, null, lambdas, options, pool, fitted);
    }

    /**
     * As {@link #fit(DataMatrix, int[], double[], Options, WorkerPool, IntConsumer)}, with weights of rows.
     *
     * @param x n × features, finite
     * @param labels n classes
     * @param rowWeights n finite numbers of 0 or more, or null for equal weights
     * @param lambdas decreasing, each above 0; the lambda of the options is not used
     * @param options of each fit; their lambda is not used
     * @param pool whose threads share the work
     * @param fitted called with the number of models so far, on the calling thread
     * @return the models, in the order of the lambdas
     * @throws InvalidInputException as without weights, and as {@link LogisticRegression#fit(DataMatrix, int[],
     *     double[], Options, WorkerPool)}
     */
    public static List<LogisticModel> fit(
            DataMatrix x,
            int[] labels,
            double[] rowWeights,
            double[] lambdas,
            Options options,
            WorkerPool pool,
            IntConsumer fitted) {
        for (int i = 0; i < lambdas.length; i++) {
            require(lambdas[i] > 0, "the lambdas of a path must be above 0, not %s", lambdas[i]);
            require(
                    i == 0 || lambdas[i] < lambdas[i - 1],
                    "the lambdas of a path must decrease, but %s comes after %s",
                    lambdas[i],
                    i == 0 ? 0 : lambdas[i - 1]);
        }
        try (RowsWithWeight counted = RowsWithWeight.of(x, labels, rowWeights, pool)) {
            double smallest = lambdas.length == 0 ? 0 : lambdas[lambdas.length - 1];
            TrainingRows rows = LogisticRegression.rows(counted, options.withLambda(smallest), pool);
            return fit(rows, lambdas, options, pool, fitted);
        }
    }

    private static List<LogisticModel> fit(
            TrainingRows rows, double[] lambdas, Options options, WorkerPool pool, IntConsumer fitted) {
        double[] parameters = new double[rows.classes() * rows.width()];
        InitialIntercepts.start(rows.classWeights(), rows.transform(), parameters);
        List<LogisticModel> models = new ArrayList<>();
        try (LogisticSolver solver = new LogisticSolver(rows, pool)) {
            for (double lambda : lambdas) {
                Penalty penalty = Penalties.of(options, lambda, rows.transform());
                models.add(solver.fit(penalty, parameters, options, false));
                fitted.accept(models.size());
            }
            return List.copyOf(models);
        } catch (RuntimeException | Error e) {
            models.forEach(LogisticModel::close);
            throw e;
        }
    }

    /**
     * {@return the smallest lambda at which all weights are zero: the start of a path}
     *
     * @param x n × features, finite
     * @param labels n classes
     * @param options of each fit; their lambda is not used
     * @param pool whose threads share the work
     * @throws InvalidInputException as {@link LogisticRegression#fit(DataMatrix, int[], Options, WorkerPool)}
     */
    public static double largestLambda(DataMatrix x, int[] labels, Options options, WorkerPool pool) {
        return largestLambda(x, labels, null, options, pool);
    }

    /**
     * {@return as {@link #largestLambda(DataMatrix, int[], Options, WorkerPool)}, with weights of rows}
     *
     * @param x n × features, finite
     * @param labels n classes
     * @param rowWeights n finite numbers of 0 or more, or null for equal weights
     * @param options of each fit; their lambda is not used
     * @param pool whose threads share the work
     * @throws InvalidInputException as {@link LogisticRegression#fit(DataMatrix, int[], double[], Options, WorkerPool)}
     */
    public static double largestLambda(
            DataMatrix x, int[] labels, double[] rowWeights, Options options, WorkerPool pool) {
        try (RowsWithWeight counted = RowsWithWeight.of(x, labels, rowWeights, pool)) {
            return largestLambda(LogisticRegression.rows(counted, options, pool), options, pool);
        }
    }

    private static double largestLambda(TrainingRows rows, Options options, WorkerPool pool) {
        double[] parameters = new double[rows.classes() * rows.width()];
        InitialIntercepts.write(rows.classWeights(), parameters);
        double[] gradient = new double[parameters.length];
        ExactLoss.measure(rows, parameters, gradient, pool);
        double largest = Penalties.norms(options, 1, rows.transform()).smallestNorms(gradient);
        if (options.penaltyFactors().containsValue(0.0)) {
            fitUnpenalised(rows, largest, options, parameters, pool);
            ExactLoss.measure(rows, parameters, gradient, pool);
            largest = Penalties.norms(options, 1, rows.transform()).smallestNorms(gradient);
        }
        return largest / Math.max(options.l1Ratio(), MINIMUM_L1_RATIO);
    }

    /** Fits the intercepts and the columns without a penalty, with a penalty for which all others are zero. */
    private static void fitUnpenalised(
            TrainingRows rows, double largest, Options options, double[] parameters, WorkerPool pool) {
        Penalty holding = Penalties.norms(options, HOLDING * largest, rows.transform());
        Options fine = options.withTolerance(FINE).withProgress(p -> {});
        try (LogisticSolver solver = new LogisticSolver(rows, pool)) {
            solver.fit(holding, parameters, fine, true).close();
        }
    }

    /**
     * {@return a decreasing geometric sequence}
     *
     * @param largest its first value, &gt; 0
     * @param ratio of its last value to the first, between 0 and 1
     * @param count values, ≥ 2
     */
    public static double[] lambdas(double largest, double ratio, int count) {
        require(largest > 0, "the largest lambda must be above 0, not %s", largest);
        require(
                ratio > 0 && ratio < 1,
                "the ratio of the last lambda to the first must be between 0 and 1, not %s",
                ratio);
        require(count >= 2, "a path needs 2 lambdas or more, not %d", count);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = largest * Math.pow(ratio, (double) i / (count - 1));
        }
        return values;
    }
}
