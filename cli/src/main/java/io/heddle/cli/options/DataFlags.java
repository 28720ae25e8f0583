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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The common options of commands that read data: a picocli mixin. */
public final class DataFlags {
    /** The description of DATA in the help of a command. */
    public static final String DATA =
            "IDX (.gz), NPY, NPZ, CSV, TSV or Parquet file, folder of photos (JPEG, PNG, WebP, "
                    + "GIF, BMP, TIFF; sub-folder = label; photos:train, photos:val, photos:test where it is split), or "
                    + "fashion-mnist, fashion-mnist:test, fashion-mnist:all.";

    @Option(
            names = "--label",
            paramLabel = "COLUMN",
            description = "Column of the labels in a CSV, TSV or Parquet file, or array of the labels in an NPZ file.")
    private String label;

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "File of the labels, one per row: IDX, NPY, CSV or plain lines.")
    private Path labels;

    @Option(
            names = "--scale",
            paramLabel = "FACTOR",
            description = "Factor for every value, for example 1/255. Default: 1/255 for bytes, which "
                    + "become 0 to 1; otherwise 1.")
    private String scale;

    @Option(
            names = "--resize",
            paramLabel = "WxH",
            description = "Resize photos, for example to 96x96. Required if their sizes differ.")
    private String resize;

    @Option(names = "--gray", description = "Convert colour photos to gray.")
    private boolean gray;

    @Option(
            names = "--skip-damaged",
            description = "Leave out and report photos that cannot be read. Default: they are an error.")
    private boolean skipDamaged;

    @Option(
            names = "--image-size",
            paramLabel = "WxH",
            description = "The rows of a flat table are images of this size.")
    private String imageSize;

    @Option(
            names = "--header",
            paramLabel = "yes|no",
            description =
                    "Whether the first line of a CSV file contains column names. Default: detected by comparing it with the "
                            + "following lines.")
    private String header;

    @Option(
            names = "--separator",
            paramLabel = "C",
            description =
                    "Separator of a CSV file: a character, tab or space. Default: comma, semicolon, tab or vertical bar, detected.")
    private String separator;

    @Option(
            names = "--drop",
            paramLabel = "COLUMN",
            description = "Columns to leave out: names separated by commas; a name that contains a comma in "
                    + "double quotes. Can be repeated.")
    private List<String> drop = List.of();

    @Option(
            names = "--array",
            paramLabel = "NAME",
            description = "Array of the rows in an NPZ file. Default: the only one except the labels.")
    private String array;

    @Option(
            names = "--id",
            paramLabel = "COLUMN",
            description = "Column of row names, which are written to outputs; not a feature.")
    private String id;

    @Option(
            names = "--number",
            paramLabel = "COLUMN",
            description = "Columns of a CSV file whose codes of digits, such as 007, are numbers instead of text. "
                    + "Names separated by commas; a name that contains a comma in double quotes.")
    private List<String> numbers = List.of();

    @Option(
            names = "--missing-label",
            paramLabel = "HOW",
            description =
                    "Handling of rows of a table without a label, or with one such as NA (see --missing-text): drop-rows leaves "
                            + "them out, text reads NA and the like as classes. Default: they are an error.")
    private String missingLabel;

    @Mixin
    private TextFlags text = new TextFlags();

    /** Returns the label column that the user named. */
    public Optional<String> label() {
        return Optional.ofNullable(label);
    }

    /** Returns whether the user has set the labels. */
    public boolean namesLabels() {
        return label != null || labels != null;
    }

    /**
     * Returns the options.
     *
     * @throws InvalidInputException if one of them is invalid
     */
    public DataOptions options() {
        InvalidInputException.require(
                label == null || labels != null || !label.contains(".") || !Files.isRegularFile(Path.of(label)),
                "--label %s is a file, but --label names a column; --labels %s reads a file of labels",
                label,
                label);
        InvalidInputException.require(
                labels == null || Files.exists(labels) || labels.toString().contains("."),
                "there is no file %s of labels; --label %s names a column",
                labels,
                labels);
        return new DataOptions(
                Optional.ofNullable(label),
                Optional.ofNullable(labels),
                scale == null ? OptionalDouble.empty() : OptionalDouble.of(factor(scale)),
                Optional.ofNullable(resize).map(ImageSize::parse),
                gray,
                false,
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

    /** Parses a number, or a fraction such as 1/255. */
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
            // Reported below.
        }
        throw new InvalidInputException("--scale must be a number such as 0.5 or 1/255, not '%s'".formatted(text));
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
                throw new InvalidInputException("--missing-label must be drop-rows or text, not '%s'".formatted(text));
        };
    }

    private static boolean yesOrNo(String text) {
        return switch (text) {
            case "yes", "true" -> true;
            case "no", "false" -> false;
            default -> throw new InvalidInputException("--header must be yes or no, not '%s'".formatted(text));
        };
    }
}
