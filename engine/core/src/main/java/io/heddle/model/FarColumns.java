package io.heddle.model;

import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.decomposition.PcaModel;
import io.heddle.linear.LogisticModel;
import io.heddle.matrix.FloatMatrix;
import java.util.Arrays;
import java.util.List;

/**
 * Finds columns that are far from zero beside their spread, such as years and postal codes. Sums of products of such
 * columns and float weights would lose digits. A pipeline does not have the data, so only its stages tell.
 */
final class FarColumns {
    /**
     * Distance of a column from zero, in deviations, above which it is subtracted first. Up to it, products of floats
     * and weights have an error of about 1e-6 for a weight of 1 of the scaled column.
     */
    private static final double FAR = 16;

    /**
     * Difference of two intercepts of a classifier above which sums are doubles. Near the border of two classes, the
     * products of a row cancel against the intercept. In float, the error of a probability would be above about 4e-6. A
     * lower limit would make ordinary models of many columns slower, as sums in double take up to fifteen times as
     * long.
     */
    private static final double LARGE = 256;

    /** As {@link #LARGE}, for a single weight after scaling. Ordinary columns have large weights without a penalty. */
    private static final double STEEP = 1024;

    /** As {@link #LARGE}, for terms of what is subtracted first. Only if it is near the data, the rest is small. */
    private static final double HUGE = 10_000;

    private FarColumns() {}

    /** Returns a row near the data if it is far from zero beside the spread of a column, otherwise nothing. */
    static float[] origin(List<Stage> stages) {
        return origin(stages, 0);
    }

    private static float[] origin(List<Stage> stages, int from) {
        if (from == stages.size()) {
            return new float[0];
        }
        return switch (stages.get(from)) {
            case Stage.Scale scale -> isFar(scale, stages) ? scale.shift() : before(scale, origin(stages, from + 1));
            case Stage.Components components -> origin(components.model());
            case Stage.Clusters clusters -> origin(clusters.model());
            default -> new float[0];
        };
    }

    /** Returns the row that scaling maps to {@code scaled}. */
    private static float[] before(Stage.Scale scale, float[] scaled) {
        float[] row = new float[scaled.length];
        for (int j = 0; j < row.length; j++) {
            double factor = scale.factor()[j];
            double value = scale.shift()[j] + (factor == 0 ? 0 : scaled[j] / factor);
            // A factor such as 1e-40 could lead out of the range of float.
            row[j] = (float) Math.clamp(value, -Float.MAX_VALUE, Float.MAX_VALUE);
        }
        return row;
    }

