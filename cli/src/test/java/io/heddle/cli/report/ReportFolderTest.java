package io.heddle.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFolderTest {
    @TempDir
    Path folder;

    @Test
    void showsNoFileBeforeAllAreComplete() throws IOException {
        Path out = folder.resolve("report");
        try (ReportFolder report = ReportFolder.open(out)) {
            report.stage("a.txt", "first");
            report.stage("b.txt", "second");
            assertThat(out.resolve("a.txt")).doesNotExist();
            assertThat(out.resolve("b.txt")).doesNotExist();

            report.publish();
        }
        assertThat(out.resolve("a.txt")).hasContent("first");
        assertThat(out.resolve("b.txt")).hasContent("second");
        assertThat(out.toFile().list()).containsExactlyInAnyOrder("a.txt", "b.txt");
    }

    @Test
    void leavesNothingWhenItIsNotPublished() throws IOException {
        try (ReportFolder report = ReportFolder.open(folder.resolve("deep").resolve("er"))) {
            report.stage("a.txt", "half");
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void keepsFilesOfOthers() throws IOException {
        Files.writeString(folder.resolve("mine.txt"), "mine");
        Files.writeString(folder.resolve("a.txt"), "older");
        try (ReportFolder report = ReportFolder.open(folder)) {
            report.stage("a.txt", "half");
        }
        assertThat(folder.resolve("a.txt")).hasContent("older");

        try (ReportFolder report = ReportFolder.open(folder)) {
            report.stage("a.txt", "newer");
            report.publish();
        }
        assertThat(folder.resolve("a.txt")).hasContent("newer");
        assertThat(folder.resolve("mine.txt")).hasContent("mine");
    }

    @Test
    void canBeClosedFromTheShutdownHook() throws IOException {
        ReportFolder report = ReportFolder.open(folder.resolve("out"));
        report.stage("a.txt", "half");
        report.close();
        report.close();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void refusesAFileAsFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> ReportFolder.open(file.resolve("below")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(file + " is a file, not a folder");
    }
}
