package io.heddle.model;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.preprocessing.Table;
import io.heddle.preprocessing.TablePreprocessor;

/**
 * A {@link TablePreprocessor} followed by a {@link Pipeline}. Maps tables to classes, clusters or coordinates. Columns
 * are matched by name, in any order.
 *
 * <p>Immutable and usable from any number of threads. Tables are processed by all threads, single rows by the calling
 * thread and without allocation.
 *
 * <p>For example: {@snippet file="ModelExamplesTest.java" region="table-pipeline"}
 */
public final class TablePipeline implements AutoCloseable {
    private static final ThreadLocal<float[]> FEATURES = ThreadLocal.withInitial(() -> new float[0]);

    private final TablePreprocessor preprocessor;
    private final Pipeline pipeline;

    private TablePipeline(TablePreprocessor preprocessor, Pipeline pipeline) {
        this.preprocessor = preprocessor;
        this.pipeline = pipeline;
    }

    /**
     * {@return a preprocessor and stages as one}
     *
     * @param preprocessor computes the features
     * @param stages stages that take the features; in order, at least one; the pipeline owns their models from now on
     * @throws InvalidInputException as {@link Pipeline#of(Stage...)}, or if the first stage takes a different number of
     *     features
     */
    public static TablePipeline of(TablePreprocessor preprocessor, Stage... stages) {
        return of(preprocessor, Pipeline.of(stages));
    }

    /**
     * As {@link #of(TablePreprocessor, Stage...)}.
     *
     * @param preprocessor computes the features
     * @param pipeline takes the features; owned by this object from now on
     * @return the table pipeline
     */
    public static TablePipeline of(TablePreprocessor preprocessor, Pipeline pipeline) {
        require(
                preprocessor.features() == pipeline.inputs(),
                "the preprocessing has %d features, but the model takes %d",
                preprocessor.features(),
                pipeline.inputs());
        return new TablePipeline(preprocessor, pipeline);
    }

    /** {@return the preprocessor} */
    public TablePreprocessor preprocessor() {
        return preprocessor;
    }

    /** {@return the pipeline that takes the features} */
    public Pipeline features() {
        return pipeline;
    }

    /**
     * {@return the class or cluster of each row}
     *
     * @param table has all columns of {@link TablePreprocessor#inputColumns()}
     * @throws InvalidInputException as {@link TablePreprocessor#transform(Table)}, or if the pipeline ends in neither
     *     classes nor clusters
     */
    public int[] predict(Table table) {
        try (FloatMatrix x = preprocessor.transform(table)) {
            return pipeline.predict(x);
        }
    }

    /**
     * {@return the probabilities of all classes, rows × classes, as a new matrix that the caller closes}
     *
     * @param table has all columns of {@link TablePreprocessor#inputColumns()}
     * @throws InvalidInputException as {@link #predict(Table)}, or if the pipeline does not end in a classifier
     */
    public FloatMatrix probabilities(Table table) {
        try (FloatMatrix x = preprocessor.transform(table)) {
            return pipeline.probabilities(x);
        }
    }

    /**
     * {@return the coordinates of each row, if the last stage is principal components, as a new matrix that the caller
     * closes}
     *
     * @param table has all columns of {@link TablePreprocessor#inputColumns()}
     * @throws InvalidInputException as {@link TablePreprocessor#transform(Table)}, or if the pipeline ends in labels
     */
    public FloatMatrix transform(Table table) {
        try (FloatMatrix x = preprocessor.transform(table)) {
            return pipeline.transform(x);
        }
    }

    /**
     * {@return the class or cluster of a row of numbers}
     *
     * @param row a value for each of {@link TablePreprocessor#inputColumns()}, in their order
     * @throws InvalidInputException as {@link TablePreprocessor#transform(double[], float[])} and
     *     {@link #predict(Table)}
     */
    public int predict(double... row) {
        float[] values = values();
        preprocessor.transform(row, values);
        return pipeline.predict(values);
    }

    /**
     * The probabilities of all classes for a row of numbers.
     *
     * @param row a value for each of {@link TablePreprocessor#inputColumns()}, in their order
     * @param out receives a float for each class, from index 0 on
     * @throws InvalidInputException as {@link #predict(double...)} and {@link #probabilities(Table)}
     */
    public void probabilities(double[] row, float[] out) {
        float[] values = values();
        preprocessor.transform(row, values);
        pipeline.probabilities(values, out);
    }

    /** Returns an array of the calling thread for the features. */
    private float[] values() {
        float[] values = FEATURES.get();
        if (values.length != preprocessor.features()) {
            values = new float[preprocessor.features()];
            FEATURES.set(values);
        }
        return values;
    }

    /** Frees the pipeline; may be called again without effect. */
    @Override
    public void close() {
        pipeline.close();
    }
}
