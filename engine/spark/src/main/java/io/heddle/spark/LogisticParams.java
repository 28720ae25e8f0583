package io.heddle.spark;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * The parameters of {@link HeddleLogisticRegression} and {@link HeddleLogisticRegressionModel}, named as those of
 * MLlib's logistic regression. Those of every classifier, such as {@code featuresCol} and {@code thresholds}, are in
 * Spark's own types.
 */
public interface LogisticParams extends Params {
    /** {@return the parameter: weight of the penalty, 0 or more; 0 by default} */
    DoubleParam regParam();

    /** {@return the parameter: share of the L1 norm in the penalty, 0 to 1; 0 by default} */
    DoubleParam elasticNetParam();

    /** {@return the parameter: whether there are intercepts; true by default} */
    BooleanParam fitIntercept();

    /** {@return the parameter: whether the penalty counts the weights of columns of unit deviation; true by default} */
    BooleanParam standardization();

    /** {@return the parameter: the relative duality gap at which the fit ends, above 0; 1e-4 by default} */
    DoubleParam tol();

    /** {@return the parameter: maximum number of iterations, at least 1; 100 by default} */
    IntParam maxIter();

    /** {@return the parameter: name of the column of row weights; all rows count 1 if it is not set} */
    Param<String> weightCol();

    /**
     * {@return the parameter: {@code binomial}, one vector of coefficients for two classes; {@code multinomial}, one
     * for each class; {@code auto}, the default, binomial for two classes}
     */
    Param<String> family();

    /**
     * {@return the parameter: probability above which the second of two classes is predicted, 0 to 1; 0.5 by default}
     */
    DoubleParam threshold();

    /** {@return the parameter: divisors of the probabilities of the classes, before the largest is predicted} */
    DoubleArrayParam thresholds();

    /** {@return the parameter: seed of the sample from which the solver starts; 0 by default} */
    LongParam seed();

    /** {@return the value of {@link #regParam()}} */
    default double getRegParam() {
        return (Double) getOrDefault(regParam());
    }

    /** {@return the value of {@link #elasticNetParam()}} */
    default double getElasticNetParam() {
        return (Double) getOrDefault(elasticNetParam());
    }

    /** {@return the value of {@link #fitIntercept()}} */
    default boolean getFitIntercept() {
        return (Boolean) getOrDefault(fitIntercept());
    }

    /** {@return the value of {@link #standardization()}} */
    default boolean getStandardization() {
        return (Boolean) getOrDefault(standardization());
    }

    /** {@return the value of {@link #tol()}} */
    default double getTol() {
        return (Double) getOrDefault(tol());
    }

    /** {@return the value of {@link #maxIter()}} */
    default int getMaxIter() {
        return (Integer) getOrDefault(maxIter());
    }

    /** {@return the value of {@link #weightCol()}} */
    default String getWeightCol() {
        return getOrDefault(weightCol());
    }

    /** {@return the value of {@link #family()}} */
    default String getFamily() {
        return getOrDefault(family());
    }

    /**
     * {@return the value of {@link #threshold()}, or the threshold that is equivalent to two {@link #thresholds()}}
     *
     * @throws io.heddle.matrix.InvalidInputException if both are set and differ, or there are other than two thresholds
     */
    default double getThreshold() {
        return Thresholds.single(this);
    }

    /** {@return the value of {@link #seed()}} */
    default long getSeed() {
        return (Long) getOrDefault(seed());
    }
}
