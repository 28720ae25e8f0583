package io.heddle.linear;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Multinomial logistic regression with an L2 or elastic-net penalty. It is symmetric in the classes, and the intercepts
 * have no penalty or are absent:
 *
 * <pre>min over W, b of  (1/n) Σ −log softmax(W xᵢ + b)[yᵢ] + λ (l1Ratio ‖W‖₁ + ½ (1 − l1Ratio) ‖W‖²)</pre>
 *
 * <p>With {@code grouped}, the penalty is λ Σⱼ (l1Ratio ‖wⱼ‖ + ½ (1 − l1Ratio) ‖wⱼ‖²), where wⱼ are the weights of
 * column j in all classes.
 *
 * <p>The solver is a coupled proximal Newton method with coordinate descent on a working set (see
 * {@code ProximalNewton}). It starts from a fit on a sample of the rows or from another model. An iteration takes a few
 * dozen passes over the data, O(n · features · classes) each, and estimates the Hessian of the working set. The model
 * reports the duality gap. The same data, options and vector width give the same bits for any number of threads.
 *
 * <p>For example: {@snippet file="LinearExamplesTest.java" region="logistic-regression"}
 */
public final class LogisticRegression {
    /** Maximum number of classes of a grouped penalty: its steps take classes² memory and classes³ time a column. */
    private static final int MAXIMUM_GROUPED = 256;

    private LogisticRegression() {}

    /** The weight of rows. */
    public enum ClassWeight {
        /** All rows have the same weight. */
        NONE,
        /**
         * All classes have the same weight: a row of class c has n / (classes in use · rows of c), with rows by weight.
         */
        BALANCED
    }

