package io.heddle.cli.catalogue;

import io.heddle.data.DataSource;
import io.heddle.data.FeatureSource;
import io.heddle.data.FieldRows;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The values of some rows of a table as text.
 *
 * @param columns names of the columns; empty if the data are not a table
 * @param rows the values of each row, one per column
 */
public record RowValues(List<String> columns, List<List<String>> rows) {
    /** For data that are not a table. */
    public static final RowValues NONE = new RowValues(List.of(), List.of());

    /** Maximum number of columns on a page. */
    static final int MAXIMUM_COLUMNS = 100;

    private static final double WHOLE = 0x1p53;

    /**
     * Reads the values of rows: the unchanged fields of a text file, otherwise the numbers.
     *
     * @param rows numbers of rows of the data, in any order
     */
    static RowValues of(DataSource data, int[] rows) throws IOException {
        DataSource origin = data instanceof FeatureSource features ? features.origin() : data;
        Optional<Table> table = origin.table();
        if (table.isPresent()) {
            return ofTable(data, origin, table.get(), rows);
        }
        if (data.images().isPresent()) {
            return NONE;
        }
        List<String> names = names(data.columnNames(), data.columns());
        List<List<String>> values = new ArrayList<>();
        double[] row = new double[data.columns()];
        for (int i : rows) {
            data.readDoubles(i, i + 1L, row);
            values.add(Arrays.stream(row, 0, names.size())
                    .mapToObj(RowValues::number)
                    .toList());
        }
        return new RowValues(names, values);
    }

    private static List<String> names(List<String> given, int columns) {
        List<String> names = new ArrayList<>();
        for (int j = 0; j < Math.min(columns, MAXIMUM_COLUMNS); j++) {
            names.add(given.size() == columns ? given.get(j) : "x" + (j + 1));
        }
        return names;
    }

    private static RowValues ofTable(DataSource data, DataSource origin, Table table, int[] rows) throws IOException {
        List<Column> columns = table.columns();
        List<String> given = table.named() ? columns.stream().map(Column::name).toList() : List.of();
        List<String> names = names(given, columns.size());
        Long2IntOpenHashMap places = new Long2IntOpenHashMap();
        places.defaultReturnValue(-1);
        for (int i = 0; i < rows.length; i++) {
            places.put(data.fileRow(rows[i]), i);
        }
        List<List<String>> values = new ArrayList<>(Collections.nCopies(rows.length, List.of()));
        Optional<FieldRows> fields = origin.fields();
        if (fields.isPresent()) {
            int[] left = {places.size()};
            fields.get().forEach((row, own) -> {
                int place = places.get(row);
                if (place >= 0) {
                    values.set(place, List.of(Arrays.copyOf(own, names.size())));
                    left[0]--;
                }
                return left[0] > 0;
            });
            return new RowValues(names, values);
        }
        for (long i = 0; i < table.rows(); i++) {
            int place = places.get(table.sourceRow(i));
            if (place >= 0) {
                List<String> row = new ArrayList<>();
                for (int j = 0; j < names.size(); j++) {
                    row.add(text(columns.get(j), table.value(i, j)));
                }
                values.set(place, row);
            }
        }
        return new RowValues(names, values);
    }

    private static String text(Column column, double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        return switch (column.kind()) {
            case NUMBER -> number(value);
            case BOOLEAN -> value == 0 ? "false" : "true";
            case CATEGORY -> column.categories().get((int) value);
            case DATE -> LocalDate.ofEpochDay((long) value).toString();
            case TIMESTAMP -> Instant.ofEpochSecond((long) Math.floor(value)).toString();
        };
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < WHOLE
                ? Long.toString((long) value)
                : Float.toString((float) value);
    }

    /** Returns whether there are values. */
    public boolean present() {
        return !columns.isEmpty();
    }

    /** Returns the first values of a row, which replace a missing name. */
    public String brief(int position, int most) {
        List<String> row = rows.get(position);
        String brief = String.join(", ", row.subList(0, Math.min(most, row.size())));
        return row.size() <= most ? brief : brief + ", …";
    }
}
