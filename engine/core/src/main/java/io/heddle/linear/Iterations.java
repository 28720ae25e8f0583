package io.heddle.linear;

/** An algorithm for one iteration of a solver. */
interface Iterations extends AutoCloseable {
    void iterate();

    /**
     * Discards data from earlier iterations, after one without progress.
     *
     * @return whether the next iteration may make progress
     */
    boolean refresh();

    @Override
    void close();
}
