package io.heddle.linear;

/** How a solver goes from one point to a better one. */
interface Rounds extends AutoCloseable {
    void round();

    /**
     * Drops what was kept from earlier rounds, after one that brought nothing.
     *
     * @return whether the next round may do better for it
     */
    boolean refresh();

    @Override
    void close();
}
