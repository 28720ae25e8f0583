package io.heddle.spark;

import io.heddle.cluster.KMeansModel;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.ModelFile;
import io.heddle.model.Provenance;
import io.heddle.model.SavedModel;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Centres of clusters, as {@link HeddleKMeans} finds them or a model file of Heddle holds them. */
public final class HeddleKMeansModel extends Model<HeddleKMeansModel> implements KMeansParams, MLWritable {
    @Serial
    private static final long serialVersionUID = 1;

    private final String uid;
    private final KMeansParts parts;
    private final KMeansParamSet params;

    HeddleKMeansModel(String uid, KMeansParts parts) {
        this.uid = uid;
        this.parts = parts;
        params = KMeansParamSet.of(this);
        set(params.k(), parts.clusters());
        set(params.distanceMeasure(), parts.cosine() ? HeddleKMeans.COSINE : HeddleKMeans.EUCLIDEAN);
        setDefault(params.featuresCol(), "features");
        setDefault(params.predictionCol(), "prediction");
    }

    /**
     * {@return a model of the core as a model of Spark}
     *
     * @param model copied
     */
    public static HeddleKMeansModel of(KMeansModel model) {
        return new HeddleKMeansModel(Identifiable$.MODULE$.randomUID("heddleKMeans"), KMeansParts.of(model));
    }

    /**
     * {@return the model in a file of Heddle}
     *
     * @param file written by {@link ModelFile} or {@link #writeModelFile}
     * @throws IOException if the file cannot be read or is damaged
     * @throws InvalidInputException if it holds a model of another kind
     */
    public static HeddleKMeansModel readModelFile(Path file) throws IOException {
        try (SavedModel saved = ModelFile.read(file)) {
            InvalidInputException.require(
                    saved.kind() == SavedModel.Kind.K_MEANS,
                    "%s holds a model of kind %s, not kmeans",
                    file,
                    saved.kind().text());
            return of(saved.kMeans());
        }
    }

    /**
     * Writes a model file of Heddle, which the program and the embedded engine read.
     *
     * @param file the file, on this machine; an existing one is replaced
     * @throws IOException if it cannot be written
     */
    public void writeModelFile(Path file) throws IOException {
        try (KMeansModel model = toKMeansModel()) {
            ModelFile.write(file, model, Provenance.now());
        }
    }

    /** {@return the model of the core, which the caller closes} */
    public KMeansModel toKMeansModel() {
        return parts.open();
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public IntParam k() {
        return params.k();
    }

    @Override
    public Param<String> featuresCol() {
        return params.featuresCol();
    }

    @Override
    public Param<String> predictionCol() {
        return params.predictionCol();
    }

    @Override
    public Param<String> weightCol() {
        return params.weightCol();
    }

    @Override
    public IntParam maxIter() {
        return params.maxIter();
    }

    @Override
    public DoubleParam tol() {
        return params.tol();
    }

    @Override
    public LongParam seed() {
        return params.seed();
    }

    @Override
    public Param<String> initMode() {
        return params.initMode();
    }

    @Override
    public IntParam initSteps() {
        return params.initSteps();
    }

    @Override
    public Param<String> distanceMeasure() {
        return params.distanceMeasure();
    }

    /**
     * Sets {@link #featuresCol()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleKMeansModel setFeaturesCol(String value) {
        set(featuresCol(), value);
        return this;
    }

    /**
     * Sets {@link #predictionCol()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleKMeansModel setPredictionCol(String value) {
        set(predictionCol(), value);
        return this;
    }

    /** {@return the centres, K vectors of d values} */
    public Vector[] clusterCenters() {
        Vector[] centers = new Vector[parts.clusters()];
        for (int c = 0; c < centers.length; c++) {
            double[] values = new double[parts.columns()];
            for (int j = 0; j < values.length; j++) {
                values[j] = parts.centers()[c * values.length + j];
            }
            centers[c] = Vectors.dense(values);
        }
        return centers;
    }

    /**
     * {@return the inertia: Σ weight · ‖row − its centre‖² over the training data; for the cosine distance, Σ weight ·
     * (1 − cosine), as MLlib}
     */
    public double trainingCost() {
        // Of unit vectors, the squared distance is 2 − 2 · cosine.
        return parts.cosine() ? parts.inertia() / 2 : parts.inertia();
    }

    /** {@return the number of iterations of the fit} */
    public int numIter() {
        return parts.iterations();
    }

    /** {@return whether the fit stopped by its own rule, not by the limit on iterations} */
    public boolean converged() {
        return parts.converged();
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return withPrediction(schema);
    }

    /** Finds the cluster of one row. Its model is made in each task. */
    private record Prediction(TaskModel<KMeansModel> task) implements UDF1<Vector, Integer> {
        @Serial
        private static final long serialVersionUID = 1;

        @Override
        public Integer call(Vector row) {
            return task.get().predict(Rows.floats(row));
        }
    }

    /**
     * Adds the number of the nearest centre of each row.
     *
     * @param dataset with the column of features
     * @return with the column of predictions
     */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        transformSchema(dataset.schema());
        TaskModel<KMeansModel> task = new TaskModel<>(Rows.broadcast(dataset, parts));
        UserDefinedFunction predict =
                functions.udf(new Prediction(task), DataTypes.IntegerType).asNonNullable();
        return dataset.withColumn(getPredictionCol(), predict.apply(SchemaColumns.vectors(dataset, getFeaturesCol())));
    }

    @Override
    public HeddleKMeansModel copy(ParamMap extra) {
        return copyValues(new HeddleKMeansModel(uid, parts), extra).setParent(parent());
    }

    @Override
    public MLWriter write() {
        return new ModelFolder.Writer(this, this::writeModelFile);
    }

    /** {@return a reader of models that were written with {@link #write()}} */
    public static MLReader<HeddleKMeansModel> read() {
        return new ModelFolder.Reader<>(HeddleKMeansModel.class, (uid, file) -> {
            try (SavedModel saved = ModelFile.read(file)) {
                return new HeddleKMeansModel(uid, KMeansParts.of(saved.kMeans()));
            }
        });
    }

    /**
     * Reads a model.
     *
     * @param path the folder that {@link #save} wrote
     * @return the model
     */
    public static HeddleKMeansModel load(String path) {
        return read().load(path);
    }

    @Override
    public String toString() {
        return "HeddleKMeansModel[%s: %d clusters of %d columns]".formatted(uid, parts.clusters(), parts.columns());
    }
}