    /**
     * Options of a fit.
     *
     * <p>For example: {@snippet file="LinearExamplesTest.java" region="grouped"}
     *
     * @param lambda weight of the penalty, ≥ 0; default 1e-4
     * @param l1Ratio share of the L1 norm in it, 0 (L2) to 1 (lasso); default 0
     * @param grouped whether the Euclidean norm of a column's weights in all classes replaces the L1 norm, so that a
     *     column has weights in all classes or in none; without effect if l1Ratio is 0; default false; the same as
     *     {@code type.multinomial = "grouped"} of glmnet
     * @param tolerance the relative duality gap at which to stop, &gt; 0; default 1e-4; without a penalty (lambda 0)
     *     the relative violation of optimality
     * @param maxIterations maximum number of iterations on all rows, ≥ 1; default 100
     * @param standardize whether the penalty applies to weights of columns scaled to unit variance; default false
     * @param intercept whether there are intercepts; default true. Without them b is 0. With {@code standardize} the
     *     weight of a constant column is then 0, as in glmnet
     * @param classWeight weights of the rows by class; default {@link ClassWeight#NONE}
     * @param classWeights weights of the rows of single classes, by class, finite and ≥ 0; 1 for all other classes;
     *     default empty
     * @param penaltyFactors factors of lambda for single columns, by column from 0 on, finite and ≥ 0; 0 is a column
     *     without a penalty; 1 for all other columns; default empty. The same as {@code penalty.factor} of glmnet, but
     *     not rescaled: glmnet divides the factors by their mean
     * @param seed of the sample of rows for the warm start; default 0
     * @param progress called after each iteration on the calling thread
     */
    public record Options(
            double lambda,
            double l1Ratio,
            boolean grouped,
            double tolerance,
            int maxIterations,
            boolean standardize,
            boolean intercept,
            ClassWeight classWeight,
            Map<Integer, Double> classWeights,
            Map<Integer, Double> penaltyFactors,
            long seed,
            Consumer<Progress> progress) {
        /**
         * Checks the values.
         *
         * @throws InvalidInputException if a value lies outside its range
         * @throws NullPointerException if a component is null
         */
        public Options {
            Objects.requireNonNull(classWeight, "classWeight");
            Objects.requireNonNull(progress, "progress");
            require(lambda >= 0 && lambda < Double.POSITIVE_INFINITY, "lambda must be 0 or more, not %s", lambda);
            require(l1Ratio >= 0 && l1Ratio <= 1, "l1Ratio must be between 0 and 1, not %s", l1Ratio);
            require(tolerance > 0, "tolerance must be above 0, not %s", tolerance);
            require(maxIterations >= 1, "maxIterations must be 1 or more, not %d", maxIterations);
            classWeights = Map.copyOf(classWeights);
            classWeights.forEach((c, weight) -> require(
                    c >= 0 && weight >= 0 && weight <= Float.MAX_VALUE,
                    "the weight of class %d is %s; classes count from 0, and weights are finite numbers of 0 or more",
                    c,
                    weight));
            penaltyFactors = Map.copyOf(penaltyFactors);
            penaltyFactors.forEach((j, factor) -> require(
                    j >= 0 && factor >= 0 && factor <= Float.MAX_VALUE,
                    "the penalty factor of column %d is %s; columns count from 0, and factors are finite numbers of 0 or"
                            + " more",
                    j,
                    factor));
            require(
                    classWeights.isEmpty() || classWeight == ClassWeight.NONE,
                    "classWeight %s and weights of single classes exclude each other",
                    classWeight);
        }

        /** {@return the defaults named above} */
        public static Options defaults() {
            return new Options(
                    1e-4, 0, false, 1e-4, 100, false, true, ClassWeight.NONE, Map.of(), Map.of(), 0, p -> {});
        }

        private Options with(Consumer<Draft> change) {
            Draft draft = new Draft(this);
            change.accept(draft);
            return draft.build();
        }

        /**
         * {@return these options with another lambda}
         *
         * @param value see the component {@code lambda}
         */
        public Options withLambda(double value) {
            return with(d -> d.lambda = value);
        }

        /**
         * {@return these options with another l1Ratio}
         *
         * @param value see the component {@code l1Ratio}
         */
        public Options withL1Ratio(double value) {
            return with(d -> d.l1Ratio = value);
        }

        /**
         * {@return these options with the norm of whole columns or of single weights}
         *
         * @param value see the component {@code grouped}
         */
        public Options withGrouped(boolean value) {
            return with(d -> d.grouped = value);
        }

        /**
         * {@return these options with another tolerance}
         *
         * @param value see the component {@code tolerance}
         */
        public Options withTolerance(double value) {
            return with(d -> d.tolerance = value);
        }

        /**
         * {@return these options with another limit of iterations}
         *
         * @param value see the component {@code maxIterations}
         */
        public Options withMaxIterations(int value) {
            return with(d -> d.maxIterations = value);
        }

        /**
         * {@return these options with standardization on or off}
         *
         * @param value see the component {@code standardize}
         */
        public Options withStandardize(boolean value) {
            return with(d -> d.standardize = value);
        }

        /**
         * {@return these options with or without intercepts}
         *
         * @param value see the component {@code intercept}
         */
        public Options withIntercept(boolean value) {
            return with(d -> d.intercept = value);
        }

        /**
         * {@return these options with another weighting of the classes}
         *
         * @param value see the component {@code classWeight}
         */
        public Options withClassWeight(ClassWeight value) {
            return with(d -> d.classWeight = value);
        }

        /**
         * {@return these options with a weight for single classes}
         *
         * @param value see the component {@code classWeights}
         */
        public Options withClassWeights(Map<Integer, Double> value) {
            return with(d -> d.classWeights = value);
        }

        /**
         * {@return these options with a penalty factor for single columns}
         *
         * @param value see the component {@code penaltyFactors}
         */
        public Options withPenaltyFactors(Map<Integer, Double> value) {
            return with(d -> d.penaltyFactors = value);
        }

        /**
         * {@return these options with another seed}
         *
         * @param value see the component {@code seed}
         */
        public Options withSeed(long value) {
            return with(d -> d.seed = value);
        }

        /**
         * {@return these options with another listener}
         *
         * @param value see the component {@code progress}
         */
        public Options withProgress(Consumer<Progress> value) {
            return with(d -> d.progress = value);
        }

        /** Options that are still being changed. */
        private static final class Draft {
            private double lambda;
            private double l1Ratio;
            private boolean grouped;
            private double tolerance;
            private int maxIterations;
            private boolean standardize;
            private boolean intercept;
            private ClassWeight classWeight;
            private Map<Integer, Double> classWeights;
            private Map<Integer, Double> penaltyFactors;
            private long seed;
            private Consumer<Progress> progress;

            Draft(Options from) {
                lambda = from.lambda;
                l1Ratio = from.l1Ratio;
                grouped = from.grouped;
                tolerance = from.tolerance;
                maxIterations = from.maxIterations;
                standardize = from.standardize;
                intercept = from.intercept;
                classWeight = from.classWeight;
                classWeights = from.classWeights;
                penaltyFactors = from.penaltyFactors;
                seed = from.seed;
                progress = from.progress;
            }

            Options build() {
                return new Options(
                        lambda,
                        l1Ratio,
                        grouped,
                        tolerance,
                        maxIterations,
                        standardize,
                        intercept,
                        classWeight,
                        classWeights,
                        penaltyFactors,
                        seed,
                        progress);
            }
        }
    }

