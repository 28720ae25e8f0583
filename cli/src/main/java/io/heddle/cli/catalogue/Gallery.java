package io.heddle.cli.catalogue;

import io.heddle.data.DataSource;
import io.heddle.data.ImageShape;
import io.heddle.matrix.FloatMatrix;
import it.unimi.dsi.fastutil.ints.Int2IntLinkedOpenHashMap;
import java.io.IOException;
import java.util.Optional;

/** Collects the rows that a page shows, without duplicates, and creates their pictures. */
final class Gallery {
    /** Images up to this size are not reduced. */
    private static final int SMALL = 32;

    private static final int SIDE = 56;
    /** Size of JPEG blocks. Pictures of whole blocks have no artefacts at their borders. */
    private static final int BLOCK = 8;

    private static final int COLOURS = 3;

    private final Int2IntLinkedOpenHashMap positions = new Int2IntLinkedOpenHashMap();

    Gallery() {
        positions.defaultReturnValue(-1);
    }

    /** Returns the position of a row among the pictures, and adds it if it is new. */
    int add(int row) {
        int position = positions.get(row);
        if (position < 0) {
            position = positions.size();
            positions.put(row, position);
        }
        return position;
    }

    int[] addAll(int[] rows) {
        int[] added = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            added[i] = add(rows[i]);
        }
        return added;
    }

    /** The rows, in the order in which they were added. */
    int[] rows() {
        return positions.keySet().toIntArray();
    }

    boolean contains(int row) {
        return positions.containsKey(row);
    }

    int size() {
        return positions.size();
    }

    /** Reads the rows again: their images, or the values of a table. */
    Pictures develop(DataSource data) throws IOException {
        int[] rows = rows();
        Optional<ImageShape> shape = data.images();
        return shape.isEmpty()
                ? new Pictures(rows, 0, 0, 1, new byte[0], RowValues.of(data, rows))
                : develop(data, rows, shape.get());
    }

    /** Returns a picture of an image that is not a row of the data. */
    static Pictures of(FloatMatrix image, ImageShape shape) {
        Maker maker = new Maker(shape, 1);
        float[] values = new float[image.columns()];
        image.getRow(0, values);
        maker.make(values, 0);
        return maker.pictures(new int[] {-1});
    }

    private static Pictures develop(DataSource data, int[] rows, ImageShape shape) throws IOException {
        Maker maker = new Maker(shape, rows.length);
        float[] values = new float[data.columns()];
        for (int i = 0; i < rows.length; i++) {
            try (FloatMatrix image = data.read(rows[i], rows[i] + 1L)) {
                image.getRow(0, values);
            }
            maker.make(values, i);
        }
        return maker.pictures(rows);
    }

    /** Reduces images by averaging pixels. */
    private static final class Maker {
        private final ImageShape from;
        private final int width;
        private final int height;
        private final int channels;
        private final byte[] pixels;

        Maker(ImageShape from, int count) {
            this.from = from;
            channels = from.channels() >= COLOURS ? COLOURS : 1;
            int longer = Math.max(from.width(), from.height());
            if (longer <= SMALL) {
                width = from.width();
                height = from.height();
            } else {
                width = blocks(from.width(), longer);
                height = blocks(from.height(), longer);
            }
            pixels = new byte[Math.toIntExact((long) count * width * height * channels)];
        }

        private static int blocks(int side, int longer) {
            return Math.max(1, Math.round((float) side * SIDE / longer / BLOCK)) * BLOCK;
        }

        void make(float[] values, int index) {
            // Values above 1 are probably bytes.
            float most = 1;
            for (float v : values) {
                most = Math.max(most, v);
            }
            float unit = most > 1.5f ? Math.max(255, most) : 1;
            int at = index * width * height * channels;
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    for (int c = 0; c < channels; c++) {
                        double mean = mean(values, x, y, c) / unit;
                        pixels[at++] = (byte) Math.round(255 * Math.clamp(mean, 0, 1));
                    }
                }
            }
        }

        private double mean(float[] values, int x, int y, int channel) {
            int left = x * from.width() / width;
            int right = Math.max(left + 1, (x + 1) * from.width() / width);
            int top = y * from.height() / height;
            int bottom = Math.max(top + 1, (y + 1) * from.height() / height);
            double sum = 0;
            for (int j = top; j < bottom; j++) {
                for (int i = left; i < right; i++) {
                    sum += values[(j * from.width() + i) * from.channels() + channel];
                }
            }
            return sum / ((double) (right - left) * (bottom - top));
        }

        Pictures pictures(int[] rows) {
            return new Pictures(rows, width, height, channels, pixels, RowValues.NONE);
        }
    }
}
