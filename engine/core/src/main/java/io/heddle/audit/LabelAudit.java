package io.heddle.audit;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import io.heddle.selection.Folds;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Finds labels that are probably wrong by cross-validation. The class probabilities of a row come from a model trained
 * without it. A label is an issue if it is less probable than the uncertainty of the models explains.
 *
 * <p>With {@link Cut#POSTERIOR} the {@linkplain LabelNoise label noise} is estimated, and a row is an issue if another
 * label is more probable than the given one under this noise. The models are then trained again without these rows,
 * because wrong labels distort them. This is repeated for a few iterations. With {@link Cut#CONFIDENT_JOINT} there is
 * one iteration, and issues are the rows off the diagonal of the {@linkplain ConfidentJoint confident joint}. If
 * classes overlap, this reports many correct labels.
 *
 * <p>Costs at most folds · (maxIterations + lambdas) fits. Deterministic: the same data, options and vector width give
 * the same bits for any number of threads.
 *
 * <p>For example: {@snippet file="AuditExamplesTest.java" region="label-audit"}
 */
public final class LabelAudit {
    private final FloatMatrix x;
    private final int[] labels;
    private final int classes;
    private final Folds folds;
    private final Options options;
    private final WorkerPool pool;
    private int models;

    private LabelAudit(FloatMatrix x, int[] labels, int classes, Options options, WorkerPool pool) {
        this.x = x;
        this.labels = labels;
        this.classes = classes;
        this.folds = Folds.stratified(labels, options.folds(), options.seed());
        this.options = options;
        this.pool = pool;
    }

    /** The rule that separates issues from correct labels. */
    public enum Cut {
        /** An issue is a row with a more probable label under the estimated noise. */
        POSTERIOR,
        /** The rule of confident learning: an issue is a row whose probable label differs from the given one. */
        CONFIDENT_JOINT
    }

    /**
     * The options of an audit.
     *
     * @param cut default {@link Cut#POSTERIOR}
     * @param folds of the cross-validation, 2 or more; default 5
     * @param maxIterations maximum number of iterations, 1 or more; default 5
     * @param lambdas penalties to choose from, one or more, the largest first. The one with the highest likelihood of
     *     the out-of-fold labels is chosen; the search stops when one is worse than the previous one. Default 0.1,
     *     0.01, 0.001, 0.0001
     * @param classifier the other options of the models; default tolerance 1e-2
     * @param seed of the folds; default 0
     * @param progress called after each model, on the calling thread
     */
    public record Options(
            Cut cut,
            int folds,
            int maxIterations,
            List<Double> lambdas,
            LogisticRegression.Options classifier,
            long seed,
            Consumer<Progress> progress) {
        /**
         * Checks the values.
         *
         * @throws InvalidInputException if a value lies outside its range
         * @throws NullPointerException if a component is null
         */
        public Options {
            Objects.requireNonNull(cut, "cut");
            Objects.requireNonNull(classifier, "classifier");
            Objects.requireNonNull(progress, "progress");
            require(folds >= 2, "an audit needs 2 folds or more, not %d", folds);
            require(maxIterations >= 1, "an audit needs 1 iteration or more, not %d", maxIterations);
            lambdas = List.copyOf(lambdas);
            require(!lambdas.isEmpty(), "an audit needs a lambda");
        }

        /** {@return the defaults named above} */
        public static Options defaults() {
            return new Options(
                    Cut.POSTERIOR,
                    5,
                    5,
                    List.of(1e-1, 1e-2, 1e-3, 1e-4),
                    LogisticRegression.Options.defaults().withTolerance(1e-2),
                    0,
                    p -> {});
        }

        /**
         * {@return these options with another cut}
         *
         * @param value see the component {@code cut}
         */
        public Options withCut(Cut value) {
            return new Options(value, folds, maxIterations, lambdas, classifier, seed, progress);
        }

        /**
         * {@return these options with another number of folds}
         *
         * @param value see the component {@code folds}
         */
        public Options withFolds(int value) {
            return new Options(cut, value, maxIterations, lambdas, classifier, seed, progress);
        }

        /**
         * {@return these options with another maximum number of iterations}
         *
         * @param value see the component {@code maxIterations}
         */
        public Options withMaxIterations(int value) {
            return new Options(cut, folds, value, lambdas, classifier, seed, progress);
        }

        /**
         * {@return these options with other penalties to choose from}
         *
         * @param value see the component {@code lambdas}
         */
        public Options withLambdas(List<Double> value) {
            return new Options(cut, folds, maxIterations, value, classifier, seed, progress);
        }

        /**
         * {@return these options with other settings of the models}
         *
         * @param value see the component {@code classifier}
         */
        public Options withClassifier(LogisticRegression.Options value) {
            return new Options(cut, folds, maxIterations, lambdas, value, seed, progress);
        }

        /**
         * {@return these options with another seed}
         *
         * @param value see the component {@code seed}
         */
        public Options withSeed(long value) {
            return new Options(cut, folds, maxIterations, lambdas, classifier, value, progress);
        }

        /**
         * {@return these options with another listener}
         *
         * @param value see the component {@code progress}
         */
        public Options withProgress(Consumer<Progress> value) {
            return new Options(cut, folds, maxIterations, lambdas, classifier, seed, value);
        }
    }

    /**
     * The progress of an audit.
     *
     * @param models trained so far
     * @param maximum there may be in all
     * @param issues found in the last complete iteration
     */
    public record Progress(int models, int maximum, int issues) {}

    /**
     * The result of an audit.
     *
     * @param issues by descending margin, then by row
     * @param rivals for each row in order, the most probable other label; its margin is negative where the given label
     *     is more probable. Near misses are the greatest of these that are no issues
     * @param accuracy share of the rows whose most probable class, by models that have not seen them, is the given
     *     label
     * @param noise estimated share of wrong labels
     * @param lambda the penalty chosen
     * @param iterations number of iterations
     * @param converged whether all models of the last iteration reached their tolerance
     */
    public record Result(
            List<LabelIssue> issues,
            List<LabelIssue> rivals,
            double accuracy,
            double noise,
            double lambda,
            int iterations,
            boolean converged) {
        /**
         * Checks the values.
         *
         * @throws InvalidInputException if one lies outside its range
         */
        public Result {
            issues = List.copyOf(issues);
            rivals = List.copyOf(rivals);
        }
    }

    /**
     * Audits on the shared pool; see {@link #run(FloatMatrix, int[], Options, WorkerPool)}.
     *
     * @param x n × d, one row per label
     * @param labels the given labels, n of them
     * @param options of the audit
     * @return what was found
     */
    public static Result run(FloatMatrix x, int[] labels, Options options) {
        return run(x, labels, options, WorkerPool.shared());
    }

    /**
     * Audits.
     *
     * @param x n × features, finite
     * @param labels n classes, 0 … classes − 1; classes is the largest label plus 1
     * @param options of the audit
     * @param pool whose threads share the work
     * @return what was found
     * @throws InvalidInputException if there are not as many labels as rows, if a label is negative, if there are fewer
     *     than two classes in use, if one has fewer rows than there are folds, or a value is not finite
     */
    public static Result run(FloatMatrix x, int[] labels, Options options, WorkerPool pool) {
        int classes = validate(x, labels, options.folds());
        return new LabelAudit(x, labels, classes, options, pool).run();
    }

    /**
     * Audits with given probabilities instead of trained models.
     *
     * @param probabilities n × classes, each row's from a model trained without the row; finite, from 0 to 1, the sum
     *     of a row between 0.98 and 1.02
     * @param labels n classes, 0 … classes − 1
     * @param cut the rule for issues
     * @return what was found; its lambda is NaN, its iterations are 0 and it converged, because nothing was trained
     * @throws InvalidInputException if there are no rows, fewer than two classes or not as many labels as rows, a label
     *     is no class, or values are no probabilities
     */
    public static Result ofProbabilities(FloatMatrix probabilities, int[] labels, Cut cut) {
        require(
                probabilities.columns() >= 2,
                "an audit needs the probabilities of at least two classes, but there is %d column",
                probabilities.columns());
        ConfidentJoint.validate(labels, probabilities);
        LabelJudge.requireProbabilities(probabilities);
        return LabelJudge.judge(probabilities, labels, cut, Double.NaN, 0, true);
    }

    private Result run() {
        Result result;
        try (HeldOut first = first()) {
            result = judge(first, 1);
        }
        int iterations = options.cut() == Cut.CONFIDENT_JOINT ? 1 : options.maxIterations();
        boolean[] sound = all();
        for (int iteration = 2; iteration <= iterations; iteration++) {
            boolean[] next = soundRows(result.issues());
            if (Arrays.equals(next, sound)) {
                break;
            }
            sound = next;
            try (HeldOut held = heldOut(result.lambda(), sound, result.issues().size())) {
                result = judge(held, iteration);
            }
        }
        return result;
    }

    /** Out-of-fold probabilities of all rows, with the penalty of the models. */
    private record HeldOut(HeldOutProbabilities held, double lambda) implements AutoCloseable {
        FloatMatrix p() {
            return held.p();
        }

        @Override
        public void close() {
            held.close();
        }
    }

    private HeldOut first() {
        HeldOut best = null;
        HeldOut held = null;
        double likelihood = Double.NEGATIVE_INFINITY;
        try {
            for (double lambda : options.lambdas()) {
                held = heldOut(lambda, all(), 0);
                // The likelihood includes the label noise. Without it, wrong labels would favour models with uncertain
                // probabilities.
                double likeliness = LabelNoise.fit(labels, held.p()).logLikelihood();
                if (best != null && likeliness <= likelihood) {
                    break;
                }
                HeldOut before = best;
                best = held;
                held = before;
                close(held);
                likelihood = likeliness;
            }
            close(held);
            return best;
        } catch (RuntimeException | Error e) {
            close(held);
            close(best);
            throw e;
        }
    }

    private static void close(HeldOut held) {
        if (held != null) {
            held.close();
        }
    }

    private HeldOut heldOut(double lambda, boolean[] trainedOn, int found) {
        int before = models;
        int maximum = (options.lambdas().size() + options.maxIterations() - 1) * options.folds();
        HeldOutProbabilities held = HeldOutProbabilities.of(
                x,
                labels,
                classes,
                folds,
                trainedOn,
                options.classifier().withLambda(lambda),
                done -> options.progress().accept(new Progress(before + done, maximum, found)),
                pool);
        models += options.folds();
        return new HeldOut(held, lambda);
    }

    private boolean[] all() {
        boolean[] all = new boolean[labels.length];
        Arrays.fill(all, true);
        return all;
    }

    private Result judge(HeldOut held, int iteration) {
        return LabelJudge.judge(
                held.p(),
                labels,
                options.cut(),
                held.lambda(),
                iteration,
                held.held().converged());
    }

    private static int validate(FloatMatrix x, int[] labels, int folds) {
        require(labels.length == x.rows(), "%d labels do not fit %d rows", labels.length, x.rows());
        int classes = 0;
        for (int i = 0; i < labels.length; i++) {
            require(labels[i] >= 0, "label %d of row %d is negative", labels[i], i);
            classes = Math.max(classes, labels[i] + 1);
        }
        int[] sizes = new int[classes];
        for (int label : labels) {
            sizes[label]++;
        }
        for (int c = 0; c < classes; c++) {
            require(
                    sizes[c] == 0 || sizes[c] >= folds,
                    "class %d has %d rows; %d folds need at least as many",
                    c,
                    sizes[c],
                    folds);
        }
        require(Arrays.stream(sizes).filter(s -> s > 0).count() >= 2, "an audit needs at least two classes");
        return classes;
    }

    /** All rows except the issues. A class that would have too few rows left keeps all of them. */
    private boolean[] soundRows(List<LabelIssue> issues) {
        boolean[] sound = all();
        issues.forEach(issue -> sound[issue.index()] = false);
        int[] left = new int[classes];
        int[][] byFold = new int[classes][options.folds()];
        for (int i = 0; i < labels.length; i++) {
            if (sound[i]) {
                left[labels[i]]++;
                byFold[labels[i]][folds.of(i)]++;
            }
        }
        for (int i = 0; i < labels.length; i++) {
            int c = labels[i];
            // Each model needs rows of each class, so the correct rows of a class must not all be in one fold.
            sound[i] |= Arrays.stream(byFold[c]).max().orElse(0) == left[c];
        }
        return sound;
    }
}
