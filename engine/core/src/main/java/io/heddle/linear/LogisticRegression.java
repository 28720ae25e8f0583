package io.heddle.linear;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Multinomial logistic regression with L2 or elastic-net penalty, symmetric over the classes, intercepts free:
 *
 * <pre>min over W, b of  (1/n) Σ −log softmax(W xᵢ + b)[yᵢ] + λ (l1Ratio ‖W‖₁ + ½ (1 − l1Ratio) ‖W‖²)</pre>
 *
 * <p>The solver is a coupled proximal Newton method with coordinate descent on a working set (see
 * {@code ProximalNewton}), warm-started on a sample of the rows. One round costs a few dozen sweeps over the data, O(n
 * · features · classes) each, and an estimated Hessian of the working set. The result carries a duality gap.
 * Deterministic: same data, options and vector width, same bits, for any number of threads.
 *
 * <p>{@snippet : var options = LogisticRegression.Options.defaults().withLambda(1e-4).withL1Ratio(0.5); try
 * (LogisticModel model = LogisticRegression.fit(x, labels, options)) { int[] predicted = model.predict(test); } }
 */
public final class LogisticRegression {
    /** Rows of the warm start, and on which Hessians are estimated. */
    private static final int SAMPLE = 8_192;
    /** Tolerance and rounds of the warm start. */
    private static final double WARM = 1e-2;

    private static final int WARM_ROUNDS = 4;
    /** An eighth of the rows, or so, wants a penalty that much stronger. */
    private static final double AHEAD = 8;

    private LogisticRegression() {}

    /**
     * @param lambda weight of the penalty, ≥ 0; default 1e-4
     * @param l1Ratio share of the L1 norm in it, 0 (L2) to 1 (lasso); default 0
     * @param tolerance the relative duality gap at which to stop, &gt; 0; default 1e-4; without a penalty (lambda 0)
     *     the relative violation of optimality
     * @param maxIterations most rounds of the solver on all rows, ≥ 1; default 100
     * @param standardize whether the penalty counts weights of columns scaled to unit variance; default false
     * @param seed picks the sampled rows; default 0
     * @param progress told after each round, on the calling thread
     */
    public record Options(
            double lambda,
            double l1Ratio,
            double tolerance,
            int maxIterations,
            boolean standardize,
            long seed,
            Consumer<Progress> progress) {
        /** @throws InvalidInputException if a value lies outside its range */
        public Options {
            require(lambda >= 0 && lambda < Double.POSITIVE_INFINITY, "lambda must be 0 or more, not %s", lambda);
            require(l1Ratio >= 0 && l1Ratio <= 1, "l1Ratio must lie between 0 and 1, not %s", l1Ratio);
            require(tolerance > 0, "tolerance must be above 0, not %s", tolerance);
            require(maxIterations >= 1, "maxIterations must be 1 or more, not %d", maxIterations);
        }

        /** The defaults named above. */
        public static Options defaults() {
            return new Options(1e-4, 0, 1e-4, 100, false, 0, p -> {});
        }

        /** These options with another lambda. */
        public Options withLambda(double value) {
            return new Options(value, l1Ratio, tolerance, maxIterations, standardize, seed, progress);
        }

        /** These options with another l1Ratio. */
        public Options withL1Ratio(double value) {
            return new Options(lambda, value, tolerance, maxIterations, standardize, seed, progress);
        }

        /** These options with another tolerance. */
        public Options withTolerance(double value) {
            return new Options(lambda, l1Ratio, value, maxIterations, standardize, seed, progress);
        }

        /** These options with another limit of rounds. */
        public Options withMaxIterations(int value) {
            return new Options(lambda, l1Ratio, tolerance, value, standardize, seed, progress);
        }

        /** These options with standardisation on or off. */
        public Options withStandardize(boolean value) {
            return new Options(lambda, l1Ratio, tolerance, maxIterations, value, seed, progress);
        }

        /** These options with another seed. */
        public Options withSeed(long value) {
            return new Options(lambda, l1Ratio, tolerance, maxIterations, standardize, value, progress);
        }

        /** These options with another listener. */
        public Options withProgress(Consumer<Progress> value) {
            return new Options(lambda, l1Ratio, tolerance, maxIterations, standardize, seed, value);
        }
    }

    /**
     * Where the solver stands.
     *
     * @param iteration rounds on all rows so far
     * @param objective mean loss plus penalty
     * @param certificate the certificate's relative value, see {@link Certificate}
     * @param passes sweeps over all rows so far
     */
    public record Progress(int iteration, double objective, double certificate, int passes) {}

    /** Fits on the shared pool; see {@link #fit(FloatMatrix, int[], Options, WorkerPool)}. */
    public static LogisticModel fit(FloatMatrix x, int[] labels, Options options) {
        return fit(x, labels, options, WorkerPool.shared());
    }

