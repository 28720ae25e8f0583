package io.heddle.model;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.decomposition.PcaModel;
import io.heddle.internal.gemm.RowMap;
import io.heddle.internal.gemm.RowShift;
import io.heddle.internal.gemm.RowStep;
import io.heddle.matrix.FloatMatrix;
import io.heddle.neighbors.NeighborIndex;
import java.util.List;

/**
 * The stages of a pipeline, folded into one or two maps. If the columns are far from zero beside their spread, the
 * first of two steps subtracts what the first stage subtracts, and one map is the rest.
 *
 * @param head the first of two steps; null if all stages are folded into the last one
 * @param tail the last map; null if the last stage is an index, which takes the values of the head
 * @param index null unless the last stage is an index
 */
record FoldedStages(RowStep head, RowMap tail, NeighborIndex index) {
    /**
     * Distance of a column from zero, in deviations, above which it is subtracted first. Up to it, products of floats
     * and weights have an error of about 1e-6 for a weight of 1 of the scaled column.
     */
    private static final double FAR = 16;

    /** Checks that the stages fit together, and folds them. */
    static FoldedStages of(List<Stage> stages) {
        require(!stages.isEmpty(), "a pipeline needs at least one stage");
        for (int i = 1; i < stages.size(); i++) {
            Stage before = stages.get(i - 1);
            require(
                    before instanceof Stage.Scale || before instanceof Stage.Components,
                    "stage %d of the pipeline must be the last one, because it returns classes or clusters",
                    i);
            require(
                    before.outputs() == stages.get(i).inputs(),
                    "stage %d of the pipeline returns %d values, but stage %d takes %d",
                    i,
                    before.outputs(),
                    i + 1,
                    stages.get(i).inputs());
        }
        require(!(stages.getLast() instanceof Stage.Scale), "a pipeline cannot end in scaling");
        if (stages.getLast() instanceof Stage.Neighbors neighbors) {
            require(
                    stages.size() > 1 && stages.get(stages.size() - 2) instanceof Stage.Components,
                    "nearest neighbours in a pipeline need principal components before them");
            return new FoldedStages(Affine.of(stages, 0, stages.size() - 1).pack(false), null, neighbors.index());
        }
        boolean relative = stages.getLast() instanceof Stage.Classifier || stages.getLast() instanceof Stage.Clusters;
        float[] origin = origin(stages);
        if (origin.length > 0) {
            double[] subtracted = new double[origin.length];
            for (int j = 0; j < origin.length; j++) {
                subtracted[j] = origin[j];
            }
            RowMap rest = Affine.of(stages, 0, stages.size()).from(subtracted).pack(relative);
            return new FoldedStages(new RowShift(origin), rest, null);
        }
        int narrow = narrowest(stages);
        RowMap head = narrow < stages.size() ? Affine.of(stages, 0, narrow).pack(false) : null;
        return new FoldedStages(
                head,
                Affine.of(stages, head == null ? 0 : narrow, stages.size()).pack(relative),
                null);
    }

    /**
     * Returns what the first stage subtracts if that is far from zero beside the spread of a column, otherwise nothing.
     */
    static float[] origin(List<Stage> stages) {
        return switch (stages.getFirst()) {
            case Stage.Scale scale -> isFar(scale, stages) ? scale.shift() : new float[0];
            case Stage.Components components -> origin(components.model());
            case Stage.Clusters clusters -> origin(clusters.model());
            default -> new float[0];
        };
    }

    private static boolean isFar(Stage.Scale scale, List<Stage> stages) {
        // If the factors are already in the weights, as in a file of ONNX, the weights show the spread of a column.
        Affine logits = stages.size() == 2 && stages.getLast() instanceof Stage.Classifier
                ? Affine.of(stages, 0, 2)
                : new Affine(new double[0][], new double[0]);
        for (int j = 0; j < scale.inputs(); j++) {
            double shift = Math.abs(scale.shift()[j]);
            if (shift * Math.abs(scale.factor()[j]) > FAR) {
                return true;
            }
            for (double[] row : logits.weights()) {
                if (shift * Math.abs(row[j]) > FAR) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Returns the mean of the centres if that is far from zero beside their spread. */
    private static float[] origin(KMeansModel model) {
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
        boolean far = centroids.rows() > 1
                && model.distance() == KMeans.Distance.EUCLIDEAN
                && largest > FAR * Math.sqrt(variance);
        return far ? mean : new float[0];
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
     * Returns the number of stages to fold into the first map. The split is at the smallest intermediate size; all
     * stages are folded if that does not save work.
     */
    private static int narrowest(List<Stage> stages) {
        int best = stages.size();
        long inputs = stages.getFirst().inputs();
        long outputs = stages.getLast().outputs();
        long minimum = inputs * outputs;
        for (int i = 1; i < stages.size(); i++) {
            long between = stages.get(i).inputs();
            long products = inputs * between + between * outputs;
            if (products < minimum) {
                minimum = products;
                best = i;
            }
        }
        return best;
    }
}
