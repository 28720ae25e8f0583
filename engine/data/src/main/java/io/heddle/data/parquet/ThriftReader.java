package io.heddle.data.parquet;

import java.nio.charset.StandardCharsets;

/** Reads structures in Thrift's compact protocol, the format of Parquet's metadata. */
final class ThriftReader {
    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final int BYTE = 3;
    private static final int DOUBLE = 7;
    private static final int BINARY = 8;
    private static final int LIST = 9;
    private static final int SET = 10;
    private static final int MAP = 11;
    private static final int STRUCT = 12;
    private static final int DEEPEST = 32;

    private final ByteCursor in;
    private int depth;
    private int type;

    ThriftReader(ByteCursor in) {
        this.in = in;
    }

    /** Processes a field of a structure: reads its value, or returns false to skip it. */
    @FunctionalInterface
    interface Field {
        boolean read(int id) throws ParquetFault;
    }

    /** Reads an element of a list. */
    @FunctionalInterface
    interface Element {
        void read() throws ParquetFault;
    }

    /** Reads a structure and skips unused fields. */
    void struct(Field field) throws ParquetFault {
        enter();
        int id = 0;
        for (int header = in.uint8(); header != 0; header = in.uint8()) {
            int step = header >>> 4;
            id = step == 0 ? (int) in.zigzag() : id + step;
            int own = header & 0xf;
            type = own;
            if (!field.read(id)) {
                skip(own);
            }
        }
        depth--;
    }

    /** Reads a list of structures, or of numbers or texts. */
    void list(Element element) throws ParquetFault {
        require(LIST, SET);
        int header = in.uint8();
        int size = header >>> 4 == 15 ? in.count() : header >>> 4;
        // Each element has at least one byte.
        if (size > in.remaining()) {
            throw new ParquetFault("a list of %d elements has %d bytes", size, in.remaining());
        }
        int elements = header & 0xf;
        for (int i = 0; i < size; i++) {
            type = elements;
            element.read();
        }
    }

    private void require(int one, int other) throws ParquetFault {
        if (type != one && type != other) {
            throw new ParquetFault("a field has type %d, but %d is expected", type, one);
        }
    }

    long number() throws ParquetFault {
        if (type == BYTE) {
            return (byte) in.uint8();
        }
        if (type < BYTE || type >= DOUBLE) {
            throw new ParquetFault("a field has type %d, but a number is expected", type);
        }
        return in.zigzag();
    }

    int integer() throws ParquetFault {
        long value = number();
        if (value != (int) value) {
            throw new ParquetFault("%d is not a number of 32 bits", value);
        }
        return (int) value;
    }

    boolean truth() throws ParquetFault {
        require(TRUE, FALSE);
        return type == TRUE;
    }

    String text() throws ParquetFault {
        require(BINARY, BINARY);
        int length = in.count();
        return new String(in.bytes(), in.take(length), length, StandardCharsets.UTF_8);
    }

    /** Returns whether the current field is a structure; {@link #struct} reads it. */
    boolean isStruct() {
        return type == STRUCT;
    }

    private void enter() throws ParquetFault {
        if (++depth > DEEPEST) {
            throw new ParquetFault("structures have more than %d nested levels", DEEPEST);
        }
    }

    private void skip(int what) throws ParquetFault {
        switch (what) {
            case TRUE, FALSE -> {
                // The type contains the value.
            }
            case BYTE -> in.take(1);
            case DOUBLE -> in.take(Double.BYTES);
            case BINARY -> in.take(in.count());
            case LIST, SET -> {
                type = what;
                enter();
                list(() -> skipElement(type));
                depth--;
            }
            case MAP -> skipMap();
            case STRUCT -> struct(id -> false);
            default -> {
                if (what < BYTE || what > DOUBLE) {
                    throw new ParquetFault("a field has the unknown type %d", what);
                }
                in.varint();
            }
        }
    }

    /** Booleans in lists have a byte, unlike those in structures. */
    private void skipElement(int what) throws ParquetFault {
        if (what == TRUE || what == FALSE) {
            in.take(1);
        } else {
            skip(what);
        }
    }

    private void skipMap() throws ParquetFault {
        int size = in.count();
        if (size == 0) {
            return;
        }
        if (size > in.remaining()) {
            throw new ParquetFault("a map of %d entries has %d bytes", size, in.remaining());
        }
        enter();
        int types = in.uint8();
        for (int i = 0; i < size; i++) {
            skipElement(types >>> 4);
            skipElement(types & 0xf);
        }
        depth--;
    }
}
