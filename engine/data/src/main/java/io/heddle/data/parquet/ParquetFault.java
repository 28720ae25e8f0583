package io.heddle.data.parquet;

import java.io.IOException;

/** What is wrong with a Parquet file, as a part of a sentence that names the file. */
public final class ParquetFault extends IOException {
    private static final long serialVersionUID = 1;

    ParquetFault(String format, Object... arguments) {
        super(format.formatted(arguments));
    }

    /** The same fault with the place where it is. */
    ParquetFault in(String place) {
        ParquetFault placed = new ParquetFault("%s: %s", place, getMessage());
        placed.initCause(this);
        return placed;
    }
}
