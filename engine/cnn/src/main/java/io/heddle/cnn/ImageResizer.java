package io.heddle.cnn;

import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Resizes images to a square by bilinear interpolation and writes the planes for a network. Gray images give equal
 * planes. Colour images give red, green and blue, or the luma for a gray network.
 *
 * <p>Pixel centres are at half coordinates and edges are repeated, as in PyTorch's {@code interpolate} with
 * {@code mode="bilinear", align_corners=False, antialias=False}. Not thread-safe: an instance owns its buffers.
 *
 * <p>O(height · S + S²) per plane. Rows are first interpolated into a buffer of S columns, so that the main loop
 * processes consecutive floats of heap arrays, which the compiler vectorizes.
 */
final class ImageResizer {
    /** Channels of a colour image. */
    static final int COLOURS = 3;

    /** Weights of red, green and blue in the luma of ITU-R BT.601. */
    private static final float[] LUMA = {0.299f, 0.587f, 0.114f};

    private final int width;
    private final int height;
    private final int sourceChannels;
    private final int size;
    private final int channels;
    private final Axis horizontal;
    private final Axis vertical;
    private final float[] image;
    private final float[] source;
    private final float[] stretched;
    private final float[] plane;

    /**
     * @param width width of the images in pixels
     * @param height height of the images in pixels
     * @param sourceChannels values per pixel: 1 for gray, 3 for RGB
     * @param size side S of the square to write
     * @param channels number of planes to write
     */
    ImageResizer(int width, int height, int sourceChannels, int size, int channels) {
        this.width = width;
        this.height = height;
        this.sourceChannels = sourceChannels;
        this.size = size;
        this.channels = channels;
        horizontal = Axis.of(width, size);
        vertical = Axis.of(height, size);
        image = new float[width * height * sourceChannels];
        source = sourceChannels == 1 ? image : new float[width * height];
        stretched = new float[height * size];
        plane = new float[size * size];
    }

    /** Returns the size of a resized image in bytes: planes of S·S floats. */
    static long bytesFor(int size, int channels) {
        return (long) channels * size * size * Float.BYTES;
    }

    /** Resizes consecutive images from row {@code first} to the start of the target. */
    void resize(FloatMatrix images, long first, int count, MemorySegment target) {
        for (int i = 0; i < count; i++) {
            resize(images, first + i, target, i * bytesFor(size, channels));
        }
    }

    /**
     * Resizes one row of the matrix.
     *
     * @param images width · height · source channels columns, the channels of a pixel together
     * @param target receives the planes, at the byte {@code offset}
     */
    void resize(FloatMatrix images, long row, MemorySegment target, long offset) {
        images.getRow(row, image);
        if (sourceChannels == COLOURS && channels == COLOURS) {
            for (int c = 0; c < COLOURS; c++) {
                pick(c);
                stretch();
                write(target, offset, c);
            }
            return;
        }
        if (sourceChannels == COLOURS) {
            mix();
        }
        stretch();
        for (int c = 0; c < channels; c++) {
            write(target, offset, c);
        }
    }

    private void pick(int channel) {
        for (int p = 0; p < source.length; p++) {
            source[p] = image[p * COLOURS + channel];
        }
    }

    private void mix() {
        for (int p = 0; p < source.length; p++) {
            int at = p * COLOURS;
            // In floats, the weights can sum to slightly more than 1.
            source[p] = Math.min(1, LUMA[0] * image[at] + LUMA[1] * image[at + 1] + LUMA[2] * image[at + 2]);
        }
    }

    private void stretch() {
        if (width == size && height == size) {
            // All weights are 1 and 0.
            System.arraycopy(source, 0, plane, 0, plane.length);
            return;
        }
        stretchRows();
        stretchColumns();
    }

    private void write(MemorySegment target, long offset, int channel) {
        MemorySegment.copy(
                plane, 0, target, ValueLayout.JAVA_FLOAT, offset + channel * bytesFor(size, 1), plane.length);
    }

    private void stretchRows() {
        for (int y = 0; y < height; y++) {
            int from = y * width;
            int to = y * size;
            for (int x = 0; x < size; x++) {
                float left = source[from + horizontal.lower[x]];
                float right = source[from + horizontal.upper[x]];
                stretched[to + x] = horizontal.lowerWeight[x] * left + horizontal.upperWeight[x] * right;
            }
        }
    }

    private void stretchColumns() {
        for (int y = 0; y < size; y++) {
            int above = vertical.lower[y] * size;
            int below = vertical.upper[y] * size;
            float aboveWeight = vertical.lowerWeight[y];
            float belowWeight = vertical.upperWeight[y];
            int to = y * size;
            for (int x = 0; x < size; x++) {
                plane[to + x] = aboveWeight * stretched[above + x] + belowWeight * stretched[below + x];
            }
        }
    }

    /** For each target position along an axis, the two source positions and their weights. */
    private record Axis(int[] lower, int[] upper, float[] lowerWeight, float[] upperWeight) {
        static Axis of(int sourceLength, int targetLength) {
            Axis axis = new Axis(
                    new int[targetLength], new int[targetLength], new float[targetLength], new float[targetLength]);
            float scale = (float) sourceLength / targetLength;
            for (int i = 0; i < targetLength; i++) {
                float position = Math.max(scale * (i + 0.5f) - 0.5f, 0);
                int lower = Math.min((int) position, sourceLength - 1);
                axis.lower[i] = lower;
                axis.upper[i] = Math.min(lower + 1, sourceLength - 1);
                axis.upperWeight[i] = Math.min(position - lower, 1);
                axis.lowerWeight[i] = 1 - axis.upperWeight[i];
            }
            return axis;
        }
    }
}
