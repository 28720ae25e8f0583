package io.heddle.model;

import java.util.Arrays;

/** A list of doubles that grows with what is read, and not with what a file says there will be. */
final class NumberList {
    private double[] values = new double[8];
    private int size;

    void add(double value) {
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
}
