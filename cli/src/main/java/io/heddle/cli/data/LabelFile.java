package io.heddle.cli.data;

import io.heddle.data.DataFormatException;
import io.heddle.data.Idx;
import io.heddle.data.NpyArray;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** A file of labels, one for each row of the data: IDX, NPY of whole numbers, or a column of text. */
final class LabelFile {
    private LabelFile() {}

    /** The labels of data that hold none themselves. */
    static Optional<Labels> readIfAsked(Path data, DataOptions options) throws IOException {
        InvalidInputException.require(
                options.label().isEmpty() || options.labels().isPresent(),
                "%s has no columns with names, so none is '%s'; --labels names a file of labels",
                data,
                options.label().orElse(""));
        return options.labels().isPresent() ? Optional.of(read(options.labels().get(), options)) : Optional.empty();
    }

    /**
     * @param options which column of a table of several it is
     * @throws DataFormatException if there is no such file, or it holds something else
     */
    static Labels read(Path file, DataOptions options) throws IOException {
        return switch (Formats.of(file)) {
            case IDX ->
                Labels.ofIntegers(
                        Arrays.stream(Idx.readLabels(file)).asLongStream().toArray());
            case NPY -> {
                try (NpyArray array = NpyArray.open(file)) {
                    yield Labels.ofIntegers(array.readIntegers());
                }
            }
            case CSV -> CsvTable.readLabels(file, options);
            case NPZ, PARQUET, PHOTO, UNKNOWN ->
                throw new DataFormatException(
                        file + " is no file of labels: Heddle reads them from IDX, NPY, CSV and text files");
        };
    }
}
