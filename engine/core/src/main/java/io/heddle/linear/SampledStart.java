package io.heddle.linear;

import io.heddle.internal.rows.RowSample;
import io.heddle.parallel.WorkerPool;
import java.util.SplittableRandom;

/** Initial parameters from a fit to a sample of the rows, with stronger regularization for the smaller sample. */
final class SampledStart {
    private static final int SAMPLE = 8_192;
    /** Number of rows up to which a sample saves no time. */
    private static final int MAXIMUM_WHOLE = 2 * SAMPLE;

    private static final double TOLERANCE = 1e-2;
    /** Without an L1 part: the factor of the penalty, and the maximum number of iterations. */
    private static final double AHEAD = 16;

    private static final int ITERATIONS = 4;
    /**
     * With one: the ratio of consecutive penalties, from the one at which all weights are zero, and the last penalty
     * relative to that of the fit.
     */
    private static final double STEP = 2;

    private static final double NEAREST = 3;

    private SampledStart() {}

    /**
     * @param rows to be fitted in float
     * @param parameters zeros, overwritten; not changed if a sample would not save time
     */
    static void find(TrainingRows rows, Penalty penalty, long seed, double[] parameters, WorkerPool pool) {
        if (rows.count() <= MAXIMUM_WHOLE) {
            from(rows, rows.count(), penalty, parameters, pool);
            return;
        }
        TrainingRows sample = rows.gather(RowSample.choose(rows.count(), SAMPLE, new SplittableRandom(seed)), pool);
        try (var x = sample.x()) {
            from(sample, rows.count(), penalty, parameters, pool);
        }
    }

    /**
     * As {@link #find}, with a given sample.
     *
     * @param sample of the rows, to be fitted in float
     * @param total number of all rows
     */
    static void from(TrainingRows sample, long total, Penalty penalty, double[] parameters, WorkerPool pool) {
        if (total <= MAXIMUM_WHOLE && !penalty.hasKink()) {
            return;
        }
        try (SoftmaxLoss loss = new SoftmaxLoss(sample, pool)) {
            if (penalty.hasKink()) {
                sparse(loss, penalty, parameters, pool);
            } else {
                Penalty stronger = penalty.times(AHEAD);
                ProximalNewton.solve(loss, stronger, parameters, true, TOLERANCE, ITERATIONS, pool, s -> {});
            }
        }
    }

    /** One iteration for each of a decreasing sequence of penalties. */
    private static void sparse(Loss loss, Penalty penalty, double[] parameters, WorkerPool pool) {
        double[] gradient = new double[parameters.length];
        loss.evaluate(parameters, gradient);
        double largest = penalty.smallestNorms(gradient);
        for (double l1 = largest / STEP; l1 > penalty.norms() * NEAREST; l1 /= STEP) {
            Penalty stronger = penalty.times(l1 / penalty.norms());
            ProximalNewton.solve(loss, stronger, parameters, true, TOLERANCE, 1, pool, s -> {});
        }
    }
}
