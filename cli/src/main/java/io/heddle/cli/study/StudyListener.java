package io.heddle.cli.study;

/** Follows a study while it runs. Calls come from the thread that runs it, in order. */
public interface StudyListener {
    /** A stage begins. */
    default void started(Stage stage) {}

    /**
     * A long stage has moved on.
     *
     * @param total what {@code done} counts up to; 0 when that is not known beforehand
     * @param detail a short remark such as the objective; may be empty
     */
    default void advanced(Stage stage, long done, long total, String detail) {}

    /** A stage has ended well. */
    default void finished(StageTime time) {}

    /** One line worth telling, for example where the data were found. */
    default void note(String line) {}
}
