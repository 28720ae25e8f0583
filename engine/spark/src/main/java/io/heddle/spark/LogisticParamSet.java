package io.heddle.spark;

import java.io.Serial;
import java.io.Serializable;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.Identifiable;

/** The parameters of logistic regression, created for the estimator and for the model. */
record LogisticParamSet(
        DoubleParam regParam,
        DoubleParam elasticNetParam,
        BooleanParam fitIntercept,
        BooleanParam standardization,
        DoubleParam tol,
        IntParam maxIter,
        Param<String> weightCol,
        Param<String> family,
        DoubleParam threshold,
        LongParam seed)
        implements Serializable {
    static final String AUTO = "auto";
    static final String BINOMIAL = "binomial";
    static final String MULTINOMIAL = "multinomial";
    static final double DEFAULT_THRESHOLD = 0.5;

    @Serial
    private static final long serialVersionUID = 1;

    static LogisticParamSet of(Identifiable parent) {
        return new LogisticParamSet(
                new DoubleParam(parent, "regParam", "weight of the penalty", ParamValidators.gtEq(0)),
                new DoubleParam(
                        parent,
                        "elasticNetParam",
                        "share of the L1 norm in the penalty: 0 for L2, 1 for L1",
                        ParamValidators.inRange(0, 1)),
                new BooleanParam(parent, "fitIntercept", "whether there are intercepts"),
                new BooleanParam(
                        parent,
                        "standardization",
                        "whether the penalty counts the weights of columns of unit deviation"),
                new DoubleParam(parent, "tol", "relative duality gap at which the fit ends", ParamValidators.gt(0)),
                new IntParam(parent, "maxIter", "maximum number of iterations", ParamValidators.gtEq(1)),
                new Param<>(parent, "weightCol", "name of the column of weights; not set for weight 1"),
                new Param<>(
                        parent,
                        "family",
                        "binomial for two classes with one vector of coefficients, multinomial, or auto",
                        ParamValidators.inArray(new String[] {AUTO, BINOMIAL, MULTINOMIAL})),
                new DoubleParam(
                        parent,
                        "threshold",
                        "probability above which the second of two classes is predicted",
                        ParamValidators.inRange(0, 1)),
                new LongParam(parent, "seed", "picks the rows of the sample that the solver starts from"));
    }
}
