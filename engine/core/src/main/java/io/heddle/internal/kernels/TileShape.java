package io.heddle.internal.kernels;

/** Chooses the register tile for a processor; no other class does. */
enum TileShape {
    TWELVE_ROWS(12, 12, 16),
    SIX_ROWS(6, 5, 8);

    private static final int VECTORS = 2;
    private static final int WIDE_LANES = 16;

    private final int rows;
    private final int stridedRows;
    private final int leftStep;

    TileShape(int rows, int stridedRows, int leftStep) {
        this.rows = rows;
        this.stridedRows = stridedRows;
        this.leftStep = leftStep;
    }

    /**
     * Twelve rows if there are 32 vector registers, on AVX-512 and 64-bit Arm; six rows with 16, on AVX2 and SSE.
     *
     * @param lanes floats in a vector
     * @param architecture as the system property {@code os.arch} names it
     */
    static TileShape of(int lanes, String architecture) {
        return lanes == WIDE_LANES || architecture.equals("aarch64") ? TWELVE_ROWS : SIX_ROWS;
    }

    /** Rows of a full tile. */
    int rows() {
        return rows;
    }

    /** Rows of a full tile whose right operand is not packed; see {@link FiveRowStridedTile}. */
    int stridedRows() {
        return stridedRows;
    }

    /** Columns of a full tile in floats. */
    int columns(int lanes) {
        return VECTORS * lanes;
    }

    /** Whether {@link RowTile} is faster than packing; measured with 16 floats in a vector only. */
    boolean readsRows(int lanes) {
        return this == TWELVE_ROWS && lanes == WIDE_LANES;
    }

    /**
     * Whether {@link SixRowArrayTile} and the packing of pixels are faster than operands off-heap and pixels in place;
     * with 32 registers there is no such tile.
     */
    boolean readsArrays() {
        return this == SIX_ROWS;
    }

    /** Floats in a step of a packed left operand: a power of two, see {@link SixRowTile}. */
    int leftStep() {
        return leftStep;
    }
}
