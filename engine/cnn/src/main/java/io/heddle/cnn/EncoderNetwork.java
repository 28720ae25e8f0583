package io.heddle.cnn;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** A network in PyTorch's memory that turns batches of images into features. Several threads may run it at once. */
interface EncoderNetwork extends AutoCloseable {
    /** Planes of an image that it takes: 3 for RGB, 1 for gray. */
    int channels();

    /**
     * Runs a batch of black images to learn what the network gives, and to meet one that breaks the contract.
     *
     * @param images number of images in a batch
     * @param size side S of the images
     * @return the number D of features
     * @throws DataFormatException if the network does not take float32 [images,channels,S,S] or does not give float32
     *     [images,D]
     */
    int dimensions(int images, int size) throws IOException;

    /**
     * How many of so many features, the first ones, are means over the whole image or whatever else the network is
     * about.
     */
    default int meanDimensions(int dimensions) {
        return dimensions;
    }

    /** Images that it takes at once: a batch that is a multiple of it wastes nothing. */
    default int blockSize() {
        return 1;
    }

    /**
     * Encodes a batch.
     *
     * @param batch float32 [images,channels,S,S]
     * @param target rows {@code first} to {@code first + count - 1} are filled with the features of the first
     *     {@code count} images
     * @throws InvalidInputException if the network fails on these images or gives something else than on black ones
     */
    void encode(MemorySegment batch, int images, int size, FloatMatrix target, long first, int count);

    @Override
    void close();
}
