package io.heddle.preprocessing;

import java.util.Optional;

/**
 * A column that needs a decision by the caller before {@link TablePreprocessor} can use it: text, dates, or missing
 * values.
 *
 * <p>For example: {@snippet file="PreprocessingExamplesTest.java" region="decisions"}
 *
 * @param column name and kind
 * @param place index of the column in the table
 * @param missing rows without a value
 * @param rows all rows
 * @param distinct number of distinct texts; 0 for other kinds
 * @param obvious the treatment that suits most tables; empty if the column should be left out, for example because it
 *     has a different text in nearly every row or no values
 */
public record ColumnDecision(
        Column column, int place, long missing, long rows, long distinct, Optional<Treatment> obvious) {
    /** Up to this number of distinct texts are treated as categories for any number of rows. */
    private static final int FEW_TEXTS = 20;

    /** @param decided the existing treatment, or null */
    static ColumnDecision of(Column column, int place, long missing, long rows, long distinct, Treatment decided) {
        long present = rows - missing;
        boolean useless = present == 0
                || decided == null
                        && column.kind() == Column.Kind.CATEGORY
                        && distinct > Math.max(FEW_TEXTS, present / 2);
        return new ColumnDecision(
                column,
                place,
                missing,
                rows,
                distinct,
                useless ? Optional.empty() : Optional.of(obvious(column.kind(), missing > 0, decided)));
    }

    private static Treatment obvious(Column.Kind kind, boolean missing, Treatment decided) {
        Treatment treatment = decided != null ? decided : usual(kind);
        if (!missing) {
            return treatment;
        }
        if (treatment.encoding() == Treatment.Encoding.ONE_HOT) {
            return treatment.withMissing(Treatment.Missing.CATEGORY);
        }
        return treatment.withMissing(
                kind == Column.Kind.BOOLEAN ? Treatment.Missing.MOST_FREQUENT : Treatment.Missing.MEDIAN);
    }

    private static Treatment usual(Column.Kind kind) {
        return switch (kind) {
            case NUMBER, BOOLEAN -> Treatment.number();
            case CATEGORY -> Treatment.oneHot();
            case DATE -> Treatment.of(Treatment.Encoding.DAYS);
            case TIMESTAMP -> Treatment.of(Treatment.Encoding.SECONDS);
        };
    }
}
