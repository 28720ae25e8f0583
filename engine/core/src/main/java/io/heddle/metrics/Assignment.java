package io.heddle.metrics;

import io.heddle.matrix.InvalidInputException;
import java.util.Arrays;

/**
 * The best one-to-one assignment of rows to columns.
 *
 * <p>Shortest augmenting paths with potentials, O(s²·l) for the shorter side s and the longer l: R. Jonker and A.
 * Volgenant, <i>A shortest augmenting path algorithm for dense and sparse linear assignment problems</i>, Computing 38
 * (1987), without its initial reductions.
 *
 * <p>For example: {@snippet file="MetricsExamplesTest.java" region="assignment"}
 */
public final class Assignment {
    /** Largest weight whose path sums are guaranteed to fit a long for sides up to 2²⁰. */
    private static final long MAXIMUM_WEIGHT = 1L << 40;

    private Assignment() {}

    /**
     * Assigns each row of the shorter side to a column of its own and maximizes the sum of the weights.
     *
     * @param weights rows · columns weights in row-major order, each within ±2⁴⁰
     * @param rows number of rows
     * @param columns number of columns
     * @return the column of each row, or −1 for a row without a column
     * @throws InvalidInputException if the array does not fit the shape or a weight is too large
     */
    public static int[] maximize(long[] weights, int rows, int columns) {
        InvalidInputException.require(
                rows >= 0 && columns >= 0 && weights.length == (long) rows * columns,
                "%d weights do not fill a table of %d x %d",
                weights.length,
                rows,
                columns);
        for (long w : weights) {
            if (w > MAXIMUM_WEIGHT || w < -MAXIMUM_WEIGHT) {
                throw new InvalidInputException("the weight %d lies outside +-2^40".formatted(w));
            }
        }
        int[] columnOfRow = new int[rows];
        if (rows <= columns) {
            int[] rowOfColumn = assignShortSide(weights, rows, columns, columns, 1);
            Arrays.fill(columnOfRow, -1);
            for (int j = 0; j < columns; j++) {
                if (rowOfColumn[j] >= 0) {
                    columnOfRow[rowOfColumn[j]] = j;
                }
            }
            return columnOfRow;
        }
        return assignShortSide(weights, columns, rows, 1, columns);
    }

    /**
     * Adds one short-side element after the other, each along the cheapest path of reassignments that ends at an
     * unassigned element of the long side. The weight of the pair (s, l) stands at {@code s · shortStep + l ·
     * longStep}.
     *
     * @return for each element of the long side its partner, or −1
     */
    private static int[] assignShortSide(long[] weights, int shortSide, int longSide, int shortStep, int longStep) {
        long[] shortPotential = new long[shortSide];
        long[] longPotential = new long[longSide];
        int[] partner = new int[longSide];
        Arrays.fill(partner, -1);
        long[] distance = new long[longSide];
        int[] previous = new int[longSide];
        boolean[] settled = new boolean[longSide];
        for (int start = 0; start < shortSide; start++) {
            Arrays.fill(distance, Long.MAX_VALUE);
            Arrays.fill(settled, false);
            shortPotential[start] = -bestWeight(weights, start * shortStep, longStep, longSide, longPotential);
            int from = -1;
            int row = start;
            long travelled = 0;
            while (row >= 0) {
                int nearest = -1;
                for (int l = 0; l < longSide; l++) {
                    if (settled[l]) {
                        continue;
                    }
                    long reduced = -weights[row * shortStep + l * longStep] - shortPotential[row] - longPotential[l];
                    if (travelled + reduced < distance[l]) {
                        distance[l] = travelled + reduced;
                        previous[l] = from;
                    }
                    if (nearest < 0 || distance[l] < distance[nearest]) {
                        nearest = l;
                    }
                }
                settled[nearest] = true;
                travelled = distance[nearest];
                from = nearest;
                row = partner[nearest];
            }
            raisePotentials(shortPotential, longPotential, partner, distance, settled, start, travelled);
            augment(partner, previous, from, start);
        }
        return partner;
    }

    /** Initial potential of a new row. With it, all reduced costs of the row are at least 0. */
    private static long bestWeight(long[] weights, int offset, int longStep, int longSide, long[] longPotential) {
        long best = Long.MIN_VALUE;
        for (int l = 0; l < longSide; l++) {
            best = Math.max(best, weights[offset + l * longStep] + longPotential[l]);
        }
        return best;
    }

    private static void raisePotentials(
            long[] shortPotential,
            long[] longPotential,
            int[] partner,
            long[] distance,
            boolean[] settled,
            int start,
            long travelled) {
        shortPotential[start] += travelled;
        for (int l = 0; l < partner.length; l++) {
            if (settled[l]) {
                long slack = travelled - distance[l];
                longPotential[l] -= slack;
                if (partner[l] >= 0) {
                    shortPotential[partner[l]] += slack;
                }
            }
        }
    }

    private static void augment(int[] partner, int[] previous, int end, int start) {
        int l = end;
        while (previous[l] >= 0) {
            partner[l] = partner[previous[l]];
            l = previous[l];
        }
        partner[l] = start;
    }
}
