package io.heddle.spark;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.internal.rows.RowSample;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import io.heddle.spark.partition.DistributedRows;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Chooses the first centres from few rows, which are sent to the driver.
 *
 * <p>Reference for k-means||: Bahmani, Moseley, Vattani, Kumar and Vassilvitskii, "Scalable k-means++", VLDB 2012.
 */
final class DistributedSeeding {
    /** Minimum number of rows of a sample, and number of rows for each centre. */
    private static final int MINIMUM_SAMPLE = 4096;

    private static final int SAMPLE_PER_CENTER = 40;
    /** Maximum bytes of a sample, unless there are more centres. */
    private static final long SAMPLE_BYTES = 256L << 20;
    /** Iterations of Lloyd's algorithm on the sample. */
    private static final int ITERATIONS = 30;
    /** Expected number of rows per centre in a round of k-means||. */
    private static final int PER_ROUND = 2;

    private final DistributedRows rows;
    private final int k;
    private final KMeans.Distance distance;
    private final float[] mean;
    private final RandomGenerator random;

    DistributedSeeding(DistributedRows rows, int k, KMeans.Distance distance, float[] mean, RandomGenerator random) {
        this.rows = rows;
        this.k = k;
        this.distance = distance;
        this.mean = mean;
        this.random = random;
    }

    /** k × d centres, row by row. */
    float[] seed(String mode, int steps) {
        return switch (mode) {
            case HeddleKMeans.RANDOM_ROWS -> randomRows();
            case HeddleKMeans.PARALLEL -> parallel(steps);
            default -> fromSample();
        };
    }

    private float[] randomRows() {
        float[] sample = SampleWork.collect(rows, RowSample.choose(rows.rows(), k, random));
        return without(sample, rows.columns());
    }

    /** Leaves out the weights. */
    private static float[] without(float[] sample, int d) {
        int count = sample.length / (d + 1);
        float[] values = new float[count * d];
        for (int i = 0; i < count; i++) {
            System.arraycopy(sample, i * (d + 1), values, i * d, d);
        }
        return values;
    }

    private float[] fromSample() {
        int d = rows.columns();
        long wanted = Math.max(MINIMUM_SAMPLE, (long) SAMPLE_PER_CENTER * k);
        long affordable = Math.max(k, SAMPLE_BYTES / FloatMatrix.bytesFor(1, d));
        int count = (int) Math.min(rows.rows(), Math.min(wanted, affordable));
        float[] sample = SampleWork.collect(rows, RowSample.choose(rows.rows(), count, random));
        double[] weights = new double[count];
        for (int i = 0; i < count; i++) {
            weights[i] = sample[i * (d + 1) + d];
        }
        return cluster(without(sample, d), weights);
    }

    /** Clusters few rows in the driver. */
    private float[] cluster(float[] values, double[] weights) {
        int d = rows.columns();
        long positive = Arrays.stream(weights).filter(w -> w > 0).count();
        require(
                positive >= k,
                "k-means cannot start %d centres from the %d rows of its sample that have a weight above 0; lower k or leave"
                        + " out rows of weight 0",
                k,
                positive);
        KMeans.Options options = KMeans.Options.defaults()
                .withClusters(k)
                .withAlgorithm(KMeans.Algorithm.LLOYD)
                .withMaxIterations(ITERATIONS)
                .withDistance(distance)
                .withSeed(random.nextLong());
        boolean even = Arrays.stream(weights).allMatch(w -> w == 1);
        try (FloatMatrix x = FloatMatrix.copyOf(values, weights.length, d);
                KMeansModel model = even
                        ? KMeans.fit(x, options, WorkerPool.shared())
                        : KMeans.fit(x, weights, options, WorkerPool.shared())) {
            return ModelParts.floats(model.centroids());
        }
    }

    private float[] parallel(int steps) {
        int d = rows.columns();
        float[] candidates = without(SampleWork.collect(rows, RowSample.choose(rows.rows(), 1, random)), d);
        for (int step = 0; step < steps; step++) {
            NearestCenters centers = new NearestCenters(candidates, mean, false);
            double potential =
                    rows.sum(new AssignmentWork(centers, true))[AssignmentWork.inertia(centers.clusters(), d)];
            if (potential == 0) {
                break;
            }
            DistanceSampling draw = new DistanceSampling(centers, PER_ROUND * k / potential, random.nextLong());
            for (DistributedRows.PartResult<float[]> part : rows.collect(draw)) {
                int before = candidates.length;
                candidates = Arrays.copyOf(candidates, before + part.value().length);
                System.arraycopy(part.value(), 0, candidates, before, part.value().length);
            }
        }
        NearestCenters centers = new NearestCenters(candidates, mean, false);
        int count = centers.clusters();
        double[] sums = rows.sum(new AssignmentWork(centers, false));
        double[] weights = Arrays.copyOfRange(sums, AssignmentWork.masses(count, d), AssignmentWork.inertia(count, d));
        if (Arrays.stream(weights).filter(w -> w > 0).count() < k) {
            // Too few distinct candidates: there are few distinct rows, or the rounds sampled too few.
            return fromSample();
        }
        return cluster(candidates, weights);
    }
}
