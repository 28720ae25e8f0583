package io.heddle.data;

import io.heddle.preprocessing.Column;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The roles of columns of a table other than values and labels.
 *
 * @param id column of row names, which are written to outputs; default none
 * @param weights column of row weights, which are numbers ≥ 0; default none
 * @param kinds kinds of columns by name, instead of the detected ones: {@code CATEGORY} for text that looks like
 *     numbers, {@code NUMBER} for numbers that look like codes
 * @param optional whether the columns of label, ID and weights, the columns to drop and single labels may be missing,
 *     as in data for predictions. If a label is missing, no labels are used
 * @param missingLabel how a row without a label is handled, unless labels are optional; default
 *     {@link MissingLabel#REFUSE}
 * @param allValues number of columns at which all columns of a text table without column names are values, whatever
 *     their other roles: the number of inputs of a model; default none
 */
public record ColumnRoles(
        Optional<String> id,
        Optional<String> weights,
        Map<String, Column.Kind> kinds,
        boolean optional,
        MissingLabel missingLabel,
        OptionalInt allValues) {
    /**
     * Copies the kinds.
     *
     * @throws NullPointerException if a component is null
     */
    public ColumnRoles {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(weights, "weights");
        Objects.requireNonNull(missingLabel, "missingLabel");
        Objects.requireNonNull(allValues, "allValues");
        kinds = Map.copyOf(kinds);
    }

    /** {@return roles without any column} */
    public static ColumnRoles none() {
        return new ColumnRoles(
                Optional.empty(), Optional.empty(), Map.of(), false, MissingLabel.REFUSE, OptionalInt.empty());
    }

    /**
     * {@return these roles with another ID column}
     *
     * @param column name of the column
     */
    public ColumnRoles withId(Optional<String> column) {
        return new ColumnRoles(column, weights, kinds, optional, missingLabel, allValues);
    }

    /**
     * {@return these roles with another column of weights}
     *
     * @param column name of the column
     */
    public ColumnRoles withWeights(Optional<String> column) {
        return new ColumnRoles(id, column, kinds, optional, missingLabel, allValues);
    }

    /**
     * {@return these roles with other kinds of columns}
     *
     * @param value the new value
     */
    public ColumnRoles withKinds(Map<String, Column.Kind> value) {
        return new ColumnRoles(id, weights, value, optional, missingLabel, allValues);
    }

    /**
     * {@return these roles with optional or required columns}
     *
     * @param value the new value
     */
    public ColumnRoles withOptional(boolean value) {
        return new ColumnRoles(id, weights, kinds, value, missingLabel, allValues);
    }

    /**
     * {@return these roles with another handling of missing labels}
     *
     * @param value the new value
     */
    public ColumnRoles withMissingLabel(MissingLabel value) {
        return new ColumnRoles(id, weights, kinds, optional, value, allValues);
    }

    /**
     * {@return these roles with another number of columns at which all of them are values}
     *
     * @param columns the number of columns
     */
    public ColumnRoles withAllValues(int columns) {
        return new ColumnRoles(id, weights, kinds, optional, missingLabel, OptionalInt.of(columns));
    }
}
