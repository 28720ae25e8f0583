package io.heddle.data;

import io.heddle.preprocessing.Column;
import java.util.Map;
import java.util.Optional;

/**
 * What some columns of a table are beside its values and labels.
 *
 * @param id column whose texts name the rows in what is written; default none
 * @param weights column of numbers ≥ 0 that say how much a row counts; default none
 * @param kinds of columns that are not left to be found out, by name: {@code CATEGORY} for text that looks like
 *     numbers, {@code NUMBER} for numbers that look like codes
 * @param optional whether the columns of label, ID and weights and those to drop may be missing, and labels too: in
 *     data to predict. If any row has no label, the data have none
 * @param missingLabel how a row without a label is handled, unless labels are optional; default
 *     {@link MissingLabel#REFUSE}
 */
public record ColumnRoles(
        Optional<String> id,
        Optional<String> weights,
        Map<String, Column.Kind> kinds,
        boolean optional,
        MissingLabel missingLabel) {
    /** Copies the kinds. */
    public ColumnRoles {
        kinds = Map.copyOf(kinds);
    }

    /** No such columns. */
    public static ColumnRoles none() {
        return new ColumnRoles(Optional.empty(), Optional.empty(), Map.of(), false, MissingLabel.REFUSE);
    }

    /** These roles with an ID column, or none. */
    public ColumnRoles withId(Optional<String> column) {
        return new ColumnRoles(column, weights, kinds, optional, missingLabel);
    }

    /** These roles with a column of weights, or none. */
    public ColumnRoles withWeights(Optional<String> column) {
        return new ColumnRoles(id, column, kinds, optional, missingLabel);
    }

    /** These roles with kinds of columns. */
    public ColumnRoles withKinds(Map<String, Column.Kind> value) {
        return new ColumnRoles(id, weights, value, optional, missingLabel);
    }

    /** These roles with columns that may be missing, or not. */
    public ColumnRoles withOptional(boolean value) {
        return new ColumnRoles(id, weights, kinds, value, missingLabel);
    }

    /** These roles with another way for rows without a label. */
    public ColumnRoles withMissingLabel(MissingLabel value) {
        return new ColumnRoles(id, weights, kinds, optional, value);
    }
}
