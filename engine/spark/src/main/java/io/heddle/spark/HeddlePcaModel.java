package io.heddle.spark;

import io.heddle.decomposition.PcaModel;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.ModelFile;
import io.heddle.model.Provenance;
import io.heddle.model.SavedModel;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * Principal components, as {@link HeddlePca} finds them or a model file of Heddle holds them.
 *
 * <p>{@link #transform} computes (row − mean) · componentsᵀ, as {@link PcaModel} does. MLlib's model does not subtract
 * the mean: its coordinates differ from these by a constant for each component.
 */
public final class HeddlePcaModel extends Model<HeddlePcaModel> implements PcaParams, MLWritable {
    @Serial
    private static final long serialVersionUID = 1;

    private final String uid;
    private final PcaParts parts;
    private final IntParam k;
    private final Param<String> inputCol;
    private final Param<String> outputCol;

    HeddlePcaModel(String uid, PcaParts parts) {
        this.uid = uid;
        this.parts = parts;
        k = new IntParam(this, "k", "number of principal components", ParamValidators.gt(0));
        inputCol = new Param<>(this, "inputCol", "name of the column of rows: vectors or arrays of floats or doubles");
        outputCol = new Param<>(this, "outputCol", "name of the column of vectors that the model adds");
        set(k, parts.variance().length);
        setDefault(outputCol, uid + "__output");
    }

    /**
     * {@return a model of the core as a model of Spark; its columns are to be set}
     *
     * @param model copied
     */
    public static HeddlePcaModel of(PcaModel model) {
        return new HeddlePcaModel(Identifiable$.MODULE$.randomUID("heddlePca"), PcaParts.of(model));
    }

    /**
     * {@return the model in a file of Heddle; its columns are to be set}
     *
     * @param file written by {@link ModelFile} or {@link #writeModelFile}
     * @throws IOException if the file cannot be read or is damaged
     * @throws InvalidInputException if it holds a model of another kind
     */
    public static HeddlePcaModel readModelFile(Path file) throws IOException {
        try (SavedModel saved = ModelFile.read(file)) {
            InvalidInputException.require(
                    saved.kind() == SavedModel.Kind.PCA,
                    "%s holds a model of kind %s, not pca",
                    file,
                    saved.kind().text());
            return of(saved.pca());
        }
    }

    /**
     * Writes a model file of Heddle, which the program and the embedded engine read.
     *
     * @param file the file, on this machine; an existing one is replaced
     * @throws IOException if it cannot be written
     */
    public void writeModelFile(Path file) throws IOException {
        try (PcaModel model = toPcaModel()) {
            ModelFile.write(file, model, Provenance.now());
        }
    }

    /** {@return the model of the core, which the caller closes} */
    public PcaModel toPcaModel() {
        return parts.open();
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public IntParam k() {
        return k;
    }

    @Override
    public Param<String> inputCol() {
        return inputCol;
    }

    @Override
    public Param<String> outputCol() {
        return outputCol;
    }

    /**
     * Sets {@link #inputCol()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddlePcaModel setInputCol(String value) {
        set(inputCol, value);
        return this;
    }

    /**
     * Sets {@link #outputCol()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddlePcaModel setOutputCol(String value) {
        set(outputCol, value);
        return this;
    }

    /** {@return the components as columns, d × k, as MLlib has them} */
    public DenseMatrix pc() {
        int d = parts.mean().length;
        int count = parts.variance().length;
        double[] values = new double[d * count];
        for (int i = 0; i < values.length; i++) {
            values[i] = parts.components()[i];
        }
        return new DenseMatrix(d, count, values);
    }

    /** {@return the share of the total variance of each component, as MLlib's attribute of that name} */
    public DenseVector explainedVariance() {
        double[] shares = new double[parts.variance().length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = parts.totalVariance() > 0 ? parts.variance()[i] / parts.totalVariance() : 0;
        }
        return new DenseVector(shares);
    }

    /** {@return the mean of each column, which is subtracted from rows} */
    public DenseVector mean() {
        return new DenseVector(parts.mean().clone());
    }

    /** {@return the number of rows of the training data} */
    public long rows() {
        return parts.rows();
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return withOutput(schema);
    }

    /** Projects one row. Its model is made in each task. */
    private record Projection(TaskModel<PcaModel> task) implements UDF1<Vector, Vector> {
        @Serial
        private static final long serialVersionUID = 1;

        @Override
        public Vector call(Vector row) {
            PcaModel model = task.get();
            float[] out = new float[model.outputs()];
            model.transform(Rows.floats(row), out);
            return Rows.vector(out);
        }
    }

    /**
     * Adds the coordinates of each row along the components as a column of vectors.
     *
     * @param dataset with the input column
     * @return with the output column
     */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        transformSchema(dataset.schema());
        TaskModel<PcaModel> task = new TaskModel<>(Rows.broadcast(dataset, parts));
        UserDefinedFunction project =
                functions.udf(new Projection(task), SQLDataTypes.VectorType()).asNonNullable();
        AttributeGroup group = new AttributeGroup(getOutputCol(), parts.variance().length);
        return dataset.withColumn(
                getOutputCol(),
                project.apply(SchemaColumns.vectors(dataset, getInputCol())).as(getOutputCol(), group.toMetadata()));
    }

    @Override
    public HeddlePcaModel copy(ParamMap extra) {
        return copyValues(new HeddlePcaModel(uid, parts), extra).setParent(parent());
    }

    @Override
    public MLWriter write() {
        return new ModelFolder.Writer(this, this::writeModelFile);
    }

    /** {@return a reader of models that were written with {@link #write()}} */
    public static MLReader<HeddlePcaModel> read() {
        return new ModelFolder.Reader<>(HeddlePcaModel.class, (uid, file) -> {
            try (SavedModel saved = ModelFile.read(file)) {
                return new HeddlePcaModel(uid, PcaParts.of(saved.pca()));
            }
        });
    }

    /**
     * Reads a model.
     *
     * @param path the folder that {@link #save} wrote
     * @return the model
     */
    public static HeddlePcaModel load(String path) {
        return read().load(path);
    }

    @Override
    public String toString() {
        return "HeddlePcaModel[%s: %d components of %d columns]"
                .formatted(uid, parts.variance().length, parts.mean().length);
    }
}
