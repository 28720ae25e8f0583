package io.heddle.cli.catalogue;

import io.heddle.cli.data.DataSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * What people know the rows of a catalogue by: the file of a photo, with the folder that it is in, or the field of a
 * table's ID column.
 *
 * @param kind {@code file}, {@code id}, or empty where rows have no names
 * @param names the name of each row
 */
public record RowNames(String kind, IntFunction<String> names) {
    /** Names for rows that have none. */
    public static final RowNames NONE = new RowNames("", row -> "");

    /** The names of the rows of some data, which must stay open as long as they are asked for. */
    public static RowNames of(DataSource data) {
        Optional<List<String>> ids = data.ids();
        if (ids.isPresent()) {
            return new RowNames("id", ids.get()::get);
        }
        return data.file(0).isEmpty()
                ? NONE
                : new RowNames(
                        "file", row -> data.file(row).map(RowNames::shortName).orElse(""));
    }

    /** Whether rows have names. */
    public boolean present() {
        return !kind.isEmpty();
    }

    /** The name of a row, or nothing. */
    public String of(int row) {
        return names.apply(row);
    }

    /** The last two parts of a path. */
    static String shortName(Path file) {
        int parts = file.getNameCount();
        Path last = parts > 2 ? file.subpath(parts - 2, parts) : file;
        return last.toString().replace('\\', '/');
    }
}
