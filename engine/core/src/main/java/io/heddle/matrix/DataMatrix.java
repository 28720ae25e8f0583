package io.heddle.matrix;

/**
 * Rows to learn from, whose values are floats however they are stored: {@link FloatMatrix} holds them as they are,
 * {@link ByteMatrix} a byte for each.
 *
 * <p>For example: {@snippet file="MatrixExamplesTest.java" region="data-matrix"}
 */
public sealed interface DataMatrix extends AutoCloseable permits FloatMatrix, ByteMatrix {
    /** {@return the number of rows} */
    long rows();

    /** {@return the number of columns, without padding} */
    int columns();

    /**
     * {@return the value of an element}
     *
     * @param row number of the row
     * @param column number of the column
     * @throws IndexOutOfBoundsException if the row or column does not exist
     * @throws IllegalStateException if the matrix is closed
     */
    float get(long row, int column);

    /**
     * Copies a row as floats.
     *
     * @param row number of the row
     * @param to of as many columns as this
     * @param toRow number of the row that is written
     * @throws IndexOutOfBoundsException if either row does not exist
     */
    void copyRow(long row, FloatMatrix to, long toRow);

    /** Frees the memory if this matrix owns it; may be called again without effect. */
    @Override
    void close();
}
