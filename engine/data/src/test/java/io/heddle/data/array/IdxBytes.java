package io.heddle.data.array;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Writes valid and invalid IDX files by the description of the format. */
public final class IdxBytes {
    static final int IMAGES = 0x803;
    static final int LABELS = 0x801;

    private IdxBytes() {}

    /** The header, then the elements, which need not agree with it. */
    static byte[] idx(int magic, int[] dimensions, byte[] elements) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * dimensions.length + elements.length);
        bytes.putInt(magic);
        for (int d : dimensions) {
            bytes.putInt(d);
        }
        return bytes.put(elements).array();
    }

    public static byte[] images(int count, int height, int width, byte[] pixels) {
        return idx(IMAGES, new int[] {count, height, width}, pixels);
    }

    public static byte[] labels(int... labels) {
        byte[] elements = new byte[labels.length];
        for (int i = 0; i < labels.length; i++) {
            elements[i] = (byte) labels[i];
        }
        return idx(LABELS, new int[] {labels.length}, elements);
    }

    /** Pixels with all values of a byte. */
    public static byte[] pattern(int count) {
        byte[] pixels = new byte[count];
        for (int i = 0; i < count; i++) {
            pixels[i] = (byte) (i * 37 + i / 256);
        }
        return pixels;
    }

    public static byte[] gzip(byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    public static byte[] join(byte[] a, byte[] b) {
        return ByteBuffer.allocate(a.length + b.length).put(a).put(b).array();
    }

    static Path write(Path folder, String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }
}
