package io.heddle.data;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads files of labels, one per row of the data: IDX, NPY of whole numbers or text, or a text column. */
public final class LabelFile {
    /** Number of rows if it is not known yet. */
    public static final long ANY = -1;

    private LabelFile() {}

    /**
     * {@return the labels of data that do not contain labels}
     *
     * @param data location of the data
     * @param options options of reading the data
     * @param rows rows of the data
     * @throws IOException if the file of labels cannot be read
     */
    public static Optional<Labels> readIfRequested(Path data, DataOptions options, UnlabelledRows rows)
            throws IOException {
        requireFile(data, options);
        return options.labels().isPresent()
                ? Optional.of(read(options.labels().get(), options, rows))
                : Optional.empty();
    }

    /**
     * Checks that a named label column has a file.
     *
     * @param data location of the data
     * @param options options of reading the data
     * @throws InvalidInputException if a column is named, but no file
     */
    public static void requireFile(Path data, DataOptions options) {
        InvalidInputException.require(
                options.label().isEmpty()
                        || options.labels().isPresent()
                        || options.roles().optional(),
                "%s has no column names, so it has no column '%s'; --labels names a file of labels",
                data,
                options.label().orElse(""));
    }

    /**
     * {@return the labels of data without IDs}
     *
     * @param file file of the labels
     * @param options options of reading the data
     * @param rows number of rows of the data
     * @throws IOException if the file of labels cannot be read
     */
    public static Labels read(Path file, DataOptions options, long rows) throws IOException {
        return read(file, options, UnlabelledRows.withoutIds(rows, note -> {}));
    }

    /**
     * {@return the labels of the options' label file}
     *
     * @param options options of reading the data
     * @param rows rows of the data
     * @throws IOException if the file of labels cannot be read
     */
    public static Optional<Labels> read(DataOptions options, UnlabelledRows rows) throws IOException {
        return Optional.of(read(options.labels().orElseThrow(), options, rows));
    }

    /**
     * {@return how to read the label file, if the options name one}
     *
     * @param options options of reading the data
     * @throws DataFormatException if there is no such file
     */
    public static Optional<DataOptions> asked(DataOptions options) throws IOException {
        if (options.labels().isEmpty()) {
            return Optional.empty();
        }
        DataFormats.of(options.labels().get());
        return Optional.of(options);
    }

    /**
     * Reads a file of labels.
     *
     * @param file file of the labels
     * @param options options with the column, for a table of several columns
     * @param rows rows of the data. If a first line could be a name, their number decides whether it is a label. If
     *     they have IDs and the file has the column of IDs, labels are joined by it, otherwise taken in order
     * @return the labels
     * @throws DataFormatException if there is no such file, or it does not contain labels
     */
    public static Labels read(Path file, DataOptions options, UnlabelledRows rows) throws IOException {
        DataFormat format = DataFormats.of(file);
        if (!format.holdsLabels()) {
            throw new DataFormatException(
                    "%s is not a file of labels: Heddle reads them from %s".formatted(file, DataFormats.ofLabels()));
        }
        return format.readLabels(file, options, rows);
    }
}
