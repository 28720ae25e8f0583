package io.heddle.model;

import java.util.Arrays;

/**
 * A list of numbers. Its memory grows with the numbers read, not with the size that a file declares. Whole numbers are
 * also stored as longs, because doubles round them from 2⁵³ on.
 */
final class NumberList {
    private double[] values = new double[8];
    /** Empty unless all numbers are whole numbers of 64 bits. */
    private long[] wholes = new long[0];

    private int size;

    void add(double value) {
        wholes = new long[0];
        append(value);
    }

    void add(long value) {
        if (size == 0) {
            wholes = new long[values.length];
        }
        append(value);
        if (wholes.length > 0) {
            wholes = wholes.length < values.length ? Arrays.copyOf(wholes, values.length) : wholes;
            wholes[size - 1] = value;
        }
    }

    /** Reserves memory for a number of elements that will be added. */
    void reserve(int more) {
        values = Arrays.copyOf(values, Math.max(values.length, Math.addExact(size, more)));
    }

    private void append(double value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    int size() {
        return size;
    }

    double[] toArray() {
        return Arrays.copyOf(values, size);
    }

    /** Returns the numbers as longs if all are whole numbers, otherwise an empty array. */
    long[] wholes() {
        return wholes.length == 0 ? wholes : Arrays.copyOf(wholes, size);
    }
}
