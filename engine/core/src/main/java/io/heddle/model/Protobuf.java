package io.heddle.model;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a protocol buffer message. Supports the parts of the wire format that ONNX uses. */
final class Protobuf {
    private static final int VARINT = 0;
    private static final int LENGTH = 2;
    /** Four bytes, little-endian. */
    private static final int FIXED = 5;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }

    private void key(int field, int type) {
        varint((long) field << 3 | type);
    }

    Protobuf integer(int field, long value) {
        key(field, VARINT);
        varint(value);
        return this;
    }

    Protobuf real(int field, float value) {
        key(field, FIXED);
        int bits = Float.floatToRawIntBits(value);
        return raw(new byte[] {(byte) bits, (byte) (bits >> 8), (byte) (bits >> 16), (byte) (bits >> 24)});
    }

    Protobuf text(int field, String value) {
        return blob(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Protobuf message(int field, Protobuf value) {
        return blob(field, value.toBytes());
    }

    Protobuf blob(int field, byte[] value) {
        key(field, LENGTH);
        varint(value.length);
        return raw(value);
    }

    private Protobuf raw(byte[] value) {
        bytes.write(value, 0, value.length);
        return this;
    }

    /** Appends the fields of another message to this one. */
    Protobuf append(Protobuf other) {
        return raw(other.toBytes());
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }
}
