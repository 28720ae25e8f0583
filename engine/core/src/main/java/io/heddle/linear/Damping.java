package io.heddle.linear;

import java.util.List;

/**
 * A factor on the diagonal of an estimated Hessian, which compensates underestimation by the sample. Where the line
 * search shortens a step, the estimate is too small along the direction: the factor is raised, because a shortened step
 * sets no parameter to zero. After a full step it is lowered again. Levenberg, "A Method for the Solution of Certain
 * Non-Linear Problems in Least Squares", Quart. Appl. Math. 2, 1944; Marquardt, J. SIAM 11(2), 1963.
 */
final class Damping {
    private static final double RAISE = 4;
    private static final double LOWER = 0.5;
    /** The first excess if the factor starts at 1. */
    private static final double FIRST = 0.02;

    private static final double MAXIMUM = 10;

    private final double minimum;
    /** The factor minus 1. */
    private double excess;

    /** @param factor its start and minimum, ≥ 1 */
    Damping(double factor) {
        minimum = factor - 1;
        excess = minimum;
    }

    double factor() {
        return 1 + excess;
    }

    /**
     * Adapts the factor, and the estimates that have it on their diagonals.
     *
     * @param step share of the direction that was taken, 0 to 1. It is 0 too if the direction promised no decrease: at
     *     the rounding error of floats, short steps end the iterations sooner
     */
    void adapt(double step, List<BlockHessian> estimates) {
        double before = factor();
        excess = step < 1 ? Math.clamp(RAISE * excess, FIRST, MAXIMUM) : Math.max(LOWER * excess, minimum);
        if (factor() != before) {
            estimates.forEach(h -> h.scaleDiagonal(factor() / before));
        }
    }
}
