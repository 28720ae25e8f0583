package io.heddle.cli.study;

import java.util.ArrayList;
import java.util.List;

/** Measures the stages of a study and notifies its listener. */
final class Clock {
    private final StudyListener listener;
    private final long begun = System.nanoTime();
    private final List<StageTime> finished = new ArrayList<>();
    private StudyStage running;
    private long started;

    Clock(StudyListener listener) {
        this.listener = listener;
    }

    void start(StudyStage stage) {
        running = stage;
        listener.started(stage);
        started = System.nanoTime();
    }

    void advance(long done, long total, String detail) {
        listener.advanced(running, done, total, detail);
    }

    void note(String line) {
        listener.note(line);
    }

    /** Ends the running stage and returns its seconds. */
    double stop(long items, String unit, String note) {
        double seconds = (System.nanoTime() - started) / 1e9;
        StageTime time = new StageTime(running, seconds, items, unit, note);
        finished.add(time);
        listener.finished(time);
        return seconds;
    }

    List<StageTime> finished() {
        return List.copyOf(finished);
    }

    double totalSeconds() {
        return (System.nanoTime() - begun) / 1e9;
    }
}
