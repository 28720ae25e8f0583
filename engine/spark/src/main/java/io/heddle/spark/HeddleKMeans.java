package io.heddle.spark;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.matrix.InvalidInputException;
import io.heddle.spark.partition.DistributedRows;
import io.heddle.spark.partition.RowFormat;
import java.io.Serial;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * K-means clustering on Spark by Lloyd's algorithm or mini-batches. The parameters are those of MLlib's {@code KMeans};
 * a column of vectors or of arrays of floats or doubles is read, and a row of weight w counts as w rows.
 *
 * <p>The rows are read once into blocks of their executors. An iteration of Lloyd's algorithm is one pass that sends K
 * · d sums and K weights of each partition to the driver. If there are many partitions, neighbouring sums are merged
 * first.
 *
 * <p>The same data in the same partitions give the same bits for any number of executors, cores and retries.
 */
public final class HeddleKMeans extends HeddleEstimator<HeddleKMeansModel> implements KMeansParams {
    @Serial
    private static final long serialVersionUID = 1;

    /** Value of {@link #initMode()}: Lloyd's algorithm on a sample, in the driver. */
    public static final String SAMPLED = "sampled";
    /** Value of {@link #initMode()}: k-means||. */
    public static final String PARALLEL = "k-means||";
    /** Value of {@link #initMode()}: random rows. */
    public static final String RANDOM_ROWS = "random";

    /** Value of {@link #distanceMeasure()}: the length of the difference. */
    public static final String EUCLIDEAN = "euclidean";
    /** Value of {@link #distanceMeasure()}: 1 − cosine, for spherical k-means. Rows of zeros are refused. */
    public static final String COSINE = "cosine";

    /** Value of {@link #algorithm()}: all rows in each iteration. */
    public static final String LLOYD = "lloyd";
    /** Value of {@link #algorithm()}: a batch of random rows in each iteration. */
    public static final String MINI_BATCH = "mini-batch";

    private static final int DEFAULT_BATCH = 10_240;
    private static final int DEFAULT_ITERATIONS = 20;
    private static final double DEFAULT_TOLERANCE = 1e-4;

    private final KMeansParamSet params;
    private final Param<String> algorithm;
    private final Param<String> solver;
    private final IntParam batchSize;

    /** Creates an estimator with a unique identifier. */
    public HeddleKMeans() {
        this(Identifiable$.MODULE$.randomUID("heddleKMeans"));
    }

    /**
     * Creates an estimator.
     *
     * @param uid its unique identifier
     */
    public HeddleKMeans(String uid) {
        super(uid);
        params = KMeansParamSet.of(this);
        algorithm = new Param<>(
                this,
                "algorithm",
                "lloyd, or mini-batch: random rows in each iteration",
                ParamValidators.inArray(new String[] {LLOYD, MINI_BATCH}));
        batchSize = new IntParam(this, "batchSize", "rows in a batch of mini-batch", ParamValidators.gt(0));
        solver = new Param<>(
                this,
                "solver",
                "auto, row or block, which have no effect: Heddle's kernels always work on blocks",
                ParamValidators.inArray(new String[] {"auto", "row", "block"}));
        setDefault(solver, "auto");
        setDefault(params.distanceMeasure(), EUCLIDEAN);
        setDefault(algorithm, LLOYD);
        setDefault(batchSize, DEFAULT_BATCH);
        setDefault(params.k(), 2);
        setDefault(params.featuresCol(), "features");
        setDefault(params.predictionCol(), "prediction");
        setDefault(params.maxIter(), DEFAULT_ITERATIONS);
        setDefault(params.tol(), DEFAULT_TOLERANCE);
        setDefault(params.seed(), 0L);
        setDefault(params.initMode(), SAMPLED);
        setDefault(params.initSteps(), 2);
    }

    /** {@return the parameter: {@code lloyd}, the default, or {@code mini-batch}} */
    public Param<String> algorithm() {
        return algorithm;
    }

    /** {@return the value of {@link #algorithm()}} */
    public String getAlgorithm() {
        return getOrDefault(algorithm);
    }

    /** {@return the parameter of MLlib: {@code auto}, {@code row} or {@code block}, without effect} */
    public Param<String> solver() {
        return solver;
    }

    /** {@return the value of {@link #solver()}} */
    public String getSolver() {
        return getOrDefault(solver);
    }

