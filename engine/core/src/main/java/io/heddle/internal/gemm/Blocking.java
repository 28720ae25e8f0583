package io.heddle.internal.gemm;

import io.heddle.internal.kernels.Simd;

/**
 * Sizes of the blocks in which products walk through memory; the only place that knows them. Chosen for 32 kB of L1 and
 * 1 MB of L2 per core.
 */
public final class Blocking {
    /**
     * Most steps of one pass over a panel: the right panel stays in L1, and the sums are short, which is where their
     * error comes from. Each pass reads the whole result again.
     */
    static final int DEPTH = 320;
    /** Rows of the left operand that are packed at a time: as many tiles as fit, some 160 kB. */
    static final int ROWS = 128 / Simd.kernels().tileRows() * Simd.kernels().tileRows();
    /**
     * Columns of the result that are finished before the next ones are begun, so that they stay in L2 from pass to
     * pass.
     */
    static final int COLUMNS = 512;
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

    /** Steps of each pass, as equal as vectors allow. */
    static int steps(int depth) {
        int passes = Math.max(1, (depth + DEPTH - 1) / DEPTH);
        int equal = (depth + passes - 1) / passes;
        return Math.max(16, (equal + 15) / 16 * 16);
    }
}
