package io.heddle.encoder;

/** A part of the work of a network. */
interface Step {
    /**
     * Whether it is done for all images of a block at once, because its weights are read from further away than its
     * images.
     */
    default boolean ofWholeBlock() {
        return false;
    }

    /**
     * Does it.
     *
     * @param image number of the image in the block or, of a whole block, how many there are
     */
    void run(Workspace workspace, int image);
}
