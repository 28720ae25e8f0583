package io.heddle.cli.terminal;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/**
 * The line of a terminal that is updated while a stage runs. Permanent lines are printed above it.
 *
 * <p>The default renderer shows question marks if the total is not known, as for most solvers. This one shows only the
 * time.
 */
final class LiveLine implements ProgressBarConsumer, ProgressBarRenderer {
    private static final int TITLE = 20;
    private static final int BAR = 20;

    /** Steps and time before the time left is shown. The first steps run before the code is compiled. */
    private static final int TRUSTED_STEPS = 5;

    private static final Duration TRUSTED_TIME = Duration.ofSeconds(3);

    /** An upper bound of more than this many times the elapsed time says little about the end. */
    private static final int TRUSTED_FACTOR = 20;

    private final PrintStream out;
    private final int width;
    private final boolean colors;
    private int drawn;

    /** @param width maximum width of a line in columns */
    LiveLine(PrintStream out, int width, boolean colors) {
        this.out = out;
        this.width = width;
        this.colors = colors;
    }

    @Override
    public String render(ProgressState state, int maxLength) {
        String line = text(
                state.getTaskName(),
                state.getCurrent(),
                state.getMax(),
                state.getElapsedAfterStart(),
                state.getExtraMessage());
        return line.length() <= maxLength ? line : line.substring(0, maxLength);
    }

    /**
     * Returns the line of a stage: its title, how much is done, the time, and the time left at the same speed.
     *
     * @param total 0 or less if it is not known
     */
    static String text(String title, long done, long total, Duration elapsed, String detail) {
        StringBuilder line = new StringBuilder(("%-" + TITLE + "s ").formatted(title));
        if (total > 0) {
            double share = Math.clamp((double) done / total, 0, 1);
            int full = (int) (BAR * share);
            line.append('[')
                    .append("=".repeat(full))
                    .append(" ".repeat(BAR - full))
                    .append(String.format(Locale.ROOT, "] %3.0f %% ", 100 * share))
                    .append(clock(elapsed));
            if (share > 0 && share < 1) {
                Duration left = Duration.ofMillis((long) (elapsed.toMillis() * (1 - share) / share));
                line.append(", ").append(clock(left)).append(" left");
            }
        } else {
            line.append(clock(elapsed));
        }
        return line.append("  ").append(detail).toString().stripTrailing();
    }

    /**
     * Returns the line of a stage that can end before its last step: the time, and the maximum time left at the same
     * speed. This maximum is left out during the first steps and seconds, and while it is many times the elapsed time.
     *
     * @param done number of steps
     * @param maximum number of steps
     */
    static String bounded(String title, long done, long maximum, Duration elapsed, String detail) {
        StringBuilder line = new StringBuilder(("%-" + TITLE + "s ").formatted(title)).append(clock(elapsed));
        boolean measured = done >= TRUSTED_STEPS && elapsed.compareTo(TRUSTED_TIME) >= 0;
        double factor = (double) maximum / done - 1;
        if (measured && factor > 0 && factor <= TRUSTED_FACTOR) {
            Duration left = Duration.ofMillis((long) (elapsed.toMillis() * factor));
            line.append(", at most ").append(clock(left)).append(" left");
        }
        return line.append("  ").append(detail).toString().stripTrailing();
    }

    private static String clock(Duration time) {
        return "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
    }

    @Override
    public int getMaxRenderedLength() {
        return width;
    }

    @Override
    public synchronized void accept(String line) {
        String escaped = PlainText.of(line);
        // Escapes are longer than what they replace; a line that is too long would wrap.
        String plain = escaped.substring(0, Math.min(escaped.length(), line.length()));
        String dimmed = colors ? "\u001b[2m" + plain + "\u001b[0m" : plain;
        control("\r" + dimmed + " ".repeat(Math.max(0, drawn - plain.length())));
        drawn = plain.length();
    }

    /** Writes text with control characters, as bytes, because standard error escapes those of printed text. */
    private void control(String text) {
        out.writeBytes(text.getBytes(out.charset()));
        out.flush();
    }

    /** Prints a permanent line. */
    synchronized void above(String line) {
        clear();
        out.println(line);
    }

    @Override
    public synchronized void clear() {
        if (drawn > 0) {
            control("\r" + " ".repeat(drawn) + "\r");
            drawn = 0;
        }
    }

    @Override
    public void close() {
        clear();
    }
}
