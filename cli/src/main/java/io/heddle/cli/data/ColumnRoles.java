package io.heddle.cli.data;

import io.heddle.preprocessing.Column;
import java.util.Map;
import java.util.Optional;

/**
 * What some columns of a table are beside its values and labels.
 *
 * @param id column whose texts name the rows in what is written; default none
 * @param weights column of numbers ≥ 0 that say how much a row counts; default none
 * @param kinds of columns that are not left to be found out, by name: such as text that looks like numbers
 * @param optional whether the columns of label, ID and weights and those to drop may be missing, and labels too: in
 *     data to predict. If any row has no label, the data have none
 */
public record ColumnRoles(
        Optional<String> id, Optional<String> weights, Map<String, Column.Kind> kinds, boolean optional) {
    /** Copies the kinds. */
    public ColumnRoles {
        kinds = Map.copyOf(kinds);
    }

    /** No such columns. */
    public static ColumnRoles none() {
        return new ColumnRoles(Optional.empty(), Optional.empty(), Map.of(), false);
    }
}
