package io.heddle.neighbors;

import io.heddle.internal.gemm.Gemm;
import io.heddle.internal.gemm.Panels;
import io.heddle.internal.gemm.RowPanels;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.rows.Elements;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Goes through all pairs of left and right rows for those with the greatest inner products, block after block: the
 * product of {@value #BLOCK} rows and one panel of columns stays in cache while a kernel picks what passes the limit of
 * its row or of its column, which is little once the lists are full.
 */
final class PairSearch {
    /** A multiple of the heights and widths of all tiles. */
    private static final int BLOCK = 384;

    private static final int PANEL = Kernels.TILE_COLUMNS;
    private static final Kernels KERNELS = Simd.kernels();
    /** Limits that nothing passes. */
    private static final float[] CLOSED = new float[BLOCK];

    static {
        Arrays.fill(CLOSED, Float.POSITIVE_INFINITY);
    }

    private final FloatMatrix left;
    private final Panels right;
    private final BestList best;
    private final FloatMatrix scores;
    private final int[][] passed;
    /** The left rows that each worker is at. */
    private final RowPanels[] rows;

    private PairSearch(FloatMatrix left, Panels right, BestList best, FloatMatrix scores, int threads) {
        this.left = left;
        this.right = right;
        this.best = best;
        this.scores = scores;
        passed = new int[threads][BLOCK * PANEL];
        rows = new RowPanels[threads];
        Arrays.setAll(rows, i -> new RowPanels());
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

    /** For each right row the numbers of the left rows with the greatest products. */
    static BestList between(FloatMatrix left, FloatMatrix right, int count, WorkerPool pool) {
        int points = (int) left.rows();
        int queries = (int) right.rows();
        BestList best = new BestList(queries, count);
        try (Panels panels = Panels.packTransposed(right);
                FloatMatrix scores = FloatMatrix.allocate((long) pool.threads() * BLOCK, PANEL)) {
            PairSearch search = new PairSearch(left, panels, best, scores, pool.threads());
            pool.run(blocks(queries), (block, worker) -> {
                for (int i = 0; i < blocks(points); i++) {
                    search.rows[worker].repack(left, from(i), to(i, points));
                    for (int column = from(block); column < to(block, queries); column += PANEL) {
                        int width = Math.min(PANEL, queries - column);
                        int rows = to(i, points) - from(i);
                        int hits = search.multiply(from(i), rows, CLOSED, 0, column, width, best.limits(), worker);
                        search.offerToColumns(hits, from(i), column, worker);
                    }
                }
            });
        }
        return best;
    }

    /**
     * For each row the numbers of the rows with the greatest products, where left · rightᵀ is symmetric: each product
     * is computed once and offered to both of its rows.
     */
    static BestList within(FloatMatrix left, FloatMatrix right, int count, boolean includeSelf, WorkerPool pool) {
        int n = (int) left.rows();
        int blocks = blocks(n);
        BestList best = new BestList(n, count);
        Lock[] locks = new Lock[blocks];
        Arrays.setAll(locks, i -> new ReentrantLock());
        try (Panels panels = Panels.packTransposed(right);
                FloatMatrix scores = FloatMatrix.allocate((long) pool.threads() * BLOCK, PANEL)) {
            PairSearch search = new PairSearch(left, panels, best, scores, pool.threads());
            pool.run(blocks, (block, worker) -> search.diagonal(block, n, includeSelf, worker));
            pool.run(Math.toIntExact((long) blocks * (blocks - 1) / 2), (task, worker) -> {
                int distance = distance(task, blocks);
                int i = task - before(distance, blocks);
                int j = i + distance;
                locks[i].lock();
                locks[j].lock();
                try {
                    search.pair(i, j, n, worker);
                } finally {
                    locks[j].unlock();
                    locks[i].unlock();
                }
            });
        }
        return best;
    }

    /**
     * How far apart the two blocks of a task are. Tasks go along the diagonals, so that those under way at the same
     * time hardly ever want the same lists.
     */
    private static int distance(int task, int blocks) {
        int low = 1;
        int high = blocks - 1;
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

    /** Number of pairs of blocks that are less than a distance apart, those of a block with itself left out. */
    private static int before(int distance, int blocks) {
        return (int) ((distance - 1L) * blocks - (long) distance * (distance - 1) / 2);
    }

    private void diagonal(int block, int n, boolean includeSelf, int worker) {
        int from = from(block);
        int rows = to(block, n) - from;
        this.rows[worker].repack(left, from, from + rows);
        for (int column = from; column < from + rows; column += PANEL) {
            int width = Math.min(PANEL, from + rows - column);
            int hits = multiply(from, rows, best.limits(), from, column, width, null, worker);
            for (int h = 0; h < hits; h++) {
                int hit = passed[worker][h];
                int row = from + (hit >> Kernels.PAIR_BITS);
                int other = column + (hit & Kernels.PAIR_MASK);
                if (includeSelf || row != other) {
                    best.offer(row, score(hit, worker), other);
                }
            }
        }
    }

    private void pair(int i, int j, int n, int worker) {
        int from = from(i);
        int to = to(j, n);
        rows[worker].repack(left, from, from + BLOCK);
        for (int column = from(j); column < to; column += PANEL) {
            int width = Math.min(PANEL, to - column);
            int hits = multiply(from, BLOCK, best.limits(), from, column, width, best.limits(), worker);
            for (int h = 0; h < hits; h++) {
                int hit = passed[worker][h];
                float score = score(hit, worker);
                int row = from + (hit >> Kernels.PAIR_BITS);
                int other = column + (hit & Kernels.PAIR_MASK);
                best.offer(row, score, other);
                best.offer(other, score, row);
            }
        }
    }

    private void offerToColumns(int hits, int from, int column, int worker) {
        for (int h = 0; h < hits; h++) {
            int hit = passed[worker][h];
            best.offer(column + (hit & Kernels.PAIR_MASK), score(hit, worker), from + (hit >> Kernels.PAIR_BITS));
        }
    }

    /** Products of the worker's left rows with some columns; which of them pass goes to the worker's list. */
    private int multiply(
            int from,
            int rows,
            float[] rowLimits,
            int limitsFrom,
            int column,
            int width,
            float[] columnLimits,
            int worker) {
        long scratch = (long) worker * BLOCK;
        Gemm.multiplyPanel(this.rows[worker], right, column, scores, scratch);
        boolean both = columnLimits != null;
        return KERNELS.pairsAtLeast(
                scores.segment(),
                scores.offset(scratch),
                scores.offset(1),
                rows,
                width,
                rowLimits,
                limitsFrom,
                both ? columnLimits : CLOSED,
                both ? column : 0,
                passed[worker]);
    }

    private float score(int hit, int worker) {
        return Elements.get(scores, (long) worker * BLOCK + (hit >> Kernels.PAIR_BITS), hit & Kernels.PAIR_MASK);
    }
}
