package io.heddle.cli.report;

import io.heddle.cli.study.StudyResult;
import java.util.List;

/**
 * The figures that the study this project starts from reports in its README, to stand beside Heddle's own.
 *
 * @param name what is judged
 * @param measure the score
 * @param low the study's figure, or the low end of its range
 * @param high the same as {@code low}, or the high end
 * @param value Heddle's figure
 * @param percent whether people read it as a percentage
 */
public record StudyFigures(String name, String measure, double low, double high, double value, boolean percent) {
    /** The four headline figures, in the order in which they are shown. */
    public static List<StudyFigures> of(StudyResult result) {
        var scores = result.best().chosen().scores();
        return List.of(
                new StudyFigures(
                        "Logistic regression",
                        "test accuracy",
                        0.71,
                        0.71,
                        result.logistic().confusion().accuracy(),
                        true),
                new StudyFigures(
                        "Elastic net",
                        "test accuracy",
                        0.75,
                        0.75,
                        result.elasticNet().confusion().accuracy(),
                        true),
                new StudyFigures("Clustering", "ARI", 0.45, 0.50, scores.ari(), false),
                new StudyFigures("Clustering", "NMI", 0.50, 0.55, scores.nmi(), false));
    }

    /** The study's figure as text. */
    public String study() {
        if (percent) {
            return "%.0f\u00a0%%".formatted(100 * low);
        }
        return low == high ? two(low) : two(low) + "–" + two(high);
    }

    /** Heddle's figure as text. */
    public String heddle() {
        return percent ? Figures.percent(value) : Figures.score(value);
    }

    private static String two(double x) {
        return String.format(java.util.Locale.ROOT, "%.2f", x);
    }
}
