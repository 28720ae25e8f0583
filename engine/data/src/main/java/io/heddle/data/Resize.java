package io.heddle.data;

import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;

/**
 * Resizes images with a triangle filter whose width grows with the reduction, so that every pixel has a weight. Pillow
 * calls this filter bilinear.
 */
public final class Resize {
    private static final int COLOURS = 3;

    private final ImageShape from;
    private final ImageSize to;
    private final Weights across;
    private final Weights down;

    /**
     * Computes the weights of a new size.
     *
     * @param from shape of the images
     * @param to the new size
     */
    public Resize(ImageShape from, ImageSize to) {
        this.from = from;
        this.to = to;
        this.across = Weights.of(from.width(), to.width());
        this.down = Weights.of(from.height(), to.height());
    }

    /**
     * Reduces images. Uses only the first channel of images that are neither gray nor RGB.
     *
     * @param images n × (width · height · channels)
     * @param shape shape of the images
     * @param to the new size
     * @return n × (width · height · channels) of the new size; the caller closes it
     */
    public static FloatMatrix shrunk(FloatMatrix images, ImageShape shape, ImageSize to) {
        int channels = shape.channels() == COLOURS ? COLOURS : 1;
        FloatMatrix small = FloatMatrix.allocate(images.rows(), to.width() * to.height() * channels);
        Resize resize = new Resize(new ImageShape(shape.width(), shape.height(), channels), to);
        WorkerPool.shared().run(Math.toIntExact(images.rows()), (index, worker) -> {
            float[] row = new float[images.columns()];
            images.getRow(index, row);
            float[] out = resize.apply(channels == shape.channels() ? row : first(row, shape.channels()));
            for (int i = 0; i < out.length; i++) {
                // In floats, the weights can sum to slightly more than 1.
                out[i] = Math.min(1, out[i]);
            }
            small.setRow(index, out);
        });
        return small;
    }

    private static float[] first(float[] row, int channels) {
        float[] out = new float[row.length / channels];
        for (int p = 0; p < out.length; p++) {
            out[p] = row[p * channels];
        }
        return out;
    }

    /**
     * The source pixels and weights of each position along the new side.
     *
     * @param first index of the first pixel
     * @param weights weights of the pixels from {@code first} on, which sum to 1
     */
    private record Weights(int[] first, float[][] weights) {
        static Weights of(int from, int to) {
            double scale = (double) from / to;
            double reach = Math.max(1, scale);
            int[] first = new int[to];
            float[][] weights = new float[to][];
            for (int i = 0; i < to; i++) {
                double center = (i + 0.5) * scale;
                int low = Math.max(0, (int) (center - reach + 0.5));
                int high = Math.min(from, (int) (center + reach + 0.5));
                double[] w = new double[high - low];
                double sum = 0;
                for (int j = 0; j < w.length; j++) {
                    w[j] = Math.max(0, 1 - Math.abs((low + j + 0.5 - center) / reach));
                    sum += w[j];
                }
                first[i] = low;
                weights[i] = new float[w.length];
                for (int j = 0; j < w.length; j++) {
                    weights[i][j] = (float) (w[j] / sum);
                }
            }
            return new Weights(first, weights);
        }
    }

    /** @param pixels pixels of an image of the old size; not changed */
    float[] apply(float[] pixels) {
        int length = from.width() * from.channels();
        float[] row = new float[length];
        Rows rows = rows();
        for (int y = 0; y < from.height(); y++) {
            System.arraycopy(pixels, y * length, row, 0, length);
            rows.add(row);
        }
        return rows.image();
    }

    /** {@return the state of an image that is resized row by row} */
    public Rows rows() {
        return new Rows();
    }

    /** The state of an image that is being resized. Memory is proportional to the new size. */
    public final class Rows {
        private final int length = to.width() * from.channels();
        private final float[] narrow = new float[length];
        private final float[] out = new float[Math.multiplyExact(to.height(), length)];
        private int y;
        /** The first new row that is not complete. */
        private int open;

        private Rows() {}

        /**
         * Adds a row.
         *
         * @param row the next row from the top; not kept
         */
        public void add(float[] row) {
            if (from.channels() == 3) {
                narrowColour(row);
            } else {
                narrow(row);
            }
            while (open < to.height() && down.first()[open] + down.weights()[open].length <= y) {
                open++;
            }
            for (int i = open; i < to.height() && down.first()[i] <= y; i++) {
                int j = y - down.first()[i];
                if (j < down.weights()[i].length) {
                    float w = down.weights()[i][j];
                    for (int x = 0; x < length; x++) {
                        out[i * length + x] += w * narrow[x];
                    }
                }
            }
            y++;
        }

        private void narrow(float[] row) {
            int c = from.channels();
            for (int x = 0; x < to.width(); x++) {
                float[] w = across.weights()[x];
                int start = across.first()[x] * c;
                for (int k = 0; k < c; k++) {
                    float sum = 0;
                    for (int j = 0; j < w.length; j++) {
                        sum += w[j] * row[start + j * c + k];
                    }
                    narrow[x * c + k] = sum;
                }
            }
        }

        /** The same for three channels. */
        private void narrowColour(float[] row) {
            for (int x = 0; x < to.width(); x++) {
                float[] w = across.weights()[x];
                int at = across.first()[x] * 3;
                float red = 0;
                float green = 0;
                float blue = 0;
                for (int j = 0; j < w.length; j++, at += 3) {
                    red += w[j] * row[at];
                    green += w[j] * row[at + 1];
                    blue += w[j] * row[at + 2];
                }
                narrow[3 * x] = red;
                narrow[3 * x + 1] = green;
                narrow[3 * x + 2] = blue;
            }
        }

        /** {@return the resized image} */
        public float[] image() {
            return out;
        }
    }
}
