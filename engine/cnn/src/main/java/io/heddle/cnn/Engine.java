package io.heddle.cnn;

/** The engine that computes an encoder's features. */
public enum Engine {
    /** {@link #JAVA} for Heddle networks unless {@link Precision#BFLOAT16} is requested, otherwise {@link #PYTORCH}. */
    AUTO,
    /**
     * Heddle's convolutions ({@link io.heddle.encoder.ImageEncoder}): float32, without a native library. Only for
     * Heddle networks.
     */
    JAVA,
    /** PyTorch, through DJL: for all encoders and both precisions. Unpacks its libraries on first use. */
    PYTORCH
}
