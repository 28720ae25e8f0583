package io.heddle.preprocessing;

import static io.heddle.matrix.InvalidInputException.require;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/**
 * Name and type of a column of a {@link Table}.
 *
 * <p>For example: {@snippet file="PreprocessingExamplesTest.java" region="column"}
 *
 * @param name name of the column; unique within a table
 * @param kind meaning of its values
 * @param categories of a {@link Kind#CATEGORY} column: its distinct texts, in the order in which they first appear;
 *     else empty
 */
public record Column(String name, Kind kind, List<String> categories) {
    /** The meaning of the doubles of a column. NaN is always a missing value. */
    public enum Kind {
        /** A number. */
        NUMBER,
        /** Text: the index into {@link Column#categories()}. */
        CATEGORY,
        /** 0 for false, 1 for true. */
        BOOLEAN,
        /** Days since 1970-01-01. */
        DATE,
        /** Seconds since 1970-01-01T00:00Z, with fractions. */
        TIMESTAMP
    }

    /**
     * Checks the column.
     *
     * @throws io.heddle.matrix.InvalidInputException if a column of another kind has categories, or a category appears
     *     twice
     */
    public Column {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        categories = List.copyOf(categories);
        require(
                kind == Kind.CATEGORY || categories.isEmpty(),
                "column '%s' of kind %s cannot have categories",
                name,
                kind);
        require(new HashSet<>(categories).size() == categories.size(), "column '%s' has the same category twice", name);
    }

    /**
     * {@return a column of numbers}
     *
     * @param name name of the column
     */
    public static Column number(String name) {
        return of(name, Kind.NUMBER);
    }

    /**
     * {@return a column of text}
     *
     * @param name name of the column
     * @param categories its distinct texts, in the order of their indices
     */
    public static Column category(String name, List<String> categories) {
        return new Column(name, Kind.CATEGORY, categories);
    }

    /**
     * {@return a column of a kind without categories}
     *
     * @param name name of the column
     * @param kind any kind except {@link Kind#CATEGORY}
     */
    public static Column of(String name, Kind kind) {
        return new Column(name, kind, List.of());
    }
}
