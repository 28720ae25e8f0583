package io.heddle.cli.models;

import io.heddle.cli.terminal.Activity;
import io.heddle.cluster.KMeans;
import java.util.function.Consumer;

/**
 * Shows the steps of a k-means fit. A fit ends when it converges, so only the maximum number of steps is known. The
 * time left is therefore an upper bound: the mean time of the finished steps multiplied by the maximum number that can
 * follow.
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
        this.maximum = maximum(options, rows);
    }

    /**
     * Returns the maximum number of steps after one seeding; mini-batch steps are counted by the rows that they use. Of
     * few rows they are passes over all of them.
     */
    static long maximum(KMeans.Options options, long rows) {
        return options.algorithm() == KMeans.Algorithm.LLOYD
                ? options.maxIterations()
                : Math.max(options.maxIterations(), Math.ceilDiv(options.maxIterations() * rows, options.batchSize()));
    }

    @Override
    public void accept(KMeans.Progress p) {
        done++;
        activity.advancedAtMost(done, done + left(p), "step %d, inertia %.4g".formatted(p.iteration(), p.inertia()));
    }

    /** Returns the maximum number of steps that can follow, including those of further seedings. */
    private long left(KMeans.Progress p) {
        return Math.max(0, maximum - p.iteration()) + (options.initializations() - p.initialization()) * maximum;
    }
}
