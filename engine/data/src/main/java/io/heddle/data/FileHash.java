package io.heddle.data;

import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Computes the SHA-256 of a sequence of files, or of values. */
public final class FileHash {
    private static final int CHUNK = 1 << 18;

    private FileHash() {}

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /**
     * {@return the hash of values in memory: little-endian floats, row by row, without padding}
     *
     * @param values any matrix
     */
    public static String of(FloatMatrix values) {
        MessageDigest digest = digest();
        float[] row = new float[values.columns()];
        ByteBuffer bytes = ByteBuffer.allocate(row.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long i = 0; i < values.rows(); i++) {
            values.getRow(i, row);
            bytes.asFloatBuffer().put(row);
            digest.update(bytes.array());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * {@return the hash of files, as 64 hexadecimal digits}
     *
     * @param files in their order
     * @throws IOException if a file cannot be read
     */
    public static String of(List<Path> files) throws IOException {
        MessageDigest digest = digest();
        byte[] chunk = new byte[CHUNK];
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                    digest.update(chunk, 0, n);
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
