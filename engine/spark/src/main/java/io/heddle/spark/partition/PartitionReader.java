package io.heddle.spark.partition;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import scala.collection.Iterator;

/** Reads the rows of one partition into blocks. */
final class PartitionReader {
    private static final int VECTOR_FIELDS = 4;
    private static final int DENSE = 1;
    private static final long LABEL_BYTES = Double.BYTES;

    private final RowFormat format;
    private final BlockMemory memory;
    private final int partition;
    private final BlockMemory.Account account;
    private final List<PartitionRows.Block> blocks = new ArrayList<>();
    private int columns = -1;
    private float[] row;
    private long rows;
    /** The block that is being filled, and how many of its rows are. */
    private FloatMatrix x;

    private double[] labels;
    private double[] weights;
    private int filled;

    private PartitionReader(RowFormat format, BlockMemory memory, int partition, BlockStore store) {
        this.format = format;
        this.memory = memory;
        this.partition = partition;
        account = new BlockMemory.Account(store, memory, partition);
    }

    /** @throws InvalidInputException if a row is not valid, or the rows need too much memory; nothing is left then */
    static PartitionRows read(
            Iterator<InternalRow> rows, RowFormat format, BlockMemory memory, int partition, BlockStore store) {
        PartitionReader reader = new PartitionReader(format, memory, partition, store);
        try {
            while (rows.hasNext()) {
                reader.add(rows.next());
            }
            reader.finishBlock();
            return new PartitionRows(partition, Math.max(0, reader.columns), reader.blocks, reader.account);
        } catch (RuntimeException | Error e) {
            reader.discard();
            throw e;
        }
    }

    private void discard() {
        if (x != null) {
            x.close();
        }
        blocks.forEach(block -> block.x().close());
        account.freeAll();
    }

    private void add(InternalRow from) {
        require(!from.isNullAt(0), "%s is null; remove such rows, as with dataset.na().drop()", place());
        switch (format.kind()) {
            case VECTOR -> vector(from.getStruct(0, VECTOR_FIELDS));
            case FLOATS -> floats(from.getArray(0));
            case DOUBLES -> doubles(from.getArray(0));
        }
        requireFinite();
        if (x == null || filled == x.rows()) {
            finishBlock();
            beginBlock();
        }
        x.setRow(filled, row);
        int next = 1;
        if (labels != null) {
            labels[filled] = number(from, next++, format.label());
        }
        if (weights != null) {
            double weight = number(from, next, format.weight());
            require(
                    weight >= 0,
                    "%s has weight %s; weights must be finite numbers of at least 0",
                    place(format.weight()),
                    weight);
            weights[filled] = weight;
        }
        filled++;
        rows++;
    }

    private void vector(InternalRow from) {
        if (from.getByte(0) == DENSE) {
            doubles(from.getArray(3));
            return;
        }
        begin(from.getInt(1));
        Arrays.fill(row, 0);
        int[] indices = from.getArray(2).toIntArray();
        double[] values = from.getArray(3).toDoubleArray();
        for (int i = 0; i < indices.length; i++) {
            row[indices[i]] = (float) values[i];
        }
    }

    private void doubles(ArrayData from) {
        begin(from.numElements());
        requireNoNull(from);
        double[] values = from.toDoubleArray();
        for (int j = 0; j < values.length; j++) {
            row[j] = (float) values[j];
        }
    }

    private void floats(ArrayData from) {
        begin(from.numElements());
        requireNoNull(from);
        System.arraycopy(from.toFloatArray(), 0, row, 0, columns);
    }

    private void requireNoNull(ArrayData from) {
        if (!format.nullable()) {
            return;
        }
        for (int j = 0; j < columns; j++) {
            require(!from.isNullAt(j), "%s has null at position %d; every value must be a finite number", place(), j);
        }
    }

    private void begin(int size) {
        if (columns < 0) {
            require(size >= 1, "%s has no values; features need at least 1", place());
            columns = size;
            row = new float[size];
        }
        require(
                size == columns,
                "%s has %d values, but the rows before have %d; all rows must have the same number",
                place(),
                size,
                columns);
    }

    private void requireFinite() {
        float sum = 0;
        for (float value : row) {
            // Zero for finite values, else NaN.
            sum += value - value;
        }
        if (sum == 0) {
            return;
        }
        int j = 0;
        while (Float.isFinite(row[j])) {
            j++;
        }
        throw new InvalidInputException(
                "%s holds %s at position %d; every value must be a finite number in the range of float"
                        .formatted(place(), row[j], j));
    }

    private double number(InternalRow from, int field, String name) {
        require(!from.isNullAt(field), "%s is null; every row needs a number there", place(name));
        double value = from.getDouble(field);
        require(Double.isFinite(value), "%s is %s; every row needs a finite number there", place(name), value);
        return value;
    }

    private String place() {
        return place(format.features());
    }

    private String place(String column) {
        return "column '%s' in row %d of partition %d".formatted(column, rows, partition);
    }

    private void beginBlock() {
        int count = memory.rowsOf(blocks.size(), columns);
        account.reserve(bytes(count));
        x = FloatMatrix.allocate(count, columns);
        labels = format.hasLabels() ? new double[count] : null;
        weights = format.hasWeights() ? new double[count] : null;
        filled = 0;
    }

    private long bytes(long count) {
        long perRow = (format.hasLabels() ? LABEL_BYTES : 0) + (format.hasWeights() ? LABEL_BYTES : 0);
        return FloatMatrix.bytesFor(count, columns) + count * perRow;
    }

    /** Adds the block, cut to the rows that it has. */
    private void finishBlock() {
        if (x == null) {
            return;
        }
        FloatMatrix kept = x;
        if (filled < x.rows()) {
            account.reserve(bytes(filled));
            int count = filled;
            FloatMatrix whole = x;
            kept = FloatMatrix.allocate(
                    filled,
                    columns,
                    to -> java.lang.foreign.MemorySegment.copy(
                            whole.segment(), 0, to.segment(), 0, whole.offset(count)));
            labels = labels == null ? null : Arrays.copyOf(labels, filled);
            weights = weights == null ? null : Arrays.copyOf(weights, filled);
            account.free(bytes(x.rows()));
            x.close();
        }
        blocks.add(new PartitionRows.Block(kept, labels, weights, rows - filled));
        x = null;
    }
}
