package io.heddle.cli.models;

import io.heddle.cli.terminal.Activity;
import io.heddle.cluster.KMeans;
import java.util.function.Consumer;

/**
 * Shows the steps of a k-means fit. Their number is bounded but not known: a fit ends when it converges. The time left
 * is therefore that of the maximum number of steps, at the mean time of those that are done.
 */
public final class KMeansSteps implements Consumer<KMeans.Progress> {
    private final KMeans.Options options;
    private final long maximum;
    private final Activity activity;
    private long done;

    /** @param rows of the data */
    public KMeansSteps(KMeans.Options options, long rows, Activity activity) {
        this.options = options;
        this.activity = activity;
        this.maximum = steps(options, rows);
    }

    /** Returns the maximum number of steps from one seeding; those of mini-batches visit as many rows as passes do. */
    private static long steps(KMeans.Options options, long rows) {
        return options.algorithm() == KMeans.Algorithm.LLOYD
                ? options.maxIterations()
                : Math.max(1, Math.ceilDiv(options.maxIterations() * rows, options.batchSize()));
    }

    @Override
    public void accept(KMeans.Progress p) {
        done++;
        activity.advancedAtMost(done, done + left(p), "step %d, inertia %.4g".formatted(p.iteration(), p.inertia()));
    }

    /** Returns how many steps can follow, with those of the seedings to come. */
    private long left(KMeans.Progress p) {
        return Math.max(0, maximum - p.iteration()) + (options.initializations() - p.initialization()) * maximum;
    }
}
