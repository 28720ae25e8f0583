package io.heddle.matrix;

import java.util.List;

/**
 * Rows of input data with float values. {@link FloatMatrix} stores them as floats, {@link ByteMatrix} as one byte each.
 *
 * <p>For example: {@snippet file="MatrixExamplesTest.java" region="data-matrix"}
 */
public sealed interface DataMatrix extends AutoCloseable permits FloatMatrix, ByteMatrix {
    /** {@return the number of rows} */
    long rows();

    /** {@return the number of columns, without padding} */
    int columns();

    /** {@return the name of each column; empty if the columns have no names} */
    List<String> columnNames();

    /**
     * {@return this matrix with names of its columns; it shares the memory, and closing one of both closes the other} A
     * fit passes the names to its model, and the model refuses data whose columns have other names.
     *
     * @param names one per column, or none
     * @throws InvalidInputException if their number is not that of the columns, or a name is null
     */
    DataMatrix withColumnNames(List<String> names);

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
     * @param to with the same number of columns
     * @param toRow row of {@code to} to write
     * @throws IndexOutOfBoundsException if either row does not exist
     */
    void copyRow(long row, FloatMatrix to, long toRow);

    /**
     * Copies chosen rows as floats, in the order given, into a new matrix that owns its memory.
     *
     * @param indices row numbers; repeats are allowed
     * @return the rows, which the caller closes
     * @throws IndexOutOfBoundsException if a row does not exist
     */
    FloatMatrix gather(int[] indices);

    /** Frees the memory if this matrix owns it; may be called again without effect. */
    @Override
    void close();
}
