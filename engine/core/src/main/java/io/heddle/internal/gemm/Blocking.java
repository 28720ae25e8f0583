package io.heddle.internal.gemm;

import io.heddle.internal.kernels.Simd;

/**
 * Sizes of the blocks in which products walk through memory; the only place that knows them. Chosen for 32 kB of L1 and
 * 1 MB of L2 per core, and good with 48 kB and 2 MB.
 */
public final class Blocking {
    /**
     * Most steps of one pass: the sums are short, which is where their error comes from. Each pass reads the whole
     * result again.
     */
    static final int DEPTH = 384;
    /** The same for few columns: a panel of each operand stays in 48 kB of L1. */
    private static final int FEW_COLUMNS_DEPTH = 240;
    /**
     * Rows of the left operand that are packed at a time for a right operand of few columns: as many tiles as fit, some
     * 160 kB, because each panel is used only a few times and should still be in L1 or L2.
     */
    static final int FEW_ROWS = 128 / Simd.kernels().tileRows() * Simd.kernels().tileRows();
    /**
     * The same for many columns. The panels go by one after the other; each time, a block of the right operand comes
     * from farther than L2. A multiple of the rows of all tiles.
     */
    static final int MANY_ROWS = 504;
    /** Fewest columns that are many. */
    private static final int MANY_COLUMNS = 256;
    /** Columns of the right operand that stay in L2 while the left panels go by: some 600 kB in one pass. */
    static final int COLUMNS = 512;
    /** Fewest tiles one above the other that are worth a task of their own. */
    private static final int LEAST_TILES = 4;

    /** Rows that XᵀX takes at a time. */
    static final int GRAM_ROWS = 256;
    /**
     * Slices of the rows that have a sum of their own in XᵀX. Fixed, so that the result does not depend on the threads.
     */
    static final int GRAM_SLICES = 8;
    /** Blocks of rows that pay for another sum. */
    static final int GRAM_SLICE_BLOCKS = 2;

    /** Rows from which on AᵀB is summed slice by slice. */
    static final long DEEP = 4096;
    /**
     * Rows of AᵀB that one tile walks through: more would not stay in L2 beside what they are packed to, fewer would
     * fetch the sum more often.
     */
    static final int DEEP_ROWS = 256;
    /** Tiles one above the other that do not pay for packing the right operand of AᵀB. */
    static final int FEW_TILES = 2;
    /** Columns of the right operand of AᵀB that are packed at a time: 1 MB. */
    static final int DEEP_COLUMNS = 1024;

    /** Slices with a sum of their own in AᵀB, and the elements that one may have: together no more than 64 MB. */
    static final int DEEP_SLICES = 16;

    static final long SLICED_ELEMENTS = 1L << 20;

    /** Fewest steps that pay for folding the sums of inner products. */
    public static final int LEAST_DOT_DEPTH = 96;
    /** Most steps of a product by inner products: five columns of so many floats are 80 kB. */
    static final int MOST_DOT_DEPTH = 4096;

    private Blocking() {}

    /**
     * Rows of a product that one task computes: equal for as many tasks as share the work well, and a multiple of a
     * tile's. The bits of the result do not depend on them.
     */
    static int taskRows(long rows, int columns, int threads) {
        int tile = Simd.kernels().tileRows();
        int most = packedRows(columns);
        long tasks = (rows + most - 1) / most;
        // Two for each thread even out what other programs take.
        long shared = Math.max(tasks, Math.min(threads == 1 ? 1 : 2L * threads, rows / (LEAST_TILES * tile)));
        long even = (shared + threads - 1) / threads * threads;
        long each = Math.max(1, (rows + even - 1) / Math.max(1, even));
        return Math.toIntExact((each + tile - 1) / tile * tile);
    }

    /** Most rows of the left operand that are packed at a time. */
    static int packedRows(int columns) {
        return columns < MANY_COLUMNS ? FEW_ROWS : MANY_ROWS;
    }

    /**
     * Columns that are finished before the next ones are begun: a block of many, of which each left panel uses all
     * while it is in L1, or else a single panel, which is in L1 itself.
     */
    static int columnsAtATime(int columns) {
        return columns < MANY_COLUMNS ? Simd.kernels().tileColumns() : COLUMNS;
    }

    /** Steps of each pass, as equal as vectors allow. */
    static int steps(int depth, int columns) {
        int most = columns < MANY_COLUMNS ? FEW_COLUMNS_DEPTH : DEPTH;
        int passes = Math.max(1, (depth + most - 1) / most);
        int equal = (depth + passes - 1) / passes;
        return Math.max(16, (equal + 15) / 16 * 16);
    }
}
