package io.heddle.cli.catalogue;

/** Receives the progress of an analysis, on the thread that runs it, in order. */
public interface Watcher {
    /** A step has started; the previous one has ended. */
    void started(String step);

    /**
     * A long step has progressed.
     *
     * @param total the final value of {@code done}; 0 if it is not known
     */
    void advanced(long done, long total, String detail);

    /** Reports one line. */
    void note(String line);
}
