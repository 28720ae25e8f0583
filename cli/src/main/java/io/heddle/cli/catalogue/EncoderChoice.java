package io.heddle.cli.catalogue;

import io.heddle.cnn.Precision;
import java.util.OptionalInt;

/**
 * What turns images into features.
 *
 * @param name of an embedded encoder, a file, or {@value #NONE} for the pixels themselves
 * @param precision arithmetic of the encoder
 * @param inputSize side of the images that an encoder without a description takes
 */
public record EncoderChoice(String name, Precision precision, OptionalInt inputSize) {
    /** The pixels are the features. */
    public static final String NONE = "none";

    /** Whether the pixels are the features. */
    public boolean none() {
        return name.equals(NONE);
    }
}
