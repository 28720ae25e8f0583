package io.heddle.cnn;

/** The number format of an encoder's computations. Images and features are always 32-bit floats. */
public enum Precision {
    /** {@link #BFLOAT16} if the processor has instructions for it, otherwise {@link #FLOAT32}. */
    AUTO,
    /** IEEE 754 single precision. */
    FLOAT32,
    /** The upper half of an IEEE 754 single: the same range with 8 bits of precision. */
    BFLOAT16;

    /**
     * {@return the meaning of {@link #AUTO} on this machine: {@link #BFLOAT16} on a Linux machine whose processor has
     * AMX or AVX512-BF16 instructions, otherwise {@link #FLOAT32}}
     */
    public static Precision best() {
        return CpuFlags.ofThisMachine().multipliesBfloat16() ? BFLOAT16 : FLOAT32;
    }
}
