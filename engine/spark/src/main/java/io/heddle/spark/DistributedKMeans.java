package io.heddle.spark;

import io.heddle.cluster.KMeans;
import io.heddle.internal.rows.RowSample;
import io.heddle.spark.partition.DistributedRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Lloyd's algorithm over partitions: each iteration is one pass that sends K · d sums and K weights to the driver. An
 * empty cluster moves to the row that is farthest from its centre.
 */
final class DistributedKMeans {
    static final String RANDOM = "L64X128MixRandom";

    /** Distances from products have too large an error if the inertia is below this share of the spread. */
    private static final double TIGHT = 1e-3;
    /** A shorter mean of unit rows is rounding error of opposite rows. */
    private static final double MINIMUM_LENGTH = 1e-7;
    /** If ‖mean‖² exceeds the mean ‖x − mean‖² this many times, products cancel. */
    private static final double FAR = 100;

    private final DistributedRows rows;
    private final int k;
    private final int d;
    private final Moments moments;
    private final float[] mean;
    private final boolean far;
    private final KMeans.Distance distance;

    private DistributedKMeans(DistributedRows rows, int k, KMeans.Distance distance) {
        this.rows = rows;
        this.distance = distance;
        this.k = k;
        d = rows.columns();
        moments = Moments.of(rows);
        mean = Moments.rounded(moments.mean());
        double norm = 0;
        for (double m : moments.mean()) {
            norm += m * m;
        }
        far = norm * moments.rows() > FAR * moments.squaredDeviations();
    }

    static KMeansParts fit(DistributedRows rows, HeddleKMeans options) {
        KMeans.Distance distance = options.getDistanceMeasure().equals(HeddleKMeans.COSINE)
                ? KMeans.Distance.COSINE
                : KMeans.Distance.EUCLIDEAN;
        DistributedKMeans fit = new DistributedKMeans(rows, options.getK(), distance);
        RandomGenerator random = RandomGeneratorFactory.of(RANDOM).create(options.getSeed());
        float[] start = new DistributedSeeding(rows, options.getK(), distance, fit.mean, random)
                .seed(options.getInitMode(), options.getInitSteps());
        return options.getAlgorithm().equals(HeddleKMeans.MINI_BATCH)
                ? fit.batches(start, options.getBatchSize(), options.getMaxIter(), options.getTol(), random)
                : fit.lloyd(start, options.getMaxIter(), options.getTol());
    }

    private KMeansParts lloyd(float[] centers, int maxIterations, double tolerance) {
        boolean differences = far;
        boolean converged = false;
        int iterations = 0;
        while (iterations < maxIterations && !converged) {
            iterations++;
            double[] sums = rows.sum(new AssignmentWork(new NearestCenters(centers, mean, differences), false));
            float[] next = moved(centers, sums, differences);
            double shift = 0;
            for (int c = 0; c < k; c++) {
                shift = Math.max(shift, squaredDistance(centers, next, c));
            }
            converged = shift <= tolerance * tolerance;
            centers = next;
            differences |= inertia(sums) < TIGHT * moments.squaredDeviations();
        }
        return measured(centers, differences, iterations, converged);
    }

    /** Moves the centres by the rows of random batches: each is the mean of all rows that were nearest to it. */
    private KMeansParts batches(float[] centers, int size, int most, double tolerance, RandomGenerator random) {
        float[] moving = centers.clone();
        double[] weights = new double[k];
        boolean converged = false;
        int batches = 0;
        while (batches < most && !converged) {
            batches++;
            long[] numbers = RowSample.choose(rows.rows(), (int) Math.min(size, rows.rows()), random);
            double[] sums = rows.sum(
                    new BatchWork(new NearestCenters(moving.clone(), mean, far), ChosenRows.of(rows, numbers)));
            double shift = 0;
            float[] before = moving.clone();
            for (int c = 0; c < k; c++) {
                double mass = sums[AssignmentWork.masses(k, d) + c];
                for (int j = c * d; j < (c + 1) * d && mass > 0; j++) {
                    moving[j] = (float) ((weights[c] * moving[j] + sums[j]) / (weights[c] + mass));
                }
                toUnitLength(moving, before, c);
                double squares = squaredDistance(before, moving, c);
                weights[c] += mass;
                shift = Math.max(shift, squares);
            }
            converged = shift <= tolerance * tolerance;
        }
        return measured(moving, far, batches, converged);
    }

