package io.heddle.linear;

/**
 * An upper bound of the distance to the optimum, computed from the solution itself. With {@link Kind#DUALITY_GAP}, the
 * minimum is at most {@code relative} times the objective below it.
 *
 * <p>For example: {@snippet file="LinearExamplesTest.java" region="logistic-model"}
 *
 * @param kind what was computed
 * @param relative the bound; 0 at an exact optimum
 */
public record Certificate(Kind kind, double relative) {
    /** The kind of a certificate. */
    public enum Kind {
        /** (primal − dual objective) / primal objective, at a dual point from the model's probabilities. */
        DUALITY_GAP,
        /**
         * The largest element of the smallest subgradient, relative to the largest at the start. Used without a
         * penalty, where the dual gives no bound.
         */
        KKT_VIOLATION
    }
}
