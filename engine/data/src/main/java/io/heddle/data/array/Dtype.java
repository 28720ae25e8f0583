package io.heddle.data.array;

import java.util.Locale;

/**
 * The types of the elements in a data file, with NumPy's names and sizes.
 *
 * <p>For example: {@snippet file="DataExamplesTest.java" region="npy-array"}
 */
public enum Dtype {
    /** One byte, 0 or 1. */
    BOOL(1),
    /** One byte, 0 to 255. */
    UINT8(1),
    /** One byte, −128 to 127. */
    INT8(1),
    /** Two bytes, 0 to 65 535. */
    UINT16(2),
    /** Two bytes, signed. */
    INT16(2),
    /** Four bytes, 0 to 2³² − 1. */
    UINT32(4),
    /** Four bytes, signed. */
    INT32(4),
    /** Eight bytes, signed. */
    INT64(8),
    /** Eight bytes, 0 to 2⁶⁴ − 1. */
    UINT64(8),
    /** IEEE 754 binary16. */
    FLOAT16(2),
    /** IEEE 754 binary32. */
    FLOAT32(4),
    /** IEEE 754 binary64. */
    FLOAT64(8);

    private final int bytes;

    Dtype(int bytes) {
        this.bytes = bytes;
    }

    /** {@return the size of an element in bytes} */
    public int bytes() {
        return bytes;
    }

    /** {@return whether elements are whole numbers or booleans} */
    public boolean isInteger() {
        return this != FLOAT16 && this != FLOAT32 && this != FLOAT64;
    }

    /**
     * {@return whether floats represent all values of this type: true except for 32-bit integers and 64-bit numbers}
     */
    public boolean fitsFloat() {
        return bytes < Float.BYTES || this == FLOAT32;
    }

    /** {@return NumPy's name, such as {@code float32}} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
