package io.heddle.bench;

import java.util.ArrayList;
import java.util.List;

/** Formats a text table with the first column left-aligned and the others right-aligned. */
final class TextTable {
    private TextTable() {}

    static String of(String[] headings, List<String[]> rows) {
        List<String[]> all = new ArrayList<>(rows);
        all.addFirst(headings);
        int[] widths = new int[headings.length];
        for (String[] row : all) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : all) {
            text.append(String.format("%-" + widths[0] + "s", row[0]));
            for (int i = 1; i < row.length; i++) {
                text.append(String.format("  %" + widths[i] + "s", row[i]));
            }
            text.append('\n');
        }
        return text.toString();
    }
}
