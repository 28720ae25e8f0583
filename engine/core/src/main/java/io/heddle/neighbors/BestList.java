package io.heddle.neighbors;

import io.heddle.internal.kernels.Kernels;
import java.util.Arrays;

/**
 * The best candidates so far for each row, by score and, for equal scores, by the lower number.
 *
 * <p>This order is strict, so the result does not depend on the order in which candidates are offered.
 */
final class BestList {
    private final int count;
    /** Score and number in one long that sorts ascending from best to worst; {@code count} for each row. */
    private final long[] keys;

    private final int[] filled;
    private final float[] limits;

    BestList(int rows, int count) {
        this.count = count;
        keys = new long[Math.multiplyExact(rows, count)];
        filled = new int[rows];
        // The places after the last row have an infinite limit, so that a whole panel of limits can be read.
        limits = new float[rows + Kernels.TILE_COLUMNS];
        Arrays.fill(limits, 0, rows, Float.NEGATIVE_INFINITY);
        Arrays.fill(limits, rows, limits.length, Float.POSITIVE_INFINITY);
    }

    int rows() {
        return filled.length;
    }

    /** Candidates kept for each row. */
    int count() {
        return count;
    }

    void clear() {
        Arrays.fill(filled, 0);
        Arrays.fill(limits, 0, filled.length, Float.NEGATIVE_INFINITY);
    }

    /** The minimum score of a new candidate, by row: −∞ until a row's list is full. */
    float[] limits() {
        return limits;
    }

    /** Offers a candidate. Two threads must not call this for the same row at the same time. */
    void offer(int row, float score, int number) {
        // Most pairs are offered to two rows and wanted by one. The limits stay in the cache, the lists do not.
        if (score < limits[row]) {
            return;
        }
        long key = key(score, number);
        int from = row * count;
        int size = filled[row];
        if (size == count && key >= keys[from + count - 1]) {
            return;
        }
        int at = from + Math.min(size, count - 1);
        while (at > from && keys[at - 1] > key) {
            keys[at] = keys[at - 1];
            at--;
        }
        keys[at] = key;
        if (size < count) {
            filled[row] = size + 1;
        }
        if (filled[row] == count) {
            limits[row] = score((int) (keys[from + count - 1] >> 32));
        }
    }

    int number(int row, int rank) {
        return (int) keys[row * count + rank];
    }

    float score(int row, int rank) {
        return score((int) (keys[row * count + rank] >> 32));
    }

    /** Sorts by score from the greatest on and then by number, which is its lower half. */
    static long key(float score, int number) {
        return (long) descending(score) << 32 | number;
    }

    /** An int that is smaller the greater the float is; −0 counts as 0. */
    private static int descending(float score) {
        int bits = Float.floatToRawIntBits(score + 0f);
        return ~(bits ^ (bits >> 31 & Integer.MAX_VALUE));
    }

    private static float score(int descending) {
        int ordered = ~descending;
        return Float.intBitsToFloat(ordered ^ (ordered >> 31 & Integer.MAX_VALUE));
    }
}
