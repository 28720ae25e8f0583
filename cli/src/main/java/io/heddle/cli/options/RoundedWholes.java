package io.heddle.cli.options;

import io.heddle.cli.terminal.PlainText;
import io.heddle.data.DataSource;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Set;

/** Detects whole numbers above 2⁵³ in a table of doubles: two 64-bit identifiers may have become equal. */
public final class RoundedWholes {
    private RoundedWholes() {}

    /**
     * Reports columns with such numbers.
     *
     * @param table the used columns of the source
     */
    public static void note(DataSource source, Table table, PrintStream err) throws IOException {
        Set<String> rounded = source.rounded();
        for (Column column : table.columns()) {
            if (rounded.contains(column.name())) {
                PlainText.notes(err)
                        .accept(
                                "%s: column '%s' holds whole numbers above 2^53, which are rounded and may become equal; if they are names, use --one-hot, --id or --drop for the column"
                                        .formatted(source.name(), column.name()));
            }
        }
    }
}
