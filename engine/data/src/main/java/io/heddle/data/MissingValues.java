package io.heddle.data;

import io.heddle.files.DataFormatException;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.FittedColumn;
import io.heddle.preprocessing.Table;
import io.heddle.preprocessing.TablePreprocessor;
import io.heddle.preprocessing.Treatment;
import io.heddle.preprocessing.Treatment.Encoding;
import io.heddle.preprocessing.Treatment.Missing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Missing values in new data, in columns for which training left nothing to stand in. */
final class MissingValues {
    private final DataSource source;
    private final Table table;
    private final TablePreprocessor preprocessor;

    /** @param table has the columns of the preprocessor */
    MissingValues(DataSource source, Table table, TablePreprocessor preprocessor) {
        this.source = source;
        this.table = table;
        this.preprocessor = preprocessor;
    }

    /**
     * A preprocessor that takes the mean of the training rows for missing numbers and dates for which there is nothing
     * else.
     *
     * @throws DataFormatException if the model does not hold the means, because its numbers are not centred
     */
    static TablePreprocessor withMeans(TablePreprocessor preprocessor, String taker) throws DataFormatException {
        boolean centred = preprocessor.columns().stream()
                .anyMatch(c -> c.treatment().encoding() != Encoding.ONE_HOT && c.shift() != 0);
        if (!centred) {
            throw new DataFormatException(
                    taker
                            + " does not hold the means of its columns, so none can stand in for a missing value; train with --missing");
        }
        List<FittedColumn> columns = new ArrayList<>();
        for (FittedColumn c : preprocessor.columns()) {
            Treatment treatment = c.treatment();
            boolean number = treatment.encoding() != Encoding.ONE_HOT;
            columns.add(
                    number && isOpen(c)
                            ? new FittedColumn(
                                    c.column(),
                                    treatment.withMissing(Missing.MEAN),
                                    c.shift(),
                                    c.factor(),
                                    c.shift(),
                                    c.other())
                            : c);
        }
        return TablePreprocessor.of(columns, preprocessor.named());
    }

    private static boolean isOpen(FittedColumn column) {
        return column.treatment().missing() == Missing.REFUSE
                || column.treatment().missing() == Missing.DROP_ROWS;
    }

    /**
     * Refuses missing values for which nothing stands in.
     *
     * @throws DataFormatException if there are any, with the columns, the rows and what to do
     */
    void refuse(String taker) throws DataFormatException {
        List<String> problems = new ArrayList<>();
        boolean numbers = true;
        for (int c = 0; c < preprocessor.columns().size(); c++) {
            FittedColumn fitted = preprocessor.columns().get(c);
            int column = place(c);
            long missing = isOpen(fitted) ? missing(column) : 0;
            if (missing > 0) {
                problems.add("'%s' in %d of %d rows, first in row %d"
                        .formatted(
                                table.columns().get(column).name(),
                                missing,
                                table.rows(),
                                source.fileRow(first(column))));
                numbers &= fitted.treatment().encoding() != Encoding.ONE_HOT;
            }
        }
        if (!problems.isEmpty()) {
            throw new DataFormatException("%s: values are missing that %s needs: %s; %s"
                    .formatted(
                            source.name(),
                            taker,
                            String.join(", ", problems),
                            numbers
                                    ? "--missing mean takes the mean of the training rows"
                                    : "fill them in, or train with --missing, which says what stands in"));
        }
    }

    /** Says how many values the means stand in for. */
    void noteMeans(TablePreprocessor without, Consumer<String> notes) {
        for (int c = 0; c < preprocessor.columns().size(); c++) {
            FittedColumn fitted = preprocessor.columns().get(c);
            boolean filled = isOpen(without.columns().get(c)) && !isOpen(fitted);
            long missing = filled ? missing(place(c)) : 0;
            if (missing > 0) {
                Column column = table.columns().get(place(c));
                notes.accept(
                        "%s, column '%s': the mean of the training rows stands in for %d missing values, first in row %d"
                                .formatted(source.name(), column.name(), missing, source.fileRow(first(place(c)))));
            }
        }
    }

    private int place(int c) {
        return preprocessor.matchesByPlace(table)
                ? c
                : table.indexOf(preprocessor.columns().get(c).column().name());
    }

    private long missing(int column) {
        long count = 0;
        for (long i = 0; i < table.rows(); i++) {
            count += Double.isNaN(table.value(i, column)) ? 1 : 0;
        }
        return count;
    }

    private long first(int column) {
        long row = 0;
        while (!Double.isNaN(table.value(row, column))) {
            row++;
        }
        return row;
    }
}
