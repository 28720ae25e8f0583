package io.heddle.matrix;

/**
 * Rows to learn from, whose values are floats however they are stored: {@link FloatMatrix} holds them as they are,
 * {@link ByteMatrix} a byte for each.
 */
public sealed interface DataMatrix extends AutoCloseable permits FloatMatrix, ByteMatrix {
    /** Number of rows. */
    long rows();

    /** Number of columns, without padding. */
    int columns();

    /**
     * The value of an element.
     *
     * @throws IndexOutOfBoundsException if the row or column does not exist
     * @throws IllegalStateException if the matrix is closed
     */
    float get(long row, int column);

    /**
     * Copies a row as floats.
     *
     * @param to of as many columns as this
     * @throws IndexOutOfBoundsException if either row does not exist
     */
    void copyRow(long row, FloatMatrix to, long toRow);

    /** Frees the memory if this matrix owns it; may be called again without effect. */
    @Override
    void close();
}