    /**
     * The state of the solver after an iteration.
     *
     * @param iteration iterations on all rows so far
     * @param objective mean loss plus penalty
     * @param certificate the certificate's relative value, see {@link Certificate}
     * @param passes passes over all rows so far
     */
    public record Progress(int iteration, double objective, double certificate, int passes) {}

    /**
     * Fits on the shared pool; see {@link #fit(DataMatrix, int[], Options, WorkerPool)}.
     *
     * @param x n × d, with a label for each row
     * @param labels 0 to the number of classes − 1
     * @param options of the fit
     * @return the model, which the caller closes
     */
    public static LogisticModel fit(DataMatrix x, int[] labels, Options options) {
        return fit(x, labels, options, WorkerPool.shared());
    }

    /**
     * Fits a model, which the caller closes.
     *
     * <p>Off-heap memory for K classes and d features with t threads, in bytes: at most 36·n·K + 4·K·d·(n + 34) +
     * 8·K·(d + 1)² + 4·t·(d + 1)·(d + 513), usually much less, because the curvature is estimated from some of the
     * rows. Numbers of columns count as multiples of 16. In addition 1 MB per thread.
     *
     * @param x n × features, finite
     * @param labels n classes, 0 … classes − 1; classes is the largest label plus 1
     * @param options of the fit
     * @param pool whose threads share the work
     * @return the model, which the caller closes
     * @throws InvalidInputException if there are no rows, as many labels as rows, fewer than two classes in use, a
     *     value that is not finite, or a column of such small values that its weight exceeds the largest float
     */
    public static LogisticModel fit(DataMatrix x, int[] labels, Options options, WorkerPool pool) {
        return fit(rows(x, labels, null, 0, options, pool), options, pool);
    }

    /**
     * Fits a model to rows with weights; the caller closes the model. A row of weight 2 is the same as two equal rows
     * of weight 1, and a row of weight 0 is left out. The loss is the weighted mean. With {@code standardize}, means
     * and deviations of the columns are weighted too. If some weights are 0, the other rows are copied: 4·n·d bytes.
     *
     * <p>For example: {@snippet file="LinearExamplesTest.java" region="row-weights"}
     *
     * @param x n × features, finite
     * @param labels n classes, 0 … classes − 1; classes is the largest label plus 1
     * @param rowWeights n finite numbers of 0 or more, multiplied by those of the classes
     * @param options of the fit
     * @param pool whose threads share the work
     * @return the model, which the caller closes
     * @throws InvalidInputException if a weight is negative or not finite, if rows of fewer than two classes have a
     *     weight above 0, and as without weights
     */
    public static LogisticModel fit(DataMatrix x, int[] labels, double[] rowWeights, Options options, WorkerPool pool) {
        try (RowsWithWeight counted = RowsWithWeight.of(x, labels, rowWeights, pool)) {
            return fit(rows(counted, options, pool), options, pool);
        }
    }

    private static LogisticModel fit(TrainingRows rows, Options options, WorkerPool pool) {
        Penalty penalty = Penalties.of(options, rows.transform());
        double[] parameters = new double[rows.classes() * rows.width()];
        InitialIntercepts.start(rows.classWeights(), rows.transform(), parameters);
        if (LogisticSolver.startsInFloat(rows)) {
            SampledStart.find(rows, penalty, options.seed(), parameters, pool);
        }
        try (LogisticSolver solver = new LogisticSolver(rows, pool)) {
            return solver.fit(penalty, parameters, options, true);
        }
    }

