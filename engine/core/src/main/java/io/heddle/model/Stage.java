package io.heddle.model;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.cluster.KMeansModel;
import io.heddle.decomposition.PcaModel;
import io.heddle.linear.LogisticModel;
import io.heddle.matrix.InvalidInputException;
import java.util.Arrays;

/**
 * A step of a {@link Pipeline}.
 *
 * <p>For example: {@snippet file="ModelExamplesTest.java" region="pipeline"}
 */
public sealed interface Stage {
    /** {@return the values that the stage takes} */
    int inputs();

    /** {@return the values that it hands on: numbers, or one score a class or cluster} */
    int outputs();

    /**
     * Column by column x ↦ (x − shift) · factor.
     *
     * @param shift one a column; not copied, not to be changed
     * @param factor one a column; not copied, not to be changed
     */
    record Scale(float[] shift, float[] factor) implements Stage {
        /**
         * Checks the values.
         *
         * @throws InvalidInputException if the lengths differ or a value is not finite
         */
        public Scale {
            require(
                    shift.length == factor.length,
                    "%d shifts do not pair with %d factors",
                    shift.length,
                    factor.length);
            for (int i = 0; i < shift.length; i++) {
                require(
                        Float.isFinite(shift[i]) && Float.isFinite(factor[i]),
                        "the scale of column %d is not finite",
                        i);
            }
        }

        @Override
        public int inputs() {
            return shift.length;
        }

        @Override
        public int outputs() {
            return shift.length;
        }
    }

    /**
     * Coordinates along principal components.
     *
     * @param model belongs to the pipeline that the stage becomes a part of
     */
    record Components(PcaModel model) implements Stage {
        @Override
        public int inputs() {
            return model.components().columns();
        }

        @Override
        public int outputs() {
            return (int) model.components().rows();
        }
    }

    /**
     * Classes and their probabilities; ends a pipeline.
     *
     * @param model belongs to the pipeline that the stage becomes a part of
     */
    record Classifier(LogisticModel model) implements Stage {
        @Override
        public int inputs() {
            return model.features();
        }

        @Override
        public int outputs() {
            return model.classes();
        }
    }

    /**
     * The nearest centre; ends a pipeline.
     *
     * @param model belongs to the pipeline that the stage becomes a part of
     */
    record Clusters(KMeansModel model) implements Stage {
        @Override
        public int inputs() {
            return model.centroids().columns();
        }

        @Override
        public int outputs() {
            return (int) model.centroids().rows();
        }
    }

    /**
     * Bytes of 0 … 255 to floats from 0 to 1.
     *
     * @param columns bytes in a row
     * @return the stage
     */
    static Stage pixels(int columns) {
        float[] factor = new float[columns];
        Arrays.fill(factor, 1 / 255f);
        return new Scale(new float[columns], factor);
    }

    /**
     * Any scaling.
     *
     * @param shift see {@link Scale}
     * @param factor see {@link Scale}
     * @return the stage
     * @see Scale
     */
    static Stage scale(float[] shift, float[] factor) {
        return new Scale(shift, factor);
    }

    /**
     * The components of a model.
     *
     * @param model belongs to the pipeline that the stage becomes a part of
     * @return the stage
     * @see Components
     */
    static Stage of(PcaModel model) {
        return new Components(model);
    }

    /**
     * A classifier.
     *
     * @param model belongs to the pipeline that the stage becomes a part of
     * @return the stage
     * @see Classifier
     */
    static Stage of(LogisticModel model) {
        return new Classifier(model);
    }

    /**
     * The clusters of a model.
     *
     * @param model belongs to the pipeline that the stage becomes a part of
     * @return the stage
     * @see Clusters
     */
    static Stage of(KMeansModel model) {
        return new Clusters(model);
    }
}
