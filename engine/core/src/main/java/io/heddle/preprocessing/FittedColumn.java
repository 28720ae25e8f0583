package io.heddle.preprocessing;

import static io.heddle.matrix.InvalidInputException.require;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A column of a fitted {@link TablePreprocessor}, with the parameters that convert new values.
 *
 * <p>For example: {@snippet file="PreprocessingExamplesTest.java" region="fitted-column"}
 *
 * @param column name and kind; for a one-hot column, the categories are those with a feature, in the order of the
 *     features
 * @param treatment how values become features
 * @param shift subtracted from a number; 0 for categories
 * @param factor multiplied with the difference; 1 for categories
 * @param fill replaces a missing value, before shift and factor; an index for categories; NaN if missing values are not
 *     replaced
 * @param other whether categories without their own feature, including unknown ones, share a feature
 */
public record FittedColumn(
        Column column, Treatment treatment, double shift, double factor, double fill, boolean other) {
    /** Seconds per day. */
    static final double DAY = 86_400;

    /**
     * Checks the numbers.
     *
     * @throws io.heddle.matrix.InvalidInputException if a number is not finite, or {@code fill} is required but missing
     *     or not a category
     */
    public FittedColumn {
        Objects.requireNonNull(treatment, "treatment");
        String name = column.name();
        require(
                Double.isFinite(shift) && Double.isFinite(factor) && !Double.isInfinite(fill),
                "the scale of column '%s' is not finite",
                name);
        Treatment.Missing missing = treatment.missing();
        boolean fills = missing == Treatment.Missing.MEAN
                || missing == Treatment.Missing.MEDIAN
                || missing == Treatment.Missing.MOST_FREQUENT;
        require(
                fills != Double.isNaN(fill),
                "column '%s' replaces missing values by %s",
                name,
                fills ? "nothing" : "something");
        if (treatment.encoding() == Treatment.Encoding.ONE_HOT) {
            require(!column.categories().isEmpty() || other, "column '%s' has no category", name);
            require(
                    !fills
                            || fill == (int) fill
                                    && fill >= 0
                                    && fill < column.categories().size(),
                    "column '%s' has no category %s",
                    name,
                    fill);
        }
    }

    boolean oneHot() {
        return treatment.encoding() == Treatment.Encoding.ONE_HOT;
    }

    private boolean missingIsCategory() {
        return treatment.missing() == Treatment.Missing.CATEGORY;
    }

    /** {@return the number of features that the column becomes, at least 1} */
    public int features() {
        int values = oneHot() ? column.categories().size() + (other ? 1 : 0) + (missingIsCategory() ? 1 : 0) : 1;
        return values + (treatment.indicator() ? 1 : 0);
    }

    /** {@return the name of each feature: the name of the column, followed by the category for one-hot features} */
    public List<String> featureNames() {
        List<String> names = new ArrayList<>();
        if (oneHot()) {
            column.categories().forEach(category -> names.add(column.name() + "=" + category));
            if (other) {
                names.add(column.name() + " (other)");
            }
        } else {
            names.add(column.name());
        }
        if (missingIsCategory() || treatment.indicator()) {
            names.add(column.name() + " (missing)");
        }
        return names;
    }

    /**
     * {@return the factor that converts days to seconds or seconds to days, otherwise 1; it is applied before the
     * shift}
     */
    public double unit() {
        return unit(treatment.encoding(), column.kind());
    }

    /** Returns the factor of a kind of column, applied before the shift. */
    static double unit(Treatment.Encoding encoding, Column.Kind kind) {
        boolean days = kind == Column.Kind.DATE;
        return switch (encoding) {
            case DAYS -> days ? 1 : 1 / DAY;
            case SECONDS -> days ? DAY : 1;
            case NUMBER, ONE_HOT -> 1;
        };
    }

    /** Returns the feature of a category within this column, −1 if it has none. */
    int feature(int category) {
        return category >= 0 ? category : other ? column.categories().size() : -1;
    }
}
