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

/** Handles missing values in new data, in columns without a treatment. */
final class MissingValues {
    private final DataSource source;
    private final Table table;
    private final TablePreprocessor preprocessor;

    /** @param table a table with the columns of the preprocessor */
    MissingValues(DataSource source, Table table, TablePreprocessor preprocessor) {
        this.source = source;
        this.table = table;
        this.preprocessor = preprocessor;
    }

    /**
     * Returns a preprocessor that replaces missing numbers and dates without a treatment by the mean of the training
     * rows.
     *
     * @throws DataFormatException if the model does not contain the means, because its numbers are not centred
     */
    static TablePreprocessor withMeans(TablePreprocessor preprocessor, String taker) throws DataFormatException {
        boolean centred = preprocessor.columns().stream()
                .anyMatch(c -> c.treatment().encoding() != Encoding.ONE_HOT && c.shift() != 0);
        if (!centred) {
            throw new DataFormatException(
                    taker
                            + " does not contain the means of its columns, so they cannot replace missing values; train with --missing");
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
     * Refuses missing values without a treatment.
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
            throw new DataFormatException("%s has missing values in columns that %s needs: %s; %s"
                    .formatted(
                            source.name(),
                            taker,
                            String.join(", ", problems),
                            numbers
                                    ? "--missing mean replaces them by the mean of the training rows"
                                    : "fill them in, or train with --missing"));
        }
    }

    /** Reports how many values are replaced by the means. */
    void noteMeans(TablePreprocessor without, Consumer<String> notes) {
        for (int c = 0; c < preprocessor.columns().size(); c++) {
            FittedColumn fitted = preprocessor.columns().get(c);
            boolean filled = isOpen(without.columns().get(c)) && !isOpen(fitted);
            long missing = filled ? missing(place(c)) : 0;
            if (missing > 0) {
                Column column = table.columns().get(place(c));
                notes.accept(
                        "%s, column '%s': the mean of the training rows replaces %d missing values, the first in row %d"
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
