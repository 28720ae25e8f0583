package io.heddle.spark;

import io.heddle.spark.partition.BlockMemory;
import java.io.Serial;
import java.io.Serializable;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.Identifiable;

/** The parameters of all estimators: the memory of the blocks in the executors, and the merging of sums. */
record BlockParamSet(IntParam maxMemoryInMB, DoubleParam maxBlockSizeInMB, IntParam aggregationDepth)
        implements Serializable {
    static final int DEFAULT_MEMORY = 2048;
    static final int DEFAULT_DEPTH = 2;

    @Serial
    private static final long serialVersionUID = 1;

    private static final double DEFAULT_BLOCK = 64;
    private static final int MEGABYTE_BITS = 20;

    static BlockParamSet of(Identifiable parent) {
        return new BlockParamSet(
                new IntParam(
                        parent,
                        "maxMemoryInMB",
                        "maximum memory outside the heap, in MB, for the rows in each executor",
                        ParamValidators.gt(0)),
                new DoubleParam(
                        parent,
                        "maxBlockSizeInMB",
                        "maximum size of a block of rows, in MB; 0 for " + (int) DEFAULT_BLOCK,
                        ParamValidators.gtEq(0)),
                new IntParam(
                        parent,
                        "aggregationDepth",
                        "levels in which the sums of more than 32 partitions are merged",
                        ParamValidators.gtEq(1)));
    }

    /**
     * @param megabytes for all blocks
     * @param block size of the largest block in MB; 0 for the default
     */
    static BlockMemory memory(int megabytes, double block) {
        double size = block == 0 ? DEFAULT_BLOCK : block;
        return new BlockMemory((long) megabytes << MEGABYTE_BITS, (long) (size * (1 << MEGABYTE_BITS)));
    }
}
