package io.heddle.cli.catalogue;

/** Follows an analysis while it runs. Calls come from the thread that runs it, in order. */
public interface Watcher {
    /** A step begins; the one before it has ended. */
    void started(String step);

    /**
     * A long step has moved on.
     *
     * @param total what {@code done} counts up to; 0 when that is not known beforehand
     */
    void advanced(long done, long total, String detail);

    /** One line worth telling. */
    void note(String line);
}
