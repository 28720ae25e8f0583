package io.heddle.data;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.preprocessing.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Opened data. Their description is known and checked; the values are read on request.
 *
 * <p>For example: {@snippet file="DataExamplesTest.java" region="data-source"}
 */
public abstract class DataSource implements AutoCloseable {
    private final Description description;

    /**
     * The description of data.
     *
     * @param name name of the data
     * @param rows number of rows
     * @param columns number of values per row
     * @param dtype type of the stored values, {@code text} for numbers in text files
     * @param labels the class of each row
     * @param images shape of the images, if the rows are images
     * @param columnNames name of each column, or empty
     */
    public record Description(
            String name,
            long rows,
            int columns,
            String dtype,
            Optional<Labels> labels,
            Optional<ImageShape> images,
            List<String> columnNames) {
        /**
         * Checks the description.
         *
         * @throws InvalidInputException if there are no rows or columns, or the labels or images do not match them
         */
        public Description {
            columnNames = List.copyOf(columnNames);
            InvalidInputException.require(
                    rows >= 1 && columns >= 1,
                    "%s has %d rows of %d values; at least one row and one value are required",
                    name,
                    rows,
                    columns);
            if (labels.isPresent() && labels.get().rows() != rows) {
                throw new InvalidInputException("%s has %d rows, but there are %d labels%s"
                        .formatted(name, rows, labels.get().rows(), headingHint(labels.get(), rows)));
            }
            if (images.isPresent() && images.get().values() != columns) {
                throw new InvalidInputException("%s has %d values per row, which does not match images of %s"
                        .formatted(name, columns, images.get()));
            }
        }

        /** Returns a hint if there is one label too many and the first one is that of no other row. */
        private static String headingHint(Labels labels, long rows) {
            int first = labels.values()[0];
            String heading = labels.classNames().get(first);
            boolean alone =
                    Arrays.stream(labels.values()).filter(c -> c == first).count() == 1;
            return alone && labels.rows() == rows + 1
                    ? "; if the first one, '%s', is a heading, --label '%s' says so".formatted(heading, heading)
                    : "";
        }
    }

    /**
     * Creates a source.
     *
     * @param description of the data
     */
    protected DataSource(Description description) {
        this.description = description;
    }

    /**
     * Opens data and detects their format.
     *
     * @param data {@code fashion-mnist}, or the path of a file (IDX, NPY, NPZ, CSV, TSV, Parquet) or of a folder (of
     *     photos, or of Fashion-MNIST's four files). The name or the folder of the four files may be followed by
     *     {@code :train}, the default, {@code :test} or {@code :all}. A folder of photos whose sub-folders are such
     *     parts needs one of these or {@code :val}
     * @param options options of reading the data
     * @param log receives one line per slow step, such as a download
     * @return the data, which the caller closes
     * @throws DataFormatException if the data do not exist, are damaged or not supported
     * @throws InvalidInputException if an option is not valid for them
     */
    public static DataSource open(String data, DataOptions options, Consumer<String> log) throws IOException {
        DataSource source = DataFormats.open(data, options, log);
        source.labels().ifPresent(labels -> labels.noteCapitals(source.name(), log));
        return source;
    }

    /** {@return the name of the data: the file's name, or {@code fashion-mnist}} */
    public String name() {
        return description.name();
    }

    /** {@return the number of rows, at least 1} */
    public long rows() {
        return description.rows();
    }

    /** {@return the number of values per row, at least 1} */
    public int columns() {
        return description.columns();
    }

    /** {@return the type of the stored values: NumPy's name, or {@code text}} */
    public String dtype() {
        return description.dtype();
    }

    /** {@return the class of each row; empty if there are no labels} */
    public Optional<Labels> labels() {
        return description.labels();
    }

    /** {@return the shape of the images; empty if the rows are not images} */
    public Optional<ImageShape> images() {
        return description.images();
    }

    /** {@return the name of each column; empty if columns have no names} */
    public List<String> columnNames() {
        return description.columnNames();
    }

    /**
     * {@return the file of a row, if each row has its own file}
     *
     * @param row number of the row
     */
    public Optional<Path> file(long row) {
        return Optional.empty();
    }

    /**
     * {@return the path of a row's file relative to the folder of the data, with slashes, if each row has its own file}
     *
     * @param row number of the row
     */
    public Optional<String> relativeFile(long row) {
        return Optional.empty();
    }

    /**
     * Returns the values as typed columns of doubles, without the columns of labels, IDs and weights and those left
     * out. If there is a table, models are fitted to the features that a
     * {@link io.heddle.preprocessing.TablePreprocessor} computes from it, not to {@link #read()}.
     *
     * @return the table, owned by this source; empty if the values are stored as floats or bytes, such as those of
     *     images
     * @throws IOException if the data cannot be read
     */
    public Optional<Table> table() throws IOException {
        return Optional.empty();
    }

