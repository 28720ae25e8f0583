package io.heddle.data;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The rows of data whose labels are in a file of their own.
 *
 * @param count number of rows, or {@link LabelFile#ANY}
 * @param ids name of each row, if the data have a column of IDs
 * @param notes receives one sentence per decision or omission
 */
public record UnlabelledRows(long count, Optional<List<String>> ids, Consumer<String> notes) {
    /**
     * Checks that no component is null.
     *
     * @throws NullPointerException if a component is null
     */
    public UnlabelledRows {
        Objects.requireNonNull(ids, "ids");
        Objects.requireNonNull(notes, "notes");
    }

    /**
     * {@return rows without IDs}
     *
     * @param count number of rows, or {@link LabelFile#ANY}
     * @param notes receives one sentence per decision or omission
     */
    public static UnlabelledRows withoutIds(long count, Consumer<String> notes) {
        return new UnlabelledRows(count, Optional.empty(), notes);
    }
}
