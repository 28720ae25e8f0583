package io.heddle.linear;

import java.io.Serializable;
import java.util.Arrays;
import java.util.UUID;

/**
 * What a partition has to know of all others, to compute its share of the sums of a fit.
 *
 * @param fit identifies the fit
 * @param classes number of classes
 * @param total number of rows in all partitions
 * @param factors what the row weights of each class are multiplied by; null where all rows count alike
 * @param shift of each column
 * @param scale of each column
 */
record PartitionSetup(UUID fit, int classes, long total, double[] factors, double[] shift, double[] scale)
        implements Serializable {

    int width() {
        return shift.length + 1;
    }

    int size() {
        return classes * width();
    }

    /** The rows of a block, as a part of all. The transform lacks what penalties need: sums over rows do not. */
    TrainingRows rows(RowPartition.Block block) {
        FeatureTransform transform = new FeatureTransform(shift, scale, scale, false);
        return new TrainingRows(block.x(), block.labels(), weights(block), classes, transform, total);
    }

    /** How much rows count, 1 on the average; null where all count alike. */
    double[] weights(RowPartition.Block block) {
        if (factors == null) {
            return null;
        }
        double[] result = new double[block.rows()];
        Arrays.setAll(result, i -> block.weight(i) * factors[block.labels()[i]]);
        return result;
    }
}
