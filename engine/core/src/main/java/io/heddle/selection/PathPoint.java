package io.heddle.selection;

import java.util.Comparator;
import java.util.List;

/**
 * The score of one penalty.
 *
 * <p>For example: {@snippet file="SelectionExamplesTest.java" region="penalty-search"}
 *
 * @param lambda weight of the penalty
 * @param l1Ratio share of the L1 norm in it
 * @param score accuracy, 0 to 1
 * @param standardError standard error of the score
 * @param nonZeros non-zero weights in the fit to all rows
 * @param converged whether every fit with this penalty reached the tolerance
 */
public record PathPoint(
        double lambda, double l1Ratio, double score, double standardError, long nonZeros, boolean converged) {
    /**
     * Chooses by the one-standard-error rule: of all penalties whose score is within one standard error of the best
     * score, the one with the fewest non-zero weights, then the largest lambda. Hastie, Tibshirani and Friedman, "The
     * Elements of Statistical Learning", 2nd ed., section 7.10.
     *
     * @param points at least one
     * @return the chosen one
     * @throws java.util.NoSuchElementException if there are no points
     */
    public static PathPoint best(List<PathPoint> points) {
        PathPoint top = points.stream()
                .max(Comparator.comparingDouble(PathPoint::score).thenComparingDouble(PathPoint::lambda))
                .orElseThrow();
        return points.stream()
                .filter(p -> p.score >= top.score - top.standardError)
                .min(Comparator.comparingLong(PathPoint::nonZeros)
                        .thenComparing(
                                Comparator.comparingDouble(PathPoint::lambda).reversed()))
                .orElseThrow();
    }
}
