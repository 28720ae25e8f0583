package io.heddle.cli.options;

import io.heddle.cli.terminal.PlainText;
import io.heddle.data.DataSource;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Set;

/** Whole numbers beyond 2⁵³ in a table of doubles: two identifiers of 64 bits may have been rounded to one. */
public final class RoundedWholes {
    private RoundedWholes() {}

    /**
     * Says which columns hold such numbers.
     *
     * @param table those columns of the source that are used
     */
    public static void note(DataSource source, Table table, PrintStream err) throws IOException {
        Set<String> rounded = source.rounded();
        for (Column column : table.columns()) {
            if (rounded.contains(column.name())) {
                PlainText.notes(err)
                        .accept(
                                "%s: column '%s' holds whole numbers beyond 2^53, which are rounded and may become equal; if they are names, give the column to --one-hot, --id or --drop"
                                        .formatted(source.name(), column.name()));
            }
        }
    }
}
