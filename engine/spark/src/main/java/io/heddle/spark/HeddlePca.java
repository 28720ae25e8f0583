package io.heddle.spark;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.matrix.InvalidInputException;
import io.heddle.spark.partition.DistributedRows;
import io.heddle.spark.partition.RowFormat;
import java.io.Serial;
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
 * Principal component analysis on Spark: finds the orthonormal directions of maximum variance. The parameters are those
 * of MLlib's {@code PCA}; a column of vectors or of arrays of floats or doubles is read.
 *
 * <p>The rows are read once into blocks of their executors. Passes then send sums to the driver: means, and for up to
 * 2048 columns the scatter matrix, d (d + 1) / 2 numbers for each partition. For more columns, subspace iteration sends
 * d · b numbers in each pass, with b about k + 12. If there are many partitions, neighbouring sums are merged first.
 *
 * <p>The same data in the same partitions give the same bits for any number of executors, cores and retries.
 */
public final class HeddlePca extends HeddleEstimator<HeddlePcaModel> implements PcaParams {
    @Serial
    private static final long serialVersionUID = 1;

    /**
     * Value of {@link #solver()}: {@value #COVARIANCE} up to 2048 columns, else {@value #RANDOMIZED} for few
     * components.
     */
    public static final String AUTO = "auto";
    /** Value of {@link #solver()}: the scatter matrix is summed. */
    public static final String COVARIANCE = "covariance";
    /** Value of {@link #solver()}: subspace iteration. */
    public static final String RANDOMIZED = "randomized";

    /** Maximum number of columns of the scatter matrix, at which the driver has 1.2 GB of sums. */
    static final int LARGEST_SIDE = 10_000;

    private final IntParam k;
    private final Param<String> inputCol;
    private final Param<String> outputCol;
    private final LongParam seed;
    private final Param<String> solver;

    /** Creates an estimator with a unique identifier. */
    public HeddlePca() {
        this(Identifiable$.MODULE$.randomUID("heddlePca"));
    }

    /**
     * Creates an estimator.
     *
     * @param uid its unique identifier
     */
    public HeddlePca(String uid) {
        super(uid);
        k = new IntParam(this, "k", "number of principal components", ParamValidators.gt(0));
        inputCol = new Param<>(this, "inputCol", "name of the column of rows: vectors or arrays of floats or doubles");
        outputCol = new Param<>(this, "outputCol", "name of the column of vectors that the model adds");
        seed = new LongParam(this, "seed", "seed of the start of the eigenvalue iteration");
        setDefault(outputCol, uid + "__output");
        solver = new Param<>(
                this,
                "solver",
                "auto, covariance (the scatter matrix) or randomized (subspace iteration)",
                ParamValidators.inArray(new String[] {AUTO, COVARIANCE, RANDOMIZED}));
        setDefault(seed, 0L);
        setDefault(solver, AUTO);
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

    /** {@return the parameter: seed of the start of the eigenvalue iteration; 0 by default} */
    public LongParam seed() {
        return seed;
    }

    /** {@return the value of {@link #seed()}} */
    public long getSeed() {
        return (Long) getOrDefault(seed);
    }

    /**
     * {@return the parameter: {@code covariance} (the scatter matrix), {@code randomized} (subspace iteration), or
     * {@code auto}}
     */
    public Param<String> solver() {
        return solver;
    }

    /** {@return the value of {@link #solver()}} */
    public String getSolver() {
        return getOrDefault(solver);
    }

    /**
     * Sets {@link #solver()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddlePca setSolver(String value) {
        set(solver, value);
        return this;
    }

    /**
     * Sets {@link #k()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddlePca setK(int value) {
        set(k, value);
        return this;
    }

    /**
     * Sets {@link #inputCol()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddlePca setInputCol(String value) {
        set(inputCol, value);
        return this;
    }

    /**
     * Sets {@link #outputCol()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddlePca setOutputCol(String value) {
        set(outputCol, value);
        return this;
    }

    /**
     * Sets {@link #seed()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddlePca setSeed(long value) {
        set(seed, value);
        return this;
    }

    /**
     * Sets {@link #maxMemoryInMB()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddlePca setMaxMemoryInMB(int value) {
        set(maxMemoryInMB(), value);
        return this;
    }

    /**
     * Sets {@link #maxBlockSizeInMB()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddlePca setMaxBlockSizeInMB(double value) {
        set(maxBlockSizeInMB(), value);
        return this;
    }

    /**
     * Sets {@link #aggregationDepth()}.
     *
     * @param value the new value
     * @return this
     */
    public HeddlePca setAggregationDepth(int value) {
        set(aggregationDepth(), value);
        return this;
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return withOutput(schema);
    }

    /**
     * Finds the components.
     *
     * @param dataset the rows
     * @return the model
     * @throws InvalidInputException if there are fewer than 2 rows, more components than rows or columns, too many
     *     columns, or a row that is null, has another size or holds a value that is not finite
     */
    @Override
    public HeddlePcaModel fit(Dataset<?> dataset) {
        transformSchema(dataset.schema());
        RowFormat format = RowFormat.of(dataset.schema(), getInputCol(), null, null);
        PcaParts parts;
        try (DistributedRows rows = rows(dataset, format)) {
            require(rows.rows() >= 2, "PCA needs at least 2 rows, but the data set has %d", rows.rows());
            long smaller = Math.min(rows.rows(), rows.columns());
            require(
                    getK() <= smaller,
                    "PCA cannot find %d components in data of %d rows and %d columns: at most %d",
                    getK(),
                    rows.rows(),
                    rows.columns(),
                    smaller);
            boolean iterated = DistributedPca.isIterated(rows, getK(), getSolver());
            require(
                    iterated || rows.columns() <= LARGEST_SIDE,
                    "the scatter matrix of PCA on Spark takes at most %d columns, but the data set has %d; choose the solver"
                            + " randomized",
                    LARGEST_SIDE,
                    rows.columns());
            parts = DistributedPca.fit(rows, getK(), iterated, getSeed());
        }
        return copyValues(new HeddlePcaModel(uid(), parts), extractParamMap()).setParent(this);
    }

    /** {@return a reader of estimators that were written with {@link #write()}} */
    public static MLReader<HeddlePca> read() {
        return new DefaultParamsReader<>();
    }

    /**
     * Reads an estimator.
     *
     * @param path the folder that {@link #save} wrote
     * @return the estimator
     */
    public static HeddlePca load(String path) {
        return read().load(path);
    }
}
