package io.heddle.internal.gemm;

import io.heddle.matrix.InvalidInputException;
import java.lang.foreign.MemorySegment;

/** Checks the size of single rows. The methods have no varargs, because these would allocate. */
final class RowBounds {
    private RowBounds() {}

    static void requireInputs(int given, int expected) {
        if (given != expected) {
            throw new InvalidInputException("a row of %d values does not fit a model of %d".formatted(given, expected));
        }
    }

    static void requireWithin(MemorySegment rows, long offset, long bytes) {
        if (offset < 0 || offset > rows.byteSize() - bytes) {
            throw new InvalidInputException("a row of %d bytes at byte %d does not fit into a segment of %d"
                    .formatted(bytes, offset, rows.byteSize()));
        }
    }

    static void requireFloats(MemorySegment row, int expected) {
        if (row.byteSize() != (long) expected * Float.BYTES) {
            throw new InvalidInputException(
                    "a row of %d bytes does not fit a model of %d floats".formatted(row.byteSize(), expected));
        }
    }
}
