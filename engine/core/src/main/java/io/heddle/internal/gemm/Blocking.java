package io.heddle.internal.gemm;

import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;

/**
 * The block sizes of matrix products, which are defined only here. Chosen for 32 kB of L1 and 1 MB of L2 per core; also
 * suitable for 48 kB and 2 MB.
 */
public final class Blocking {
    /** Rows of the tile for processors with 32 registers. */
    private static final int TWELVE_ROWS = 12;
    /**
     * Maximum steps of one pass over packed rows: short sums have a small rounding error. Each pass reads the whole
     * result again. With 208 steps a left panel of twelve rows stays in 48 kB of L1 while panels of the right operand
     * pass through it; with its broadcasts from L2 a tile takes a quarter longer on an Ice Lake Xeon. With 256 steps of
     * six rows the error is at most that of OpenBLAS with AVX2.
     */
    static final int DEPTH = Simd.kernels().tileRows() < TWELVE_ROWS ? 256 : 208;
    /**
     * The same for rows in place, which are read from L2 at full speed: passes as long as those of OpenBLAS with
     * AVX-512, because reading and writing the result is the largest loss.
     */
    static final int ROW_DEPTH = 384;
    /** Maximum bytes of a right operand that stays in L2 as a whole. */
    private static final long CACHED_BYTES = 512 << 10;
    /**
     * Rows of the left operand that are packed at a time for a right operand of few columns: about 160 kB of tiles,
     * because each panel is used only a few times and should still be in L1 or L2.
     */
    static final int FEW_ROWS = 128 / Simd.kernels().tileRows() * Simd.kernels().tileRows();
    /**
     * The same for many columns. For each block of panels, a block of the right operand is read from beyond L2. A
     * multiple of the rows of all tiles.
     */
    static final int MANY_ROWS = 504;
    /** Minimum number of columns that count as many. */
    private static final int MANY_COLUMNS = 256;
    /** Columns of the right operand that stay in L2 while all left panels are multiplied: about 400 kB in one pass. */
    static final int COLUMNS = 512;
    /**
     * The same for operands in arrays, which processors with 16 registers read: many of them have 512 kB of L2, and
     * copies of 200 kB leave room for left panels.
     */
    static final int ARRAY_COLUMNS = 192;
    /** Minimum number of tiles, one above the other, in a task. */
    private static final int MINIMUM_TILES = 4;

    /** Rows in a block of XᵀX. */
    static final int GRAM_ROWS = 256;
    /**
     * Slices of the rows with separate sums in XᵀX. Fixed, so that the result does not depend on the number of threads.
     */
    static final int GRAM_SLICES = 8;
    /** Minimum number of blocks of rows for each sum. */
    static final int GRAM_SLICE_BLOCKS = 2;

    /** Number of rows from which AᵀB is summed slice by slice. */
    static final long DEEP = 4096;
    /**
     * Rows of AᵀB in a block: more would not fit into L2 together with their packed form; fewer would load the sum more
     * often. If the right operand is packed too, a block has passes of at most {@link #DEPTH} rows.
     */
    static final int DEEP_ROWS = 256;
    /** Maximum columns of A, two tiles, for which the right operand of AᵀB is never packed. */
    private static final int TWO_TILES = 2 * Simd.kernels().stridedTileRows();
    /**
     * Maximum columns of A for which it is usually not packed: the part of it that is as wide as a tile stays in L1 for
     * all of them. Only with vectors of 512 bits: at 256, the tile that reads rows in place had half of its speed in
     * some processes, and at 128, a tile would use only a part of each line.
     */
    private static final int IN_PLACE_COLUMNS =
            Simd.kernels().tileColumns() <= FloatMatrix.ALIGNMENT ? TWO_TILES : FEW_ROWS;
    /** Rows at multiples of this distance displace each other in L1. */
    private static final int ALIASED_FLOATS = 4096 / Float.BYTES;
    /** Columns of the right operand of AᵀB that are packed at a time: at most 1 MB. */
    static final int DEEP_COLUMNS = 1024;

    /** Slices with separate sums in AᵀB, and the maximum elements of a sum: all sums have at most 64 MB. */
    static final int DEEP_SLICES = 16;

    static final long SLICED_ELEMENTS = 1L << 20;

    /** Minimum number of steps for which inner products are faster in spite of the final reduction. */
    public static final int MINIMUM_DOT_DEPTH = 96;
    /** Maximum number of steps of a product by inner products: five columns of this length have 80 kB. */
    static final int MAXIMUM_DOT_DEPTH = 4096;

    private Blocking() {}

    /**
     * Rows of a product that one task computes: the same for all tasks, and a multiple of the rows of a tile. The bits
     * of the result do not depend on it.
     */
    static int taskRows(long rows, int columns, int threads) {
        int tile = Simd.kernels().tileRows();
        int maximum = packedRows(columns);
        long tasks = (rows + maximum - 1) / maximum;
        // Two tasks per thread balance the load if other programs run.
        long shared = Math.max(tasks, Math.min(threads == 1 ? 1 : 2L * threads, rows / (MINIMUM_TILES * tile)));
        long even = (shared + threads - 1) / threads * threads;
        long each = Math.max(1, (rows + even - 1) / Math.max(1, even));
        return Math.toIntExact((each + tile - 1) / tile * tile);
    }

    /** Maximum rows of the left operand that are packed at a time. */
    static int packedRows(int columns) {
        return columns < MANY_COLUMNS ? FEW_ROWS : MANY_ROWS;
    }

    /**
     * Columns that are completed before the next ones: a block of many columns, for which each left panel stays in L1,
     * or a single panel that itself stays in L1.
     */
    static int columnsAtATime(int columns) {
        int many = Simd.kernels().readsArrays() ? ARRAY_COLUMNS : COLUMNS;
        return columns < MANY_COLUMNS ? Simd.kernels().tileColumns() : many;
    }

    /** Whether packing the right operand of AᵀB is faster than reading its rows in place. */
    static boolean packsRight(FloatMatrix a, FloatMatrix b) {
        boolean aliased = b.stride() % ALIASED_FLOATS == 0;
        return a.columns() > (aliased ? TWO_TILES : IN_PLACE_COLUMNS);
    }

    /** Whether a right operand stays in L2 as a whole. */
    static boolean staysInCache(Panels b) {
        return (long) b.depth() * b.paddedColumns() * Float.BYTES <= CACHED_BYTES;
    }

    /**
     * Steps of each pass, as equal as vectors allow.
     *
     * @param maximum the most steps of one pass
     */
    static int steps(int depth, int maximum) {
        int passes = Math.max(1, (depth + maximum - 1) / maximum);
        int equal = (depth + passes - 1) / passes;
        return Math.max(16, (equal + 15) / 16 * 16);
    }
}
