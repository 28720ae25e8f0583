package io.heddle.cnn;

import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Computes the SHA-256 of images: their pixels row by row as little-endian float32. */
final class ImageDigest {
    private static final ValueLayout.OfFloat LITTLE_ENDIAN =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private ImageDigest() {}

    static String of(FloatMatrix images) {
        MessageDigest sha256 = sha256();
        byte[] row = new byte[images.columns() * Float.BYTES];
        MemorySegment target = MemorySegment.ofArray(row);
        for (long i = 0; i < images.rows(); i++) {
            MemorySegment.copy(
                    images.segment(),
                    ValueLayout.JAVA_FLOAT,
                    images.offset(i),
                    target,
                    LITTLE_ENDIAN,
                    0,
                    images.columns());
            sha256.update(row);
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
