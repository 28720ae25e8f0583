package io.heddle.model;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.cluster.KMeansModel;
import io.heddle.decomposition.PcaModel;
import io.heddle.linear.LogisticModel;
import io.heddle.matrix.InvalidInputException;
import io.heddle.neighbors.NeighborIndex;
import java.util.Arrays;
import java.util.List;

/**
 * A step of a {@link Pipeline}.
 *
 * <p>For example: {@snippet file="ModelExamplesTest.java" region="pipeline"}
 */
public sealed interface Stage {
    /** {@return the number of inputs} */
    int inputs();

    /** {@return the names of the columns of the data that the stage was fitted to; empty if not known} */
    default List<String> featureNames() {
        return List.of();
    }

    /** {@return the number of outputs: values, classes, clusters or neighbours} */
    int outputs();

    /**
     * Scales each column: x ↦ (x − shift) · factor.
     *
     * @param shift one per column; not copied, not to be changed
     * @param factor one per column; not copied, not to be changed
     */
    record Scale(float[] shift, float[] factor) implements Stage {
        /**
         * Checks the values.
         *
         * @throws InvalidInputException if the lengths differ or a value is not finite
         */
        public Scale {
            require(shift.length == factor.length, "there are %d shifts, but %d factors", shift.length, factor.length);
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
     * @param model owned by the pipeline of the stage
     */
    record Components(PcaModel model) implements Stage {
        @Override
        public List<String> featureNames() {
            return model.featureNames();
        }

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
     * @param model owned by the pipeline of the stage
     */
    record Classifier(LogisticModel model) implements Stage {
        @Override
        public List<String> featureNames() {
            return model.featureNames();
        }

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
     * @param model owned by the pipeline of the stage
     */
    record Clusters(KMeansModel model) implements Stage {
        @Override
        public List<String> featureNames() {
            return model.featureNames();
        }

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
     * The label of the nearest rows. It is the last stage, after principal components.
     *
     * @param index index of the rows, owned by the pipeline of the stage
     */
    record Neighbors(NeighborIndex index) implements Stage {
        @Override
        public List<String> featureNames() {
            return index.rows().columnNames();
        }

        @Override
        public int inputs() {
            return index.columns();
        }

        @Override
        public int outputs() {
            return index.neighbors();
        }
    }

    /**
     * Returns the scaling of bytes 0 … 255 to 0 to 1.
     *
     * @param columns number of columns
     * @return the stage
     */
    static Stage pixels(int columns) {
        float[] factor = new float[columns];
        Arrays.fill(factor, 1 / 255f);
        return new Scale(new float[columns], factor);
    }

    /**
     * Returns a scaling of columns.
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
     * Returns the stage of a PCA model.
     *
     * @param model owned by the pipeline of the stage
     * @return the stage
     * @see Components
     */
    static Stage of(PcaModel model) {
        return new Components(model);
    }

    /**
     * Returns the stage of a classifier.
     *
     * @param model owned by the pipeline of the stage
     * @return the stage
     * @see Classifier
     */
    static Stage of(LogisticModel model) {
        return new Classifier(model);
    }

    /**
     * Returns the stage of a k-means model.
     *
     * @param model owned by the pipeline of the stage
     * @return the stage
     * @see Clusters
     */
    static Stage of(KMeansModel model) {
        return new Clusters(model);
    }

    /**
     * The nearest rows of an index.
     *
     * @param index belongs to the pipeline that the stage becomes a part of
     * @return the stage
     * @see Neighbors
     */
    static Stage of(NeighborIndex index) {
        return new Neighbors(index);
    }
}
