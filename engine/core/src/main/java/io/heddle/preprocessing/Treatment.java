package io.heddle.preprocessing;

import static io.heddle.matrix.InvalidInputException.require;

import java.util.Objects;

/**
 * The conversion of a column of a table to features.
 *
 * <p>For example: {@snippet file="PreprocessingExamplesTest.java" region="treatment"}
 *
 * @param encoding how values become features
 * @param missing how missing values are handled
 * @param indicator whether to add a feature that is 1 if the value is missing, otherwise 0
 */
public record Treatment(Encoding encoding, Missing missing, boolean indicator) {
    /** How the values of a column become features. */
    public enum Encoding {
        /** One feature, the number; 0 or 1 for a boolean. */
        NUMBER,
        /** One feature per category, 1 for the category of the row, otherwise 0. */
        ONE_HOT,
        /** One feature: the days since 1970-01-01. */
        DAYS,
        /** One feature: the seconds since 1970-01-01T00:00Z. */
        SECONDS
    }

    /** The handling of missing values. */
    public enum Missing {
        /** A missing value is an error. */
        REFUSE,
        /** Replaced by the mean of the training rows. Not for categories. */
        MEAN,
        /** Replaced by the median of the training rows. Not for categories. */
        MEDIAN,
        /** Replaced by the most frequent value of the training rows; the first one if several are equally frequent. */
        MOST_FREQUENT,
        /** A separate category. Only for {@link Encoding#ONE_HOT}. */
        CATEGORY,
        /** Training leaves the row out; prediction refuses it. */
        DROP_ROWS
    }

    /**
     * Checks that the components are consistent.
     *
     * @throws io.heddle.matrix.InvalidInputException if missing categories are replaced by a mean or median, missing
     *     numbers by a category, or there are both a category for missing values and an indicator
     */
    public Treatment {
        Objects.requireNonNull(encoding, "encoding");
        Objects.requireNonNull(missing, "missing");
        boolean oneHot = encoding == Encoding.ONE_HOT;
        require(
                !(oneHot && (missing == Missing.MEAN || missing == Missing.MEDIAN)),
                "a missing category cannot be replaced by a %s",
                missing == Missing.MEAN ? "mean" : "median");
        require(oneHot || missing != Missing.CATEGORY, "a missing number cannot be a category");
        require(!indicator || missing != Missing.CATEGORY, "a category for missing values already is an indicator");
    }

    /** {@return unchanged numbers; a missing value is an error} */
    public static Treatment number() {
        return of(Encoding.NUMBER);
    }

    /** {@return one feature per category; a missing value is an error} */
    public static Treatment oneHot() {
        return of(Encoding.ONE_HOT);
    }

    /**
     * {@return any encoding; a missing value is an error}
     *
     * @param encoding how values become features
     */
    public static Treatment of(Encoding encoding) {
        return new Treatment(encoding, Missing.REFUSE, false);
    }

    /**
     * {@return this treatment with another handling of missing values}
     *
     * @param value how they are handled
     */
    public Treatment withMissing(Missing value) {
        return new Treatment(encoding, value, indicator);
    }

    /**
     * {@return this treatment with or without an indicator of missing values}
     *
     * @param value whether there is an indicator
     */
    public Treatment withIndicator(boolean value) {
        return new Treatment(encoding, missing, value);
    }
}
