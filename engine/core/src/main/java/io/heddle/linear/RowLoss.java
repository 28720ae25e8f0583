package io.heddle.linear;

/**
 * A loss whose rows are in memory, so that single rows can be read. {@link SoftmaxLoss} computes in float,
 * {@link ExactLoss} in double. Here {@link #lossAlong} and {@link #meanCurvature} do not read the data.
 */
interface RowLoss extends Loss {
    TrainingRows data();

    /** Copies a row's probabilities at the current point. */
    void probabilities(int row, float[] p);

    @Override
    default long rows() {
        return data().count();
    }

    @Override
    default int classes() {
        return data().classes();
    }

    @Override
    default int width() {
        return data().width();
    }

    /** The weight of a row, with mean 1. */
    default double rowWeight(int row) {
        return data().weights() == null ? 1 : data().weights()[row];
    }

    @Override
    default double[] classWeights() {
        return data().classWeights();
    }

    default FeatureTransform transform() {
        return data().transform();
    }

    @Override
    default RowLoss curvatureRows() {
        return this;
    }
}
