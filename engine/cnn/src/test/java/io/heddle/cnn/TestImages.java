package io.heddle.cnn;

import io.heddle.matrix.FloatMatrix;

/** The images of make_reference.py, computed from integers. */
final class TestImages {
    private TestImages() {}

    static FloatMatrix matrix(int count, int width, int height) {
        return matrix(0, count, width, height);
    }

    static FloatMatrix matrix(int first, int count, int width, int height) {
        float[] values = new float[count * width * height];
        int k = 0;
        for (int i = first; i < first + count; i++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    values[k++] = pixel(i, x, y) / 255f;
                }
            }
        }
        return FloatMatrix.copyOf(values, count, width * height);
    }

    private static int pixel(int i, int x, int y) {
        int dx = x - (7 + 3 * i);
        int dy = y - (20 - 2 * i);
        int disc = Math.max(0, 255 - 3 * (dx * dx + dy * dy));
        int bar = (x + 2 * y + 5 * i) % 13 < 4 ? 180 : 0;
        int ramp = (7 * x + (3 + i) * y) % 64;
        return Math.max(disc, Math.max(bar, ramp));
    }
}
