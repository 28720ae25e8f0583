package io.heddle.audit;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import io.heddle.selection.Folds;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds labels that are likely wrong by cross-validation: models that have not seen a row tell the probabilities of its
 * classes, and a label found improbable beyond what the models' own uncertainty explains is an issue.
 *
 * <p>With {@link Cut#POSTERIOR} the {@linkplain LabelNoise noise of the labels} is estimated, and a row is an issue
 * where another label is more probable than the given one in the light of it. The models then are trained again without
 * those rows, for wrong labels blur them, and so on for a few rounds. With {@link Cut#CONFIDENT_JOINT} there is one
 * round, and issues are the rows off the diagonal of the {@linkplain ConfidentJoint confident joint}; where classes
 * overlap that finds many that are no errors.
 *
 * <p>Costs folds · (rounds + lambdas) trainings at most. Deterministic: same data, options and vector width, same bits,
 * for any number of threads.
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

    /** Where the line between sound labels and issues is drawn. */
    public enum Cut {
        /** Another label is more probable, by the estimated noise. */
        POSTERIOR,
        /** Confident learning's own: the likely label is another. */
        CONFIDENT_JOINT
    }

    /**
     * What to audit with.
     *
     * @param cut default {@link Cut#POSTERIOR}
     * @param folds of the cross-validation, 2 or more; default 5
     * @param rounds most rounds of training, 1 or more; default 5
     * @param lambdas penalties of the models to choose from, one or more, the greatest first: the one under which the
     *     given labels of rows not seen are likeliest; they are tried until one is worse than the one before. Default
     *     0.1, 0.01, 0.001, 0.0001
     * @param classifier how the models are trained otherwise; default tolerance 1e-2
     * @param seed deals the rows to folds; default 0
     * @param progress told after each model, on the calling thread
     */
    public record Options(
            Cut cut,
            int folds,
            int rounds,
            List<Double> lambdas,
            LogisticRegression.Options classifier,
            long seed,
            Consumer<Progress> progress) {
        /**
         * Checks the values.
         *
         * @throws InvalidInputException if a value lies outside its range
         */
        public Options {
            require(folds >= 2, "an audit needs 2 folds or more, not %d", folds);
            require(rounds >= 1, "an audit needs 1 round or more, not %d", rounds);
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
            return new Options(value, folds, rounds, lambdas, classifier, seed, progress);
        }

        /**
         * {@return these options with another number of folds}
         *
         * @param value see the component {@code folds}
         */
        public Options withFolds(int value) {
            return new Options(cut, value, rounds, lambdas, classifier, seed, progress);
        }

        /**
         * {@return these options with another limit of rounds}
         *
         * @param value see the component {@code rounds}
         */
        public Options withRounds(int value) {
            return new Options(cut, folds, value, lambdas, classifier, seed, progress);
        }

        /**
         * {@return these options with other penalties to choose from}
         *
         * @param value see the component {@code lambdas}
         */
        public Options withLambdas(List<Double> value) {
            return new Options(cut, folds, rounds, value, classifier, seed, progress);
        }

        /**
         * {@return these options with other settings of the models}
         *
         * @param value see the component {@code classifier}
         */
        public Options withClassifier(LogisticRegression.Options value) {
            return new Options(cut, folds, rounds, lambdas, value, seed, progress);
        }

        /**
         * {@return these options with another seed}
         *
         * @param value see the component {@code seed}
         */
        public Options withSeed(long value) {
            return new Options(cut, folds, rounds, lambdas, classifier, value, progress);
        }

        /**
         * {@return these options with another listener}
         *
         * @param value see the component {@code progress}
         */
        public Options withProgress(Consumer<Progress> value) {
            return new Options(cut, folds, rounds, lambdas, classifier, seed, value);
        }
    }

    /**
     * Where an audit stands.
     *
     * @param models trained so far
     * @param most there may be in all
     * @param issues found in the last complete round
     */
    public record Progress(int models, int most, int issues) {}

    /**
     * What an audit found.
     *
     * @param issues the greatest margin first; of equal ones the lower row
     * @param accuracy share of the rows whose most probable class, by models that have not seen them, is the given
     *     label
     * @param noise estimated share of wrong labels
     * @param lambda the penalty chosen
     * @param rounds of training that it took
     */
    public record Result(List<LabelIssue> issues, double accuracy, double noise, double lambda, int rounds) {
        /**
         * Checks the values.
         *
         * @throws InvalidInputException if one lies outside its range
         */
        public Result {
            issues = List.copyOf(issues);
        }
    }

    /**
     * Audits on the shared pool; see {@link #run(FloatMatrix, int[], Options, WorkerPool)}.
     *
     * @param x n × d, one row a label
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
        int classes = meetAtTheDoor(x, labels, options.folds());
        return new LabelAudit(x, labels, classes, options, pool).run();
    }

    /**
     * Audits by probabilities of one's own in place of trained models.
     *
     * @param probabilities n × classes, each row's from a model that has not seen the row; finite, from 0 to 1, the sum
     *     of a row between 0.98 and 1.02
     * @param labels n classes, 0 … classes − 1
     * @param cut where the line is drawn
     * @return what was found; its lambda is NaN and its rounds are 0, for nothing was trained
     * @throws InvalidInputException if there are not as many labels as rows, a label is no class, or values are no
     *     probabilities
     */
    public static Result ofProbabilities(FloatMatrix probabilities, int[] labels, Cut cut) {
        ConfidentJoint.meetAtTheDoor(labels, probabilities);
        LabelJudge.requireProbabilities(probabilities);
        return LabelJudge.judge(probabilities, labels, cut, Double.NaN, 0);
    }

    private Result run() {
        Result result;
        try (HeldOut first = first()) {
            result = judge(first, 1);
        }
        int rounds = options.cut() == Cut.CONFIDENT_JOINT ? 1 : options.rounds();
        boolean[] sound = all();
        for (int round = 2; round <= rounds; round++) {
            boolean[] next = soundRows(result.issues());
            if (Arrays.equals(next, sound)) {
                break;
            }
            sound = next;
            try (HeldOut held = heldOut(result.lambda(), sound, result.issues().size())) {
                result = judge(held, round);
            }
        }
        return result;
    }

    /** Probabilities of all rows from models trained without them, with the penalty that they were trained with. */
    private record HeldOut(FloatMatrix p, double lambda) implements AutoCloseable {
        @Override
        public void close() {
            p.close();
        }
    }

    private HeldOut first() {
        HeldOut best = null;
        HeldOut held = null;
        double likelihood = Double.NEGATIVE_INFINITY;
        try {
            for (double lambda : options.lambdas()) {
                held = heldOut(lambda, all(), 0);
                // Not of the probabilities alone: with wrong labels among them those are likeliest when all are vague.
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
        int most = (options.lambdas().size() + options.rounds() - 1) * options.folds();
        FloatMatrix p = HeldOutProbabilities.of(
                x,
                labels,
                classes,
                folds,
                trainedOn,
                options.classifier().withLambda(lambda),
                done -> options.progress().accept(new Progress(before + done, most, found)),
                pool);
        models += options.folds();
        return new HeldOut(p, lambda);
    }

    private boolean[] all() {
        boolean[] all = new boolean[labels.length];
        Arrays.fill(all, true);
        return all;
    }

    private Result judge(HeldOut held, int round) {
        return LabelJudge.judge(held.p(), labels, options.cut(), held.lambda(), round);
    }

    private static int meetAtTheDoor(FloatMatrix x, int[] labels, int folds) {
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

    /** All rows but the issues; a class of which that would leave too little to learn from keeps all of its rows. */
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
            // Each model must meet each class: not all of a class's sound rows may lie in one fold.
            sound[i] |= Arrays.stream(byFold[c]).max().orElse(0) == left[c];
        }
        return sound;
    }
}
