package io.heddle.spark;

import io.heddle.spark.partition.RowFormat;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.types.StructType;

/** The parameters of {@link HeddlePca} and {@link HeddlePcaModel}, named as those of MLlib's PCA. */
public interface PcaParams extends Params {
    /** {@return the parameter: number of components, at least 1} */
    IntParam k();

    /** {@return the parameter: name of the column of rows, vectors or arrays of floats or doubles} */
    Param<String> inputCol();

    /** {@return the parameter: name of the column of vectors that the model adds} */
    Param<String> outputCol();

    /** {@return the value of {@link #k()}} */
    default int getK() {
        return (Integer) getOrDefault(k());
    }

    /** {@return the value of {@link #inputCol()}} */
    default String getInputCol() {
        return getOrDefault(inputCol());
    }

    /** {@return the value of {@link #outputCol()}} */
    default String getOutputCol() {
        return getOrDefault(outputCol());
    }

    /**
     * Checks the input column and adds the output column.
     *
     * @param schema of the rows
     * @return with the output column
     */
    default StructType withOutput(StructType schema) {
        RowFormat.requireFeatures(schema, getInputCol());
        return SchemaColumns.appended(schema, getOutputCol(), SQLDataTypes.VectorType());
    }
}
