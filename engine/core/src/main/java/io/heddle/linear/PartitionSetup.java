package io.heddle.linear;

import java.io.Serializable;
import java.util.Arrays;
import java.util.UUID;

/**
 * Values over all partitions that a partition needs to compute its part of the sums of a fit.
 *
 * @param fit identifies the fit
 * @param classes number of classes
 * @param total number of rows in all partitions
 * @param factors factor of the row weights of each class; null if all rows have the same weight
 * @param shift of each column
 * @param scale of each column
 * @param constant factor of the intercepts
 */
record PartitionSetup(
        UUID fit, int classes, long total, double[] factors, double[] shift, double[] scale, double constant)
        implements Serializable {

    int width() {
        return shift.length + 1;
    }

    int size() {
        return classes * width();
    }

    /**
     * The rows of a block as a part of all rows. The transform has no penalty factors, which sums over rows do not
     * need.
     */
    TrainingRows rows(RowPartition.Block block) {
        FeatureTransform transform = new FeatureTransform(shift, scale, scale, constant, false);
        return new TrainingRows(block.x(), block.labels(), weights(block), classes, transform, total);
    }

    /**
     * The sum of the weights of each class.
     *
     * @param totals the sums of their row weights
     */
    double[] classWeights(double[] totals) {
        double[] result = totals.clone();
        for (int c = 0; c < classes && factors != null; c++) {
            result[c] *= factors[c];
        }
        return result;
    }

    /** The weights of rows, 1 on average; null if all are the same. */
    double[] weights(RowPartition.Block block) {
        if (factors == null) {
            return null;
        }
        double[] result = new double[block.rows()];
        Arrays.setAll(result, i -> block.weight(i) * factors[block.labels()[i]]);
        return result;
    }
}
