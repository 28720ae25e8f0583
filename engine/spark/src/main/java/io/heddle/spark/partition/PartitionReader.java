package io.heddle.spark.partition;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.unsafe.Platform;
import scala.collection.Iterator;

/** Reads the rows of one partition into blocks. */
final class PartitionReader {
    private static final int VECTOR_FIELDS = 4;
    private static final int DENSE = 1;
    private static final long LABEL_BYTES = Double.BYTES;
    /** Minimum share of its rows with which the last block keeps its memory. */
    private static final double MOSTLY_FILLED = 0.75;

    private static final Kernels KERNELS = Simd.kernels();

    private final RowFormat format;
    private final BlockMemory memory;
    private final int partition;
    private final BlockMemory.Account account;
    private final List<PartitionRows.Block> blocks = new ArrayList<>();
    /** The memory of the blocks. The last block may use only a part of its memory. */
    private final List<FloatMatrix> memories = new ArrayList<>();

    private int columns = -1;
    private float[] row;
    /** The values of a row of doubles. */
    private double[] values;

    private long rows;
    /** The current block, and the number of its rows that are filled. */
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
            return new PartitionRows(
                    partition, Math.max(0, reader.columns), reader.blocks, reader.memories, reader.account);
        } catch (RuntimeException | Error e) {
            reader.discard();
            throw e;
        }
    }

    private void discard() {
        if (x != null) {
            x.close();
        }
        memories.forEach(FloatMatrix::close);
        account.freeAll();
    }

    /** The place of a row is formatted only for an error: it takes longer than reading the row. */
    private void add(InternalRow from) {
        if (from.isNullAt(0)) {
            throw fault("%s is null; remove such rows, as with dataset.na().drop()", place());
        }
        switch (format.kind()) {
            case VECTOR -> vector(from.getStruct(0, VECTOR_FIELDS));
            case FLOATS -> floats(from.getArray(0));
            case DOUBLES -> doubles(from.getArray(0));
        }
        if (format.unit()) {
            scaleToUnitLength();
        }
        if (x == null || filled == x.rows()) {
            finishBlock();
            beginBlock();
        }
        x.setRow(filled, row);
        if (!KERNELS.allFinite(x.segment(), x.offset(filled), columns)) {
            throw notFinite();
        }
        int next = 1;
        if (labels != null) {
            labels[filled] = number(from, next++, format.label());
        }
        if (weights != null) {
            double weight = number(from, next, format.weight());
            if (weight < 0) {
                throw fault(
                        "%s has weight %s; weights must be finite numbers of at least 0",
                        place(format.weight()), weight);
            }
            weights[filled] = weight;
        }
        filled++;
        rows++;
    }

    private void scaleToUnitLength() {
        double squares = 0;
        for (float value : row) {
            squares += (double) value * value;
        }
        if (squares == 0) {
            throw fault(
                    "%s holds zeros only, so it has no direction; remove such rows, or set distanceMeasure to euclidean",
                    place());
        }
        if (squares < Double.POSITIVE_INFINITY) {
            double length = Math.sqrt(squares);
            for (int j = 0; j < columns; j++) {
                row[j] = (float) (row[j] / length);
            }
        }
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
        copy(from, values, Platform.DOUBLE_ARRAY_OFFSET, Double.BYTES, from::toDoubleArray);
        for (int j = 0; j < columns; j++) {
            row[j] = (float) values[j];
        }
    }

    private void floats(ArrayData from) {
        begin(from.numElements());
        requireNoNull(from);
        copy(from, row, Platform.FLOAT_ARRAY_OFFSET, Float.BYTES, from::toFloatArray);
    }

    /** Copies without an array for each row if Spark has the values in a row of bytes, which is usual. */
    private void copy(ArrayData from, Object to, long offset, int size, Supplier<?> other) {
        if (from instanceof UnsafeArrayData bytes) {
            long first = bytes.getBaseOffset() + UnsafeArrayData.calculateHeaderPortionInBytes(columns);
            Platform.copyMemory(bytes.getBaseObject(), first, to, offset, (long) columns * size);
        } else {
            System.arraycopy(other.get(), 0, to, 0, columns);
        }
    }

    private void requireNoNull(ArrayData from) {
        if (!format.nullable()) {
            return;
        }
        for (int j = 0; j < columns; j++) {
            if (from.isNullAt(j)) {
                throw fault("%s has null at position %d; every value must be a finite number", place(), j);
            }
        }
    }

    private void begin(int size) {
        if (columns < 0) {
            require(size >= 1, "%s has no values; features need at least 1", place());
            columns = size;
            row = new float[size];
            values = format.kind() == RowFormat.Kind.FLOATS ? null : new double[size];
        }
        if (size != columns) {
            throw fault(
                    "%s has %d values, but the rows before have %d; all rows must have the same number",
                    place(), size, columns);
        }
    }

    private InvalidInputException notFinite() {
        int j = 0;
        while (Float.isFinite(row[j])) {
            j++;
        }
        return fault(
                "%s holds %s at position %d; every value must be a finite number in the range of float",
                place(), row[j], j);
    }

    private double number(InternalRow from, int field, String name) {
        if (from.isNullAt(field)) {
            throw fault("%s is null; every row needs a number there", place(name));
        }
        double value = from.getDouble(field);
        if (!Double.isFinite(value)) {
            throw fault("%s is %s; every row needs a finite number there", place(name), value);
        }
        return value;
    }

    private static InvalidInputException fault(String message, Object... values) {
        return new InvalidInputException(message.formatted(values));
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

    /** Adds the block, shortened to its rows: a view if most of its memory is used, otherwise a copy. */
    private void finishBlock() {
        if (x == null) {
            return;
        }
        FloatMatrix kept = x;
        FloatMatrix memory = x;
        if (filled < x.rows()) {
            if (filled >= MOSTLY_FILLED * x.rows()) {
                kept = x.rows(0, filled);
            } else {
                kept = cut();
                memory = kept;
            }
            labels = labels == null ? null : Arrays.copyOf(labels, filled);
            weights = weights == null ? null : Arrays.copyOf(weights, filled);
        }
        memories.add(memory);
        blocks.add(new PartitionRows.Block(kept, labels, weights, rows - filled));
        x = null;
    }

    /** Copies the rows of the block into memory of their size, and frees the block. */
    private FloatMatrix cut() {
        account.reserve(bytes(filled));
        FloatMatrix whole = x;
        int count = filled;
        FloatMatrix copy = FloatMatrix.allocate(
                count, columns, to -> MemorySegment.copy(whole.segment(), 0, to.segment(), 0, whole.offset(count)));
        account.free(bytes(whole.rows()));
        whole.close();
        return copy;
    }
}
