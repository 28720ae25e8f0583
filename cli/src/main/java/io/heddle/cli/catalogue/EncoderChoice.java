package io.heddle.cli.catalogue;

import io.heddle.cnn.Engine;
import io.heddle.cnn.Pooling;
import io.heddle.cnn.Precision;
import io.heddle.data.ImageShape;
import java.util.OptionalInt;

/**
 * What turns images into features.
 *
 * @param name of an embedded encoder, a file, {@value #NONE} for the pixels themselves, or {@value #AUTO} for what
 *     suits the images
 * @param engine what runs the encoder
 * @param precision arithmetic of the encoder
 * @param inputSize side of the images that an encoder without a description takes
 */
public record EncoderChoice(String name, Engine engine, Precision precision, OptionalInt inputSize) {
    /** The pixels are the features. */
    public static final String NONE = "none";

    /** What suits the images. */
    public static final String AUTO = "auto";

    // Heddle's own encoder has learnt from gray images of 28 x 28 pixels; it sees no more of larger ones.
    private static final String SMALL_AND_GRAY = "fashion";
    /** Sees colours, and has learnt from photos of everything. */
    public static final String ANY = "imagenet";

    private static final int SMALL = 32;

    /**
     * How the encoder's layers become features, where a linear classifier learns from them: over windows of several
     * layers for the encoder of small images, which tells its classes apart better so; else over the whole image.
     */
    Pooling poolingFor(ImageShape shape) {
        return nameFor(shape).equals(SMALL_AND_GRAY) ? Pooling.GRID : Pooling.MEAN;
    }

    /** The encoder's name or file for images of this shape. */
    String nameFor(ImageShape shape) {
        if (!name.equals(AUTO)) {
            return name;
        }
        boolean small = shape.channels() == 1 && Math.max(shape.width(), shape.height()) <= SMALL;
        return small ? SMALL_AND_GRAY : ANY;
    }

    /** Whether the pixels are the features. */
    public boolean none() {
        return name.equals(NONE);
    }
}
