package io.heddle.cli.study;

import io.heddle.matrix.FloatMatrix;
import it.unimi.dsi.fastutil.ints.Int2IntLinkedOpenHashMap;

/** Collects the images that the report shows, without duplicates, and copies them. */
final class Album {
    private final Int2IntLinkedOpenHashMap positions = new Int2IntLinkedOpenHashMap();

    Album() {
        positions.defaultReturnValue(-1);
    }

    /** Returns the position of an image among the thumbnails, and adds it if it is new. */
    int add(int image) {
        int position = positions.get(image);
        if (position < 0) {
            position = positions.size();
            positions.put(image, position);
        }
        return position;
    }

    int[] addAll(int[] images) {
        int[] added = new int[images.length];
        for (int i = 0; i < images.length; i++) {
            added[i] = add(images[i]);
        }
        return added;
    }

    /** The images, in the order in which they were added. */
    int[] images() {
        return positions.keySet().toIntArray();
    }

    /** Copies the pictures from the matrix. */
    Thumbnails develop(FloatMatrix images, int width, int height) {
        byte[] pixels = new byte[positions.size() * width * height];
        float[] row = new float[images.columns()];
        int[] next = {0};
        positions.keySet().forEach(image -> {
            images.getRow(image, row);
            for (float value : row) {
                pixels[next[0]++] = gray(value);
            }
        });
        return new Thumbnails(width, height, positions.size(), pixels);
    }

    /** Returns a pixel in [0, 1] as a byte. */
    static byte gray(double value) {
        return (byte) Math.round(255 * Math.clamp(value, 0, 1));
    }
}
