package io.heddle.simd;

/**
 * Sizes of the blocks in which products walk through memory; the only place that knows them. Chosen for 32 kB of L1 and
 * 1 MB of L2 per core.
 */
final class Blocking {
    /**
     * Depth of one pass over a panel: 1024 × 32 floats are 128 kB, which stay in L2 beside 128 rows of 512 kB. Deeper
     * than a panel for L1 would be: L2 feeds the tile quickly enough, and each pass fetches the whole result anew.
     */
    static final int DEPTH = 1024;
    /** Rows of the left operand that one task takes at a time. */
    static final int ROWS = 128;
    /**
     * Rows packed at a time for XᵀX: 384 rows of 784 floats are 1.2 MB, a little more than L2 has, but the sum, which
     * comes from further away, is fetched the less often.
     */
    static final int GRAM_ROWS = 384;
    /**
     * Slices of the rows that have a sum of their own in XᵀX. Fixed, so that the result does not depend on the threads.
     */
    static final int GRAM_SLICES = 8;
    /** Blocks of rows that pay for another sum. */
    static final int GRAM_SLICE_BLOCKS = 2;

    /** Rows from which on AᵀB is summed slice by slice. */
    static final long DEEP = 4096;
    /** Rows of AᵀB that one tile walks through, so that its sum is fetched the less often. */
    static final int DEEP_ROWS = 384;

    /** Slices with a sum of their own in AᵀB, and the elements that one may have: together no more than 64 MB. */
    static final int DEEP_SLICES = 16;

    static final long SLICED_ELEMENTS = 1L << 20;

    /** Fewest steps that pay for folding the sums of inner products. */
    static final int LEAST_DOT_DEPTH = 96;
    /** Most steps of a product by inner products: five columns of so many floats are 80 kB. */
    static final int MOST_DOT_DEPTH = 4096;

    private Blocking() {}
}
