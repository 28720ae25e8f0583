package io.heddle.cli.data;

import io.heddle.data.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Rows that come one by one, as many as there will be: in blocks outside of the Java heap. */
final class RowBuffer implements AutoCloseable {
    private static final int BLOCK_FLOATS = 1 << 20;

    private final String name;
    private final int columns;
    private final int blockRows;
    private final List<FloatMatrix> blocks = new ArrayList<>();
    private long rows;

    /** @param name of the data, for the error */
    RowBuffer(String name, int columns) {
        this.name = name;
        this.columns = columns;
        this.blockRows = Math.max(1, BLOCK_FLOATS / Math.max(1, columns));
    }

    /** @throws DataFormatException if there is no memory for more rows */
    void add(float[] row) throws DataFormatException {
        int place = (int) (rows % blockRows);
        if (place == 0) {
            Memory.requireRoomForMore(name, rows, columns, blockRows);
            blocks.add(FloatMatrix.allocate(blockRows, columns));
        }
        blocks.getLast().setRow(place, row);
        rows++;
    }

    long rows() {
        return rows;
    }

    /**
     * All rows in one matrix, owned by the caller; the buffer is empty afterwards. Each block is given back as soon as
     * it is copied, and the matrix takes up memory only as it is filled, so there is never more than a block of both.
     */
    FloatMatrix toMatrix() {
        FloatMatrix all = FloatMatrix.allocate(rows, columns);
        long done = 0;
        for (FloatMatrix block : blocks) {
            long count = Math.min(blockRows, rows - done);
            MemorySegment.copy(block.segment(), 0, all.segment(), all.offset(done), block.offset(count));
            block.close();
            done += count;
        }
        blocks.clear();
        rows = 0;
        return all;
    }

    @Override
    public void close() {
        blocks.forEach(FloatMatrix::close);
    }
}
