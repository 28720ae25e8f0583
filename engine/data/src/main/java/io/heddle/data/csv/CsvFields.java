package io.heddle.data.csv;

import io.heddle.data.FieldRows;
import io.heddle.data.TextOptions;
import io.heddle.data.rows.Columns;
import java.io.IOException;

/** Passes on the fields of the columns of values and replaces the decimal mark of numbers by a point. */
final class CsvFields implements CsvRecords.Sink {
    private final CsvHead head;
    private final DigitGroups groups;
    private final FieldRows.Action action;
    private final int[] slots;
    private final boolean[] numbers;
    private final String[] fields;
    private boolean headerPending;
    private long emptyLines;
    private long row;

    /** @param numbers which of the columns of values hold numbers */
    CsvFields(CsvHead head, TextOptions options, Columns columns, boolean[] numbers, FieldRows.Action action) {
        this.head = head;
        this.groups = new DigitGroups(head.point(), options);
        this.action = action;
        this.numbers = numbers;
        this.fields = new String[numbers.length];
        this.slots = new int[columns.names().size()];
        java.util.Arrays.fill(slots, -1);
        int[] values = columns.values();
        for (int k = 0; k < values.length; k++) {
            slots[values[k]] = k;
        }
    }

    @Override
    public void restart() {
        headerPending = head.header();
        emptyLines = 0;
        row = 0;
    }

    @Override
    public void field(int index, char[] buffer, int from, int to) {
        int slot = index < slots.length ? slots[index] : -1;
        if (slot >= 0 && !headerPending) {
            String text = new String(buffer, from, to - from);
            fields[slot] = numbers[slot] ? groups.plain(text) : text;
        }
    }

    @Override
    public boolean end(long line, int number, boolean empty) throws IOException {
        if (empty) {
            emptyLines += slots.length == 1 && !headerPending ? 1 : 0;
            return true;
        }
        if (headerPending) {
            headerPending = false;
            return true;
        }
        String[] missing = {""};
        for (; emptyLines > 0; emptyLines--) {
            if (!action.accept(row++, missing)) {
                return false;
            }
        }
        return action.accept(row++, fields);
    }
}
