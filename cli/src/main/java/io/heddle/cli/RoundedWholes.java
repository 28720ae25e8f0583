package io.heddle.cli;

import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import java.io.PrintStream;

/**
 * Whole numbers beyond 2⁵³ in a table of doubles: two identifiers of 64 bits may have been rounded to one. The first
 * rows decide, for such columns hold identifiers throughout.
 */
final class RoundedWholes {
    private static final int ROWS = 1_000;
    private static final double EXACT = 0x1p53;
    private static final double LARGEST = 0x1p64;

    private RoundedWholes() {}

    /** Says which columns hold such numbers. */
    static void note(String source, Table table, PrintStream err) {
        for (int j = 0; j < table.columns().size(); j++) {
            Column column = table.columns().get(j);
            if (column.kind() == Column.Kind.NUMBER && holdsAny(table, j)) {
                PlainText.notes(err)
                        .accept(
                                "%s: column '%s' holds whole numbers beyond 2^53, which are rounded and may become equal; if they are names, give the column to --one-hot, --id or --drop"
                                        .formatted(source, column.name()));
            }
        }
    }

    private static boolean holdsAny(Table table, int column) {
        for (long i = 0; i < Math.min(ROWS, table.rows()); i++) {
            double size = Math.abs(table.value(i, column));
            if (size >= EXACT && size <= LARGEST && size == Math.rint(size)) {
                return true;
            }
        }
        return false;
    }
}