    /**
     * {@return the number of a row in the file, from 0} It differs from {@code row} if rows before it were left out.
     *
     * @param row number of the row in these data
     */
    public long fileRow(long row) {
        return row;
    }

    /**
     * {@return the names of the columns with whole numbers above 2⁵³, which doubles round}
     *
     * @throws IOException if the data cannot be read
     */
    public Set<String> rounded() throws IOException {
        return Set.of();
    }

    /**
     * {@return the unchanged fields of the table, if the file is a text file} Rows are numbered as by {@link #fileRow}.
     */
    public Optional<FieldRows> fields() {
        return Optional.empty();
    }

    /** {@return the name of each row, if a column of IDs was requested} */
    public Optional<List<String>> ids() {
        return Optional.empty();
    }

    /** {@return the weight of each row, finite and ≥ 0, if a column of weights was requested} */
    public Optional<double[]> weights() {
        return Optional.empty();
    }

    /**
     * {@return other data with the same preprocessing as these}
     *
     * @param other the other data, owned by the returned source
     * @param notes receives one line per ignored item
     * @throws IOException if the data cannot be read
     */
    public DataSource likewise(DataSource other, Consumer<String> notes) throws IOException {
        return other;
    }

    /**
     * {@return the options for other data that are passed to {@link #likewise}}
     *
     * @param options options of reading the data
     */
    public DataOptions likewise(DataOptions options) {
        return options;
    }

    /**
     * {@return all rows as by {@link #read(long, long)}}
     *
     * @throws IOException if the data cannot be read
     */
    public FloatMatrix read() throws IOException {
        Memory.requireRoom(name(), rows(), columns());
        return read(0, rows());
    }

    /**
     * Returns all rows without conversion where possible: bytes of a mapped file are not copied, so the file may be
     * larger than the memory. Other data are read.
     *
     * @return the rows; the caller closes them before this source
     * @throws IOException if the data cannot be read
     */
    public DataMatrix matrix() throws IOException {
        return read();
    }

    /**
     * Reads consecutive rows as floats, multiplied by the scale.
     *
     * @param from first row, inclusive
     * @param to last row, exclusive
     * @return (to − from) × {@link #columns()}; the caller closes it before this source, whose memory it may share
     * @throws DataFormatException if a value cannot be read
     * @throws IndexOutOfBoundsException unless 0 ≤ from ≤ to ≤ rows
     */
    public abstract FloatMatrix read(long from, long to) throws IOException;

    /**
     * {@return whether floats cannot represent all values of the stored type} Then {@link #read} rounds and
     * {@link #readDoubles} does not.
     */
    public boolean isWide() {
        return false;
    }

    /**
     * Reads consecutive rows as doubles, multiplied by the scale.
     *
     * @param from first row, inclusive
     * @param to last row, exclusive
     * @param target receives (to − from) · {@link #columns()} values from index 0 on, row after row
     * @throws DataFormatException if a value cannot be read
     * @throws IndexOutOfBoundsException unless 0 ≤ from ≤ to ≤ rows and the target is large enough
     */
    public void readDoubles(long from, long to, double[] target) throws IOException {
        Objects.checkFromIndexSize(0L, Math.multiplyExact(to - from, (long) columns()), target.length);
        float[] row = new float[columns()];
        try (FloatMatrix rows = read(from, to)) {
            for (int i = 0; i < rows.rows(); i++) {
                rows.getRow(i, row);
                for (int j = 0; j < row.length; j++) {
                    target[i * row.length + j] = row[j];
                }
            }
        }
    }

    /**
     * Reads consecutive rows of images and resizes them with area averaging.
     *
     * @param from first row, inclusive
     * @param to last row, exclusive
     * @param size not larger than the images
     * @return (to − from) × (width · height · channels), in gray or in colour; the caller closes the matrix before this
     *     source
     * @throws IOException if the data cannot be read
     */
    public FloatMatrix readAt(long from, long to, ImageSize size) throws IOException {
        ImageShape shape = images().orElseThrow();
        try (FloatMatrix images = read(from, to)) {
            return Resize.shrunk(images, shape, size);
        }
    }

    /**
     * Reads the rest of the data to find all errors. For data that are checked but not used.
     *
     * @throws DataFormatException if a value cannot be read
     */
    public void verify() throws IOException {
        // Most formats are checked completely when they are opened.
    }

    /**
     * Returns the SHA-256 of the files of the values, for provenance; for a folder, in the order of the rows.
     *
     * @return 64 hexadecimal digits
     * @throws IOException if the files cannot be read
     */
    public abstract String sha256() throws IOException;

    /** Frees the memory and closes the files. */
    @Override
    public abstract void close();
}
