package io.heddle.data;

import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of the values that are added, in their order. */
public final class ContentHash {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int CHUNK_INTS = 1 << 14;

    private final MessageDigest digest;

    /** Creates a hash without values. */
    public ContentHash() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /**
     * Adds bytes.
     *
     * @param bytes the bytes from the position to the limit
     */
    public void add(ByteBuffer bytes) {
        digest.update(bytes);
    }

    /**
     * Adds values, row after row, little-endian.
     *
     * @param matrix the values
     */
    public void add(FloatMatrix matrix) {
        byte[] row = new byte[matrix.columns() * Float.BYTES];
        MemorySegment target = MemorySegment.ofArray(row);
        for (long i = 0; i < matrix.rows(); i++) {
            MemorySegment.copy(
                    matrix.segment(), ValueLayout.JAVA_FLOAT, matrix.offset(i), target, FLOAT, 0, matrix.columns());
            digest.update(row);
        }
    }

    /**
     * Adds numbers, little-endian.
     *
     * @param values any
     */
    public void add(int[] values) {
        byte[] chunk = new byte[CHUNK_INTS * Integer.BYTES];
        MemorySegment target = MemorySegment.ofArray(chunk);
        for (int from = 0; from < values.length; from += CHUNK_INTS) {
            int count = Math.min(CHUNK_INTS, values.length - from);
            MemorySegment.copy(values, from, target, INT, 0, count);
            digest.update(chunk, 0, count * Integer.BYTES);
        }
    }

    /** {@return 64 hexadecimal digits; after this call, no values can be added} */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
