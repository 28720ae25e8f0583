package io.heddle.cnn;

import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Resizes gray images to a square by bilinear interpolation and writes them as one plane or, for a network that takes
 * colours, as three equal ones.
 *
 * <p>Pixel centres lie at half coordinates and edges are repeated, as in PyTorch's {@code interpolate} with
 * {@code mode="bilinear", align_corners=False, antialias=False}. One instance serves one thread: it keeps its scratch.
 *
 * <p>O(height · S + S²) an image. Rows are interpolated first into a scratch of S columns, so the pass that does the
 * bulk of the work runs over consecutive floats of heap arrays, which the compiler turns into vector code.
 */
final class GrayResizer {
    private final int width;
    private final int height;
    private final int size;
    private final int channels;
    private final Axis horizontal;
    private final Axis vertical;
    private final float[] gray;
    private final float[] stretched;
    private final float[] plane;

    /**
     * @param width pixels in a row of the images
     * @param height rows of pixels of the images
     * @param size side S of the square to write
     * @param channels equal planes to write
     */
    GrayResizer(int width, int height, int size, int channels) {
        this.width = width;
        this.height = height;
        this.size = size;
        this.channels = channels;
        horizontal = Axis.of(width, size);
        vertical = Axis.of(height, size);
        gray = new float[width * height];
        stretched = new float[height * size];
        plane = new float[size * size];
    }

    /** Bytes of one image as it is written: planes of S·S floats. */
    static long bytesFor(int size, int channels) {
        return (long) channels * size * size * Float.BYTES;
    }

    /**
     * Resizes one row of the matrix.
     *
     * @param images width · height columns
     * @param target where the planes go, at the byte {@code offset}
     */
    void resize(FloatMatrix images, long row, MemorySegment target, long offset) {
        images.getRow(row, gray);
        stretchRows();
        stretchColumns();
        long planeBytes = bytesFor(size, 1);
        for (int c = 0; c < channels; c++) {
            MemorySegment.copy(plane, 0, target, ValueLayout.JAVA_FLOAT, offset + c * planeBytes, plane.length);
        }
    }

    private void stretchRows() {
        for (int y = 0; y < height; y++) {
            int source = y * width;
            int to = y * size;
            for (int x = 0; x < size; x++) {
                float left = gray[source + horizontal.lower[x]];
                float right = gray[source + horizontal.upper[x]];
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

    /** For each target position along one axis, the two source positions around it and their weights. */
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
