package io.heddle.data;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.preprocessing.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Data that have been opened: what they are is known and checked, their values are read when they are asked for.
 *
 * <p>For example: {@snippet file="DataExamplesTest.java" region="data-source"}
 */
public abstract class DataSource implements AutoCloseable {
    private final Description description;

    /**
     * What there is to know before reading.
     *
     * @param name what to call the data
     * @param rows number of rows
     * @param columns values in a row
     * @param dtype type of the values as they are stored, {@code text} for numbers in words
     * @param labels the class of each row
     * @param images how a row makes an image
     * @param columnNames what each column is called, or empty
     */
    public record Description(
            String name,
            long rows,
            int columns,
            String dtype,
            Optional<Labels> labels,
            Optional<ImageShape> images,
            List<String> columnNames) {
        public Description {
            columnNames = List.copyOf(columnNames);
            InvalidInputException.require(
                    rows >= 1 && columns >= 1,
                    "%s holds %d rows of %d values; there must be some",
                    name,
                    rows,
                    columns);
            if (labels.isPresent() && labels.get().rows() != rows) {
                throw new InvalidInputException("%s has %d rows, but there are %d labels"
                        .formatted(name, rows, labels.get().rows()));
            }
            if (images.isPresent() && images.get().values() != columns) {
                throw new InvalidInputException(
                        "%s has %d values in a row, which are no images of %s".formatted(name, columns, images.get()));
            }
        }
    }

    protected DataSource(Description description) {
        this.description = description;
    }

    /**
     * Opens data by what they turn out to be.
     *
     * @param data {@code fashion-mnist}, or the path of a file (IDX, NPY, NPZ, CSV, TSV, Parquet) or of a folder (of
     *     photos, or of Fashion-MNIST's four files). After the name or the files' folder may stand {@code :train}, the
     *     default, {@code :test} or {@code :all}; after a folder of photos too that has such sub-folders above those of
     *     its classes, or {@code :val}, and there is no default
     * @param log told in a line what takes unexpectedly long, such as a download
     * @return to be closed by the caller
     * @throws DataFormatException if there are no such data, or they are not what they must be
     * @throws InvalidInputException if an option does not fit them
     */
    public static DataSource open(String data, DataOptions options, Consumer<String> log) throws IOException {
        DataSource source = DataFormats.open(data, options, log);
        source.labels().ifPresent(labels -> labels.noteCapitals(source.name(), log));
        return source;
    }

    /** What to call the data: the file's name, or {@code fashion-mnist}. */
    public String name() {
        return description.name();
    }

    /** Number of rows, at least 1. */
    public long rows() {
        return description.rows();
    }

    /** Values in a row, at least 1. */
    public int columns() {
        return description.columns();
    }

    /** Type of the values as they are stored: NumPy's name, or {@code text}. */
    public String dtype() {
        return description.dtype();
    }

    /** The class of each row, where it is known. */
    public Optional<Labels> labels() {
        return description.labels();
    }

    /** How a row makes an image, where it does. */
    public Optional<ImageShape> images() {
        return description.images();
    }

    /** What each column is called; empty where columns have no names. */
    public List<String> columnNames() {
        return description.columnNames();
    }

    /** The file that a row comes from, where each has its own. */
    public Optional<Path> file(long row) {
        return Optional.empty();
    }

    /**
     * The values as columns of their kinds, in double, without the columns of labels, IDs and weights and those left
     * out. Where there is a table, models are fitted to what a {@link io.heddle.preprocessing.TablePreprocessor} makes
     * of it, not to {@link #read()}.
     *
     * @return belongs to this source; nothing where values are floats or bytes already, such as those of images
     */
    public Optional<Table> table() throws IOException {
        return Optional.empty();
    }

    /**
     * The number of a row in the file, from 0: another one where rows before it were left out.
     *
     * @param row number of the row in these data
     */
    public long fileRow(long row) {
        return row;
    }

    /** Names of the columns of the table that hold whole numbers beyond 2⁵³, which doubles round. */
    public Set<String> rounded() throws IOException {
        return Set.of();
    }

    /** The unchanged fields of the table, if the file is a text; see {@link #fileRow}. */
    public Optional<FieldRows> fields() {
        return Optional.empty();
    }

    /** What each row is called, where a column of IDs was asked for: one a row. */
    public Optional<List<String>> ids() {
        return Optional.empty();
    }

    /** How much each row counts, where a column of weights was asked for: one a row, finite and ≥ 0. */
    public Optional<double[]> weights() {
        return Optional.empty();
    }

    /**
     * Other data, treated as these are: with the same preprocessing, where these have some.
     *
     * @param other belongs to what is returned
     * @param notes told what is ignored
     */
    public DataSource likewise(DataSource other, Consumer<String> notes) throws IOException {
        return other;
    }

    /** Options for reading other data that are treated as these are: see {@link #likewise}. */
    public DataOptions likewise(DataOptions options) {
        return options;
    }

    /** Reads all rows; see {@link #read(long, long)}. */
    public FloatMatrix read() throws IOException {
        Memory.requireRoom(name(), rows(), columns());
        return read(0, rows());
    }

    /**
     * All rows for algorithms that take them where they lie: bytes of a file that is mapped into memory stay there, and
     * may be more than fit into it; anything else is read.
     *
     * @return the caller closes it, and before this source
     */
    public DataMatrix matrix() throws IOException {
        return read();
    }

    /**
     * Reads consecutive rows as floats, scaled as the options say.
     *
     * @param from first row, inclusive
     * @param to last row, exclusive
     * @return (to − from) x {@link #columns()}; the caller closes it, and before this source, whose memory it may share
     * @throws DataFormatException if a value cannot be read
     * @throws IndexOutOfBoundsException unless 0 ≤ from ≤ to ≤ rows
     */
    public abstract FloatMatrix read(long from, long to) throws IOException;

    /**
     * Whether values are stored in a type of which floats do not hold every value: then {@link #readDoubles} keeps what
     * {@link #read} rounds.
     */
    public boolean isWide() {
        return false;
    }

    /**
     * Reads consecutive rows as doubles, scaled as the options say.
     *
     * @param from first row, inclusive
     * @param to last row, exclusive
     * @param target receives (to − from) · {@link #columns()} values from index 0 on, row after row
     * @throws DataFormatException if a value cannot be read
     * @throws IndexOutOfBoundsException unless 0 ≤ from ≤ to ≤ rows and the target has room
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
     * Reads consecutive rows that are images, brought to another size with every pixel counting.
     *
     * @param size not larger than the images
     * @return (to − from) x width · height · channels, in gray or in colour; the caller closes it, and before this
     *     source
     */
    public FloatMatrix readAt(long from, long to, ImageSize size) throws IOException {
        ImageShape shape = images().orElseThrow();
        try (FloatMatrix images = read(from, to)) {
            return Resize.shrunk(images, shape, size);
        }
    }

    /**
     * Reads the rest of the data, so that all errors are found at once. For data that are checked but not used.
     *
     * @throws DataFormatException if anything cannot be read
     */
    public void verify() throws IOException {
        // Most formats are read through, or mapped with every size known, when they are opened.
    }

    /**
     * SHA-256 of the files that the values come from, for provenance: of a folder's, in the order of the rows.
     *
     * @return 64 hexadecimal digits
     */
    public abstract String sha256() throws IOException;

    /** Gives back what the source holds. */
    @Override
    public abstract void close();
}