    /**
     * Fits a model, which the caller closes.
     *
     * @param x n × features, finite
     * @param labels n classes, 0 … classes − 1; classes is the largest label plus 1
     * @throws InvalidInputException if there are no rows, as many labels as rows, fewer than two classes in use, or a
     *     value that is not finite
     */
    public static LogisticModel fit(FloatMatrix x, int[] labels, Options options, WorkerPool pool) {
        int classes = meetAtTheDoor(x, labels);
        ElasticNetPenalty penalty = ElasticNetPenalty.of(options.lambda(), options.l1Ratio());
        FeatureTransform transform = FeatureTransform.of(x, options.standardize(), pool);
        int[] sample = sample(labels.length, options.seed());
        double[] parameters = new double[classes * (x.columns() + 1)];
        if (sample.length < labels.length) {
            try (FloatMatrix rows = x.gather(sample);
                    SoftmaxLoss loss = new SoftmaxLoss(rows, gather(labels, sample), classes, transform, pool)) {
                warmStart(loss, penalty, parameters, pool);
            }
        }
        try (SoftmaxLoss loss = new SoftmaxLoss(x, labels, classes, transform, pool)) {
            if (sample.length == labels.length) {
                warmStart(loss, penalty, parameters, pool);
            }
            ProximalNewton solver = new ProximalNewton(loss, penalty, sample, parameters, pool);
            ProximalNewton.State end =
                    solver.solve(options.tolerance(), options.maxIterations(), s -> options.progress()
                            .accept(new Progress(
                                    s.rounds(), s.objective(), s.certificate().relative(), loss.passes())));
            return model(loss, parameters, penalty, end);
        }
    }

    private static LogisticModel model(
            SoftmaxLoss loss, double[] parameters, ElasticNetPenalty penalty, ProximalNewton.State end) {
        int classes = loss.classes();
        FloatMatrix weights = FloatMatrix.allocate(classes, loss.width() - 1);
        FloatMatrix biases = FloatMatrix.allocate(1, classes);
        loss.transform().fold(parameters, weights, biases);
        long nonZeros = 0;
        for (int i = 0; i < parameters.length; i++) {
            nonZeros += parameters[i] != 0 && !ElasticNetPenalty.isIntercept(i, loss.width()) ? 1 : 0;
        }
        return new LogisticModel(
                weights, biases, end.objective(), nonZeros, end.certificate(), end.rounds(), loss.passes());
    }

    /**
     * With an L1 part, one round each for falling λ, from where all weights are zero to a few times the λ asked for:
     * nearer to it a sample is only overfitted. Without one, a few rounds at λ itself.
     */
    private static void warmStart(SoftmaxLoss loss, ElasticNetPenalty penalty, double[] parameters, WorkerPool pool) {
        int[] all = new int[loss.rows()];
        Arrays.setAll(all, i -> i);
        if (penalty.l1() == 0) {
            ElasticNetPenalty stronger = new ElasticNetPenalty(0, penalty.l2() * AHEAD);
            new ProximalNewton(loss, stronger, all, parameters, pool).solve(WARM, WARM_ROUNDS, s -> {});
            return;
        }
        double[] gradient = new double[parameters.length];
        loss.evaluate(parameters, gradient);
        double largest = 0;
        for (int i = 0; i < gradient.length; i++) {
            if (!ElasticNetPenalty.isIntercept(i, loss.width())) {
                largest = Math.max(largest, Math.abs(gradient[i]));
            }
        }
        for (double l1 = largest / 2; l1 > penalty.l1() * 3; l1 /= 2) {
            ElasticNetPenalty stronger = new ElasticNetPenalty(l1, penalty.l2() * l1 / penalty.l1());
            new ProximalNewton(loss, stronger, all, parameters, pool).solve(WARM, 1, s -> {});
        }
    }

    private static int meetAtTheDoor(FloatMatrix x, int[] labels) {
        require(
                x.rows() > 0 && x.columns() > 0,
                "logistic regression needs rows and columns, not %d x %d",
                x.rows(),
                x.columns());
        require(labels.length == x.rows(), "there are %d labels for %d rows", labels.length, x.rows());
        int largest = 0;
        for (int i = 0; i < labels.length; i++) {
            require(labels[i] >= 0, "the label of row %d is %d; labels count from 0", i, labels[i]);
            largest = Math.max(largest, labels[i]);
        }
        require(largest < 100_000, "the largest label is %d; at most 100000 classes are supported", largest);
        int first = labels[0];
        require(
                Arrays.stream(labels).anyMatch(l -> l != first),
                "all %d labels are %d; a classifier needs at least two classes",
                labels.length,
                first);
        return largest + 1;
    }

    private static int[] gather(int[] values, int[] at) {
        int[] out = new int[at.length];
        Arrays.setAll(out, i -> values[at[i]]);
        return out;
    }

    /** Sampled row numbers, ascending; all of them where a sample would be no saving. */
    private static int[] sample(int n, long seed) {
        int[] rows = new int[n];
        Arrays.setAll(rows, i -> i);
        if (n <= 2 * SAMPLE) {
            return rows;
        }
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < SAMPLE; i++) {
            int j = i + random.nextInt(n - i);
            int swapped = rows[i];
            rows[i] = rows[j];
            rows[j] = swapped;
        }
        int[] chosen = Arrays.copyOf(rows, SAMPLE);
        Arrays.sort(chosen);
        return chosen;
    }
}