    /**
     * Sets {@link #solver()}, which has no effect.
     *
     * @param value the new value
     * @return this
     */
    public HeddleKMeans setSolver(String value) {
        set(solver, value);
        return this;
    }

    @Override
    public Param<String> distanceMeasure() {
        return params.distanceMeasure();
    }

    /**
     * Sets {@link #distanceMeasure()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleKMeans setDistanceMeasure(String value) {
        set(distanceMeasure(), value);
        return this;
    }

    /** {@return the parameter: rows in a batch of {@code mini-batch}; 10,240 by default} */
    public IntParam batchSize() {
        return batchSize;
    }

    /** {@return the value of {@link #batchSize()}} */
    public int getBatchSize() {
        return (Integer) getOrDefault(batchSize);
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

    /**
     * Sets {@link #k()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleKMeans setK(int value) {
        set(k(), value);
        return this;
    }

    /**
     * Sets {@link #featuresCol()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleKMeans setFeaturesCol(String value) {
        set(featuresCol(), value);
        return this;
    }

    /**
     * Sets {@link #predictionCol()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleKMeans setPredictionCol(String value) {
        set(predictionCol(), value);
        return this;
    }

    /**
     * Sets {@link #weightCol()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleKMeans setWeightCol(String value) {
        set(weightCol(), value);
        return this;
    }

    /**
     * Sets {@link #maxIter()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleKMeans setMaxIter(int value) {
        set(maxIter(), value);
        return this;
    }

    /**
     * Sets {@link #tol()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleKMeans setTol(double value) {
        set(tol(), value);
        return this;
    }

    /**
     * Sets {@link #seed()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleKMeans setSeed(long value) {
        set(seed(), value);
        return this;
    }

    /**
     * Sets {@link #initMode()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleKMeans setInitMode(String value) {
        set(initMode(), value);
        return this;
    }

    /**
     * Sets {@link #initSteps()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleKMeans setInitSteps(int value) {
        set(initSteps(), value);
        return this;
    }

    /**
     * Sets {@link #algorithm()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleKMeans setAlgorithm(String value) {
        set(algorithm, value);
        return this;
    }

    /**
     * Sets {@link #batchSize()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleKMeans setBatchSize(int value) {
        set(batchSize, value);
        return this;
    }

    /**
     * Sets {@link #maxMemoryInMB()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleKMeans setMaxMemoryInMB(int value) {
        set(maxMemoryInMB(), value);
        return this;
    }

    /**
     * Sets {@link #maxBlockSizeInMB()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleKMeans setMaxBlockSizeInMB(double value) {
        set(maxBlockSizeInMB(), value);
        return this;
    }

    /**
     * Sets {@link #aggregationDepth()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddleKMeans setAggregationDepth(int value) {
        set(aggregationDepth(), value);
        return this;
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return withPrediction(schema);
    }

    /**
     * Finds the centres.
     *
     * @param dataset the rows
     * @return the model
     * @throws InvalidInputException if there are fewer rows than clusters, or a row is null, has another size, a value
     *     that is not finite or a negative weight, or for the cosine distance zeros only
     */
    @Override
    public HeddleKMeansModel fit(Dataset<?> dataset) {
        transformSchema(dataset.schema());
        String weight = isDefined(weightCol()) ? getWeightCol() : null;
        RowFormat format = RowFormat.of(dataset.schema(), getFeaturesCol(), null, weight);
        format = getDistanceMeasure().equals(COSINE) ? format.ofUnitLength() : format;
        KMeansParts parts;
        try (DistributedRows rows = rows(dataset, format)) {
            require(
                    getK() <= rows.rows(),
                    "k-means cannot find %d clusters in %d rows; lower k or add rows",
                    getK(),
                    rows.rows());
            parts = DistributedKMeans.fit(rows, this);
        }
        return copyValues(new HeddleKMeansModel(uid(), parts), extractParamMap())
                .setParent(this);
    }

    /** {@return a reader of estimators that were written with {@link #write()}} */
    public static MLReader<HeddleKMeans> read() {
        return new DefaultParamsReader<>();
    }

    /**
     * Reads an estimator.
     *
     * @param path the folder that {@link #save} wrote
     * @return the estimator
     */
    public static HeddleKMeans load(String path) {
        return read().load(path);
    }
}
