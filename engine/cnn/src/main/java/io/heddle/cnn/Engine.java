package io.heddle.cnn;

/** What computes an encoder's features. */
public enum Engine {
    /**
     * {@link #JAVA} for networks of Heddle's own, unless {@link Precision#BFLOAT16} is asked for; else
     * {@link #PYTORCH}.
     */
    AUTO,
    /**
     * Heddle's own convolutions ({@link io.heddle.encoder.ImageEncoder}): float32, no native library, opened at once.
     * For networks of Heddle's own alone.
     */
    JAVA,
    /** PyTorch, through DJL: for every encoder and either precision; unpacks its libraries on first use. */
    PYTORCH
}
