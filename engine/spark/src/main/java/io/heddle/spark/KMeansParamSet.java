package io.heddle.spark;

import java.io.Serial;
import java.io.Serializable;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.Identifiable;

/** The parameters of k-means, created for the estimator and for the model. */
record KMeansParamSet(
        IntParam k,
        Param<String> featuresCol,
        Param<String> predictionCol,
        Param<String> weightCol,
        IntParam maxIter,
        DoubleParam tol,
        LongParam seed,
        Param<String> initMode,
        IntParam initSteps,
        Param<String> distanceMeasure)
        implements Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    static KMeansParamSet of(Identifiable parent) {
        return new KMeansParamSet(
                new IntParam(parent, "k", "number of clusters", ParamValidators.gt(0)),
                new Param<>(
                        parent, "featuresCol", "name of the column of rows: vectors or arrays of floats or doubles"),
                new Param<>(parent, "predictionCol", "name of the column of cluster numbers that the model adds"),
                new Param<>(parent, "weightCol", "name of the column of weights; not set for weight 1"),
                new IntParam(parent, "maxIter", "maximum number of iterations", ParamValidators.gtEq(0)),
                new DoubleParam(
                        parent, "tol", "the fit ends when no centre moves farther than this", ParamValidators.gtEq(0)),
                new LongParam(parent, "seed", "seed of all random choices"),
                new Param<>(
                        parent,
                        "initMode",
                        "how the first centres are chosen: sampled, k-means|| or random",
                        ParamValidators.inArray(
                                new String[] {HeddleKMeans.SAMPLED, HeddleKMeans.PARALLEL, HeddleKMeans.RANDOM_ROWS})),
                new IntParam(parent, "initSteps", "rounds of k-means||", ParamValidators.gt(0)),
                new Param<>(
                        parent,
                        "distanceMeasure",
                        "euclidean, or cosine: rows and centres are scaled to length 1",
                        ParamValidators.inArray(new String[] {HeddleKMeans.EUCLIDEAN, HeddleKMeans.COSINE})));
    }
}
