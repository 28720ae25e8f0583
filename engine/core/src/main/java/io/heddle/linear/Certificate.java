package io.heddle.linear;

/**
 * Proof of how good a solution is, computed from the solution itself. With {@link Kind#DUALITY_GAP}, no optimum can lie
 * further below the reported objective than {@code relative} times it.
 *
 * <p>For example: {@snippet file="LinearExamplesTest.java" region="logistic-model"}
 *
 * @param kind what was computed
 * @param relative the bound; 0 at an exact optimum
 */
public record Certificate(Kind kind, double relative) {
    /** What a certificate is made of. */
    public enum Kind {
        /** (primal − dual objective) / primal objective, at a dual point made from the model's own probabilities. */
        DUALITY_GAP,
        /**
         * The largest element of the smallest subgradient, as a share of the largest at the start: what is left without
         * a penalty, where the dual says nothing.
         */
        KKT_VIOLATION
    }
}
