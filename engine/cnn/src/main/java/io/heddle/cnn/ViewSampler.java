package io.heddle.cnn;

import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * Draws random views of a gray image: cropped, rotated, mirrored, with another contrast, partly hidden. Not
 * thread-safe: an instance owns its buffers.
 */
final class ViewSampler {
    /** The strength of the augmentation. */
    enum Kind {
        /** The unchanged image. */
        PLAIN,
        /** Shifted by up to two of 28 pixels, and mirrored at random. */
        WEAK,
        /** A rotated crop of 30 to 100 % of the area, mirrored at random, with another contrast and a hidden part. */
        STRONG
    }

    private static final double WEAK_SHIFT = 1.0 / 14;
    private static final double SMALLEST_AREA = 0.3;
    private static final double LARGEST_ANGLE = Math.PI / 18;
    private static final double LOG_GAMMA = 0.4;
    private static final double MINIMUM_BRIGHTNESS = 0.7;
    private static final double MAXIMUM_BRIGHTNESS = 1.3;
    private static final double HIDDEN_SHARE = 0.4;
    private static final double SMALLEST_SIDE = 0.15;
    private static final double LARGEST_SIDE = 0.4;
    private static final float DARKEST = 1e-4f;

    private final int width;
    private final int height;
    private final float[] source;
    private final float[] view;

    ViewSampler(int width, int height) {
        this.width = width;
        this.height = height;
        source = new float[width * height];
        view = new float[width * height];
    }

    /**
     * Writes a view of one image.
     *
     * @param target receives the view row by row, at the byte {@code offset}
     */
    void sample(FloatMatrix images, long row, Kind kind, SplittableRandom random, MemorySegment target, long offset) {
        images.getRow(row, source);
        switch (kind) {
            case PLAIN -> System.arraycopy(source, 0, view, 0, view.length);
            case WEAK -> shift(random);
            case STRONG -> distort(random);
        }
        MemorySegment.copy(view, 0, target, ValueLayout.JAVA_FLOAT, offset, view.length);
    }

    private void shift(SplittableRandom random) {
        double x = random.nextDouble(-2, 2) * WEAK_SHIFT;
        double y = random.nextDouble(-2, 2) * WEAK_SHIFT;
        warp(random.nextBoolean() ? -1 : 1, 0, x, 0, 1, y);
    }

    private void distort(SplittableRandom random) {
        double scale = Math.sqrt(random.nextDouble(SMALLEST_AREA, 1));
        double angle = random.nextDouble(-LARGEST_ANGLE, LARGEST_ANGLE);
        double x = random.nextDouble(-1, 1) * (1 - scale);
        double y = random.nextDouble(-1, 1) * (1 - scale);
        double cosine = Math.cos(angle) * scale;
        double sine = Math.sin(angle) * scale;
        int mirror = random.nextBoolean() ? -1 : 1;
        warp(cosine * mirror, -sine, x, sine * mirror, cosine, y);
        double gamma = Math.exp(random.nextDouble(-LOG_GAMMA, LOG_GAMMA));
        float brightness = (float) random.nextDouble(MINIMUM_BRIGHTNESS, MAXIMUM_BRIGHTNESS);
        for (int i = 0; i < view.length; i++) {
            view[i] = view[i] <= DARKEST ? 0 : Math.min(1, (float) Math.pow(view[i], gamma) * brightness);
        }
        hide(random);
    }

    private void hide(SplittableRandom random) {
        boolean hidden = random.nextDouble() < HIDDEN_SHARE;
        int w = (int) (width * random.nextDouble(SMALLEST_SIDE, LARGEST_SIDE));
        int h = (int) (height * random.nextDouble(SMALLEST_SIDE, LARGEST_SIDE));
        int left = random.nextInt(width - w + 1);
        int top = random.nextInt(height - h + 1);
        if (hidden) {
            for (int y = top; y < top + h; y++) {
                for (int x = left; x < left + w; x++) {
                    view[y * width + x] = 0;
                }
            }
        }
    }

    /**
     * Fills the view by bilinear interpolation, with zeros outside the image. Coordinates are −1 to 1 along each side.
     * The point (u,v) of the view is the point (a u + b v + c, d u + e v + f) of the image.
     */
    private void warp(double a, double b, double c, double d, double e, double f) {
        for (int row = 0; row < height; row++) {
            double v = (2.0 * row + 1) / height - 1;
            for (int column = 0; column < width; column++) {
                double u = (2.0 * column + 1) / width - 1;
                double x = ((a * u + b * v + c + 1) * width - 1) / 2;
                double y = ((d * u + e * v + f + 1) * height - 1) / 2;
                view[row * width + column] = (float) interpolate(x, y);
            }
        }
    }

    private double interpolate(double x, double y) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        double right = x - left;
        double below = y - top;
        return (1 - below) * ((1 - right) * pixel(left, top) + right * pixel(left + 1, top))
                + below * ((1 - right) * pixel(left, top + 1) + right * pixel(left + 1, top + 1));
    }

    private float pixel(int x, int y) {
        return x >= 0 && x < width && y >= 0 && y < height ? source[y * width + x] : 0;
    }
}
