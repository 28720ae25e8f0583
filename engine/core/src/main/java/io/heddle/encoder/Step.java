package io.heddle.encoder;

/** A step in the execution of a network. */
interface Step {
    /**
     * Whether the step runs for all images of a block at once, so that its weights, which exceed the cache, are read
     * once.
     */
    default boolean ofWholeBlock() {
        return false;
    }

    /**
     * Runs the step.
     *
     * @param image number of the image in the block or, for a whole block, the number of images
     */
    void run(Workspace workspace, int image);
}