    private static boolean isFar(Stage.Scale scale, List<Stage> stages) {
        // If the factors are already in the weights, as in a file of ONNX, the weights show the spread of a column.
        FloatMatrix weights = stages.size() == 2 && stages.getLast() instanceof Stage.Classifier classifier
                ? classifier.model().weights()
                : null;
        for (int j = 0; j < scale.inputs(); j++) {
            double scaled = Math.abs((double) scale.shift()[j] * scale.factor()[j]);
            if (scaled > FAR) {
                return true;
            }
            for (long c = 0; weights != null && c < weights.rows(); c++) {
                if (scaled * Math.abs(weights.get(c, j)) > FAR) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Returns the mean of the centres if that is far from zero beside their spread. */
    private static float[] origin(KMeansModel model) {
        return model.distance() == KMeans.Distance.EUCLIDEAN ? farMean(model) : new float[0];
    }

    private static float[] farMean(KMeansModel model) {
        FloatMatrix centroids = model.centroids();
        float[] mean = new float[centroids.columns()];
        double variance = 0;
        double largest = 0;
        for (int j = 0; j < mean.length; j++) {
            double sum = 0;
            double squares = 0;
            for (long c = 0; c < centroids.rows(); c++) {
                sum += centroids.get(c, j);
            }
            mean[j] = (float) (sum / centroids.rows());
            for (long c = 0; c < centroids.rows(); c++) {
                double difference = (double) centroids.get(c, j) - mean[j];
                squares += difference * difference;
            }
            variance += squares / centroids.rows();
            largest = Math.max(largest, Math.abs(mean[j]));
        }
        return centroids.rows() > 1 && largest > FAR * Math.sqrt(variance) ? mean : new float[0];
    }

    private static float[] origin(PcaModel model) {
        double[] mean = model.exactMean();
        double[] deviations = model.deviations();
        double variance = 0;
        for (double one : model.explainedVariance()) {
            variance += one;
        }
        float[] origin = new float[mean.length];
        boolean far = false;
        for (int j = 0; j < mean.length; j++) {
            origin[j] = (float) mean[j];
            double deviation = deviations.length == 0 ? Math.sqrt(variance) : deviations[j];
            far |= Math.abs(mean[j]) > FAR * deviation;
        }
        return far ? origin : new float[0];
    }

    /**
     * Returns whether sums must be doubles. A classifier shows by large intercepts or weights that its columns are far
     * from zero and from what is subtracted before it. Directions of all centres that are nearly the same show it for
     * cosine distances, whose sums a shift would change.
     *
     * @param origin see {@link #origin(List)}
     */
    static boolean needDoubles(List<Stage> stages, float[] origin) {
        // Components are centred.
        if (!onlyScaled(stages)) {
            return false;
        }
        return switch (stages.getLast()) {
            case Stage.Classifier classifier -> hasLargeTerms(stages, classifier.model(), origin);
            case Stage.Clusters clusters ->
                origin.length == 0
                        && clusters.model().distance() == KMeans.Distance.COSINE
                        && farMean(clusters.model()).length > 0;
            default -> false;
        };
    }

    /** Returns whether all stages before the last one scale columns. */
    static boolean onlyScaled(List<Stage> stages) {
        return stages.subList(0, stages.size() - 1).stream().allMatch(Stage.Scale.class::isInstance);
    }

    /** Without a matrix of doubles, because a model may have many classes and columns. */
    private static boolean hasLargeTerms(List<Stage> stages, LogisticModel model, float[] origin) {
        float[] intercepts = model.intercepts();
        if (stages.size() == 1) {
            return exceeds(differences(intercepts), LARGE);
        }
        double[] factor = new double[stages.getFirst().inputs()];
        double[] scaled = new double[factor.length];
        for (int j = 0; j < factor.length; j++) {
            factor[j] = 1;
            scaled[j] = origin.length == 0 ? 0 : origin[j];
            for (Stage stage : stages) {
                if (stage instanceof Stage.Scale scale) {
                    factor[j] *= scale.factor()[j];
                    scaled[j] = (scaled[j] - scale.shift()[j]) * scale.factor()[j];
                }
            }
        }
        FloatMatrix weights = model.weights();
        for (int c = 1; c < intercepts.length; c++) {
            double bias = (double) intercepts[c] - intercepts[0];
            for (int j = 0; j < factor.length; j++) {
                double weight = (double) weights.get(c, j) - weights.get(0, j);
                bias += weight * scaled[j];
                double term = origin.length == 0 ? 0 : origin[j] * factor[j] * weight;
                if (Math.abs(weight) > STEEP || Math.abs(term) > HUGE) {
                    return true;
                }
            }
            if (Math.abs(bias) > LARGE) {
                return true;
            }
        }
        return false;
    }

    private static double[] differences(float[] intercepts) {
        double[] differences = new double[intercepts.length];
        for (int c = 0; c < differences.length; c++) {
            differences[c] = (double) intercepts[c] - intercepts[0];
        }
        return differences;
    }

    /**
     * Returns whether the rounding of weights and intercepts to float may change probabilities by more than about 1e-5.
     *
     * @param logits of scaled columns
     */
    static boolean isRoundedBadly(Affine logits) {
        double[] differences = Arrays.stream(logits.biases())
                .map(bias -> bias - logits.biases()[0])
                .toArray();
        return exceeds(differences, HUGE)
                || exceeds(differences, LARGE)
                        && Arrays.stream(logits.relative().weights()).anyMatch(row -> exceeds(row, LARGE));
    }

    private static boolean exceeds(double[] values, double limit) {
        return Arrays.stream(values).anyMatch(value -> Math.abs(value) > limit);
    }
}
