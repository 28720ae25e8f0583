package io.heddle.cnn;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * The JSON description of an encoder. All keys are optional.
 *
 * @param inputSize side S of the encoder's images
 * @param dimensions number D of features
 * @param precision number format of its weights
 * @param sha256 checksum of the TorchScript file, in lower-case hexadecimal
 */
record EncoderDescription(
        Optional<String> name,
        OptionalInt inputSize,
        OptionalInt dimensions,
        Optional<Precision> precision,
        Optional<String> sha256) {
    static final int LARGEST_INPUT = 4096;
    static final int MAXIMUM_DIMENSIONS = 1 << 20;

    static EncoderDescription unknown() {
        return new EncoderDescription(
                Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty());
    }
}
