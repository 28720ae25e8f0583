package io.heddle.linear;

/** How a solver goes from one point to a better one. */
interface Iterations extends AutoCloseable {
    void iterate();

    /**
     * Drops what was kept from earlier iterations, after one that brought nothing.
     *
     * @return whether the next iteration may do better for it
     */
    boolean refresh();

    @Override
    void close();
}
