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
 * @param name what the column is called; unique within a table
 * @param kind what its values stand for
 * @param categories of a {@link Kind#CATEGORY} column: its distinct texts, in the order in which they first appear;
 *     else empty
 */
public record Column(String name, Kind kind, List<String> categories) {
    /** What the doubles of a column stand for. In each kind NaN stands for a missing value. */
    public enum Kind {
        /** The number itself. */
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
     * @throws io.heddle.matrix.InvalidInputException if there are categories and the kind is another, or one appears
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
     * @param name what it is called
     */
    public static Column number(String name) {
        return of(name, Kind.NUMBER);
    }

    /**
     * {@return a column of text}
     *
     * @param name what it is called
     * @param categories its distinct texts, in the order of their indices
     */
    public static Column category(String name, List<String> categories) {
        return new Column(name, Kind.CATEGORY, categories);
    }

    /**
     * {@return a column of a kind without categories}
     *
     * @param name what it is called
     * @param kind any but {@link Kind#CATEGORY}, which would have no categories
     */
    public static Column of(String name, Kind kind) {
        return new Column(name, kind, List.of());
    }
}
