package io.heddle.cli.report;

import io.heddle.cli.study.StudyResult;

/** Renders the study's index.html. */
public final class StudyPage {
    private StudyPage() {}

    /**
     * Renders a study.
     *
     * @param version version of Heddle
     * @param command command that repeats the run
     */
    public static String render(StudyResult study, String version, String command) {
        return PageFiles.render("study.jte", new StudyView(study, version, command));
    }
}
