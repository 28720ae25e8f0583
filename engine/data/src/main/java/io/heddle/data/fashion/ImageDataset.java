package io.heddle.data.fashion;

import io.heddle.data.ContentHash;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.util.List;

/**
 * Labelled gray images, in a training and a test part. The data set owns its two matrices.
 *
 * <p>For example: {@snippet file="DataExamplesTest.java" region="fashion-mnist"}
 *
 * @param name name in reports
 * @param trainImages one image per row, each row by row, pixels in [0, 1]
 * @param trainLabels the class of each training image; not copied, not to be changed
 * @param testImages as {@code trainImages}
 * @param testLabels as {@code trainLabels}
 * @param width pixels across
 * @param height pixels down
 * @param classNames the name of each class, by label
 */
public record ImageDataset(
        String name,
        FloatMatrix trainImages,
        int[] trainLabels,
        FloatMatrix testImages,
        int[] testLabels,
        int width,
        int height,
        List<String> classNames)
        implements AutoCloseable {

    /**
     * Checks that the components are consistent.
     *
     * @throws InvalidInputException if the shapes are inconsistent or a label has no class name; the matrices are then
     *     not closed
     */
    public ImageDataset {
        classNames = List.copyOf(classNames);
        requireFit("training", trainImages, trainLabels, width, height, classNames.size());
        requireFit("test", testImages, testLabels, width, height, classNames.size());
    }

    private static void requireFit(String part, FloatMatrix images, int[] labels, int width, int height, int classes) {
        InvalidInputException.require(
                width >= 1 && height >= 1 && images.columns() == (long) width * height,
                "%s images of %d columns are not %d x %d pixels",
                part,
                images.columns(),
                width,
                height);
        InvalidInputException.require(
                images.rows() == labels.length,
                "there are %d %s images, but %d labels",
                images.rows(),
                part,
                labels.length);
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new InvalidInputException(
                        "the %s label at index %d is %d, outside 0 to %d".formatted(part, i, labels[i], classes - 1));
            }
        }
    }

    /** {@return the number of classes} */
    public int classes() {
        return classNames.size();
    }

    /**
     * Draws a smaller data set with the same shares of the classes, to within one image. The images keep their order;
     * the same seed draws the same images.
     *
     * @param trainCount number of training images to draw, from 1 to all
     * @param testCount number of test images to draw, from 1 to all
     * @param seed seed of the sample
     * @return a data set with its own matrices, which the caller closes
     * @throws InvalidInputException if a count is out of range
     */
    public ImageDataset sample(int trainCount, int testCount, long seed) {
        requireCount("training", trainCount, trainLabels.length);
        requireCount("test", testCount, testLabels.length);
        int[] train = StratifiedSample.draw(trainLabels, classes(), trainCount, seed);
        // The test part has another random stream, because with the same one equal label sequences would get equal
        // indices.
        int[] test = StratifiedSample.draw(testLabels, classes(), testCount, ~seed);
        FloatMatrix trainRows = trainImages.gather(train);
        try {
            FloatMatrix testRows = testImages.gather(test);
            return new ImageDataset(
                    name,
                    trainRows,
                    StratifiedSample.pick(trainLabels, train),
                    testRows,
                    StratifiedSample.pick(testLabels, test),
                    width,
                    height,
                    classNames);
        } catch (RuntimeException | Error e) {
            trainRows.close();
            throw e;
        }
    }

    private static void requireCount(String part, int count, int available) {
        InvalidInputException.require(
                count >= 1 && count <= available,
                "a sample of %d %s images cannot be drawn from %d",
                count,
                part,
                available);
    }

    /**
     * Returns the SHA-256 of the content, for provenance: the training pixels as little-endian floats without padding,
     * the training labels as little-endian 32-bit integers, and the test part in the same way. Names are not included.
     *
     * @return 64 hexadecimal digits
     */
    public String sha256() {
        ContentHash hash = new ContentHash();
        hash.add(trainImages);
        hash.add(trainLabels);
        hash.add(testImages);
        hash.add(testLabels);
        return hash.hex();
    }

    /** Frees the images of both parts. */
    @Override
    public void close() {
        trainImages.close();
        testImages.close();
    }
}
