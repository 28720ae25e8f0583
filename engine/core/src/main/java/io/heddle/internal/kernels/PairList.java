package io.heddle.internal.kernels;

/**
 * The limits of the rows and columns of a block of products, and the products that are at least the limit of their row
 * or of their column. Not thread-safe; used again for each block, without allocation.
 */
public final class PairList {
    private final int[] rows;
    private final int[] columns;
    private final float[] scores;
    private int count;

    private float[] rowLimits;
    private int rowFrom;
    private float[] columnLimits;
    private int columnFrom;
    private int width;

    /** @param capacity maximum products of a block */
    public PairList(int capacity) {
        rows = new int[capacity];
        columns = new int[capacity];
        scores = new float[capacity];
    }

    /**
     * Removes all products and sets the limits of the next block.
     *
     * @param columnLimits readable up to the next multiple of {@link Kernels#TILE_COLUMNS} of the width
     * @param width columns of the block; later columns of its last tile are ignored
     */
    public void start(float[] rowLimits, int rowFrom, float[] columnLimits, int columnFrom, int width) {
        this.rowLimits = rowLimits;
        this.rowFrom = rowFrom;
        this.columnLimits = columnLimits;
        this.columnFrom = columnFrom;
        this.width = width;
        count = 0;
    }

    /** Products found since the start. */
    public int count() {
        return count;
    }

    /** Row of a product in the block. */
    public int row(int i) {
        return rows[i];
    }

    /** Column of a product in the block. */
    public int column(int i) {
        return columns[i];
    }

    public float score(int i) {
        return scores[i];
    }

    float[] rowLimits() {
        return rowLimits;
    }

    int rowFrom() {
        return rowFrom;
    }

    float[] columnLimits() {
        return columnLimits;
    }

    int columnFrom() {
        return columnFrom;
    }

    boolean reaches(int row, int column, float score) {
        return column < width && (score >= rowLimits[rowFrom + row] || score >= columnLimits[columnFrom + column]);
    }

    void add(int row, int column, float score) {
        rows[count] = row;
        columns[count] = column;
        scores[count++] = score;
    }

    /** Adds products of one row whose bits are set, from the lowest bit on. */
    void add(int row, int firstColumn, long bits, float[] sums, int from) {
        for (long left = bits; left != 0; left &= left - 1) {
            int j = Long.numberOfTrailingZeros(left);
            if (firstColumn + j < width) {
                add(row, firstColumn + j, sums[from + j]);
            }
        }
    }
}
