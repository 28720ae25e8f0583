package io.heddle.cli.data;

/**
 * Brings images to another size with a triangle filter that widens as the image shrinks, so that every pixel counts:
 * what Pillow calls bilinear.
 */
final class Resize {
    private final ImageShape from;
    private final ImageSize to;
    private final Weights across;
    private final Weights down;

    Resize(ImageShape from, ImageSize to) {
        this.from = from;
        this.to = to;
        this.across = Weights.of(from.width(), to.width());
        this.down = Weights.of(from.height(), to.height());
    }

    /**
     * For each place along the new side, where its pixels begin along the old one and how much each counts.
     *
     * @param first index of the first pixel
     * @param weights of the pixels from there on; they sum up to 1
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

    /** @param pixels of an image of the old size; left as they are */
    float[] apply(float[] pixels) {
        int c = from.channels();
        float[] narrow = new float[from.height() * to.width() * c];
        for (int y = 0; y < from.height(); y++) {
            for (int x = 0; x < to.width(); x++) {
                float[] w = across.weights()[x];
                int start = (y * from.width() + across.first()[x]) * c;
                for (int k = 0; k < c; k++) {
                    float sum = 0;
                    for (int j = 0; j < w.length; j++) {
                        sum += w[j] * pixels[start + j * c + k];
                    }
                    narrow[(y * to.width() + x) * c + k] = sum;
                }
            }
        }
        int rowLength = to.width() * c;
        float[] out = new float[to.height() * rowLength];
        for (int y = 0; y < to.height(); y++) {
            float[] w = down.weights()[y];
            for (int j = 0; j < w.length; j++) {
                int source = (down.first()[y] + j) * rowLength;
                for (int x = 0; x < rowLength; x++) {
                    out[y * rowLength + x] += w[j] * narrow[source + x];
                }
            }
        }
        return out;
    }
}
