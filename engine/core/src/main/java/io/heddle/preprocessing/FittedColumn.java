package io.heddle.preprocessing;

import static io.heddle.matrix.InvalidInputException.require;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A column as a {@link TablePreprocessor} was fitted to it, with all that is needed to treat new rows alike.
 *
 * <p>For example: {@snippet file="PreprocessingExamplesTest.java" region="fitted-column"}
 *
 * @param column name and kind; of a column that is encoded one-hot its categories are those that have a feature, in the
 *     order of the features
 * @param treatment how it becomes features
 * @param shift subtracted from a number; 0 for categories
 * @param factor that the difference is multiplied by; 1 for categories
 * @param fill what stands in for a missing value, before shift and factor; of categories an index; NaN where a missing
 *     value is none of the training rows' values
 * @param other whether categories without a feature of their own share one, as those do that the training rows have not
 */
public record FittedColumn(
        Column column, Treatment treatment, double shift, double factor, double fill, boolean other) {
    /** Seconds in a day. */
    static final double DAY = 86_400;

    /**
     * Checks the numbers.
     *
     * @throws io.heddle.matrix.InvalidInputException if a number is not finite, or {@code fill} is missing where one is
     *     needed or is no category
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
                "column '%s' has %s to stand in for a missing value",
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

    /** {@return a name for each feature: that of the column, and of the category if it is of one} */
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

    /** {@return what a value is multiplied by before it is shifted: 1 but for days of seconds and seconds of days} */
    public double unit() {
        return unit(treatment.encoding(), column.kind());
    }

    /** What a value of a column of some kind is multiplied by before it is shifted. */
    static double unit(Treatment.Encoding encoding, Column.Kind kind) {
        boolean days = kind == Column.Kind.DATE;
        return switch (encoding) {
            case DAYS -> days ? 1 : 1 / DAY;
            case SECONDS -> days ? DAY : 1;
            case NUMBER, ONE_HOT -> 1;
        };
    }

    /** Of a category: the feature among those of this column, −1 for none. */
    int feature(int category) {
        return category >= 0 ? category : other ? column.categories().size() : -1;
    }
}
