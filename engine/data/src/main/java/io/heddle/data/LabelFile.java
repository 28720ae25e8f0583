package io.heddle.data;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A file of labels, one for each row of the data: IDX, NPY of whole numbers or text, or a column of text. */
public final class LabelFile {
    /** Where the number of rows is not known yet. */
    static final long ANY = -1;

    private LabelFile() {}

    /**
     * The labels of data that hold none themselves.
     *
     * @param rows of the data
     */
    public static Optional<Labels> readIfAsked(Path data, DataOptions options, long rows) throws IOException {
        requireFile(data, options);
        return options.labels().isPresent()
                ? Optional.of(read(options.labels().get(), options, rows))
                : Optional.empty();
    }

    /** @throws InvalidInputException if a column is named, but no file that it is in */
    public static void requireFile(Path data, DataOptions options) {
        InvalidInputException.require(
                options.label().isEmpty()
                        || options.labels().isPresent()
                        || options.roles().optional(),
                "%s has no columns with names, so none is '%s'; --labels names a file of labels",
                data,
                options.label().orElse(""));
    }

    /** Labels of data whose rows are not counted yet. */
    public static Labels read(Path file, DataOptions options) throws IOException {
        return read(file, options, ANY);
    }

    /** Labels as the options name them. */
    public static Optional<Labels> read(DataOptions options, long rows) throws IOException {
        return Optional.of(read(options.labels().orElseThrow(), options, rows));
    }

    /**
     * How the file of labels is read that the options name, if they do.
     *
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
     * @param options which column of a table of several it is
     * @param rows of the data: a first line that could be a name is a label where only so there is one for each row
     * @throws DataFormatException if there is no such file, or it holds something else
     */
    public static Labels read(Path file, DataOptions options, long rows) throws IOException {
        DataFormat format = DataFormats.of(file);
        if (!format.holdsLabels()) {
            throw new DataFormatException(
                    "%s is not a file of labels: Heddle reads them from %s".formatted(file, DataFormats.ofLabels()));
        }
        return format.readLabels(file, options, rows);
    }
}
