package io.heddle.cli.data;

import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Rows that come one by one, as many as there will be. */
final class RowBuffer implements AutoCloseable {
    private static final int BLOCK_FLOATS = 1 << 20;

    private final int columns;
    private final int blockRows;
    private final List<FloatMatrix> blocks = new ArrayList<>();
    private long rows;

    RowBuffer(int columns) {
        this.columns = columns;
        this.blockRows = Math.max(1, BLOCK_FLOATS / Math.max(1, columns));
    }

    void add(float[] row) {
        int place = (int) (rows % blockRows);
        if (place == 0) {
            blocks.add(FloatMatrix.allocate(blockRows, columns));
        }
        blocks.getLast().setRow(place, row);
        rows++;
    }

    long rows() {
        return rows;
    }

    /** All rows in one matrix, owned by the caller; the buffer is empty afterwards. */
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
