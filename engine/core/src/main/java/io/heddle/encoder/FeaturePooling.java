package io.heddle.encoder;

/**
 * How features are computed from a network's planes.
 *
 * <p>For example: {@snippet file="EncoderExamplesTest.java" region="pooling"}
 */
public enum FeaturePooling {
    /** The mean of each plane of the last layer. */
    MEAN,
    /**
     * As {@link #MEAN}, followed by the means of a grid of 2 × 2 windows of each plane of the last three layers. The
     * position of a pattern improves linear classifiers.
     *
     * <p>The order is layer by layer, plane by plane, and the windows of a plane in rows. The windows of a side of n
     * pixels are [0, ⌈n/2⌉) and [⌊n/2⌋, n).
     */
    GRID
}
