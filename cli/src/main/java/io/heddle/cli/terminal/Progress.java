package io.heddle.cli.terminal;

import io.heddle.cli.report.Figures;
import io.heddle.cli.study.StageTime;
import io.heddle.cli.study.StudyListener;
import io.heddle.cli.study.StudyStage;
import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/**
 * Shows the progress of a study on standard error: a line for each finished stage and, on a terminal, a bar for the
 * running one.
 */
public final class Progress implements StudyListener, AutoCloseable {
    private static final int WIDTH = 80;
    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";

    private static final int UPDATE_MILLIS = 200;

    private final PrintStream err;
    private final Terminal terminal;
    private final LiveLine live;
    private ProgressBar bar;

    public Progress(PrintStream err, Terminal terminal) {
        this.err = err;
        this.terminal = terminal;
        this.live = new LiveLine(err, Math.min(terminal.columns() - 1, WIDTH), terminal.colors());
    }

    @Override
    public void started(StudyStage stage) {
        if (terminal.live()) {
            bar = new ProgressBarBuilder()
                    .setTaskName(stage.title())
                    .setInitialMax(-1)
                    .setUpdateIntervalMillis(UPDATE_MILLIS)
                    .continuousUpdate()
                    .setConsumer(live)
                    .setRenderer(live)
                    .clearDisplayOnFinish()
                    .build();
        }
    }

    @Override
    public void advanced(StudyStage stage, long done, long total, String detail) {
        if (bar != null) {
            if (total > 0) {
                bar.maxHint(total);
                bar.stepTo(done);
            }
            bar.setExtraMessage(detail);
        }
    }

    @Override
    public void finished(StageTime time) {
        close();
        String rate = time.items() == 0 ? "" : Figures.rate(time.throughput()) + " " + time.unit() + "/s";
        String seconds = plain(Figures.seconds(time.seconds()));
        String line = "%-20s %10s %17s  %s".formatted(time.stage().title(), seconds, rate, time.note());
        err.println(fit(line.stripTrailing()));
    }

    @Override
    public void note(String line) {
        live.above(line);
    }

    /** Ends the bar, if there is one. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            // A bar that is closed before it was drawn is drawn once and not cleared.
            live.clear();
            bar = null;
        }
    }

    /** Prints a line, bold if colours are enabled. */
    public void printBold(String line) {
        if (terminal.colors()) {
            // As bytes, because standard error escapes the control characters of printed text.
            String bold = BOLD + PlainText.of(line) + PLAIN + System.lineSeparator();
            err.writeBytes(bold.getBytes(err.charset()));
            err.flush();
        } else {
            err.println(line);
        }
    }

    private static String fit(String line) {
        return line.length() <= WIDTH ? line : line.substring(0, WIDTH - 3) + "...";
    }

    /** Replaces the non-breaking spaces and dashes of pages, which terminals may not support. */
    public static String plain(String text) {
        return text.replace('\u00a0', ' ').replace('\u2013', '-');
    }
}
