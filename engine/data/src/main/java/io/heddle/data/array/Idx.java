package io.heddle.data.array;

import io.heddle.data.ContentHash;
import io.heddle.data.InsufficientMemoryException;
import io.heddle.data.Memory;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads IDX files of unsigned bytes, the format of MNIST, plain or compressed with gzip. The content decides whether
 * the file is compressed, not its name. The header is checked against the size of the file before memory is allocated.
 *
 * <p>For example: {@snippet file="DataExamplesTest.java" region="idx"}
 *
 * @see <a href="https://www.loc.gov/preservation/digital/formats/fdd/fdd000562.shtml">IDX, Library of Congress</a>
 */
public final class Idx {
    private static final int IMAGE_DIMENSIONS = 3;
    private static final int LABEL_DIMENSIONS = 1;

    /** Size of a block in bytes. It fits into the L2 cache, so that the conversion reads from the cache. */
    private static final int CHUNK_BYTES = 256 << 10;

    private static final int MAXIMUM_LABELS = Integer.MAX_VALUE - 8;

    private Idx() {}

    /**
     * Images read from a file; the caller owns the matrix.
     *
     * @param pixels count x (height · width), one image per row, each image row by row
     * @param width pixels across
     * @param height pixels down
     */
    public record Images(FloatMatrix pixels, int width, int height) {}

    /**
     * Reads a three-dimensional file of images as floats.
     *
     * @param path the file, plain or compressed with gzip
     * @param scale factor for each byte 0 … 255; 1/255 gives pixels in [0, 1]
     * @return count x (height · width), owned by the caller
     * @throws DataFormatException if the file is missing, damaged or not of this format
     */
    public static FloatMatrix readImages(Path path, float scale) throws IOException {
        return readImagesWithSize(path, scale).pixels();
    }

    /**
     * As {@link #readImages}, and returns the width and height of the images.
     *
     * @param path the file, plain or compressed with gzip
     * @param scale factor for each byte
     * @return the images, whose matrix the caller closes
     * @throws IOException if it cannot be read
     */
    public static Images readImagesWithSize(Path path, float scale) throws IOException {
        return readImages(path, scale, new ContentHash());
    }

    /**
     * Images as bytes, in memory or mapped; the caller owns the matrix.
     *
     * @param pixels as for {@link Images}
     * @param width pixels across
     * @param height pixels down
     */
    public record MappedImages(ByteMatrix pixels, int width, int height) {}

    /**
     * Opens a three-dimensional file of images with {@link ByteMatrix#open}, if it is not compressed.
     *
     * @param path the file, plain or compressed with gzip
     * @param scale factor for each byte
     * @return the images; empty for a compressed file, which must be read
     * @throws DataFormatException if the file is missing, damaged or not of this format
     */
    public static Optional<MappedImages> mapImages(Path path, float scale) throws IOException {
        try (IdxFile file = IdxFile.open(path, IMAGE_DIMENSIONS, new ContentHash())) {
            if (!file.isPlain()) {
                return Optional.empty();
            }
            long pixels = file.dimension(1) * file.dimension(2);
            if (pixels > Integer.MAX_VALUE) {
                throw new DataFormatException("%s declares %s elements; an image may have at most %d pixels"
                        .formatted(path, file.shape(), Integer.MAX_VALUE));
            }
            ByteMatrix matrix = ByteMatrix.open(path, file.start(), file.dimension(0), (int) pixels, scale);
            return Optional.of(new MappedImages(matrix, (int) file.dimension(2), (int) file.dimension(1)));
        }
    }

    /**
     * As {@link #readImagesWithSize}, and hashes the file.
     *
     * @param path the file, plain or compressed with gzip
     * @param scale factor for each byte
     * @param hash receives all bytes of the content
     * @return the images, whose matrix the caller closes
     * @throws IOException if it cannot be read
     */
    public static Images readImages(Path path, float scale, ContentHash hash) throws IOException {
        try (IdxFile file = IdxFile.open(path, IMAGE_DIMENSIONS, hash)) {
            long count = file.dimension(0);
            long pixels = file.dimension(1) * file.dimension(2);
            if (pixels > CHUNK_BYTES) {
                throw new DataFormatException("%s declares %s elements; an image may have at most %d pixels"
                        .formatted(path, file.shape(), CHUNK_BYTES));
            }
            FloatMatrix matrix = allocate(path, file, count, (int) pixels);
            try {
                decode(file, scale, matrix);
                return new Images(matrix, (int) file.dimension(2), (int) file.dimension(1));
            } catch (IOException | RuntimeException | Error e) {
                matrix.close();
                throw e;
            }
        }
    }