    /**
     * Fits a model that starts from another model; the caller closes it. This takes fewer iterations if data or options
     * have changed little.
     *
     * @param x n × features, finite
     * @param labels n classes, 0 … classes − 1; classes is that of the start, or the largest label plus 1 if that is
     *     more
     * @param options of the fit
     * @param start not changed
     * @param pool whose threads share the work
     * @return the model, which the caller closes
     * @throws InvalidInputException if the start has another number of features, and as without one
     */
    public static LogisticModel fit(DataMatrix x, int[] labels, Options options, LogisticModel start, WorkerPool pool) {
        require(
                start.features() == x.columns(),
                "the data have %d columns, but the model to start from has %d",
                x.columns(),
                start.features());
        TrainingRows rows = rows(x, labels, null, start.classes(), options, pool);
        double[] parameters = new double[rows.classes() * rows.width()];
        rows.transform().unfold(start.weights(), start.intercepts(), parameters);
        Penalty penalty = Penalties.of(options, rows.transform());
        try (LogisticSolver solver = new LogisticSolver(rows, pool)) {
            return solver.fit(penalty, parameters, options, true);
        }
    }

    /**
     * Fits a model to rows in partitions, which may lie on several machines; the caller closes the model. The method is
     * the same as for rows in memory. The certificate is computed in double over all partitions.
     *
     * <p>The solver runs here, with a sample of at most 16,384 rows. Each sum over the rows is one task, whose result
     * is a number for each parameter. The same partitions give the same bits, on any machines and in any order of the
     * tasks. Another division of the same rows may change the last bits of sums.
     *
     * @param rows in partitions, with at least two classes among them
     * @param options of the fit; {@code progress} runs on the calling thread
     * @param pool whose threads share the work that is done here: estimated Hessians and their factors
     * @return the model, which the caller closes
     * @throws InvalidInputException if all partitions are empty, if their numbers of columns differ, and as for rows in
     *     memory
     */
    public static LogisticModel fit(PartitionedRows rows, Options options, WorkerPool pool) {
        return new PartitionedSolver(rows, options, pool).fit();
    }

    static TrainingRows rows(RowsWithWeight counted, Options options, WorkerPool pool) {
        return rows(counted.x(), counted.labels(), counted.weights(), counted.classes(), options, pool);
    }

    /** Validates the data and computes their transform and weights. */
    static TrainingRows rows(
            DataMatrix x, int[] labels, double[] rowWeights, int minimumClasses, Options options, WorkerPool pool) {
        int classes = Math.max(minimumClasses, validate(x, labels));
        requireClasses(classes, options);
        double l2 = Penalties.smallestSquares(options, x.columns());
        double[] weights = CombinedWeights.of(labels, classes, rowWeights, options);
        boolean small = LogisticSolver.small(x.rows(), x.columns(), classes);
        FeatureTransform transform = FeatureTransform.of(
                x,
                rowWeights,
                FeatureTransform.Scaling.of(options.standardize(), small),
                options.intercept(),
                l2,
                pool);
        return new TrainingRows(x, labels, weights, classes, transform);
    }

    static void requireClasses(int classes, Options options) {
        require(
                !options.grouped() || options.l1Ratio() == 0 || classes <= MAXIMUM_GROUPED,
                "a grouped penalty takes at most %d classes, but there are %d: leave out grouped, or merge classes",
                MAXIMUM_GROUPED,
                classes);
    }

    /** Returns the number of classes. */
    static int validate(DataMatrix x, int[] labels) {
        require(
                x.rows() > 0 && x.columns() > 0,
                "logistic regression needs rows and columns, not %d x %d",
                x.rows(),
                x.columns());
        int largest = requireLabels(x, labels);
        int first = labels[0];
        require(
                Arrays.stream(labels).anyMatch(l -> l != first),
                "all %d labels are %d; a classifier needs at least two classes",
                labels.length,
                first);
        return largest + 1;
    }

    /** Returns the largest label. */
    static int requireLabels(DataMatrix x, int[] labels) {
        require(labels.length == x.rows(), "there are %d labels for %d rows", labels.length, x.rows());
        int largest = 0;
        for (int i = 0; i < labels.length; i++) {
            require(labels[i] >= 0, "the label of row %d is %d; labels count from 0", i, labels[i]);
            largest = Math.max(largest, labels[i]);
        }
        require(largest < 100_000, "the largest label is %d; at most 100000 classes are supported", largest);
        return largest;
    }
}
