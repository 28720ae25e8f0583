package io.heddle.model;

import io.heddle.matrix.FloatMatrix;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** Reads the first rows of Fashion-MNIST's files. The public reader is in another module, which depends on this one. */
public final class FashionMnistFiles {
    private static final int PIXELS = 28 * 28;

    private FashionMnistFiles() {}

    /** Pixels from 0 to 1. */
    public static FloatMatrix images(Path file, int rows) throws IOException {
        FloatMatrix images = FloatMatrix.allocate(rows, PIXELS);
        try (DataInputStream in = new DataInputStream(new GZIPInputStream(Files.newInputStream(file)))) {
            in.skipNBytes(4 * Integer.BYTES);
            float[] row = new float[PIXELS];
            for (int i = 0; i < rows; i++) {
                byte[] bytes = in.readNBytes(PIXELS);
                for (int j = 0; j < PIXELS; j++) {
                    row[j] = (bytes[j] & 0xff) / 255f;
                }
                images.setRow(i, row);
            }
            return images;
        }
    }

    public static int[] labels(Path file, int rows) throws IOException {
        int[] labels = new int[rows];
        try (DataInputStream in = new DataInputStream(new GZIPInputStream(Files.newInputStream(file)))) {
            in.skipNBytes(2 * Integer.BYTES);
            for (int i = 0; i < rows; i++) {
                labels[i] = in.readUnsignedByte();
            }
            return labels;
        }
    }

    /** The same number of rows of each of ten classes, drawn as the study draws its samples; ascending. */
    static int[] sample(int[] labels, int perClass) {
        SplittableRandom random = new SplittableRandom(0);
        int[] drawn = new int[10 * perClass];
        for (int c = 0; c < 10; c++) {
            int label = c;
            int[] members = IntStream.range(0, labels.length)
                    .filter(i -> labels[i] == label)
                    .toArray();
            for (int i = 0; i < perClass; i++) {
                int other = random.nextInt(i, members.length);
                drawn[c * perClass + i] = members[other];
                members[other] = members[i];
            }
        }
        Arrays.sort(drawn);
        return drawn;
    }
}
