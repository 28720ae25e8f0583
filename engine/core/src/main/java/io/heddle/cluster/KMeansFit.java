package io.heddle.cluster;

import io.heddle.internal.columns.BinaryScaling;
import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.columns.ColumnSpread;
import io.heddle.internal.columns.FiniteCheck;
import io.heddle.internal.rows.RowSample;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * One fit of k-means: measures the columns, scales values whose squares leave the range of float, and runs the
 * algorithm.
 *
 * <p>Mini-batches need all rows only once, for their labels. To measure the columns of all rows is another pass over
 * memory, a twelfth of the fit on Fashion-MNIST with ten clusters. If there are many rows, a sample is measured
 * instead. The inertia tells afterwards whether any row has values that are not finite, or much larger than those of
 * the sample; then all rows are measured and the fit starts again.
 */
record KMeansFit(RowWeights weights, KMeans.Options options, WorkerPool pool) {
    private static final int SAMPLE = 2048;
    /** Minimum ratio of the rows to the sample: below it, all rows are measured. */
    private static final int SAMPLES = 8;

    private static final String DATA = "the data";

    /** @param x at least one column, and as many rows with a weight above 0 as clusters */
    KMeansModel of(DataMatrix x) {
        if (weights.countOfPositive(x.rows()) < x.rows()) {
            return CountedRows.fit(x, weights, pool, (rows, own) -> new KMeansFit(own, options, pool).of(rows));
        }
        KMeansModel found = canSample(x) ? withEstimate(x) : null;
        return found != null ? found : withMoments(x);
    }

    /**
     * Whether all rows are read in each iteration. Of few rows, a batch would cost as much, lack some and repeat
     * others; of few rows per cluster, many centres would lose their only row.
     */
    private boolean isLloyd(DataMatrix x) {
        long few = Math.max(options.batchSize(), (long) SampleSeeding.MINIMUM_PER_CLUSTER * options.clusters());
        return options.algorithm() == KMeans.Algorithm.LLOYD || x.rows() <= few;
    }

    private boolean canSample(DataMatrix x) {
        return !isLloyd(x) && weights.isNone() && x.rows() >= (long) SAMPLES * SAMPLE;
    }

    /** Fits with the moments of a sample; returns null if they say too little of the other rows. */
    private KMeansModel withEstimate(DataMatrix x) {
        ColumnMoments moments = ColumnMoments.estimate(x, RowSample.choose(x.rows(), SAMPLE, random()), pool);
        if (!isOrdinary(moments, x.rows())) {
            return null;
        }
        KMeansModel model;
        try {
            model = fit(x, moments);
        } catch (RuntimeException e) {
            // Without finite values there are no distances, and the algorithm may fail anywhere.
            requireFinite(x, e);
            throw e;
        }
        if (isOrdinary(model)) {
            return model;
        }
        model.close();
        return null;
    }

    private void requireFinite(DataMatrix x, RuntimeException failure) {
        if (x instanceof FloatMatrix floats) {
            try {
                FiniteCheck.require(floats, DATA, pool);
            } catch (InvalidInputException e) {
                e.addSuppressed(failure);
                throw e;
            }
        }
    }

    /** Whether nothing calls for exact moments: neither values outside the range of float's squares nor large means. */
    private static boolean isOrdinary(ColumnMoments sample, long rows) {
        double spread = sample.squaredDeviations() / rows;
        return spread > 0
                && !BinaryScaling.isNeeded(spread, sample.largestSquaredNorm())
                && !ColumnSpread.isPossible(sample);
    }

    /**
     * Whether the inertia excludes that a row has a value that is not finite, or squares outside the range of float.
     */
    private static boolean isOrdinary(KMeansModel model) {
        if (!Double.isFinite(model.inertia())) {
            return false;
        }
        double longest = NearestCenter.largestSquaredNorm(model.centroids());
        // No ‖row‖² is larger than twice the sum of the squared lengths of its centre and of the difference.
        return !BinaryScaling.isNeeded(0, 2 * (model.inertia() + longest));
    }

    private KMeansModel withMoments(DataMatrix x) {
        ColumnMoments moments = ColumnMoments.of(x, DATA, pool);
        ColumnSpread.check(x, moments, DATA);
        if (!BinaryScaling.isNeeded(moments.squaredDeviations() / x.rows(), moments.largestSquaredNorm())) {
            return fit(x, moments);
        }
        if (x instanceof FloatMatrix floats) {
            return scaled(floats, moments);
        }
        try (FloatMatrix floats = RowSample.all(x, pool)) {
            return scaled(floats, moments);
        }
    }

    /** Fits a scaled copy, for values whose squares leave the range of float. */
    private KMeansModel scaled(FloatMatrix x, ColumnMoments moments) {
        BinaryScaling scaling = BinaryScaling.of(x, moments.squaredDeviations() / x.rows());
        Consumer<KMeans.Progress> restoring = p -> options.progress()
                .accept(new KMeans.Progress(p.initialization(), p.iteration(), scaling.square(p.inertia())));
        KMeansFit ofScaled = new KMeansFit(weights, options.withProgress(restoring), pool);
        try (FloatMatrix moved = scaling.apply(x, pool);
                KMeansModel found = ofScaled.fit(moved, ColumnMoments.of(moved, "the scaled data", pool))) {
            return found.restored(scaling, Origin.of(moments, x.rows()), x, weights, pool);
        }
    }

    private KMeansModel fit(DataMatrix x, ColumnMoments moments) {
        boolean lloyd = isLloyd(x);
        Origin origin = Origin.of(moments, x.rows());
        FloatMatrix centroids = FloatMatrix.allocate(options.clusters(), x.columns());
        Sketch sketch = null;
        try {
            RandomGenerator random = random();
            boolean wanted = lloyd ? options.clusters() > 1 : NearestCenter.wantsSketch(options.clusters());
            if (wanted && Sketch.pays(x.rows(), x.columns())) {
                sketch = Sketch.learn(x, origin.mean(), options.clusters(), random, pool);
            }
            Outcome found = lloyd
                    ? Lloyd.fit(x, weights, moments, origin.mean(), sketch, centroids, options, random, pool)
                    : MiniBatch.fit(x, weights, moments, origin, sketch, centroids, options, random, pool);
            FloatMatrix named = centroids.withColumnNames(x.columnNames());
            Outcome exact = assignedExactly(x, centroids, found);
            return new KMeansModel(named, origin, sketch, exact, weights, options.distance());
        } catch (RuntimeException | Error e) {
            // A progress callback may end the fit by throwing. No off-heap memory may leak then.
            centroids.close();
            origin.close();
            if (sketch != null) {
                sketch.close();
            }
            throw e;
        }
    }

    /**
     * Assigns rows again, in double, if the distances within clusters are so small that their squares leave the range
     * of float. The data were not scaled then, because other rows are far away.
     */
    private Outcome assignedExactly(DataMatrix x, FloatMatrix centroids, Outcome found) {
        if (!BinaryScaling.isNeeded(found.inertia() / weights.total(x.rows()), 0)) {
            return found;
        }
        int[] labels = new int[found.labels().length];
        try (NearestCenter exact = new DifferenceNearestCenter(true)) {
            exact.prepare(centroids);
            double inertia = exact.assignAndMeasure(x, null, weights, labels, pool);
            boolean converged = found.converged() && Arrays.equals(labels, found.labels());
            return new Outcome(labels, inertia, found.iterations(), converged);
        }
    }

    private RandomGenerator random() {
        return RandomGeneratorFactory.of(KMeans.RANDOM).create(options.seed());
    }
}
