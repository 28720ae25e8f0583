package io.heddle.spark;

import io.heddle.spark.partition.RowFormat;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The parameters of {@link HeddleKMeans} and {@link HeddleKMeansModel}, named as those of MLlib's KMeans. */
public interface KMeansParams extends Params {
    /** {@return the parameter: number of clusters, at least 1; 2 by default} */
    IntParam k();

    /** {@return the parameter: name of the column of rows, vectors or arrays of floats or doubles} */
    Param<String> featuresCol();

    /** {@return the parameter: name of the column of cluster numbers that the model adds} */
    Param<String> predictionCol();

    /** {@return the parameter: name of the column of weights; not set for weight 1} */
    Param<String> weightCol();

    /** {@return the parameter: maximum number of iterations or batches; 20 by default} */
    IntParam maxIter();

    /** {@return the parameter: the fit ends when no centre moves farther than this; 1e-4 by default} */
    DoubleParam tol();

    /** {@return the parameter: seed of all random choices} */
    LongParam seed();

    /**
     * {@return the parameter: how the first centres are chosen} {@code sampled}, the default: Lloyd's algorithm on a
     * sample in the driver, after greedy k-means++; {@code k-means||}; {@code random}: random rows.
     */
    Param<String> initMode();

    /** {@return the parameter: rounds of {@code k-means||}, at least 1; 2 by default} */
    IntParam initSteps();

    /** {@return the value of {@link #k()}} */
    default int getK() {
        return (Integer) getOrDefault(k());
    }

    /** {@return the value of {@link #featuresCol()}} */
    default String getFeaturesCol() {
        return getOrDefault(featuresCol());
    }

    /** {@return the value of {@link #predictionCol()}} */
    default String getPredictionCol() {
        return getOrDefault(predictionCol());
    }

    /** {@return the value of {@link #weightCol()}} */
    default String getWeightCol() {
        return getOrDefault(weightCol());
    }

    /** {@return the value of {@link #maxIter()}} */
    default int getMaxIter() {
        return (Integer) getOrDefault(maxIter());
    }

    /** {@return the value of {@link #tol()}} */
    default double getTol() {
        return (Double) getOrDefault(tol());
    }

    /** {@return the value of {@link #seed()}} */
    default long getSeed() {
        return (Long) getOrDefault(seed());
    }

    /** {@return the value of {@link #initMode()}} */
    default String getInitMode() {
        return getOrDefault(initMode());
    }

    /** {@return the parameter: {@code euclidean}, the default, or {@code cosine}} */
    Param<String> distanceMeasure();

    /** {@return the value of {@link #distanceMeasure()}} */
    default String getDistanceMeasure() {
        return getOrDefault(distanceMeasure());
    }

    /** {@return the value of {@link #initSteps()}} */
    default int getInitSteps() {
        return (Integer) getOrDefault(initSteps());
    }

    /**
     * Checks the column of features and adds the column of predictions.
     *
     * @param schema of the rows
     * @return with the column of predictions
     */
    default StructType withPrediction(StructType schema) {
        RowFormat.requireFeatures(schema, getFeaturesCol());
        return SchemaColumns.appended(schema, getPredictionCol(), DataTypes.IntegerType);
    }
}
