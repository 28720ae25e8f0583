package io.heddle.preprocessing;

import static io.heddle.matrix.InvalidInputException.require;

import java.util.Objects;

/**
 * How a column of a table becomes features.
 *
 * <p>For example: {@snippet file="PreprocessingExamplesTest.java" region="treatment"}
 *
 * @param encoding what the values become
 * @param missing what stands in for a missing value
 * @param indicator whether one more feature is 1 where the value is missing and 0 elsewhere
 */
public record Treatment(Encoding encoding, Missing missing, boolean indicator) {
    /** What the values of a column become. */
    public enum Encoding {
        /** One feature, the number itself; of a truth value 0 or 1. */
        NUMBER,
        /** A feature for each category, 1 where the row has it and 0 elsewhere. */
        ONE_HOT,
        /** One feature: the days since 1970-01-01. */
        DAYS,
        /** One feature: the seconds since 1970-01-01T00:00Z. */
        SECONDS
    }

    /** What stands in for a missing value. */
    public enum Missing {
        /** Nothing: a missing value is an error. */
        REFUSE,
        /** The mean of the training rows that have a value. Not for categories. */
        MEAN,
        /** The median of the training rows that have a value. Not for categories. */
        MEDIAN,
        /** The value that most training rows have; of several the one that comes first. */
        MOST_FREQUENT,
        /** A category of its own. For {@link Encoding#ONE_HOT} alone. */
        CATEGORY,
        /** Nothing: training leaves such a row out, prediction refuses it. */
        DROP_ROWS
    }

    /**
     * Checks that the parts fit together.
     *
     * @throws io.heddle.matrix.InvalidInputException if a category is to be replaced by a mean or median, or a number
     *     by a category, or there are both a category for missing values and an indicator
     */
    public Treatment {
        Objects.requireNonNull(encoding, "encoding");
        Objects.requireNonNull(missing, "missing");
        boolean oneHot = encoding == Encoding.ONE_HOT;
        require(
                !(oneHot && (missing == Missing.MEAN || missing == Missing.MEDIAN)),
                "categories have no %s to stand in for a missing one",
                missing == Missing.MEAN ? "mean" : "median");
        require(oneHot || missing != Missing.CATEGORY, "a missing number cannot be a category");
        require(!indicator || missing != Missing.CATEGORY, "a category for missing values is their indicator already");
    }

    /** {@return numbers as they are; a missing one is an error} */
    public static Treatment number() {
        return of(Encoding.NUMBER);
    }

    /** {@return a feature for each category; a missing one is an error} */
    public static Treatment oneHot() {
        return of(Encoding.ONE_HOT);
    }

    /**
     * {@return any encoding; a missing value is an error}
     *
     * @param encoding what the values become
     */
    public static Treatment of(Encoding encoding) {
        return new Treatment(encoding, Missing.REFUSE, false);
    }

    /**
     * {@return this treatment with something else for missing values}
     *
     * @param value what stands in for them
     */
    public Treatment withMissing(Missing value) {
        return new Treatment(encoding, value, indicator);
    }

    /**
     * {@return this treatment with or without a feature that tells missing values}
     *
     * @param value whether there is one
     */
    public Treatment withIndicator(boolean value) {
        return new Treatment(encoding, missing, value);
    }
}
