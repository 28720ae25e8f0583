package io.heddle.audit;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.util.Arrays;

/**
 * The confident joint of confident learning: the counts of given and probable true labels. C. Northcutt, L. Jiang and
 * I. Chuang, Confident Learning: Estimating Uncertainty in Dataset Labels, JAIR 70, 2021.
 *
 * <p>The threshold of a class is the mean of its probability over the rows that were given it. The probable label of a
 * row is the most probable class among those whose threshold it reaches. A row that reaches none is not counted. O(n ·
 * classes).
 *
 * <p>For example: {@snippet file="AuditExamplesTest.java" region="confident-joint"}
 *
 * @param thresholds one per class; 1 for a class that is not the label of any row
 * @param sizes number of rows with each given label
 * @param counts given label × likely label
 * @param likely the likely label of each row, −1 where there is none
 */
public record ConfidentJoint(double[] thresholds, int[] sizes, int[][] counts, int[] likely) {
    /**
     * Counts.
     *
     * @param given the label of each row, in [0, classes)
     * @param probabilities n × classes, each row's from a model that has not seen the row
     * @return the counts
     * @throws InvalidInputException if there are no rows or not as many labels as rows, or a label is no class
     */
    public static ConfidentJoint of(int[] given, FloatMatrix probabilities) {
        int classes = probabilities.columns();
        validate(given, probabilities);
        int[] sizes = new int[classes];
        for (int label : given) {
            sizes[label]++;
        }
        double[] thresholds = thresholds(given, sizes, probabilities);
        int[][] counts = new int[classes][classes];
        int[] likely = new int[given.length];
        float[] row = new float[classes];
        for (int i = 0; i < given.length; i++) {
            probabilities.getRow(i, row);
            likely[i] = -1;
            for (int k = 0; k < classes; k++) {
                if (row[k] >= thresholds[k] && (likely[i] < 0 || row[k] > row[likely[i]])) {
                    likely[i] = k;
                }
            }
            if (likely[i] >= 0) {
                counts[given[i]][likely[i]]++;
            }
        }
        return new ConfidentJoint(thresholds, sizes, counts, likely);
    }

    static void validate(int[] given, FloatMatrix probabilities) {
        require(probabilities.rows() > 0, "there are no rows of probabilities");
        require(
                given.length == probabilities.rows(),
                "%d labels do not fit %d rows of probabilities",
                given.length,
                probabilities.rows());
        for (int i = 0; i < given.length; i++) {
            require(
                    given[i] >= 0 && given[i] < probabilities.columns(),
                    "label %d of row %d lies outside 0 to %d",
                    given[i],
                    i,
                    probabilities.columns() - 1);
        }
    }

    private static double[] thresholds(int[] given, int[] sizes, FloatMatrix probabilities) {
        double[] thresholds = new double[sizes.length];
        for (int i = 0; i < given.length; i++) {
            thresholds[given[i]] += probabilities.get(i, given[i]);
        }
        for (int k = 0; k < thresholds.length; k++) {
            thresholds[k] = sizes[k] == 0 ? 1 : thresholds[k] / sizes[k];
        }
        return thresholds;
    }

    /**
     * {@return the estimated joint distribution of given and true labels, given × true: the counts, scaled so that each
     * given label keeps its share; the sum is 1} A class without a counted row is treated as correct.
     */
    public double[][] joint() {
        int classes = thresholds.length;
        double[][] joint = new double[classes][classes];
        for (int g = 0; g < classes; g++) {
            long counted = Arrays.stream(counts[g]).asLongStream().sum();
            for (int k = 0; k < classes; k++) {
                double share = counted == 0 ? (k == g ? 1 : 0) : (double) counts[g][k] / counted;
                joint[g][k] = share * sizes[g] / likely.length;
            }
        }
        return joint;
    }

    /** {@return the share of wrong labels in the joint distribution} */
    public double noise() {
        double[][] joint = joint();
        double wrong = 0;
        for (int g = 0; g < joint.length; g++) {
            for (int k = 0; k < joint.length; k++) {
                wrong += k == g ? 0 : joint[g][k];
            }
        }
        return wrong;
    }
}
