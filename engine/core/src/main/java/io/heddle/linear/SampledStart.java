package io.heddle.linear;

import io.heddle.internal.rows.RowSample;
import io.heddle.parallel.WorkerPool;
import java.util.SplittableRandom;

/** A first guess at the parameters, from a sample of the rows and with a stronger penalty, such as fewer rows want. */
final class SampledStart {
    private static final int SAMPLE = 8_192;
    /** Rows up to which a sample is no saving. */
    private static final int MAXIMUM_WHOLE = 2 * SAMPLE;

    private static final double TOLERANCE = 1e-2;
    /** Without an L1 part: the factor on the penalty, and iterations at most. */
    private static final double AHEAD = 16;

    private static final int ITERATIONS = 4;
    /**
     * With one: from where all weights are zero the penalty falls by such steps, to this many times the one asked for.
     */
    private static final double STEP = 2;

    private static final double NEAREST = 3;

    private SampledStart() {}

    /**
     * @param rows to be fitted in float
     * @param parameters zeros, overwritten; left as they are where a sample would be no saving and of no use
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
     * As {@link #find}, with a sample that is there.
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

    /** One iteration for each of falling penalties. */
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
