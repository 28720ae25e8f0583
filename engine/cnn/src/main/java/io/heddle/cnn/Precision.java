package io.heddle.cnn;

/** The number format in which an encoder computes; images and features are 32-bit floats in either. */
public enum Precision {
    /** {@link #BFLOAT16} where the processor multiplies such numbers itself, otherwise {@link #FLOAT32}. */
    AUTO,
    /** IEEE 754 single precision. */
    FLOAT32,
    /** The upper half of a single: the same range, 8 bits of precision. */
    BFLOAT16;

    /**
     * {@return what {@link #AUTO} stands for on this machine: {@link #BFLOAT16} on a Linux machine whose processor has
     * AMX or AVX512-BF16 instructions, otherwise {@link #FLOAT32}}
     */
    public static Precision best() {
        return CpuFlags.ofThisMachine().multipliesBfloat16() ? BFLOAT16 : FLOAT32;
    }
}
