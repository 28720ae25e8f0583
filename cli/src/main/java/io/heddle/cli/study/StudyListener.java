package io.heddle.cli.study;

/** Receives the progress of a study, on the thread that runs it, in order. */
public interface StudyListener {
    /** A stage has started. */
    default void started(StudyStage stage) {}

    /**
     * A long stage has progressed.
     *
     * @param total the final value of {@code done}; 0 if it is not known
     * @param detail a short remark such as the objective; may be empty
     */
    default void advanced(StudyStage stage, long done, long total, String detail) {}

    /** A stage has ended successfully. */
    default void finished(StageTime time) {}

    /** Reports one line, for example the location of the data. */
    default void note(String line) {}
}
