package io.heddle.cli.options;

import io.heddle.cli.terminal.PlainText;
import io.heddle.data.DataSource;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import java.io.PrintStream;

/** Detects columns of numbers that count the rows of a table. They are names of the rows rather than measurements. */
public final class RowCounters {
    /** With fewer rows, such numbers may be a coincidence. */
    private static final int MINIMUM_ROWS = 10;

    private RowCounters() {}

    /**
     * Reports columns of whole numbers that rise by 1 from each row of the file to the next.
     *
     * @param table the used columns of the source
     */
    public static void note(DataSource source, Table table, PrintStream err) {
        for (int j = 0; j < table.columns().size(); j++) {
            Column column = table.columns().get(j);
            if (column.kind() == Column.Kind.NUMBER && counts(table, j)) {
                String name = ColumnNames.forShell(column.name());
                PlainText.notes(err)
                        .accept(
                                "%s: column '%s' counts the rows and is used as a feature; --id %s or --drop %s leaves it out"
                                        .formatted(source.name(), column.name(), name, name));
            }
        }
    }

    /** Rows that were left out leave gaps, so values are compared with the numbers of the rows in the file. */
    static boolean counts(Table table, int column) {
        if (table.rows() < MINIMUM_ROWS) {
            return false;
        }
        double first = table.value(0, column) - table.sourceRow(0);
        if (first != Math.rint(first)) {
            return false;
        }
        for (long i = 1; i < table.rows(); i++) {
            if (table.value(i, column) - table.sourceRow(i) != first) {
                return false;
            }
        }
        return true;
    }
}
