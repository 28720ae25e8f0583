package io.heddle.cnn;

/** The conversion of a network's planes to features. */
public enum Pooling {
    /** The mean of each plane of the last layer. TorchScript files support only this. */
    MEAN,
    /**
     * As {@link #MEAN}, followed by the means of a grid of 2 × 2 windows of each plane of the last three layers.
     * Intended for linear classifiers, because the features contain positions. Only for Heddle networks.
     *
     * <p>The order is layer by layer, plane by plane, and windows in rows. The windows of a side of n pixels reach from
     * 0 to ⌈n/2⌉ and from ⌊n/2⌋ to n.
     */
    GRID
}
