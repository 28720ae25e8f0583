package io.heddle.cli;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

/** A data set in Fashion-MNIST's layout: ten shapes, drawn with some noise, that any classifier can separate. */
final class DrawnImages {
    static final int SIDE = 28;
    static final int CLASSES = 10;

    private DrawnImages() {}

    /** Writes the four files into a folder. */
    static void write(Path folder, int train, int test) throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        writePart(folder, "train", train, random);
        writePart(folder, "t10k", test, random);
    }

    private static void writePart(Path folder, String name, int count, SplittableRandom random) throws IOException {
        try (DataOutputStream out = packed(folder.resolve(name + "-images-idx3-ubyte.gz"))) {
            out.writeInt(0x803);
            out.writeInt(count);
            out.writeInt(SIDE);
            out.writeInt(SIDE);
            for (int i = 0; i < count; i++) {
                out.write(draw(i % CLASSES, random));
            }
        }
        try (DataOutputStream out = packed(folder.resolve(name + "-labels-idx1-ubyte.gz"))) {
            out.writeInt(0x801);
            out.writeInt(count);
            for (int i = 0; i < count; i++) {
                out.writeByte(i % CLASSES);
            }
        }
    }

    private static DataOutputStream packed(Path file) throws IOException {
        return new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(file)));
    }

    /** Class c is a bar with its own position, direction and width. */
    static byte[] draw(int c, SplittableRandom random) {
        byte[] pixels = new byte[SIDE * SIDE];
        int place = 4 + c % 5 * 4 + random.nextInt(3) - 1;
        int width = c % 2 == 0 ? 3 : 6;
        int ink = 160 + random.nextInt(96);
        for (int along = 3; along < SIDE - 3; along++) {
            for (int across = place; across < Math.min(SIDE, place + width); across++) {
                int index = c < 5 ? along * SIDE + across : across * SIDE + along;
                pixels[index] = (byte) Math.max(0, ink - random.nextInt(60));
            }
        }
        return pixels;
    }
}
