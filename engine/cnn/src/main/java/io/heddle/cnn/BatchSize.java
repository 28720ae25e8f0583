package io.heddle.cnn;

import io.heddle.matrix.InvalidInputException;

/** Chooses the number of images per batch of an encoder. */
final class BatchSize {
    // Measured (docs/encoders.md): the activations of larger batches do not fit into the cache.
    private static final int FLOAT32_BATCH = 24;
    private static final int BFLOAT16_BATCH = 32;
    private static final int OWN_BATCH = 64;

    private BatchSize() {}

    /** @param asked requested by the caller, or 0 for the fastest */
    static int of(EncoderFile file, int asked, int inputSize, EncoderNetwork network) {
        long maximum = Integer.MAX_VALUE / ImageResizer.bytesFor(inputSize, network.channels());
        InvalidInputException.require(
                asked <= maximum,
                "a batch of %d images of side %d exceeds 2 GiB: at most %d fit",
                asked,
                inputSize,
                maximum);
        if (asked > 0) {
            return asked;
        }
        if (network.channels() == 1) {
            int blocks = Math.max(1, OWN_BATCH / network.blockSize());
            return (int) Math.min(maximum, blocks * network.blockSize());
        }
        return (int) Math.min(maximum, file.precision() == Precision.BFLOAT16 ? BFLOAT16_BATCH : FLOAT32_BATCH);
    }
}
