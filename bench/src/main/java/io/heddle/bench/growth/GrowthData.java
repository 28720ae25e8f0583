package io.heddle.bench.growth;

import io.heddle.data.fashion.FashionMnist;
import io.heddle.data.fashion.ImageDataset;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Generates any number of distinct images: row i is training image i mod 60,000 of Fashion-MNIST, shifted by up to two
 * pixels in each direction and with some noise in non-black pixels, from a generator with seed i. A larger file starts
 * with the rows of a smaller one.
 */
final class GrowthData {
    static final float SCALE = 1 / 255f;
    static final int SIDE = 28;
    static final int COLUMNS = SIDE * SIDE;

    private static final String LABELS = "growth.labels";
    private static final int REACH = 2;
    private static final int PIXEL = 0xff;
    private static final int ROWS_A_WRITE = 4_096;

    private final byte[][] originals;
    private final int[] originalLabels;

    private GrowthData(byte[][] originals, int[] originalLabels) {
        this.originals = originals;
        this.originalLabels = originalLabels;
    }

    static GrowthData load() throws IOException {
        try (ImageDataset data = FashionMnist.load(Optional.empty(), System.err::println)) {
            FloatMatrix x = data.trainImages();
            byte[][] originals = new byte[Math.toIntExact(x.rows())][COLUMNS];
            float[] row = new float[COLUMNS];
            for (int i = 0; i < originals.length; i++) {
                x.getRow(i, row);
                for (int j = 0; j < COLUMNS; j++) {
                    originals[i][j] = (byte) Math.round(row[j] / SCALE);
                }
            }
            return new GrowthData(originals, data.trainLabels());
        }
    }

    /** Returns the rows of the file as a matrix, and writes the file first if it does not exist. */
    static ByteMatrix map(Path folder, long rows) throws IOException {
        return ByteMatrix.map(file(folder), 0, rows, COLUMNS, SCALE);
    }

    private static Path file(Path folder) {
        return folder.resolve("growth.u8");
    }

    /** Ensures that the file has at least this number of rows. */
    static void write(Path folder, long rows) throws IOException {
        Path file = file(folder);
        boolean labelled = Files.exists(folder.resolve(LABELS));
        if (labelled && Files.exists(file) && Files.size(file) >= rows * COLUMNS) {
            return;
        }
        Files.createDirectories(folder);
        GrowthData data = load();
        byte[] labels = new byte[data.originalLabels.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) data.originalLabels[i];
        }
        Files.write(folder.resolve(LABELS), labels);
        Path aside = folder.resolve("growth.u8.part");
        ByteBuffer buffer = ByteBuffer.allocate(ROWS_A_WRITE * COLUMNS);
        try (FileChannel out = FileChannel.open(
                aside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (long from = 0; from < rows; from += ROWS_A_WRITE) {
                buffer.clear();
                for (long i = from; i < Math.min(rows, from + ROWS_A_WRITE); i++) {
                    data.row(i, buffer.array(), buffer.position());
                    buffer.position(buffer.position() + COLUMNS);
                }
                buffer.flip();
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
            }
        }
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Returns the classes of the file's first rows. */
    static int[] labels(Path folder, long rows) throws IOException {
        byte[] originals = Files.readAllBytes(folder.resolve(LABELS));
        int[] labels = new int[Math.toIntExact(rows)];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = originals[i % originals.length];
        }
        return labels;
    }

    /** Writes an image into {@code out} from index {@code at} on. */
    void row(long i, byte[] out, int at) {
        byte[] image = originals[(int) (i % originals.length)];
        long random = mix(i);
        int right = (int) Math.floorMod(random, 2L * REACH + 1) - REACH;
        int down = (int) Math.floorMod(random >> 8, 2L * REACH + 1) - REACH;
        for (int y = 0; y < SIDE; y++) {
            long bits = mix(random + y);
            for (int x = 0; x < SIDE; x++) {
                int fromX = x - right;
                int fromY = y - down;
                boolean inside = fromX >= 0 && fromX < SIDE && fromY >= 0 && fromY < SIDE;
                int pixel = inside ? image[fromY * SIDE + fromX] & PIXEL : 0;
                // Two bits per pixel: 0 to 3 steps up or, in bright pixels, down.
                int noise = (int) (bits >> 2 * x) & 3;
                out[at + y * SIDE + x] = (byte) (pixel == 0 ? 0 : pixel > PIXEL / 2 ? pixel - noise : pixel + noise);
            }
        }
    }

    /** SplitMix64's finalizer. */
    private static long mix(long z) {
        long a = (z + 0x9e3779b97f4a7c15L) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ a >>> 30) * 0x94d049bb133111ebL;
        return b ^ b >>> 27 ^ b >>> 31;
    }
}
