package io.heddle.spark;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import io.heddle.spark.partition.BlockMemory;
import io.heddle.spark.partition.DistributedRows;
import io.heddle.spark.partition.RowFormat;
import java.io.Serial;
import org.apache.spark.ml.classification.ProbabilisticClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * Logistic regression with an L2, L1 or elastic-net penalty on Spark. The parameters and the objective are those of
 * MLlib's {@code LogisticRegression}; a column of vectors or of arrays of floats or doubles is read.
 *
 * <p>The method is the coupled proximal Newton method of {@link LogisticRegression}. The solver runs in the driver, on
 * a sample of at most 16,384 rows. In each pass over the rows, every partition sends one number for each coefficient: a
 * gradient or a Hessian product. The fit ends at a relative duality gap, which is computed in double over all
 * partitions and which the model reports.
 *
 * <p>The same data in the same partitions give the same bits for any number of executors, cores and retries.
 */
public final class HeddleLogisticRegression
        extends ProbabilisticClassifier<Vector, HeddleLogisticRegression, HeddleLogisticRegressionModel>
        implements LogisticParams, DefaultParamsWritable {
    @Serial
    private static final long serialVersionUID = 1;

    private static final double DEFAULT_TOLERANCE = 1e-4;
    private static final int DEFAULT_ITERATIONS = 100;

    private final String uid;
    private final LogisticParamSet own;
    private final BlockParamSet blocks;

    /** Creates an estimator with a unique identifier. */
    public HeddleLogisticRegression() {
        this(Identifiable$.MODULE$.randomUID("heddleLogReg"));
    }

    /**
     * Creates an estimator.
     *
     * @param uid its unique identifier
     */
    public HeddleLogisticRegression(String uid) {
        // Before the constructor of Spark's class: the parameters that it makes carry the identifier.
        this.uid = uid;
        super();
        own = LogisticParamSet.of(this);
        blocks = BlockParamSet.of(this);
        setDefault(own.regParam(), 0.0);
        setDefault(own.elasticNetParam(), 0.0);
        setDefault(own.fitIntercept(), true);
        setDefault(own.standardization(), true);
        setDefault(own.tol(), DEFAULT_TOLERANCE);
        setDefault(own.maxIter(), DEFAULT_ITERATIONS);
        setDefault(own.family(), LogisticParamSet.AUTO);
        setDefault(own.threshold(), LogisticParamSet.DEFAULT_THRESHOLD);
        setDefault(own.seed(), 0L);
        setDefault(blocks.maxMemoryInMB(), BlockParamSet.DEFAULT_MEMORY);
        setDefault(blocks.maxBlockSizeInMB(), 0.0);
        setDefault(blocks.aggregationDepth(), BlockParamSet.DEFAULT_DEPTH);
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

    @Override
    public LongParam seed() {
        return own.seed();
    }

    /** {@return the parameter: maximum off-heap memory in MB for the rows in each executor; 2048 by default} */
    public IntParam maxMemoryInMB() {
        return blocks.maxMemoryInMB();
    }

    /** {@return the parameter: maximum size in MB of a block of rows; 0, the default, for 64} */
    public DoubleParam maxBlockSizeInMB() {
        return blocks.maxBlockSizeInMB();
    }

    /** {@return the parameter: levels in which the sums of many partitions are merged; 2 by default} */
    public IntParam aggregationDepth() {
        return blocks.aggregationDepth();
    }

    /**
     * Sets {@link #regParam()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleLogisticRegression setRegParam(double value) {
        set(regParam(), value);
        return this;
    }

    /**
     * Sets {@link #elasticNetParam()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleLogisticRegression setElasticNetParam(double value) {
        set(elasticNetParam(), value);
        return this;
    }

    /**
     * Sets {@link #fitIntercept()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleLogisticRegression setFitIntercept(boolean value) {
        set(fitIntercept(), value);
        return this;
    }

    /**
     * Sets {@link #standardization()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleLogisticRegression setStandardization(boolean value) {
        set(standardization(), value);
        return this;
    }

    /**
     * Sets {@link #tol()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleLogisticRegression setTol(double value) {
        set(tol(), value);
        return this;
    }

    /**
     * Sets {@link #maxIter()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleLogisticRegression setMaxIter(int value) {
        set(maxIter(), value);
        return this;
    }

    /**
     * Sets {@link #weightCol()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleLogisticRegression setWeightCol(String value) {
        set(weightCol(), value);
        return this;
    }

    /**
     * Sets {@link #family()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleLogisticRegression setFamily(String value) {
        set(family(), value);
        return this;
    }

    /**
     * Sets {@link #threshold()} and clears {@link #thresholds()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleLogisticRegression setThreshold(double value) {
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
    public HeddleLogisticRegression setThresholds(double[] value) {
        clear(threshold());
        return super.setThresholds(value);
    }

    /**
     * Sets {@link #seed()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleLogisticRegression setSeed(long value) {
        set(seed(), value);
        return this;
    }

    /**
     * Sets {@link #maxMemoryInMB()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleLogisticRegression setMaxMemoryInMB(int value) {
        set(maxMemoryInMB(), value);
        return this;
    }

    /**
     * Sets {@link #maxBlockSizeInMB()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleLogisticRegression setMaxBlockSizeInMB(double value) {
        set(maxBlockSizeInMB(), value);
        return this;
    }

    /**
     * Sets {@link #aggregationDepth()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleLogisticRegression setAggregationDepth(int value) {
        set(aggregationDepth(), value);
        return this;
    }

    @Override
    public StructType validateAndTransformSchema(StructType schema, boolean fitting, DataType featuresDataType) {
        RowFormat.requireFeatures(schema, getFeaturesCol());
        return super.validateAndTransformSchema(
                schema, fitting, schema.apply(getFeaturesCol()).dataType());
    }

    /**
     * Fits a model; Spark's {@link #fit} calls it.
     *
     * @param dataset the rows
     * @return the model
     * @throws InvalidInputException if there are no rows, fewer than two classes in use, a label that is no class
     *     index, or a row that is null, has another size or holds a value that is not finite; and if the thresholds are
     *     not those of the classes
     */
    @Override
    public HeddleLogisticRegressionModel train(Dataset<?> dataset) {
        String weights = isDefined(own.weightCol()) ? getWeightCol() : null;
        RowFormat format = RowFormat.of(dataset.schema(), getFeaturesCol(), getLabelCol(), weights);
        BlockMemory memory = BlockParamSet.memory(
                (Integer) getOrDefault(blocks.maxMemoryInMB()), (Double) getOrDefault(blocks.maxBlockSizeInMB()));
        int depth = (Integer) getOrDefault(blocks.aggregationDepth());
        try (DistributedRows rows = DistributedRows.of(dataset, format, memory, depth, new LabelWork(getLabelCol()))) {
            LabelWork.Summary labels = LabelWork.of(rows);
            boolean binomial = binomial(labels.classes());
            Thresholds.requireFor(this, labels.classes(), binomial);
            LogisticPartitions partitions = new LogisticPartitions(rows, labels.classes());
            try (LogisticModel model =
                    LogisticRegression.fit(partitions, options(labels, binomial), WorkerPool.shared())) {
                if (!model.converged()) {
                    log().warn(
                                    "{} stopped after {} iterations before it converged: {} {}, tol {}",
                                    uid,
                                    model.iterations(),
                                    model.certificate().kind(),
                                    model.certificate().relative(),
                                    getTol());
                }
                return new HeddleLogisticRegressionModel(
                        uid, LogisticParts.of(model).centred());
            }
        }
    }

    private boolean binomial(int classes) {
        String family = getFamily();
        require(
                classes <= 2 || !family.equals(LogisticParamSet.BINOMIAL),
                "family is binomial, which is for two classes, but the largest label is %d; set family to multinomial or auto",
                classes - 1);
        return classes <= 2 && !family.equals(LogisticParamSet.MULTINOMIAL);
    }

    /**
     * The objective of MLlib in terms of the core's, whose parameters are symmetric over the classes and whose
     * deviations divide by the number of rows.
     */
    private LogisticRegression.Options options(LabelWork.Summary labels, boolean binomial) {
        double l1 = getRegParam() * getElasticNetParam();
        double l2 = getRegParam() * (1 - getElasticNetParam());
        if (getStandardization()) {
            // MLlib's deviations are unbiased: their squares are larger by this factor.
            double share = 1 - labels.squares() / (labels.weight() * labels.weight());
            double factor = share > 0 ? 1 / share : 1;
            l1 *= Math.sqrt(factor);
            l2 *= factor;
        }
        if (binomial) {
            // One vector w replaces −w/2 and w/2: its L1 norm is the sum of their L1 norms, and its squared L2 norm is
            // twice the sum of their squared L2 norms.
            l2 *= 2;
        }
        double lambda = l1 + l2;
        return LogisticRegression.Options.defaults()
                .withLambda(lambda)
                .withL1Ratio(lambda > 0 ? l1 / lambda : 0)
                .withStandardize(getStandardization())
                .withIntercept(getFitIntercept())
                .withTolerance(getTol())
                .withMaxIterations(getMaxIter())
                .withSeed(getSeed());
    }

    @Override
    public HeddleLogisticRegression copy(ParamMap extra) {
        return this.<HeddleLogisticRegression>defaultCopy(extra);
    }

    /** {@return a reader of estimators that were written with {@link #write()}} */
    public static MLReader<HeddleLogisticRegression> read() {
        return new DefaultParamsReader<>();
    }

    /**
     * Reads an estimator.
     *
     * @param path the folder that {@link #save} wrote
     * @return the estimator
     */
    public static HeddleLogisticRegression load(String path) {
        return read().load(path);
    }
}
