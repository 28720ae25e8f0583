package io.heddle.data;

import io.heddle.matrix.InvalidInputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How data are to be read.
 *
 * @param label name of the column (CSV, Parquet) or array (NPZ) that holds the labels; default none, for NPZ {@code y}
 *     or {@code labels} where there is one
 * @param labels file of labels, one a row of the data; default none
 * @param scale factor for every value; default 1/255 for bytes, which makes them 0 to 1, and 1 for anything else
 * @param resize size to which photos are brought; default as they are, and then all must be of one size
 * @param gray whether photos in colour are read as gray; default false
 * @param imageSize size of the images that the rows of a flat table are; default none
 * @param header whether the first line of a CSV file names the columns; default: found by comparing it with the lines
 *     that follow
 * @param separator between the fields of a CSV file; default: detected among comma, semicolon, tab and bar
 * @param drop columns to leave out: each a name, or several with commas between them, those that contain a comma in
 *     double quotes
 * @param array name of the array in an NPZ file; default the only one of two or more dimensions
 * @param roles what other columns of a table are; default none
 * @param text how the text of a CSV file is to be understood
 * @param skipDamaged whether photos that cannot be read are left out, with a line that says which; default false
 */
public record DataOptions(
        Optional<String> label,
        Optional<Path> labels,
        OptionalDouble scale,
        Optional<ImageSize> resize,
        boolean gray,
        Optional<ImageSize> imageSize,
        Optional<Boolean> header,
        Optional<Character> separator,
        List<String> drop,
        Optional<String> array,
        ColumnRoles roles,
        TextOptions text,
        boolean skipDamaged) {
    /** @throws InvalidInputException if the scale is not finite or 0 */
    public DataOptions {
        Objects.requireNonNull(resize, "resize");
        Objects.requireNonNull(text, "text");
        drop = List.copyOf(drop);
        InvalidInputException.require(
                scale.isEmpty() || Double.isFinite(scale.getAsDouble()) && scale.getAsDouble() != 0,
                "a scale is a finite number other than 0, not %s",
                scale.orElse(0));
    }

    /**
     * The images that flat rows are, if {@link #imageSize()} says so.
     *
     * @param columns values in a row
     * @param name of the data, for the error
     * @return their shape, or nothing without an image size
     * @throws InvalidInputException if rows of so many values are not images of that size
     */
    public Optional<ImageShape> imagesIn(int columns, String name) {
        return imageSize.map(size -> {
            long pixels = (long) size.width() * size.height();
            InvalidInputException.require(
                    columns == pixels || columns == 3 * pixels,
                    "%s has %d values in a row, which are no gray or coloured images of %s pixels",
                    name,
                    columns,
                    size);
            return new ImageShape(size.width(), size.height(), columns == pixels ? 1 : 3);
        });
    }

    /** All of the defaults above. */
    public static DataOptions defaults() {
        return new DataOptions(
                Optional.empty(),
                Optional.empty(),
                OptionalDouble.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                ColumnRoles.none(),
                TextOptions.defaults(),
                false);
    }

    /** These options with a label column. */
    public DataOptions withLabel(String column) {
        Draft draft = new Draft(this);
        draft.label = Optional.of(column);
        return draft.build();
    }

    /** These options with a file of labels. */
    public DataOptions withLabels(Path file) {
        Draft draft = new Draft(this);
        draft.labels = Optional.of(file);
        return draft.build();
    }

    /** These options without any labels asked for. */
    public DataOptions withoutLabels() {
        Draft draft = new Draft(this);
        draft.label = Optional.empty();
        draft.labels = Optional.empty();
        return draft.build();
    }

    /** These options with another scale. */
    public DataOptions withScale(double factor) {
        Draft draft = new Draft(this);
        draft.scale = OptionalDouble.of(factor);
        return draft.build();
    }

    /** These options with another size for photos. */
    public DataOptions withResize(ImageSize size) {
        Draft draft = new Draft(this);
        draft.resize = Optional.of(size);
        return draft.build();
    }

    /** These options with photos in gray or not. */
    public DataOptions withGray(boolean value) {
        Draft draft = new Draft(this);
        draft.gray = value;
        return draft.build();
    }

    /** These options with the size of the images that rows are. */
    public DataOptions withImageSize(ImageSize size) {
        Draft draft = new Draft(this);
        draft.imageSize = Optional.of(size);
        return draft.build();
    }

    /** These options with or without a header line. */
    public DataOptions withHeader(boolean value) {
        Draft draft = new Draft(this);
        draft.header = Optional.of(value);
        return draft.build();
    }

    /** These options with another separator. */
    public DataOptions withSeparator(char value) {
        Draft draft = new Draft(this);
        draft.separator = Optional.of(value);
        return draft.build();
    }

    /** These options with columns to leave out. */
    public DataOptions withDrop(List<String> columns) {
        Draft draft = new Draft(this);
        draft.drop = columns;
        return draft.build();
    }

    /** These options with the name of an array. */
    public DataOptions withArray(String name) {
        Draft draft = new Draft(this);
        draft.array = Optional.of(name);
        return draft.build();
    }

    /** These options with what other columns are. */
    public DataOptions withRoles(ColumnRoles value) {
        Draft draft = new Draft(this);
        draft.roles = value;
        return draft.build();
    }

    /** These options with another reading of text. */
    public DataOptions withText(TextOptions options) {
        Draft draft = new Draft(this);
        draft.text = options;
        return draft.build();
    }

    /** These options with photos left out that cannot be read, or not. */
    public DataOptions withSkipDamaged(boolean value) {
        Draft draft = new Draft(this);
        draft.skipDamaged = value;
        return draft.build();
    }

    /** The factor for values of a type. */
    public float scaleFor(boolean bytes) {
        return (float) exactScaleFor(bytes);
    }

    /** The same, not rounded to a float. */
    public double exactScaleFor(boolean bytes) {
        return scale.orElse(bytes ? 1.0 / 255 : 1);
    }

    /** The values of options that are about to be others. */
    private static final class Draft {
        private Optional<String> label;
        private Optional<Path> labels;
        private OptionalDouble scale;
        private Optional<ImageSize> resize;
        private boolean gray;
        private Optional<ImageSize> imageSize;
        private Optional<Boolean> header;
        private Optional<Character> separator;
        private List<String> drop;
        private Optional<String> array;
        private ColumnRoles roles;
        private TextOptions text;
        private boolean skipDamaged;

        Draft(DataOptions from) {
            label = from.label;
            labels = from.labels;
            scale = from.scale;
            resize = from.resize;
            gray = from.gray;
            imageSize = from.imageSize;
            header = from.header;
            separator = from.separator;
            drop = from.drop;
            array = from.array;
            roles = from.roles;
            text = from.text;
            skipDamaged = from.skipDamaged;
        }

        DataOptions build() {
            return new DataOptions(
                    label,
                    labels,
                    scale,
                    resize,
                    gray,
                    imageSize,
                    header,
                    separator,
                    drop,
                    array,
                    roles,
                    text,
                    skipDamaged);
        }
    }
}
