package io.heddle.cli.report;

import io.heddle.cli.study.StudyResult;
import io.heddle.metrics.ClusteringScores;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A result of the study that this project reproduces, and Heddle's result.
 *
 * @param name name of the method
 * @param measure the score
 * @param low the study's result, or the lower end of its range
 * @param high the upper end, or the same as {@code low}
 * @param value Heddle's result
 * @param percent whether it is shown as a percentage
 * @param kMeans result of k-means, if the result is of another clustering
 */
public record StudyFigures(
        String name, String measure, double low, double high, double value, boolean percent, OptionalDouble kMeans) {
    /** Returns the four main results, in the order of display. */
    public static List<StudyFigures> of(StudyResult result) {
        ClusteringScores scores = result.best().chosen().scores();
        ClusteringScores kMeans = result.clustering().chosen().scores();
        boolean neighbors = result.neighborClustering().isPresent();
        String by = neighbors ? ", by neighbours" : ", by k-means";
        return List.of(
                new StudyFigures(
                        "Logistic regression",
                        "test accuracy",
                        0.71,
                        0.71,
                        result.logistic().confusion().accuracy(),
                        true,
                        OptionalDouble.empty()),
                new StudyFigures(
                        "Elastic net",
                        "test accuracy",
                        0.75,
                        0.75,
                        result.elasticNet().confusion().accuracy(),
                        true,
                        OptionalDouble.empty()),
                new StudyFigures(
                        "Clustering", "ARI" + by, 0.45, 0.50, scores.ari(), false, beside(neighbors, kMeans.ari())),
                new StudyFigures(
                        "Clustering", "NMI" + by, 0.50, 0.55, scores.nmi(), false, beside(neighbors, kMeans.nmi())));
    }

    private static OptionalDouble beside(boolean neighbors, double kMeans) {
        return neighbors ? OptionalDouble.of(kMeans) : OptionalDouble.empty();
    }

    /** Returns the study's result as text. */
    public String study() {
        if (percent) {
            return "%.0f\u00a0%%".formatted(100 * low);
        }
        return low == high ? two(low) : two(low) + "–" + two(high);
    }

    /** Returns Heddle's result as text. */
    public String heddle() {
        return percent ? Figures.percent(value) : Figures.score(value);
    }

    private static String two(double x) {
        return String.format(java.util.Locale.ROOT, "%.2f", x);
    }
}