    /** Counts and measures all rows with the final centres. */
    private KMeansParts measured(float[] centers, boolean differences, int iterations, boolean converged) {
        double[] sums = rows.sum(new AssignmentWork(new NearestCenters(centers, mean, differences), true));
        double[] weights = Arrays.copyOfRange(sums, AssignmentWork.masses(k, d), AssignmentWork.inertia(k, d));
        double inertia = sums[AssignmentWork.inertia(k, d)];
        return new KMeansParts(centers, d, weights, inertia, iterations, converged, distance.name());
    }

    /** The means of the rows of each cluster. */
    private float[] moved(float[] centers, double[] sums, boolean differences) {
        float[] next = centers.clone();
        List<Integer> empty = new ArrayList<>();
        for (int c = 0; c < k; c++) {
            double mass = sums[AssignmentWork.masses(k, d) + c];
            if (mass == 0) {
                empty.add(c);
                continue;
            }
            for (int j = 0; j < d; j++) {
                next[c * d + j] = (float) (sums[c * d + j] / mass);
            }
            toUnitLength(next, centers, c);
        }
        if (!empty.isEmpty()) {
            relocate(empty, next, new FarthestWork(new NearestCenters(centers, mean, differences), empty.size()));
        }
        return next;
    }

    /**
     * Scales means to unit length for the cosine distance. A mean of opposite rows has no direction, so the centre does
     * not move.
     */
    private void toUnitLength(float[] centers, float[] before, int c) {
        if (distance != KMeans.Distance.COSINE) {
            return;
        }
        double squares = 0;
        for (int j = c * d; j < (c + 1) * d; j++) {
            squares += (double) centers[j] * centers[j];
        }
        double length = Math.sqrt(squares);
        for (int j = c * d; j < (c + 1) * d; j++) {
            centers[j] = length > MINIMUM_LENGTH ? (float) (centers[j] / length) : before[j];
        }
    }

    /** Moves centres without rows to the rows that are farthest from their centres. */
    private void relocate(List<Integer> empty, float[] next, FarthestWork work) {
        record Place(float distance, float[] from, int at) {}
        List<Place> places = new ArrayList<>();
        for (DistributedRows.PartResult<float[]> part : rows.collect(work)) {
            for (int at = 0; at < part.value().length; at += d + 1) {
                places.add(new Place(part.value()[at], part.value(), at + 1));
            }
        }
        // The sort is stable, so of equally far rows the first one is used.
        places.sort(Comparator.comparing(Place::distance).reversed());
        for (int i = 0; i < Math.min(empty.size(), places.size()); i++) {
            System.arraycopy(places.get(i).from(), places.get(i).at(), next, empty.get(i) * d, d);
        }
    }

    /** The inertia from the sums: the spread of the rows minus that of the means. With weights it is an estimate. */
    private double inertia(double[] sums) {
        double between = 0;
        double total = 0;
        for (int c = 0; c < k; c++) {
            double mass = sums[AssignmentWork.masses(k, d) + c];
            double squares = 0;
            for (int j = 0; j < d && mass > 0; j++) {
                double difference = sums[c * d + j] / mass - moments.mean()[j];
                squares += difference * difference;
            }
            between += mass * squares;
            total += mass;
        }
        return Math.max(0, moments.squaredDeviations() - between * (moments.rows() / total));
    }

    private double squaredDistance(float[] a, float[] b, int row) {
        double squares = 0;
        for (int j = row * d; j < (row + 1) * d; j++) {
            double difference = (double) a[j] - b[j];
            squares += difference * difference;
        }
        return squares;
    }
}
