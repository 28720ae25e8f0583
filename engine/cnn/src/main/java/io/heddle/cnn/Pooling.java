package io.heddle.cnn;

/** How a network's planes become features. */
public enum Pooling {
    /**
     * The mean of each plane of the last layer: what {@link Encoder} is about, and all that a TorchScript file gives.
     */
    MEAN,
    /**
     * As {@link #MEAN}, and behind it the means of a grid of 2 × 2 windows of each plane of the last three layers, for
     * linear classifiers, which make more of where something is seen. Networks of Heddle's own alone.
     *
     * <p>Layer by layer and plane by plane, the windows of a plane in rows; the windows of a side of n pixels reach
     * from 0 to ⌈n/2⌉ and from ⌊n/2⌋ to n.
     */
    GRID
}
