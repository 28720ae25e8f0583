package io.heddle.model;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.cluster.KMeansModel;
import io.heddle.decomposition.PcaModel;
import io.heddle.linear.LogisticModel;
import io.heddle.matrix.InvalidInputException;
import java.util.Arrays;

/** A step of a {@link Pipeline}. */
public sealed interface Stage {
    /** Values that the stage takes. */
    int inputs();

    /** Values that it hands on: numbers, or one score a class or cluster. */
    int outputs();

    /**
     * Column by column x ↦ (x − shift) · factor.
     *
     * @param shift one a column; not copied, not to be changed
     * @param factor one a column; not copied, not to be changed
     */
    record Scale(float[] shift, float[] factor) implements Stage {
        /** @throws InvalidInputException if the lengths differ or a value is not finite */
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

    /** Coordinates along principal components. */
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

    /** Classes and their probabilities; ends a pipeline. */
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

    /** The nearest centre; ends a pipeline. */
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

    /** Bytes of 0 … 255 to floats from 0 to 1. */
    static Stage pixels(int columns) {
        float[] factor = new float[columns];
        Arrays.fill(factor, 1 / 255f);
        return new Scale(new float[columns], factor);
    }

    /** @see Scale */
    static Stage scale(float[] shift, float[] factor) {
        return new Scale(shift, factor);
    }

    /** @see Components */
    static Stage of(PcaModel model) {
        return new Components(model);
    }

    /** @see Classifier */
    static Stage of(LogisticModel model) {
        return new Classifier(model);
    }

    /** @see Clusters */
    static Stage of(KMeansModel model) {
        return new Clusters(model);
    }
}
