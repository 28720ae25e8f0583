package io.heddle.data;

import io.heddle.matrix.InvalidInputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The options of reading data.
 *
 * @param label name of the column (CSV, Parquet) or array (NPZ) of the labels; default none, for NPZ {@code y} or
 *     {@code labels} if it exists
 * @param labels file of labels, one per row of the data; default none
 * @param scale factor for every value; default 1/255 for bytes, which maps them to 0 to 1, and 1 for other types
 * @param resize size to which photos are resized; by default they are not resized and must have the same size
 * @param gray whether colour photos are converted to gray; default false
 * @param colour whether gray photos are read as red, green and blue, like colour photos, unless {@code gray}; default:
 *     only if one of the photos has colour
 * @param imageSize image size, if the rows of a flat table are images; default none
 * @param header whether the first line of a CSV file names the columns; default: detected by comparing it with the
 *     following lines
 * @param separator between the fields of a CSV file; default: detected among comma, semicolon, tab and vertical bar
 * @param drop columns to leave out: each element is a name or a comma-separated list of names; names that contain a
 *     comma are in double quotes
 * @param array name of the array in an NPZ file; default: the only array of two or more dimensions
 * @param roles roles of other columns of a table; default none
 * @param text options of the text of a CSV file
 * @param skipDamaged whether unreadable photos are left out and reported; default false
 */
