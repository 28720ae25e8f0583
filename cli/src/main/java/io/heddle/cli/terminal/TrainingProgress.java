package io.heddle.cli.terminal;

import io.heddle.cnn.EncoderTraining;
import io.heddle.cnn.TrainingOptions;
import java.io.PrintStream;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Shows the progress of a training: a line for each epoch and, on a terminal, a bar for the running one. */
public final class TrainingProgress implements Consumer<EncoderTraining.Progress>, AutoCloseable {
    private static final int WIDTH = 80;
    private static final int UPDATE_MILLIS = 200;

    private final PrintStream err;
    private final Terminal terminal;
    private final TrainingOptions options;
    private final LiveLine live;
    private ProgressBar bar;
    private int epoch = Integer.MIN_VALUE;
    private int reportedEpoch = Integer.MIN_VALUE;

    public TrainingProgress(PrintStream err, Terminal terminal, TrainingOptions options) {
        this.err = err;
        this.terminal = terminal;
        this.options = options;
        live = new LiveLine(err, Math.min(terminal.columns() - 1, WIDTH), terminal.colors());
    }

    @Override
    public void accept(EncoderTraining.Progress progress) {
        String title = progress.epoch() < 0
                ? "teacher"
                : "epoch %d of %d"
                        .formatted(progress.epoch() + 1, options.schedule().epochs());
        if (terminal.live() && progress.epoch() != epoch) {
            close();
            bar = new ProgressBarBuilder()
                    .setTaskName(title)
                    .setInitialMax(progress.total())
                    .setUpdateIntervalMillis(UPDATE_MILLIS)
                    .continuousUpdate()
                    .setConsumer(live)
                    .setRenderer(live)
                    .clearDisplayOnFinish()
                    .build();
        }
        epoch = progress.epoch();
        String losses = losses(progress);
        if (bar != null) {
            bar.stepTo(progress.done());
            bar.setExtraMessage(losses);
        }
        if (progress.done() == progress.total() && reportedEpoch != epoch) {
            reportedEpoch = epoch;
            close();
            err.println("%-14s %6.0f images/s  %s"
                    .formatted(title, progress.imagesPerSecond(), losses)
                    .stripTrailing());
        }
    }

    private static String losses(EncoderTraining.Progress progress) {
        StringBuilder line = new StringBuilder();
        if (progress.distillation() > 0) {
            line.append("distillation %.4f  ".formatted(progress.distillation()));
        }
        if (progress.contrast() > 0) {
            line.append("contrast %.4f".formatted(progress.contrast()));
        }
        return line.toString().stripTrailing();
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            // A bar that is closed before it was drawn is drawn once and not cleared.
            live.clear();
            bar = null;
        }
    }
}