    private static FloatMatrix allocate(Path path, IdxFile file, long rows, int columns) throws IOException {
        Memory.requireRoom(path.toString(), rows, columns);
        try {
            return FloatMatrix.allocate(rows, columns);
        } catch (OutOfMemoryError e) {
            throw new InsufficientMemoryException(
                    "%s declares %s elements, whose %d MB as floats exceed the free memory"
                            .formatted(path, file.shape(), FloatMatrix.bytesFor(rows, columns) >> 20));
        }
    }

    private static void decode(IdxFile file, float scale, FloatMatrix matrix) throws IOException {
        int columns = matrix.columns();
        byte[] chunk = new byte[CHUNK_BYTES];
        float[] pixels = new float[columns];
        int rowsPerChunk = CHUNK_BYTES / columns;
        for (long row = 0; row < matrix.rows(); row += rowsPerChunk) {
            int rows = (int) Math.min(rowsPerChunk, matrix.rows() - row);
            file.read(ByteBuffer.wrap(chunk, 0, rows * columns), row * columns);
            for (int r = 0; r < rows; r++) {
                convert(chunk, r * columns, scale, pixels);
                matrix.setRow(row + r, pixels);
            }
        }
        file.requireEnd();
    }

    /**
     * Uses a scalar loop, because programs read their data before the code is compiled. Before compilation, 47 million
     * pixels take 0.46 s of CPU with the Vector API and 0.06 s with this loop.
     */
    private static void convert(byte[] bytes, int offset, float scale, float[] pixels) {
        for (int j = 0; j < pixels.length; j++) {
            pixels[j] = scale * Byte.toUnsignedInt(bytes[offset + j]);
        }
    }

    /**
     * Reads a one-dimensional file of labels.
     *
     * @param path the file, plain or compressed with gzip
     * @return one label, 0 to 255, per entry
     * @throws DataFormatException if the file is missing, damaged or not of this format
     */
    public static int[] readLabels(Path path) throws IOException {
        return readLabels(path, 256);
    }

    /**
     * Reads a one-dimensional file of labels that must be below a limit.
     *
     * @param path the file, plain or compressed with gzip
     * @param classes number of classes, 1 to 256
     * @return one label, 0 to {@code classes} − 1, per entry
     * @throws DataFormatException if the file is missing, damaged or not of this format, or a label is too large
     */
    public static int[] readLabels(Path path, int classes) throws IOException {
        return readLabels(path, classes, new ContentHash());
    }

    /**
     * As {@link #readLabels(Path, int)}, and hashes the file.
     *
     * @param path the file, plain or compressed with gzip
     * @param classes number of classes, 1 to 256
     * @param hash receives all bytes of the content
     * @return one label, 0 to {@code classes} − 1, per entry
     * @throws IOException if it cannot be read
     */
    public static int[] readLabels(Path path, int classes, ContentHash hash) throws IOException {
        InvalidInputException.require(
                classes >= 1 && classes <= 256, "labels of one byte make 1 to 256 classes, not %d", classes);
        try (IdxFile file = IdxFile.open(path, LABEL_DIMENSIONS, hash)) {
            if (file.elements() > MAXIMUM_LABELS) {
                throw new DataFormatException(
                        "%s declares %d labels; at most %d fit".formatted(path, file.elements(), MAXIMUM_LABELS));
            }
            int[] labels = new int[(int) file.elements()];
            byte[] chunk = new byte[Math.min(labels.length, CHUNK_BYTES)];
            for (int done = 0; done < labels.length; ) {
                int size = Math.min(chunk.length, labels.length - done);
                file.read(ByteBuffer.wrap(chunk, 0, size), done);
                for (int i = 0; i < size; i++, done++) {
                    labels[done] = Byte.toUnsignedInt(chunk[i]);
                    if (labels[done] >= classes) {
                        throw new DataFormatException("%s has the label %d at index %d; labels go from 0 to %d"
                                .formatted(path, labels[done], done, classes - 1));
                    }
                }
            }
            file.requireEnd();
            return labels;
        }
    }
}
