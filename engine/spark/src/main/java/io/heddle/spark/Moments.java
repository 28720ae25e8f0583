package io.heddle.spark;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.internal.columns.BinaryScaling;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.spark.partition.DistributedRows;
import io.heddle.spark.partition.PartitionRows;
import io.heddle.spark.partition.PartitionWork;
import io.heddle.spark.partition.Scratch;
import java.io.Serial;

/**
 * Means and spread of the rows of all partitions, in double.
 *
 * @param mean the mean of each column
 * @param squaredDeviations Σ ‖row − mean‖² over all rows
 * @param rows the number of rows
 */
record Moments(double[] mean, double squaredDeviations, long rows) {
    /** If Σ‖row‖² exceeds the spread this many times, their difference has too few digits. */
    private static final double CANCELLATION = 1e6;

    /** Returns the work that computes the input of {@link #of} when the rows are read. */
    static PartitionWork<double[]> sums() {
        return new Sums();
    }

    /**
     * @param rows that were read with {@link #sums()}
     * @throws io.heddle.matrix.InvalidInputException if squares of the values leave the range of float
     */
    static Moments of(DistributedRows rows) {
        int d = rows.columns();
        double[] mean = new double[d];
        double squares = 0;
        double largest = 0;
        for (DistributedRows.PartResult<double[]> part : rows.first()) {
            for (int j = 0; j < d; j++) {
                mean[j] += part.value()[j];
            }
            squares += part.value()[d];
            largest = Math.max(largest, part.value()[d + 1]);
        }
        double norm = 0;
        for (int j = 0; j < d; j++) {
            mean[j] /= rows.rows();
            norm += mean[j] * mean[j];
        }
        double deviations = Math.max(0, squares - rows.rows() * norm);
        if (deviations * CANCELLATION < squares) {
            deviations = squaredDeviations(rows, mean);
        }
        require(
                !BinaryScaling.isNeeded(deviations / rows.rows(), largest),
                "squares of the features leave the range of float: the largest row has length %s, and the mean distance of rows"
                        + " from their mean is %s; multiply the features by a constant before the fit",
                (float) Math.sqrt(largest),
                (float) Math.sqrt(deviations / rows.rows()));
        return new Moments(mean, deviations, rows.rows());
    }

    private static double squaredDeviations(DistributedRows rows, double[] mean) {
        double rounding = 0;
        for (double m : mean) {
            rounding += Math.pow(m - (float) m, 2);
        }
        double total = rows.sum(new Deviations(rounded(mean)))[0];
        return Math.max(0, total - rows.rows() * rounding);
    }

    static float[] rounded(double[] mean) {
        float[] rounded = new float[mean.length];
        for (int j = 0; j < mean.length; j++) {
            rounded[j] = (float) mean[j];
        }
        return rounded;
    }

    /** The sum of each column, then Σ ‖row‖², then the largest ‖row‖². */
    private static final class Sums implements PartitionWork<double[]> {
        @Serial
        private static final long serialVersionUID = 1;

        @Override
        public double[] run(PartitionRows rows, Scratch scratch) {
            Kernels kernels = Simd.kernels();
            int d = rows.columns();
            double[] sums = new double[d + 2];
            for (PartitionRows.Block block : rows.blocks()) {
                FloatMatrix x = block.x();
                for (int i = 0; i < block.rows(); i++) {
                    double norm = kernels.addToSums(x.segment(), x.offset(i), d, sums, 0);
                    sums[d] += norm;
                    sums[d + 1] = Math.max(sums[d + 1], norm);
                }
            }
            return sums;
        }
    }

    /** Σ ‖row − mean‖². */
    private static final class Deviations implements PartitionWork<double[]> {
        @Serial
        private static final long serialVersionUID = 1;

        private final float[] mean;

        Deviations(float[] mean) {
            this.mean = mean;
        }

        @Override
        public double[] run(PartitionRows rows, Scratch scratch) {
            Kernels kernels = Simd.kernels();
            double sum = 0;
            try (FloatMatrix center = FloatMatrix.copyOf(mean, 1, mean.length)) {
                for (PartitionRows.Block block : rows.blocks()) {
                    FloatMatrix x = block.x();
                    for (int i = 0; i < block.rows(); i++) {
                        sum += kernels.squaredDistance(x.segment(), x.offset(i), center.segment(), 0, mean.length);
                    }
                }
            }
            return new double[] {sum};
        }
    }
}
