package io.heddle.cli.output;

import io.heddle.cli.report.Figures;
import io.heddle.cli.report.StudyFigures;
import io.heddle.cli.study.StudyResult;
import io.heddle.cli.terminal.Progress;
import java.util.ArrayList;
import java.util.List;

/** The table at the end of a run that compares Heddle's results with those of the study. */
public final class ClosingTable {
    private ClosingTable() {}

    /** Returns the lines of the table, at most 80 columns wide. */
    public static List<String> lines(StudyResult result) {
        List<String> lines = new ArrayList<>();
        lines.add("%-36s %12s %12s".formatted("", "Heddle", "the study"));
        for (StudyFigures f : StudyFigures.of(result)) {
            lines.add(
                    Progress.plain("%-36s %12s %12s".formatted(f.name() + ", " + f.measure(), f.heddle(), f.study())));
        }
        result.featureClassifier()
                .ifPresent(c -> lines.add(Progress.plain("%-36s %12s"
                        .formatted(
                                "On %,d features, test accuracy".formatted(c.dimensions()),
                                Figures.percent(c.confusion().accuracy())))));
        if (result.options().sample().isPresent()) {
            lines.add("A sample of %,d training images; the study's results are for 60,000."
                    .formatted(result.data().train()));
        }
        return lines;
    }
}
