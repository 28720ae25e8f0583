package io.heddle.cli.catalogue;

import io.heddle.cnn.Engine;
import io.heddle.cnn.Pooling;
import io.heddle.cnn.Precision;
import io.heddle.data.ImageShape;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The choice of an encoder.
 *
 * @param name an embedded encoder, a file, {@value #NONE} for the pixels, or {@value #AUTO} to choose by the images
 * @param engine engine of the encoder
 * @param precision arithmetic of the encoder
 * @param inputSize side of the images of an encoder without a description
 * @param cache cache of features
 */
public record EncoderChoice(
        String name, Engine engine, Precision precision, OptionalInt inputSize, Optional<FeatureCache> cache) {
    /** The pixels are the features. */
    public static final String NONE = "none";

    /** Chosen by the images. */
    public static final String AUTO = "auto";

    // The encoder fashion was trained on gray images of 28 x 28 pixels and reduces larger ones to this size.
    private static final String SMALL_AND_GRAY = "fashion";
    /** Supports colours and was trained on general photos. */
    public static final String ANY = "imagenet";

    private static final int SMALL = 32;

    /**
     * Returns the pooling for a linear classifier: windows of several layers for the encoder of small images, which is
     * more accurate; otherwise the whole image.
     */
    Pooling poolingFor(ImageShape shape) {
        return nameFor(shape).equals(SMALL_AND_GRAY) ? Pooling.GRID : Pooling.MEAN;
    }

    /** Returns the name or file of the encoder for images of this shape. */
    String nameFor(ImageShape shape) {
        if (!name.equals(AUTO)) {
            return name;
        }
        boolean small = shape.channels() == 1 && Math.max(shape.width(), shape.height()) <= SMALL;
        return small ? SMALL_AND_GRAY : ANY;
    }

    /** Returns whether the pixels are the features. */
    public boolean none() {
        return name.equals(NONE);
    }
}
