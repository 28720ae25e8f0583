package io.heddle.model;

import io.heddle.files.DataFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads a protocol buffer message field by field. Supports the parts of the wire format that ONNX uses. The declared
 * length of a field is checked against the remaining bytes before it is used.
 */
final class ProtobufReader {
    private static final int VARINT = 0;
    private static final int EIGHT_BYTES = 1;
    private static final int LENGTH = 2;
    private static final int FOUR_BYTES = 5;
    private static final int MAXIMUM_VARINT_BYTES = 10;
    private static final int LONGEST_FAULT = 300;

    private final String file;
    private final ByteBuffer bytes;
    private int field;
    private int type;
    private long number;
    private ByteBuffer content;

    /** @param file name of the file, for error messages */
    ProtobufReader(String file, ByteBuffer bytes) {
        this.file = file;
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    String label() {
        return file;
    }

    /** Returns an exception whose message is one line. Control characters in names are replaced. */
    DataFormatException fault(String format, Object... arguments) {
        String told = format.formatted(arguments).replaceAll("\\p{Cntrl}", "?");
        return new DataFormatException(
                file + " " + (told.length() > LONGEST_FAULT ? told.substring(0, LONGEST_FAULT) + "..." : told));
    }

    private DataFormatException cutShort() {
        return fault("is not an ONNX file or is cut short: a field is longer than the file");
    }

    /** Moves to the next field. Returns false at the end. */
    boolean next() throws DataFormatException {
        if (!bytes.hasRemaining()) {
            return false;
        }
        long key = varint();
        field = (int) (key >>> 3);
        type = (int) (key & 7);
        if (key >>> 3 == 0 || key >>> 32 != 0) {
            throw fault("is not an ONNX file: it has a field of the number %d", key >>> 3);
        }
        content = null;
        switch (type) {
            case VARINT -> number = varint();
            case EIGHT_BYTES -> content = take(Long.BYTES);
            case LENGTH -> content = take(varint());
            case FOUR_BYTES -> content = take(Integer.BYTES);
            default -> throw fault("is not an ONNX file: it has a field of the wire type %d", type);
        }
        return true;
    }

    private long varint() throws DataFormatException {
        long value = 0;
        for (int i = 0; i < MAXIMUM_VARINT_BYTES; i++) {
            if (!bytes.hasRemaining()) {
                throw cutShort();
            }
            byte b = bytes.get();
            value |= (long) (b & 0x7f) << 7 * i;
            if (b >= 0) {
                return value;
            }
        }
        throw fault("is not an ONNX file: it has a number of more than 64 bits");
    }

    private ByteBuffer take(long length) throws DataFormatException {
        if (length < 0 || length > bytes.remaining()) {
            throw cutShort();
        }
        ByteBuffer slice = bytes.slice(bytes.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(bytes.position() + (int) length);
        return slice;
    }

    /** Returns the number of the field. */
    int field() {
        return field;
    }

    long integer() throws DataFormatException {
        require(VARINT);
        return number;
    }

    /** Returns the bytes of a field with a length. */
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
            throw fault("is damaged: it has a string that is not UTF-8");
        }
    }

    private void require(int wanted) throws DataFormatException {
        if (type != wanted) {
            throw fault("is not an ONNX file: its field %d has the wire type %d, not %d", field, type, wanted);
        }
    }

    /** Reads the floats of a field, single or packed. */
    void floats(NumberList to) throws DataFormatException {
        ByteBuffer some = fixed(FOUR_BYTES, Float.BYTES);
        while (some.hasRemaining()) {
            to.add(some.getFloat());
        }
    }

    /** Reads the doubles of a field, single or packed. */
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
            throw fault("is damaged: %d bytes are not a list of numbers of %d bytes", content.remaining(), size);
        }
        return content;
    }

    /** Reads the integers of a field, single or packed. */
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
