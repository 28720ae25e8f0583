package io.heddle.cli.catalogue;

import io.heddle.data.DataSource;
import io.heddle.data.ImageShape;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;

/** Reduces images to gray, at most 32 pixels per side. */
final class CoarsePixels {
    private static final int SIDE = 32;
    private static final long CHUNK_BYTES = 64L << 20;

    private final ImageShape shape;
    private final int width;
    private final int height;

    CoarsePixels(ImageShape shape) {
        this.shape = shape;
        double scale = Math.min(1, (double) SIDE / Math.max(shape.width(), shape.height()));
        width = (int) Math.max(1, Math.round(shape.width() * scale));
        height = (int) Math.max(1, Math.round(shape.height() * scale));
    }

    /** Returns all images of the data, n × (width · height), which the caller closes. */
    FloatMatrix all(DataSource data) throws IOException {
        FloatMatrix all = FloatMatrix.allocate(data.rows(), width * height);
        try {
            long chunk = Math.max(1, CHUNK_BYTES / ((long) data.columns() * Float.BYTES));
            for (long from = 0; from < data.rows(); from += chunk) {
                try (FloatMatrix images = data.read(from, Math.min(data.rows(), from + chunk))) {
                    shrink(images, all, from);
                }
            }
            return all;
        } catch (IOException | RuntimeException | Error e) {
            all.close();
            throw e;
        }
    }

    /** Returns some images, which the caller closes. */
    FloatMatrix of(FloatMatrix images) {
        FloatMatrix coarse = FloatMatrix.allocate(images.rows(), width * height);
        shrink(images, coarse, 0);
        return coarse;
    }

    private void shrink(FloatMatrix images, FloatMatrix to, long at) {
        float[] image = new float[images.columns()];
        float[] coarse = new float[width * height];
        for (long i = 0; i < images.rows(); i++) {
            images.getRow(i, image);
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    coarse[y * width + x] = mean(image, x, y);
                }
            }
            to.setRow(at + i, coarse);
        }
    }

    private float mean(float[] image, int x, int y) {
        int left = x * shape.width() / width;
        int right = Math.max(left + 1, (x + 1) * shape.width() / width);
        int top = y * shape.height() / height;
        int bottom = Math.max(top + 1, (y + 1) * shape.height() / height);
        double sum = 0;
        for (int j = top; j < bottom; j++) {
            int start = (j * shape.width() + left) * shape.channels();
            int end = (j * shape.width() + right) * shape.channels();
            for (int k = start; k < end; k++) {
                sum += image[k];
            }
        }
        return (float) (sum / ((double) (right - left) * (bottom - top) * shape.channels()));
    }
}