public record DataOptions(
        Optional<String> label,
        Optional<Path> labels,
        OptionalDouble scale,
        Optional<ImageSize> resize,
        boolean gray,
        boolean colour,
        Optional<ImageSize> imageSize,
        Optional<Boolean> header,
        Optional<Character> separator,
        List<String> drop,
        Optional<String> array,
        ColumnRoles roles,
        TextOptions text,
        boolean skipDamaged) {
    /**
     * Checks the scale.
     *
     * @throws InvalidInputException if the scale is not finite or 0
     */
    public DataOptions {
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(labels, "labels");
        Objects.requireNonNull(scale, "scale");
        Objects.requireNonNull(resize, "resize");
        Objects.requireNonNull(imageSize, "imageSize");
        Objects.requireNonNull(header, "header");
        Objects.requireNonNull(separator, "separator");
        Objects.requireNonNull(array, "array");
        Objects.requireNonNull(roles, "roles");
        Objects.requireNonNull(text, "text");
        drop = List.copyOf(drop);
        InvalidInputException.require(
                scale.isEmpty() || Double.isFinite(scale.getAsDouble()) && scale.getAsDouble() != 0,
                "a scale is a finite number other than 0, not %s",
                scale.orElse(0));
    }

    /**
     * Returns the shape of the images in flat rows, if {@link #imageSize()} is set.
     *
     * @param columns values in a row
     * @param name name of the data, for error messages
     * @return their shape; empty without an image size
     * @throws InvalidInputException if the number of values does not match the image size
     */
    public Optional<ImageShape> imagesIn(int columns, String name) {
        return imageSize.map(size -> {
            long pixels = (long) size.width() * size.height();
            InvalidInputException.require(
                    columns == pixels || columns == 3 * pixels,
                    "%s has %d values per row, which does not match gray or colour images of %s pixels",
                    name,
                    columns,
                    size);
            return new ImageShape(size.width(), size.height(), columns == pixels ? 1 : 3);
        });
    }

    /** {@return the defaults above} */
    public static DataOptions defaults() {
        return new DataOptions(
                Optional.empty(),
                Optional.empty(),
                OptionalDouble.empty(),
                Optional.empty(),
                false,
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

    /**
     * {@return these options with another label column}
     *
     * @param column name of the column
     */
    public DataOptions withLabel(String column) {
        Draft draft = new Draft(this);
        draft.label = Optional.of(column);
        return draft.build();
    }

    /**
     * {@return these options with another file of labels}
     *
     * @param file file of the labels
     */
    public DataOptions withLabels(Path file) {
        Draft draft = new Draft(this);
        draft.labels = Optional.of(file);
        return draft.build();
    }

    /** {@return these options without labels} */
    public DataOptions withoutLabels() {
        Draft draft = new Draft(this);
        draft.label = Optional.empty();
        draft.labels = Optional.empty();
        return draft.build();
    }

    /**
     * {@return these options with another scale}
     *
     * @param factor factor for every value
     */
    public DataOptions withScale(double factor) {
        Draft draft = new Draft(this);
        draft.scale = OptionalDouble.of(factor);
        return draft.build();
    }

    /**
     * {@return these options with another size for photos}
     *
     * @param size the new size
     */
    public DataOptions withResize(ImageSize size) {
        Draft draft = new Draft(this);
        draft.resize = Optional.of(size);
        return draft.build();
    }

    /**
     * {@return these options with photos in gray or in their colours}
     *
     * @param value the new value
     */
    public DataOptions withGray(boolean value) {
        Draft draft = new Draft(this);
        draft.gray = value;
        return draft.build();
    }

    /**
     * {@return these options with gray photos read like colour photos}
     *
     * @param value the new value
     */
    public DataOptions withColour(boolean value) {
        Draft draft = new Draft(this);
        draft.colour = value;
        return draft.build();
    }

    /**
     * {@return these options with another image size}
     *
     * @param size the new size
     */
    public DataOptions withImageSize(ImageSize size) {
        Draft draft = new Draft(this);
        draft.imageSize = Optional.of(size);
        return draft.build();
    }

    /**
     * {@return these options with or without a header line}
     *
     * @param value the new value
     */
    public DataOptions withHeader(boolean value) {
        Draft draft = new Draft(this);
        draft.header = Optional.of(value);
        return draft.build();
    }

    /**
     * {@return these options with another separator}
     *
     * @param value the new value
     */
    public DataOptions withSeparator(char value) {
        Draft draft = new Draft(this);
        draft.separator = Optional.of(value);
        return draft.build();
    }

    /**
     * {@return these options with other columns to leave out}
     *
     * @param columns names of the columns
     */
    public DataOptions withDrop(List<String> columns) {
        Draft draft = new Draft(this);
        draft.drop = columns;
        return draft.build();
    }

    /**
     * {@return these options with another array}
     *
     * @param name name of the array
     */
    public DataOptions withArray(String name) {
        Draft draft = new Draft(this);
        draft.array = Optional.of(name);
        return draft.build();
    }

    /**
     * {@return these options with other roles of columns}
     *
     * @param value the new value
     */
    public DataOptions withRoles(ColumnRoles value) {
        Draft draft = new Draft(this);
        draft.roles = value;
        return draft.build();
    }

    /**
     * {@return these options with other text options}
     *
     * @param options the options
     */
    public DataOptions withText(TextOptions options) {
        Draft draft = new Draft(this);
        draft.text = options;
        return draft.build();
    }

    /**
     * {@return these options with unreadable photos left out or refused}
     *
     * @param value the new value
     */
    public DataOptions withSkipDamaged(boolean value) {
        Draft draft = new Draft(this);
        draft.skipDamaged = value;
        return draft.build();
    }

    /**
     * {@return the factor for values of a type}
     *
     * @param bytes whether the values are stored as bytes
     */
    public float scaleFor(boolean bytes) {
        return (float) exactScaleFor(bytes);
    }

    /**
     * {@return the factor for values of a type as a double}
     *
     * @param bytes whether the values are stored as bytes
     */
    public double exactScaleFor(boolean bytes) {
        return scale.orElse(bytes ? 1.0 / 255 : 1);
    }

    /** A mutable copy of the options. */
    private static final class Draft {
        private Optional<String> label;
        private Optional<Path> labels;
        private OptionalDouble scale;
        private Optional<ImageSize> resize;
        private boolean gray;
        private boolean colour;
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
            colour = from.colour;
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
                    colour,
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
