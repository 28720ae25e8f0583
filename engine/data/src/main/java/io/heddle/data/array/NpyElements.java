package io.heddle.data.array;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Reads the numbers of an NPY file in their order, as floats, doubles or whole numbers. */
final class NpyElements {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final double TWO_TO_63 = 0x1p63;

    private final MemorySegment m;
    private final Dtype dtype;
    private final ValueLayout.OfShort shorts;
    private final ValueLayout.OfInt ints;
    private final ValueLayout.OfLong longs;
    private final ValueLayout.OfFloat floats;
    private final ValueLayout.OfDouble doubles;

    NpyElements(NpyContent content, Dtype dtype) {
        this.m = content.elements();
        this.dtype = dtype;
        shorts = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(content.header().order());
        ints = ValueLayout.JAVA_INT_UNALIGNED.withOrder(content.header().order());
        longs = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(content.header().order());
        floats = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(content.header().order());
        doubles = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(content.header().order());
    }

    /** One loop per type, so that no loop tests the type. */
    void toFloats(long first, float scale, float[] out, int count) {
        long at = first * dtype.bytes();
        switch (dtype) {
            case BOOL, UINT8 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = scale * Byte.toUnsignedInt(m.get(BYTE, at + i));
                }
            }
            case INT8 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = scale * m.get(BYTE, at + i);
                }
            }
            case UINT16 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = scale * Short.toUnsignedInt(m.get(shorts, at + 2L * i));
                }
            }
            case INT16 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = scale * m.get(shorts, at + 2L * i);
                }
            }
            case FLOAT16 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = scale * Float.float16ToFloat(m.get(shorts, at + 2L * i));
                }
            }
            case UINT32 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = scale * Integer.toUnsignedLong(m.get(ints, at + 4L * i));
                }
            }
            case INT32 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = scale * m.get(ints, at + 4L * i);
                }
            }
            case FLOAT32 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = scale * m.get(floats, at + 4L * i);
                }
            }
            case UINT64 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = scale * (float) unsigned(m.get(longs, at + 8L * i));
                }
            }
            case INT64 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = scale * m.get(longs, at + 8L * i);
                }
            }
            case FLOAT64 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = (float) (scale * m.get(doubles, at + 8L * i));
                }
            }
        }
    }

    /** Values are exact before scaling, except whole numbers above 2⁵³, which are rounded. */
    void toDoubles(long first, double scale, double[] out, int from, int count) {
        long at = first * dtype.bytes();
        switch (dtype) {
            case BOOL, UINT8 -> {
                for (int i = 0; i < count; i++) {
                    out[from + i] = scale * Byte.toUnsignedInt(m.get(BYTE, at + i));
                }
            }
            case INT8 -> {
                for (int i = 0; i < count; i++) {
                    out[from + i] = scale * m.get(BYTE, at + i);
                }
            }
            case UINT16 -> {
                for (int i = 0; i < count; i++) {
                    out[from + i] = scale * Short.toUnsignedInt(m.get(shorts, at + 2L * i));
                }
            }
            case INT16 -> {
                for (int i = 0; i < count; i++) {
                    out[from + i] = scale * m.get(shorts, at + 2L * i);
                }
            }
            case FLOAT16 -> {
                for (int i = 0; i < count; i++) {
                    out[from + i] = scale * Float.float16ToFloat(m.get(shorts, at + 2L * i));
                }
            }
            case UINT32 -> {
                for (int i = 0; i < count; i++) {
                    out[from + i] = scale * Integer.toUnsignedLong(m.get(ints, at + 4L * i));
                }
            }
            case INT32 -> {
                for (int i = 0; i < count; i++) {
                    out[from + i] = scale * m.get(ints, at + 4L * i);
                }
            }
            case FLOAT32 -> {
                for (int i = 0; i < count; i++) {
                    out[from + i] = scale * m.get(floats, at + 4L * i);
                }
            }
            case UINT64 -> {
                for (int i = 0; i < count; i++) {
                    out[from + i] = scale * unsigned(m.get(longs, at + 8L * i));
                }
            }
            case INT64 -> {
                for (int i = 0; i < count; i++) {
                    out[from + i] = scale * m.get(longs, at + 8L * i);
                }
            }
            case FLOAT64 -> {
                for (int i = 0; i < count; i++) {
                    out[from + i] = scale * m.get(doubles, at + 8L * i);
                }
            }
        }
    }

    private static double unsigned(long value) {
        // Halved and combined with its last bit, so that the result is rounded only once.
        return value >= 0 ? value : 2.0 * (value >>> 1 | value & 1);
    }

    /**
     * Returns a whole number of any type as decimal digits.
     *
     * @return the digits; empty if it is a fraction or not finite
     */
    String wholeNumber(long i) {
        return switch (dtype) {
            case UINT64 -> Long.toUnsignedString(m.get(longs, 8 * i));
            case FLOAT16, FLOAT32, FLOAT64 -> {
                double value = real(i);
                yield value == Math.rint(value) && Math.abs(value) < TWO_TO_63 ? Long.toString((long) value) : "";
            }
            default -> Long.toString(integer(i));
        };
    }

    double real(long i) {
        double[] value = new double[1];
        toDoubles(i, 1, value, 0, 1);
        return value[0];
    }

    /** Returns an element of an integer type that fits into a long. */
    long integer(long i) {
        return switch (dtype) {
            case BOOL, UINT8 -> Byte.toUnsignedInt(m.get(BYTE, i));
            case INT8 -> m.get(BYTE, i);
            case UINT16 -> Short.toUnsignedInt(m.get(shorts, 2 * i));
            case INT16 -> m.get(shorts, 2 * i);
            case UINT32 -> Integer.toUnsignedLong(m.get(ints, 4 * i));
            case INT32 -> m.get(ints, 4 * i);
            case INT64 -> m.get(longs, 8 * i);
            case UINT64, FLOAT16, FLOAT32, FLOAT64 -> throw new AssertionError(dtype);
        };
    }
}
