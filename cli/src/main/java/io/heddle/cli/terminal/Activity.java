package io.heddle.cli.terminal;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;

/**
 * Shows the progress of a command on standard error after two seconds, with the time left where the amount is known: a
 * line that is updated on a terminal, otherwise a line from time to time.
 *
 * <p>{@snippet : try (Activity activity = Activity.start(System.err, "k-means")) { activity.advanced(3, 10, "third
 * round"); } }
 */
public final class Activity implements AutoCloseable {
    private static final int WIDTH = 79;
    private static final long FIRST_MILLIS = 2_000;
    private static final long REDRAW_MILLIS = 200;
    private static final long REPEAT_MILLIS = 10_000;

    private final PrintStream err;
    private final Terminal terminal;
    private final LiveLine live;
    private final String title;
    private final Timer timer = new Timer("heddle-activity", true);
    private final long start = System.nanoTime();
    private long done;
    private long total;
    private String detail = "";
    private boolean bounded;
    private boolean ended;

    private Activity(PrintStream err, Terminal terminal, String title) {
        this.err = err;
        this.terminal = terminal;
        this.title = title;
        this.live = new LiveLine(err, Math.min(terminal.columns() - 1, WIDTH), terminal.colors());
    }

    /** @param title short description of the work */
    public static Activity start(PrintStream err, String title) {
        Activity activity = new Activity(err, Terminal.current(), title);
        long period = activity.terminal.live() ? REDRAW_MILLIS : REPEAT_MILLIS;
        activity.timer.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        activity.draw();
                    }
                },
                FIRST_MILLIS,
                period);
        return activity;
    }

    /**
     * @param doneSoFar finished amount
     * @param whole total amount; 0 if it is not known
     * @param words details
     */
    public synchronized void advanced(long doneSoFar, long whole, String words) {
        done = doneSoFar;
        total = whole;
        detail = words;
        bounded = false;
    }

    /**
     * @param doneSoFar number of finished steps
     * @param maximum maximum number of steps
     * @param words details
     */
    public synchronized void advancedAtMost(long doneSoFar, long maximum, String words) {
        advanced(doneSoFar, maximum, words);
        bounded = true;
    }

    private synchronized void draw() {
        if (ended) {
            return;
        }
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        String line = bounded
                ? LiveLine.bounded(title, done, total, elapsed, detail)
                : LiveLine.text(title, done, total, elapsed, detail);
        int width = terminal.live() ? Math.min(terminal.columns() - 1, WIDTH) : WIDTH;
        String shown = line.length() <= width ? line : line.substring(0, width);
        if (terminal.live()) {
            live.accept(shown);
        } else {
            err.println(shown);
        }
    }

    /** Ends the line. */
    @Override
    public synchronized void close() {
        ended = true;
        timer.cancel();
        live.clear();
    }
}
