package io.heddle.spark;

import io.heddle.spark.partition.BlockMemory;
import io.heddle.spark.partition.DistributedRows;
import io.heddle.spark.partition.RowFormat;
import java.io.Serial;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.sql.Dataset;

/**
 * The common parameters of Heddle's estimators: the memory of the blocks in the executors, and the merging of sums.
 *
 * @param <M> the model
 */
public abstract class HeddleEstimator<M extends Model<M>> extends Estimator<M> implements DefaultParamsWritable {
    @Serial
    private static final long serialVersionUID = 1;

    private final String uid;
    private final BlockParamSet blocks;

    /**
     * Creates an estimator with the default values.
     *
     * @param uid its unique identifier
     */
    HeddleEstimator(String uid) {
        this.uid = uid;
        blocks = BlockParamSet.of(this);
        setDefault(blocks.maxMemoryInMB(), BlockParamSet.DEFAULT_MEMORY);
        setDefault(blocks.maxBlockSizeInMB(), 0.0);
        setDefault(blocks.aggregationDepth(), BlockParamSet.DEFAULT_DEPTH);
    }

    @Override
    public String uid() {
        return uid;
    }

    /** {@return the parameter: maximum off-heap memory in MB for the rows in each executor; 2048 by default} */
    public IntParam maxMemoryInMB() {
        return blocks.maxMemoryInMB();
    }

    /** {@return the value of {@link #maxMemoryInMB()}} */
    public int getMaxMemoryInMB() {
        return (Integer) getOrDefault(maxMemoryInMB());
    }

    /** {@return the parameter: maximum size in MB of a block of rows; 0, the default, for 64} */
    public DoubleParam maxBlockSizeInMB() {
        return blocks.maxBlockSizeInMB();
    }

    /** {@return the value of {@link #maxBlockSizeInMB()}} */
    public double getMaxBlockSizeInMB() {
        return (Double) getOrDefault(maxBlockSizeInMB());
    }

    /** {@return the parameter: levels in which the sums of many partitions are merged; 2 by default} */
    public IntParam aggregationDepth() {
        return blocks.aggregationDepth();
    }

    /** {@return the value of {@link #aggregationDepth()}} */
    public int getAggregationDepth() {
        return (Integer) getOrDefault(aggregationDepth());
    }

    @Override
    @SuppressWarnings("unchecked")
    public Estimator<M> copy(ParamMap extra) {
        return (Estimator<M>) defaultCopy(extra);
    }

    /** The rows of a data set, with the sums for {@link Moments}. */
    DistributedRows rows(Dataset<?> data, RowFormat format) {
        BlockMemory memory = BlockParamSet.memory(getMaxMemoryInMB(), getMaxBlockSizeInMB());
        return DistributedRows.of(data, format, memory, getAggregationDepth(), Moments.sums());
    }
}
