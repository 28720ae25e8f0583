package io.heddle.cnn;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** A network that computes features of batches of images. Thread-safe. */
interface EncoderNetwork extends AutoCloseable {
    /** Returns the number of planes of an image: 3 for RGB, 1 for gray. */
    int channels();

    /**
     * Runs a batch of black images to determine the number of features and to check the network.
     *
     * @param images number of images in a batch
     * @param size side S of the images
     * @return the number D of features
     * @throws DataFormatException if the network does not take float32 [images,channels,S,S] or does not return float32
     *     [images,D]
     */
    int dimensions(int images, int size) throws IOException;

    /** Returns the number of leading features that are not those of a grid. */
    default int meanDimensions(int dimensions) {
        return dimensions;
    }

    /** Returns the number of images that are processed together. The batch size should be a multiple of it. */
    default int blockSize() {
        return 1;
    }

    /**
     * Encodes a batch.
     *
     * @param batch float32 [images,channels,S,S]
     * @param target rows {@code first} to {@code first + count - 1} are filled with the features of the first
     *     {@code count} images
     * @throws InvalidInputException if the network fails on these images or returns another shape than for black ones
     */
    void encode(MemorySegment batch, int images, int size, FloatMatrix target, long first, int count);

    @Override
    void close();
}
