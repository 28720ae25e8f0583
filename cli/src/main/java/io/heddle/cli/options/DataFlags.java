package io.heddle.cli.options;

import io.heddle.cli.terminal.PlainText;
import io.heddle.data.ColumnRoles;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.ImageSize;
import io.heddle.data.MissingLabel;
import io.heddle.matrix.InvalidInputException;
import io.heddle.preprocessing.Column;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that every command which reads data has in common: a picocli mixin. */
public final class DataFlags {
    /** What DATA may be, for the help of a command. */
    public static final String DATA =
            "IDX (.gz), NPY, NPZ, CSV, TSV or Parquet file, folder of photos (JPEG, PNG, WebP, "
                    + "GIF, BMP, TIFF; sub-folder = label; photos:train, photos:val, photos:test where it is split), or "
                    + "fashion-mnist, fashion-mnist:test, fashion-mnist:all.";

    @Option(
            names = "--label",
            paramLabel = "COLUMN",
            description = "Column of a CSV, TSV or Parquet file, or array of an NPZ file, that holds the labels.")
    private String label;

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "Labels in a file of their own, one a row: IDX, NPY, CSV or plain lines.")
    private Path labels;

    @Option(
            names = "--scale",
            paramLabel = "FACTOR",
            description = "Multiply every value, for example by 1/255. Default: 1/255 if the data are bytes, which "
                    + "become 0 to 1; any other table stays as it is.")
    private String scale;

    @Option(
            names = "--resize",
            paramLabel = "WxH",
            description = "Bring photos to one size, for example 96x96. Needed where they differ.")
    private String resize;

    @Option(names = "--gray", description = "Read photos in colour as gray.")
    private boolean gray;

    @Option(
            names = "--skip-damaged",
            description = "Leave out photos that cannot be read, and say which. Default: they are an error.")
    private boolean skipDamaged;

    @Option(
            names = "--image-size",
            paramLabel = "WxH",
            description = "The rows of a flat table are images of this size.")
    private String imageSize;

    @Option(
            names = "--header",
            paramLabel = "yes|no",
            description = "Whether a CSV file's first line names its columns. Default: found by comparing it with the "
                    + "lines that follow.")
    private String header;

    @Option(
            names = "--separator",
            paramLabel = "C",
            description =
                    "Between the fields of a CSV file: a character, tab or space. Default: comma, semicolon, tab or bar, as found.")
    private String separator;

    @Option(
            names = "--drop",
            paramLabel = "COLUMN",
            description = "Columns to leave out: names with commas between them, or one in double quotes where it has "
                    + "a comma itself. May be given several times.")
    private List<String> drop = List.of();

    @Option(
            names = "--array",
            paramLabel = "NAME",
            description = "Array of an NPZ file that holds the rows. Default: the only one beside the labels.")
    private String array;

    @Option(
            names = "--id",
            paramLabel = "COLUMN",
            description = "Column of a table that names its rows in what is written; it is no value.")
    private String id;

    @Option(
            names = "--number",
            paramLabel = "COLUMN",
            description =
                    "Columns of a CSV file whose codes of digits, such as 007, are numbers; they are text otherwise. "
                            + "Names with commas between them, or one in double quotes where it has a comma itself.")
    private List<String> numbers = List.of();

    @Option(
            names = "--missing-label",
            paramLabel = "HOW",
            description =
                    "Rows of a table without a label, or with one such as NA (see --missing-text): drop-rows leaves "
                            + "them out, text takes NA and the like for classes. Default: they are an error.")
    private String missingLabel;

    @Mixin
    private TextFlags text = new TextFlags();

    /** The column of labels that was named. */
    public Optional<String> label() {
        return Optional.ofNullable(label);
    }

    /** Whether the user has said where labels are. */
    public boolean namesLabels() {
        return label != null || labels != null;
    }

    /**
     * The options as they were given.
     *
     * @throws InvalidInputException if one of them makes no sense
     */
    public DataOptions options() {
        return new DataOptions(
                Optional.ofNullable(label),
                Optional.ofNullable(labels),
                scale == null ? OptionalDouble.empty() : OptionalDouble.of(factor(scale)),
                Optional.ofNullable(resize).map(ImageSize::parse),
                gray,
                Optional.ofNullable(imageSize).map(ImageSize::parse),
                Optional.ofNullable(header).map(DataFlags::yesOrNo),
                Optional.ofNullable(separator).map(c -> TextFlags.character("--separator", c)),
                drop,
                Optional.ofNullable(array),
                ColumnRoles.none()
                        .withId(Optional.ofNullable(id))
                        .withKinds(kinds())
                        .withMissingLabel(missingLabel == null ? MissingLabel.REFUSE : missingLabel(missingLabel)),
                text.options(),
                skipDamaged);
    }

    /** Opens data with these options; see {@link DataSource#open}. */
    public DataSource open(String data, PrintStream err) throws IOException {
        return DataSource.open(data, options(), PlainText.notes(err));
    }

    /** A number, or a fraction such as 1/255. */
    private static double factor(String text) {
        String[] parts = text.strip().split("/", -1);
        try {
            if (parts.length == 1) {
                return Double.parseDouble(parts[0]);
            }
            if (parts.length == 2) {
                return Double.parseDouble(parts[0]) / Double.parseDouble(parts[1]);
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new InvalidInputException("--scale is a number such as 0.5 or 1/255, not '%s'".formatted(text));
    }

    private Map<String, Column.Kind> kinds() {
        Map<String, Column.Kind> kinds = new HashMap<>();
        for (String option : numbers) {
            kinds.put(option, Column.Kind.NUMBER);
            ColumnNames.split(option).forEach(name -> kinds.put(name, Column.Kind.NUMBER));
        }
        return kinds;
    }

    private static MissingLabel missingLabel(String text) {
        return switch (text) {
            case "drop-rows" -> MissingLabel.DROP_ROWS;
            case "text" -> MissingLabel.TEXT;
            default ->
                throw new InvalidInputException("--missing-label is drop-rows or text, not '%s'".formatted(text));
        };
    }

    private static boolean yesOrNo(String text) {
        return switch (text) {
            case "yes", "true" -> true;
            case "no", "false" -> false;
            default -> throw new InvalidInputException("--header is yes or no, not '%s'".formatted(text));
        };
    }
}
