package io.heddle.neighbors;

import io.heddle.internal.gemm.Gemm;
import io.heddle.internal.gemm.Panels;
import io.heddle.internal.gemm.RowPanels;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.PairList;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * Finds the pairs of left and right rows with the greatest inner products. Works block by block: the product of
 * {@value #BLOCK} rows and one panel of columns is compared with the limits of its rows and columns, tile by tile, and
 * not stored. Once the lists are full, few values pass.
 */
final class PairSearch {
    /** A multiple of the heights and widths of all tiles. */
    private static final int BLOCK = 384;

    /** Minimum rows to be ordered: of fewer, ordering takes as long as it saves. */
    static final int ORDERED_ROWS = 16_384;

    private static final int PANEL = Kernels.TILE_COLUMNS;
    /** Blocks of right rows for which a block of left rows is packed once. */
    private static final int GROUP = 4;
    /** Distance of left blocks that threads work on at the same time, with different right blocks. */
    private static final int APART = 2 * GROUP;
    /** Maximum floats of the left rows that are packed at a time, unless fewer than a tile has rows. */
    private static final int PACKED_FLOATS = 1 << 20;
    /** Limits above every product. */
    private static final float[] CLOSED = new float[BLOCK];

    static {
        Arrays.fill(CLOSED, Float.POSITIVE_INFINITY);
    }

    private final FloatMatrix left;
    private final Panels right;
    private final BestList best;
    /** The products of each worker that reached a limit. */
    private final PairList[] lists;
    /** The current left rows of each worker. */
    private final RowPanels[] rows;
    /** Left rows that are packed at a time: the whole block unless rows are long. */
    private final int packedRows;

    private PairSearch(FloatMatrix left, Panels right, BestList best, int threads) {
        this.left = left;
        this.right = right;
        this.best = best;
        lists = new PairList[threads];
        Arrays.setAll(lists, i -> new PairList(BLOCK * PANEL));
        rows = new RowPanels[threads];
        Arrays.setAll(rows, i -> new RowPanels());
        int tile = Simd.kernels().tileRows();
        packedRows = Math.clamp(PACKED_FLOATS / Math.max(1, left.columns()) / tile * tile, tile, BLOCK);
    }

    /** Whether {@link #order} changes the order of so many rows. */
    static boolean isOrdered(FloatMatrix x) {
        return x.rows() >= ORDERED_ROWS;
    }

    /** The numbers of all rows in an order for {@link #within}. */
    static int[] order(FloatMatrix x, WorkerPool pool) {
        return isOrdered(x) ? NearbyOrder.of(x, BLOCK, pool) : unordered(x);
    }

    /** The order in which every row keeps its position. */
    static int[] unordered(FloatMatrix x) {
        return IntStream.range(0, Math.toIntExact(x.rows())).toArray();
    }

    static int blocks(int rows) {
        return (rows + BLOCK - 1) / BLOCK;
    }

    static int from(int block) {
        return block * BLOCK;
    }

    static int to(int block, int rows) {
        return Math.min(rows, (block + 1) * BLOCK);
    }

    /** Returns the left rows with the greatest products for each right row. */
    static BestList between(FloatMatrix left, FloatMatrix right, int count, WorkerPool pool) {
        int points = (int) left.rows();
        int queries = (int) right.rows();
        BestList best = new BestList(queries, count);
        try (Panels panels = Panels.packTransposedForPacked(right)) {
            PairSearch search = new PairSearch(left, panels, best, pool.threads());
            pool.run(blocks(queries), (block, worker) -> {
                for (int i = 0; i < points; i += search.packedRows) {
                    search.rows[worker].repack(left, i, Math.min(points, i + search.packedRows));
                    for (int column = from(block); column < to(block, queries); column += PANEL) {
                        int width = Math.min(PANEL, queries - column);
                        PairList list = search.multiply(CLOSED, 0, column, width, best.limits(), worker);
                        search.offerToColumns(list, i, column);
                    }
                }
            });
        }
        return best;
    }

    /**
     * Returns the rows with the greatest products for each row. Requires that left · rightᵀ is symmetric. Each product
     * is computed once and offered to both rows. Fast if near rows have near positions, as in {@link NearbyOrder}.
     *
     * @param numbers of the row at each position; the rows found, and equal scores, have these numbers
     */
    static BestList within(
            FloatMatrix left, FloatMatrix right, int[] numbers, int count, boolean includeSelf, WorkerPool pool) {
        int n = (int) left.rows();
        int blocks = blocks(n);
        BestList best = new BestList(n, count);
        Lock[] locks = new Lock[blocks];
        Arrays.setAll(locks, i -> new ReentrantLock());
        try (Panels panels = Panels.packTransposedForPacked(right)) {
            PairSearch search = new PairSearch(left, panels, best, pool.threads());
            pool.run(blocks, (block, worker) -> search.diagonal(block, numbers, includeSelf, worker));
            pool.run(before(groups(blocks), blocks), (task, worker) -> {
                int group = group(task, blocks);
                int i = spread(task - before(group, blocks), blocks - 1 - group * GROUP);
                search.pairs(i, i + 1 + group * GROUP, numbers, locks, worker);
            });
        }
        return best;
    }

    private static int groups(int blocks) {
        return (blocks - 1 + GROUP - 1) / GROUP;
    }

    /**
     * Returns one of the numbers below n, a different one for each t below n: first all multiples of {@link #APART},
     * then all that are one greater, and so on. Concurrent tasks then rarely use the same lists.
     */
    private static int spread(int t, int n) {
        int first = 0;
        int rest = t;
        int count = (n + APART - 1) / APART;
        while (rest >= count) {
            rest -= count;
            first++;
            count = (n - first + APART - 1) / APART;
        }
        return first + rest * APART;
    }

    /** Returns the group of the distances between the blocks of a task. */
    private static int group(int task, int blocks) {
        int low = 0;
        int high = groups(blocks) - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (before(middle, blocks) <= task) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Returns the number of tasks of earlier groups: one for each block that has a block at the least distance. */
    private static int before(int group, int blocks) {
        return Math.toIntExact((long) group * (blocks - 1) - (long) GROUP * group * (group - 1) / 2);
    }

    private void diagonal(int block, int[] numbers, boolean includeSelf, int worker) {
        int end = to(block, numbers.length);
        for (int from = from(block); from < end; from += packedRows) {
            rows[worker].repack(left, from, Math.min(end, from + packedRows));
            for (int column = from(block); column < end; column += PANEL) {
                int width = Math.min(PANEL, end - column);
                PairList list = multiply(best.limits(), from, column, width, null, worker);
                for (int h = 0; h < list.count(); h++) {
                    int row = from + list.row(h);
                    int other = column + list.column(h);
                    if (includeSelf || row != other) {
                        best.offer(row, list.score(h), numbers[other]);
                    }
                }
            }
        }
    }

    /** The pairs of a block of rows with each block of a group. */
    private void pairs(int i, int first, int[] numbers, Lock[] locks, int worker) {
        int n = numbers.length;
        for (int from = from(i); from < to(i, n); from += packedRows) {
            rows[worker].repack(left, from, Math.min(to(i, n), from + packedRows));
            for (int j = first; j < Math.min(first + GROUP, locks.length); j++) {
                locks[i].lock();
                locks[j].lock();
                try {
                    pair(from, j, numbers, worker);
                } finally {
                    locks[j].unlock();
                    locks[i].unlock();
                }
            }
        }
    }

    private void pair(int from, int j, int[] numbers, int worker) {
        int to = to(j, numbers.length);
        for (int column = from(j); column < to; column += PANEL) {
            int width = Math.min(PANEL, to - column);
            PairList list = multiply(best.limits(), from, column, width, best.limits(), worker);
            for (int h = 0; h < list.count(); h++) {
                int row = from + list.row(h);
                int other = column + list.column(h);
                best.offer(row, list.score(h), numbers[other]);
                best.offer(other, list.score(h), numbers[row]);
            }
        }
    }

    private void offerToColumns(PairList list, int from, int column) {
        for (int h = 0; h < list.count(); h++) {
            best.offer(column + list.column(h), list.score(h), from + list.row(h));
        }
    }

    /** Returns the products of the worker's left rows with some columns that are at least a limit. */
    private PairList multiply(
            float[] rowLimits, int limitsFrom, int column, int width, float[] columnLimits, int worker) {
        boolean both = columnLimits != null;
        PairList list = lists[worker];
        list.start(rowLimits, limitsFrom, both ? columnLimits : CLOSED, both ? column : 0, width);
        Gemm.pairsAtLeast(rows[worker], right, column, list);
        return list;
    }
}
