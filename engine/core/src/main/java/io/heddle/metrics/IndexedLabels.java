package io.heddle.metrics;

import io.heddle.matrix.InvalidInputException;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.util.Arrays;

/**
 * A labeling with its labels numbered densely, in ascending order of the label: {@code values[indices[i]]} is the label
 * of point i.
 *
 * @param values the distinct labels, ascending
 * @param indices for each point, the index of its label in {@code values}
 */
record IndexedLabels(int[] values, int[] indices) {
    /**
     * Labels may be any ints. A table by label is used only if its size is at most this many times the number of
     * points.
     */
    private static final long TABLE_PER_POINT = 4;

    /** Validates two labelings of the same points. */
    static void requirePaired(int[] truth, int[] other, String otherName) {
        InvalidInputException.require(
                truth.length == other.length,
                "there are %d true labels, but %d %s",
                truth.length,
                other.length,
                otherName);
        InvalidInputException.require(truth.length > 0, "scores of 0 labels are not defined");
    }

    /**
     * @param name name of these labels in an error message
     * @throws InvalidInputException if a label is negative
     */
    static IndexedLabels index(int[] labels, String name) {
        int max = 0;
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0) {
                throw new InvalidInputException(
                        "the %s at index %d is %d; labels are 0 or more".formatted(name, i, labels[i]));
            }
            max = Math.max(max, labels[i]);
        }
        return max <= TABLE_PER_POINT * labels.length ? byTable(labels, max) : byHash(labels);
    }

    private static IndexedLabels byTable(int[] labels, int max) {
        int[] position = new int[max + 1];
        for (int label : labels) {
            position[label] = 1;
        }
        int distinct = 0;
        for (int present : position) {
            distinct += present;
        }
        int[] values = new int[distinct];
        int next = 0;
        for (int label = 0; label <= max; label++) {
            if (position[label] == 1) {
                position[label] = next;
                values[next++] = label;
            }
        }
        int[] indices = new int[labels.length];
        for (int i = 0; i < labels.length; i++) {
            indices[i] = position[labels[i]];
        }
        return new IndexedLabels(values, indices);
    }

    private static IndexedLabels byHash(int[] labels) {
        Int2IntOpenHashMap position = new Int2IntOpenHashMap();
        for (int label : labels) {
            position.put(label, 0);
        }
        int[] values = position.keySet().toIntArray();
        IntArrays.quickSort(values);
        for (int i = 0; i < values.length; i++) {
            position.put(values[i], i);
        }
        int[] indices = new int[labels.length];
        for (int i = 0; i < labels.length; i++) {
            indices[i] = position.get(labels[i]);
        }
        return new IndexedLabels(values, indices);
    }

    int distinct() {
        return values.length;
    }

    /** The number of points with each distinct label. */
    long[] sizes() {
        long[] sizes = new long[values.length];
        for (int index : indices) {
            sizes[index]++;
        }
        return sizes;
    }

    /** The index of a label among the distinct ones, or a negative number. */
    static int find(int[] values, int label) {
        return Arrays.binarySearch(values, label);
    }
}
