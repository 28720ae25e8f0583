package io.heddle.spark;

import io.heddle.linear.Certificate;
import io.heddle.linear.LogisticModel;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.ModelFile;
import io.heddle.model.Provenance;
import io.heddle.model.SavedModel;
import io.heddle.spark.partition.RowFormat;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.BooleanParam;
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
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import scala.Tuple3;

/**
 * A logistic regression, as {@link HeddleLogisticRegression} fits it or a model file of Heddle holds it. With two
 * classes and {@code family} not multinomial, its coefficients are one vector, as MLlib's.
 */
public final class HeddleLogisticRegressionModel
        extends ProbabilisticClassificationModel<Vector, HeddleLogisticRegressionModel>
        implements LogisticParams, MLWritable {
    @Serial
    private static final long serialVersionUID = 1;

    private static final String VECTORS = "heddle_features";

    private final String uid;
    private final LogisticParts parts;
    private final LogisticParamSet own;
    private final TaskModel<LogisticModel> task;

    HeddleLogisticRegressionModel(String uid, LogisticParts parts) {
        // Before the constructor of Spark's class: the parameters that it makes carry the identifier.
        this.uid = uid;
        this.parts = parts;
        super();
        own = LogisticParamSet.of(this);
        task = new TaskModel<>(parts);
        setDefault(own.family(), LogisticParamSet.AUTO);
        setDefault(own.threshold(), LogisticParamSet.DEFAULT_THRESHOLD);
    }

    /**
     * {@return a model of the core as a model of Spark; with two classes, its coefficients are one vector}
     *
     * @param model copied
     */
    public static HeddleLogisticRegressionModel of(LogisticModel model) {
        return new HeddleLogisticRegressionModel(
                Identifiable$.MODULE$.randomUID("heddleLogReg"), LogisticParts.of(model));
    }

    /**
     * {@return the model in a file of Heddle}
     *
     * @param file written by {@link ModelFile} or {@link #writeModelFile}
     * @throws IOException if the file cannot be read or is damaged
     * @throws InvalidInputException if it holds a model of another kind
     */
    public static HeddleLogisticRegressionModel readModelFile(Path file) throws IOException {
        try (SavedModel saved = ModelFile.read(file)) {
            return of(logistic(saved, file));
        }
    }

    private static LogisticModel logistic(SavedModel saved, Path file) {
        InvalidInputException.require(
                saved.kind() == SavedModel.Kind.LOGISTIC,
                "%s holds a model of kind %s, not logistic",
                file,
                saved.kind().text());
        return saved.logistic();
    }

    /**
     * Writes a model file of Heddle, which the program and the embedded engine read.
     *
     * @param file the file, on this machine; an existing one is replaced
     * @throws IOException if it cannot be written
     */
    public void writeModelFile(Path file) throws IOException {
        try (LogisticModel model = toLogisticModel()) {
            ModelFile.write(file, model, Provenance.now());
        }
    }

    /** {@return the model of the core, which the caller closes} */
    public LogisticModel toLogisticModel() {
        return parts.open();
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public DoubleParam regParam() {
        return own.regParam();
    }

    @Override
    public DoubleParam elasticNetParam() {
        return own.elasticNetParam();
    }

    @Override
    public BooleanParam fitIntercept() {
        return own.fitIntercept();
    }

    @Override
    public BooleanParam standardization() {
        return own.standardization();
    }

    @Override
    public DoubleParam tol() {
        return own.tol();
    }

    @Override
    public IntParam maxIter() {
        return own.maxIter();
    }

    @Override
    public Param<String> weightCol() {
        return own.weightCol();
    }

    @Override
    public Param<String> family() {
        return own.family();
    }

    @Override
    public DoubleParam threshold() {
        return own.threshold();
    }

    @Override
    public double[] getThresholds() {
        return Thresholds.all(this);
    }

    /**
     * Sets {@link #threshold()} and clears {@link #thresholds()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleLogisticRegressionModel setThreshold(double value) {
        clear(thresholds());
        set(threshold(), value);
        return this;
    }

    /**
     * Sets {@link #thresholds()} and clears {@link #threshold()}.
     *
     * @param value one for each class
     * @return this
     */
    @Override
    public HeddleLogisticRegressionModel setThresholds(double[] value) {
        clear(threshold());
        return super.setThresholds(value);
    }

    @Override
    public LongParam seed() {
        return own.seed();
    }

    /** Whether the coefficients are one vector. */
    private boolean binomial() {
        return parts.classes() == 2 && !getFamily().equals(LogisticParamSet.MULTINOMIAL);
    }

    @Override
    public int numClasses() {
        return parts.classes();
    }

    @Override
    public int numFeatures() {
        return parts.features();
    }

    /** {@return the mean loss plus penalty on the training data, as MLlib's last {@code objectiveHistory}} */
    public double objective() {
        return parts.objective();
    }

    /**
     * {@return how near the objective is to its minimum, computed in double over all partitions} With a penalty, it is
     * the relative duality gap.
     */
    public Certificate certificate() {
        return new Certificate(parts.certificate(), parts.relative());
    }

    /** {@return whether the certificate is within {@link #tol()}} */
    public boolean converged() {
        return parts.converged();
    }

    /** {@return the iterations of the solver, as MLlib's attribute of that name} */
    public int totalIterations() {
        return parts.iterations();
    }

    /** {@return the passes over the rows, each of which is a job of Spark} */
    public int passes() {
        return parts.passes();
    }

    /** {@return the coefficients: one row for each class, or a single row for two classes of the binomial family} */
    public DenseMatrix coefficientMatrix() {
        int d = parts.features();
        int sets = binomial() ? 1 : parts.classes();
        double[] values = new double[sets * d];
        for (int c = 0; c < sets; c++) {
            for (int j = 0; j < d; j++) {
                values[c * d + j] =
                        binomial() ? (double) parts.weights()[d + j] - parts.weights()[j] : parts.weights()[c * d + j];
            }
        }
        return new DenseMatrix(sets, d, values, true);
    }

    /** {@return the intercepts: one for each class, or one for two classes of the binomial family} */
    public Vector interceptVector() {
        if (binomial()) {
            return new DenseVector(new double[] {(double) parts.intercepts()[1] - parts.intercepts()[0]});
        }
        return Rows.vector(parts.intercepts());
    }

    /**
     * {@return the coefficients of the binomial family}
     *
     * @throws InvalidInputException if there is one vector for each class
     */
    public Vector coefficients() {
        requireBinomial("coefficients", "coefficientMatrix");
        return new DenseVector(coefficientMatrix().values());
    }

    /**
     * {@return the intercept of the binomial family}
     *
     * @throws InvalidInputException if there is one for each class
     */
    public double intercept() {
        requireBinomial("intercept", "interceptVector");
        return interceptVector().apply(0);
    }

    private void requireBinomial(String asked, String instead) {
        InvalidInputException.require(
                binomial(), "a model with %d vectors of coefficients has no %s; use %s", numClasses(), asked, instead);
    }

    @Override
    public StructType validateAndTransformSchema(StructType schema, boolean fitting, DataType featuresDataType) {
        RowFormat.requireFeatures(schema, getFeaturesCol());
        return super.validateAndTransformSchema(
                schema, fitting, schema.apply(getFeaturesCol()).dataType());
    }

    /**
     * Adds raw predictions, probabilities and labels, in the columns whose names are not empty.
     *
     * @param dataset with the column of features
     * @return with the new columns
     */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        String features = getFeaturesCol();
        RowFormat.requireFeatures(dataset.schema(), features);
        Thresholds.requireFor(this, numClasses(), binomial());
        if (dataset.schema().apply(features).dataType().equals(SQLDataTypes.VectorType())) {
            return super.transform(dataset);
        }
        HeddleLogisticRegressionModel ofVectors = copy(ParamMap.empty()).setFeaturesCol(VECTORS);
        return ofVectors
                .transform(dataset.withColumn(VECTORS, SchemaColumns.vectors(dataset, features)))
                .drop(VECTORS);
    }

    /**
     * {@return the logits, or for the binomial family the margin of the second class with both signs, as MLlib does}
     */
    @Override
    public Vector predictRaw(Vector features) {
        float[] row = Rows.floats(features);
        float[] logits = new float[parts.classes()];
        task.get().logits(row, logits);
        if (binomial()) {
            double margin = (double) logits[1] - logits[0];
            return Vectors.dense(-margin, margin);
        }
        double[] raw = new double[logits.length];
        double first = parts.firstLogit(row);
        for (int c = 0; c < raw.length; c++) {
            raw[c] = first + logits[c];
        }
        return new DenseVector(raw);
    }

    @Override
    public double raw2prediction(Vector rawPrediction) {
        if (!isSet(threshold())) {
            return super.raw2prediction(rawPrediction);
        }
        Thresholds.requireFor(this, numClasses(), binomial());
        return rawPrediction.apply(1) > Thresholds.margin(getThreshold()) ? 1 : 0;
    }

    @Override
    public double probability2prediction(Vector probability) {
        if (!isSet(threshold())) {
            return super.probability2prediction(probability);
        }
        Thresholds.requireFor(this, numClasses(), binomial());
        return probability.apply(1) > getThreshold() ? 1 : 0;
    }

    @Override
    public Vector raw2probabilityInPlace(Vector rawPrediction) {
        double[] values = ((DenseVector) rawPrediction).values();
        if (binomial()) {
            values[0] = 1 / (1 + Math.exp(-values[0]));
            values[1] = 1 / (1 + Math.exp(-values[1]));
            return rawPrediction;
        }
        double largest = values[rawPrediction.argmax()];
        double sum = 0;
        for (int c = 0; c < values.length; c++) {
            values[c] = Math.exp(values[c] - largest);
            sum += values[c];
        }
        for (int c = 0; c < values.length; c++) {
            values[c] /= sum;
        }
        return rawPrediction;
    }

    /**
     * {@return this model with names for all its columns, and those of the probabilities and of the predictions}
     *
     * <p>A raw type, because Spark's two classes above this one declare types that Java cannot reconcile.
     */
    @Override
    @SuppressWarnings({"rawtypes", "unchecked"})
    public Tuple3 findSummaryModel() {
        HeddleLogisticRegressionModel named = copy(ParamMap.empty());
        if (getProbabilityCol().isEmpty()) {
            named.setProbabilityCol("probability_" + uid);
        }
        if (getPredictionCol().isEmpty()) {
            named.setPredictionCol("prediction_" + uid);
        }
        return new Tuple3<>(named, named.getProbabilityCol(), named.getPredictionCol());
    }

    @Override
    public HeddleLogisticRegressionModel copy(ParamMap extra) {
        return copyValues(new HeddleLogisticRegressionModel(uid, parts), extra).setParent(parent());
    }

    @Override
    public MLWriter write() {
        return new ModelFolder.Writer(this, this::writeModelFile);
    }

    /** {@return a reader of models that were written with {@link #write()}} */
    public static MLReader<HeddleLogisticRegressionModel> read() {
        return new ModelFolder.Reader<>(HeddleLogisticRegressionModel.class, (uid, file) -> {
            try (SavedModel saved = ModelFile.read(file)) {
                return new HeddleLogisticRegressionModel(uid, LogisticParts.of(logistic(saved, file)));
            }
        });
    }

    /**
     * Reads a model.
     *
     * @param path the folder that {@link #save} wrote
     * @return the model
     */
    public static HeddleLogisticRegressionModel load(String path) {
        return read().load(path);
    }

    @Override
    public String toString() {
        return "HeddleLogisticRegressionModel[%s: %d classes, %d features]".formatted(uid, numClasses(), numFeatures());
    }
}
