package io.heddle.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.cli.study.StageTime;
import io.heddle.cli.study.StudyStage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveLineTest {
    private static final String CLEARED = "\r {%d}\r";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private ProgressBar bar(LiveLine line, long max) {
        return new ProgressBarBuilder()
                .setTaskName("Image features")
                .setInitialMax(max)
                // Draws only when the test says so.
                .setUpdateIntervalMillis(3_600_000)
                .setConsumer(line)
                .setRenderer(line)
                .clearDisplayOnFinish()
                .build();
    }

    @Test
    void showsTheShareIfTheEndIsKnown() {
        try (ProgressBar bar = bar(new LiveLine(out, 79, false), 200)) {
            bar.stepTo(50);
            bar.setExtraMessage("batch 3");
            bar.refresh();
        }
        assertThat(written()).contains("Image features       [=====               ]  25 % 0:00", "batch 3");
    }

    @Test
    void showsTheTimeOnlyIfTheEndIsUnknown() {
        try (ProgressBar bar = bar(new LiveLine(out, 79, false), -1)) {
            bar.refresh();
        }
        assertThat(written()).contains("Image features       0:00").doesNotContain("?", "%");
    }

    @Test
    void showsTheRemainingTimeIfTheEndIsKnown() {
        assertThat(LiveLine.text("Map", 50, 200, Duration.ofSeconds(10), "epoch 50"))
                .isEqualTo("Map                  [=====               ]  25 % 0:10, 0:30 left  epoch 50");
        assertThat(LiveLine.text("Map", 0, 0, Duration.ofSeconds(75), "")).isEqualTo("Map                  1:15");
    }

    @Test
    void showsTheMaximumRemainingTimeIfTheWorkCanEndEarly() {
        assertThat(LiveLine.bounded("k-means", 20, 100, Duration.ofSeconds(10), "step 20"))
                .isEqualTo("k-means              0:10, at most 0:40 left  step 20");
        assertThat(LiveLine.bounded("k-means", 0, 100, Duration.ofSeconds(10), ""))
                .isEqualTo("k-means              0:10");
    }

    /** k-means with at most 300 passes of 117 batches once showed "at most 587:06 left" after its first step. */
    @ParameterizedTest
    @CsvSource({
        // steps, maximum, milliseconds, shown
        "    1, 35100,  1004, 0:01",
        "    4,    20,  9000, 0:09",
        "    5,    20,  2999, 0:02",
        "    5,    20,  3000, '0:03, at most 0:09 left'",
        "   10,   211, 60000, 1:00",
        "   10,   210, 60000, '1:00, at most 20:00 left'",
        "   20,    20, 60000, 1:00",
        "   21,    20, 60000, 1:00",
    })
    void showsTheMaximumRemainingTimeOnlyWhenItIsReliable(long done, long maximum, long millis, String shown) {
        assertThat(LiveLine.bounded("k-means", done, maximum, Duration.ofMillis(millis), ""))
                .isEqualTo("k-means              " + shown);
    }

    @Test
    void otherTextGetsASeparateLine() {
        PrintStream terminal = new PrintStream(new StatusStream(bytes), true, StandardCharsets.UTF_8);
        LiveLine line = new LiveLine(terminal, 79, false);
        line.accept("live");
        terminal.println("a note");
        terminal.println("another note");
        line.accept("more");
        line.clear();
        terminal.println("the end");

        assertThat(written())
                .isEqualTo(
                        "\rlive\r\u001b[Ka note%n".formatted() + "another note%n\rmore\r    \rthe end%n".formatted());
    }

    @Test
    void staysWithinTheTerminalAndClearsItsLine() {
        // The line is cleared after the bar. A bar that is closed before its first scheduled drawing is drawn once
        // more.
        try (LiveLine line = new LiveLine(out, 30, false);
                ProgressBar bar = bar(line, 10)) {
            bar.stepTo(5);
            bar.refresh();
        }
        assertThat(written().split("\r")).allSatisfy(l -> assertThat(l).hasSizeLessThanOrEqualTo(30));
        assertThat(written()).containsPattern(CLEARED.formatted(30) + "$").doesNotContain("\n", "\u001b");
    }

    @Test
    void aPermanentLineReplacesTheLiveOne() {
        LiveLine line = new LiveLine(out, 79, false);
        line.accept("live");
        line.above("stays");

        assertThat(written()).isEqualTo("\rlive\r    \rstays" + System.lineSeparator());
    }

    @Test
    void withoutATerminalOnlyWholeLinesAreWritten() {
        try (Progress progress = new Progress(out, new Terminal(0, false))) {
            progress.started(StudyStage.FEATURES);
            progress.advanced(StudyStage.FEATURES, 1, 2, "half");
            progress.finished(new StageTime(StudyStage.FEATURES, 2, 3000, "images", "imagenet"));
        }
        assertThat(written().lines().toList())
                .isEqualTo(List.of("Image features           2.00 s    1,500 images/s  imagenet"));
    }
}
