package io.heddle.cli.catalogue;

import io.heddle.data.DataSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;

/**
 * What people know the rows of a catalogue by: their number in the file, also where rows before them were left out; the
 * file of a photo, with the folder that it is in; or the field of a table's ID column.
 *
 * @param kind {@code file}, {@code id}, or empty where rows have no names
 * @param names the name of each row
 * @param numbers the number of each row in its file
 */
public record RowNames(String kind, IntFunction<String> names, IntUnaryOperator numbers) {
    /** Names for rows that have none. */
    public static final RowNames NONE = new RowNames("", row -> "", IntUnaryOperator.identity());

    /** The names of the rows of some data, which must stay open as long as they are asked for. */
    public static RowNames of(DataSource data) {
        IntUnaryOperator numbers = row -> Math.toIntExact(data.fileRow(row));
        Optional<List<String>> ids = data.ids();
        if (ids.isPresent()) {
            return new RowNames("id", ids.get()::get, numbers);
        }
        return data.file(0).isEmpty()
                ? new RowNames("", row -> "", numbers)
                : new RowNames(
                        "file", row -> data.file(row).map(RowNames::shortName).orElse(""), numbers);
    }

    /** Whether rows have names. */
    public boolean present() {
        return !kind.isEmpty();
    }

    /** The name of a row, or nothing. */
    public String of(int row) {
        return names.apply(row);
    }

    /** The number of a row in its file. */
    public int number(int row) {
        return numbers.applyAsInt(row);
    }

    /** The last two parts of a path. */
    static String shortName(Path file) {
        int parts = file.getNameCount();
        Path last = parts > 2 ? file.subpath(parts - 2, parts) : file;
        return last.toString().replace('\\', '/');
    }
}
