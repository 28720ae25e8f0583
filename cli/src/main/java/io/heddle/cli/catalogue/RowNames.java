package io.heddle.cli.catalogue;

import io.heddle.data.DataSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;

/**
 * The names of the rows of data: the file of a photo relative to the folder of the data, or the value of the ID column
 * of a table. Each row also has its number in the file, which counts the rows that were left out.
 *
 * @param kind {@code file}, {@code id}, or empty if rows have no names
 * @param names the name of each row
 * @param numbers the number of each row in its file
 * @param files the file of each row, if each row is a file
 */
public record RowNames(
        String kind, IntFunction<String> names, IntUnaryOperator numbers, IntFunction<Optional<Path>> files) {
    private static final String FILE = "file";

    /** Returns names for rows without names. */
    public static final RowNames NONE =
            new RowNames("", row -> "", IntUnaryOperator.identity(), row -> Optional.empty());

    /** Returns the names of the rows of data, which must remain open. */
    public static RowNames of(DataSource data) {
        IntUnaryOperator numbers = row -> Math.toIntExact(data.fileRow(row));
        IntFunction<Optional<Path>> files = data::file;
        Optional<List<String>> ids = data.ids();
        if (ids.isPresent()) {
            return new RowNames("id", ids.get()::get, numbers, files);
        }
        return data.relativeFile(0).isEmpty()
                ? new RowNames("", row -> "", numbers, files)
                : new RowNames(FILE, row -> data.relativeFile(row).orElse(""), numbers, files);
    }

    /** Returns whether rows have names. */
    public boolean present() {
        return !kind.isEmpty();
    }

    /** Returns the name of a row, or an empty text. */
    public String of(int row) {
        return names.apply(row);
    }

    /** Returns the file of a row, if each row is a file. */
    public Optional<Path> file(int row) {
        return files.apply(row);
    }

    /** Returns the number of a row in its file. */
    public int number(int row) {
        return numbers.applyAsInt(row);
    }

    /**
     * Returns whether a name refers to a row. It can be the ID, the path of the file, the end of the path, or one of
     * these in the form that CSV files contain for spreadsheets. Several rows can have the same end of their paths.
     */
    public boolean matches(int row, String name) {
        String own = of(row);
        String said = name.replace('\\', '/');
        boolean same = SpreadsheetText.isOf(name, own);
        return same || kind.equals(FILE) && (said.endsWith("/" + own) || own.endsWith("/" + said) || said.equals(own));
    }
}
