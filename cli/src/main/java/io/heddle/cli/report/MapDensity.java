package io.heddle.cli.report;

import java.util.Arrays;

/** Counts the rows of a map in the cells of a square grid, for maps with more rows than points. */
final class MapDensity {
    /** Number of cells per side. */
    static final int SIDE = 256;

    private static final int CELLS = SIDE * SIDE;
    /** Shift from 16-bit coordinates to cells. */
    private static final int SHIFT = 8;

    private final int[] starts = new int[CELLS + 1];
    /** The rows, sorted by cell. */
    private final int[] order;

    /**
     * @param x coordinates from 0 to 65,535
     * @param y coordinates from 0 to 65,535, upwards
     */
    MapDensity(int[] x, int[] y) {
        for (int i = 0; i < x.length; i++) {
            starts[cell(x[i], y[i]) + 1]++;
        }
        for (int c = 0; c < CELLS; c++) {
            starts[c + 1] += starts[c];
        }
        order = new int[x.length];
        int[] next = Arrays.copyOf(starts, CELLS);
        for (int i = 0; i < x.length; i++) {
            order[next[cell(x[i], y[i])]++] = i;
        }
    }

    private static int cell(int x, int y) {
        return (y >> SHIFT) * SIDE + (x >> SHIFT);
    }

    /** Returns the number of rows in each cell, in row-major order from the bottom. */
    int[] counts() {
        int[] counts = new int[CELLS];
        for (int c = 0; c < CELLS; c++) {
            counts[c] = starts[c + 1] - starts[c];
        }
        return counts;
    }

    /**
     * Returns the most frequent category in each cell; for equal counts, the lower one.
     *
     * @param kinds categories of all rows, from 0 to {@link Packed#NONE}
     */
    int[] mostFrequent(int[] kinds) {
        int[] most = new int[CELLS];
        int[] tally = new int[Packed.NONE + 1];
        for (int c = 0; c < CELLS; c++) {
            most[c] = Packed.NONE;
            for (int at = starts[c]; at < starts[c + 1]; at++) {
                tally[kinds[order[at]]]++;
            }
            int best = 0;
            for (int at = starts[c]; at < starts[c + 1]; at++) {
                int kind = kinds[order[at]];
                if (tally[kind] > best || tally[kind] == best && kind < most[c]) {
                    best = tally[kind];
                    most[c] = kind;
                }
            }
            for (int at = starts[c]; at < starts[c + 1]; at++) {
                tally[kinds[order[at]]] = 0;
            }
        }
        return most;
    }

    /** Returns the mean of the values other than NaN in each cell; NaN for a cell without such values. */
    double[] means(double[] values) {
        double[] means = new double[CELLS];
        for (int c = 0; c < CELLS; c++) {
            means[c] = Arrays.stream(order, starts[c], starts[c + 1])
                    .mapToDouble(i -> values[i])
                    .filter(Double::isFinite)
                    .average()
                    .orElse(Double.NaN);
        }
        return means;
    }
}
