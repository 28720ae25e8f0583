package io.heddle.model;

import io.heddle.files.DataFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads a protocol buffer message, field by field: as much of the wire format as ONNX needs. The declared length of a
 * field is checked against the remaining bytes before it is used.
 */
final class ProtobufReader {
    private static final int VARINT = 0;
    private static final int EIGHT_BYTES = 1;
    private static final int LENGTH = 2;
    private static final int FOUR_BYTES = 5;
    private static final int MOST_VARINT_BYTES = 10;
    private static final int LONGEST_FAULT = 300;

    private final String file;
    private final ByteBuffer bytes;
    private int field;
    private int type;
    private long number;
    private ByteBuffer content;

    /** @param file its name, for faults */
    ProtobufReader(String file, ByteBuffer bytes) {
        this.file = file;
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A sentence of one line, whatever characters the names in a file are made of. */
    DataFormatException fault(String format, Object... arguments) {
        String told = format.formatted(arguments).replaceAll("\\p{Cntrl}", "?");
        return new DataFormatException(
                file + " " + (told.length() > LONGEST_FAULT ? told.substring(0, LONGEST_FAULT) + "..." : told));
    }

    private DataFormatException cutShort() {
        return fault("is no ONNX file, or cut short: a field ends behind the end");
    }

    /** Goes on to the next field; false at the end. */
    boolean next() throws DataFormatException {
        if (!bytes.hasRemaining()) {
            return false;
        }
        long key = varint();
        field = (int) (key >>> 3);
        type = (int) (key & 7);
        if (key >>> 3 == 0 || key >>> 32 != 0) {
            throw fault("is no ONNX file: it has a field of the number %d", key >>> 3);
        }
        content = null;
        switch (type) {
            case VARINT -> number = varint();
            case EIGHT_BYTES -> content = take(Long.BYTES);
            case LENGTH -> content = take(varint());
            case FOUR_BYTES -> content = take(Integer.BYTES);
            default -> throw fault("is no ONNX file: it has a field of the wire type %d", type);
        }
        return true;
    }

    private long varint() throws DataFormatException {
        long value = 0;
        for (int i = 0; i < MOST_VARINT_BYTES; i++) {
            if (!bytes.hasRemaining()) {
                throw cutShort();
            }
            byte b = bytes.get();
            value |= (long) (b & 0x7f) << 7 * i;
            if (b >= 0) {
                return value;
            }
        }
        throw fault("is no ONNX file: a number in it does not end");
    }

    private ByteBuffer take(long length) throws DataFormatException {
        if (length < 0 || length > bytes.remaining()) {
            throw cutShort();
        }
        ByteBuffer slice = bytes.slice(bytes.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(bytes.position() + (int) length);
        return slice;
    }

    /** The number of the field. */
    int field() {
        return field;
    }

    long integer() throws DataFormatException {
        require(VARINT);
        return number;
    }

    /** The bytes of a field that has a length. */
    ByteBuffer blob() throws DataFormatException {
        require(LENGTH);
        return content;
    }

    ProtobufReader message() throws DataFormatException {
        return new ProtobufReader(file, blob());
    }

    String text() throws DataFormatException {
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(blob());
            return text.toString();
        } catch (CharacterCodingException e) {
            throw fault("is damaged: a text in it is not UTF-8");
        }
    }

    private void require(int wanted) throws DataFormatException {
        if (type != wanted) {
            throw fault("is no ONNX file: its field %d is of the wire type %d, not %d", field, type, wanted);
        }
    }

    /** The floats of a field, one of many or packed together. */
    void floats(NumberList to) throws DataFormatException {
        ByteBuffer some = fixed(FOUR_BYTES, Float.BYTES);
        while (some.hasRemaining()) {
            to.add(some.getFloat());
        }
    }

    /** The doubles of a field, one of many or packed together. */
    void doubles(NumberList to) throws DataFormatException {
        ByteBuffer some = fixed(EIGHT_BYTES, Double.BYTES);
        while (some.hasRemaining()) {
            to.add(some.getDouble());
        }
    }

    private ByteBuffer fixed(int single, int size) throws DataFormatException {
        if (type != LENGTH && type != single) {
            require(single);
        }
        if (content.remaining() % size != 0) {
            throw fault("is damaged: %d bytes are no list of numbers of %d each", content.remaining(), size);
        }
        return content;
    }

    /** The whole numbers of a field, one of many or packed together. */
    void integers(NumberList to) throws DataFormatException {
        if (type == VARINT) {
            to.add(number);
            return;
        }
        ProtobufReader packed = message();
        while (packed.bytes.hasRemaining()) {
            to.add(packed.varint());
        }
    }
}
