package io.heddle.encoder;

/**
 * How a network's planes become features.
 *
 * <p>For example: {@snippet file="EncoderExamplesTest.java" region="pooling"}
 */
public enum FeaturePooling {
    /** The mean of each plane of the last layer. */
    MEAN,
    /**
     * As {@link #MEAN}, and behind it the means of a grid of 2 × 2 windows of each plane of the last three layers, for
     * linear classifiers, which make more of where something is seen.
     *
     * <p>Layer by layer and plane by plane, the windows of a plane in rows; the windows of a side of n pixels reach
     * from 0 to ⌈n/2⌉ and from ⌊n/2⌋ to n.
     */
    GRID
}
