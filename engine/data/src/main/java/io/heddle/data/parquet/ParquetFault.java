package io.heddle.data.parquet;

import java.io.IOException;

/** Thrown for an invalid Parquet file. The message is a part of a sentence that names the file. */
public final class ParquetFault extends IOException {
    private static final long serialVersionUID = 1;

    ParquetFault(String format, Object... arguments) {
        super(format.formatted(arguments));
    }

    /** Returns the same fault with its place. */
    ParquetFault in(String place) {
        ParquetFault placed = new ParquetFault("%s: %s", place, getMessage());
        placed.initCause(this);
        return placed;
    }
}
