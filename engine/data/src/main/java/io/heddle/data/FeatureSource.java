package io.heddle.data;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import io.heddle.preprocessing.TablePreprocessor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Data whose rows are the features that a {@link TablePreprocessor} computes from a table. */
public final class FeatureSource extends DataSource {
    private static final Pattern ROW = Pattern.compile("^row (\\d+)");

    private final DataSource source;
    private final TablePreprocessor preprocessor;
    /** Null if the source has no table. Then blocks of rows are converted to tables. */
    private final Table table;

    private final int[] kept;

    private FeatureSource(
            Description description, DataSource source, TablePreprocessor preprocessor, Table table, int[] kept) {
        super(description);
        this.source = source;
        this.preprocessor = preprocessor;
        this.table = table;
        this.kept = kept;
    }

    /**
     * {@return the features of the training rows of a preprocessor}
     *
     * @param source has the table; owned by the result, unless this throws
     * @param table the columns of the fit, a view of the source's table
     * @param preprocessor fitted to the table
     * @param kept the rows of the fit; all if empty
     */
    public static FeatureSource fitted(
            DataSource source, Table table, TablePreprocessor preprocessor, Optional<int[]> kept) {
        int[] rows = kept.orElse(null);
        Table some = rows == null ? table : table.rows(rows);
        Optional<Labels> labels = source.labels().map(all -> rows == null ? all : all.pick(rows));
        return new FeatureSource(
                description(source, preprocessor, some.rows(), labels), source, preprocessor, some, rows);
    }

    /**
     * {@return the features of other data}
     *
     * @param source data with the columns of the preprocessor; owned by the result, unless this throws
     * @param preprocessor computes the features
     * @param taker name of the receiver of the columns, for messages
     * @param notes receives one sentence per ignored item or missing check
     * @throws DataFormatException if a column is missing
     */
    public static FeatureSource of(
            DataSource source, TablePreprocessor preprocessor, String taker, Consumer<String> notes)
            throws IOException {
        return of(source, preprocessor, false, taker, notes);
    }

    /**
     * {@return the features of other data}
     *
     * @param source data with the columns of the preprocessor; owned by the result, unless this throws
     * @param fitted computes the features
     * @param means whether the mean of the training rows replaces missing numbers that have no other treatment
     * @param taker name of the receiver of the columns, for messages
     * @param notes receives one sentence per ignored item or missing check
     * @throws DataFormatException if a column is missing, or a value is missing without a treatment
     */
    public static FeatureSource of(
            DataSource source, TablePreprocessor fitted, boolean means, String taker, Consumer<String> notes)
            throws IOException {
        TablePreprocessor preprocessor = means ? MissingValues.withMeans(fitted, taker) : fitted;
        Table table = source.table().orElse(null);
        try (Table header = table == null ? block(source, 0, 0) : table.rows(0, 0)) {
            check(source, header, preprocessor, taker, notes);
        }
        if (table != null) {
            unknown(preprocessor.unknownCategories(table), source, taker, notes);
            MissingValues missing = new MissingValues(source, table, preprocessor);
            missing.refuse(taker);
            missing.noteMeans(fitted, notes);
        }
        return new FeatureSource(
                description(source, preprocessor, source.rows(), source.labels()), source, preprocessor, table, null);
    }

    private static void check(
            DataSource source, Table header, TablePreprocessor preprocessor, String taker, Consumer<String> notes)
            throws DataFormatException {
        List<String> missing = preprocessor.missingColumns(header);
        int needed = preprocessor.inputColumns().size();
        if (!missing.isEmpty() && !(header.named() && preprocessor.named())
                || isOtherArray(source, header, preprocessor)) {
            throw new DataFormatException("%s has %d columns, but %s takes %d: %s"
                    .formatted(
                            source.name(),
                            header.columns().size(),
                            taker,
                            needed,
                            Labels.list(preprocessor.inputColumns().stream()
                                    .map(Column::name)
                                    .toList())));
        }
        if (!missing.isEmpty()) {
            throw new DataFormatException("%s has no column %s, which %s needs; its columns are %s"
                    .formatted(
                            source.name(),
                            Labels.list(missing.stream().map(n -> "'" + n + "'").toList()),
                            taker,
                            Labels.list(
                                    header.columns().stream().map(Column::name).toList())));
        }
        if (preprocessor.matchesByPlace(header)) {
            if (header.named() != preprocessor.named()) {
                notes.accept(
                        "%s: columns are matched by their order, because %s has no column names; whether they are %s cannot be checked"
                                .formatted(
                                        source.name(),
                                        header.named() ? taker : "it",
                                        header.named()
                                                ? "the columns of the training data"
                                                : Labels.list(preprocessor.inputColumns().stream()
                                                        .map(Column::name)
                                                        .toList())));
            }
        }
        List<String> extra = preprocessor.extraColumns(header);
        if (!extra.isEmpty()) {
            notes.accept("%s: ignores the column%s %s, which %s does not take"
                    .formatted(source.name(), extra.size() == 1 ? "" : "s", Labels.list(extra), taker));
        }
    }

    /**
     * Returns whether an array has another number of columns than the array of the training rows. This is unknown if
     * the fit left out some of its columns, as their numbers show.
     */
    private static boolean isOtherArray(DataSource source, Table header, TablePreprocessor preprocessor) {
        int needed = preprocessor.inputColumns().size();
        boolean all = preprocessor.inputColumns().getLast().name().equals(Integer.toString(needed));
        boolean array = !header.named() && source.fields().isEmpty();
        return array && !preprocessor.named() && all && header.columns().size() != needed;
    }

    private static void unknown(
            Map<String, List<String>> unknown, DataSource source, String taker, Consumer<String> notes) {
        unknown.forEach((column, texts) ->
                notes.accept("%s, column '%s': %s %s no category in %s (rare or missing in the training data)"
                        .formatted(
                                source.name(),
                                column,
                                Labels.list(
                                        texts.stream().map(t -> "'" + t + "'").toList()),
                                texts.size() == 1 ? "is" : "are",
                                taker)));
    }

    private static Description description(
            DataSource source, TablePreprocessor preprocessor, long rows, Optional<Labels> labels) {
        return new Description(
                source.name(),
                rows,
                preprocessor.features(),
                source.dtype(),
                labels,
                Optional.empty(),
                preprocessor.featureNames());
    }

    /** Returns a block of rows of floats or bytes as a table. */
    private static Table block(DataSource source, long from, long to) throws IOException {
        int d = source.columns();
        List<String> names = source.columnNames();
        boolean named = names.size() == d;
        List<Column> columns = IntStream.range(0, d)
                .mapToObj(j -> Column.number(named ? names.get(j) : Integer.toString(j + 1)))
                .toList();
        try (Table.Builder builder = Table.builder(d)) {
            if (to > from) {
                try (FloatMatrix x = source.read(from, to)) {
                    float[] floats = new float[d];
                    double[] row = new double[d];
                    for (long i = 0; i < x.rows(); i++) {
                        x.getRow(i, floats);
                        for (int j = 0; j < d; j++) {
                            row[j] = floats[j];
                        }
                        builder.add(row);
                    }
                }
            }
            return named ? builder.build(columns) : builder.withoutNames().build(columns);
        }
    }

    /** {@return the data of the features, owned by this source} */
    public DataSource origin() {
        return source;
    }

    /** {@return the preprocessor} */
    public TablePreprocessor preprocessor() {
        return preprocessor;
    }

    @Override
    public FloatMatrix read(long from, long to) throws IOException {
        try (Table rows = table == null ? block(source, from, to) : table.rows(from, to)) {
            return preprocessor.transform(rows);
        } catch (InvalidInputException e) {
            throw new DataFormatException(
                    name() + ", " + (table == null ? inData(e.getMessage(), from) : e.getMessage()), e);
        }
    }

    /** Replaces the row of a block at the start of a message by the row in the data. */
    private static String inData(String message, long from) {
        return ROW.matcher(message).replaceFirst(row -> "row " + (from + Long.parseLong(row.group(1))));
    }

    @Override
    public DataSource likewise(DataSource other, Consumer<String> notes) throws IOException {
        return of(other, preprocessor, name(), notes);
    }

    /**
     * {@return options with the kinds of these columns}
     *
     * @param options options of reading the data
     */
    @Override
    public DataOptions likewise(DataOptions options) {
        return options.withRoles(options.roles().withKinds(kinds(preprocessor, options.roles())));
    }

    /**
     * {@return the kinds of a preprocessor's columns whose text could be read as numbers or whose numbers could be read
     * as text}
     *
     * @param preprocessor of the model
     * @param roles with further kinds of columns
     */
    public static Map<String, Column.Kind> kinds(TablePreprocessor preprocessor, ColumnRoles roles) {
        Map<String, Column.Kind> kinds = new HashMap<>(roles.kinds());
        for (Column column : preprocessor.inputColumns()) {
            if (column.kind() == Column.Kind.CATEGORY || column.kind() == Column.Kind.NUMBER) {
                kinds.put(column.name(), column.kind());
            }
        }
        return kinds;
    }

    @Override
    public long fileRow(long row) {
        return source.fileRow(kept == null ? row : kept[(int) row]);
    }

    @Override
    public Set<String> rounded() throws IOException {
        return source.rounded();
    }

    @Override
    public Optional<List<String>> ids() {
        return source.ids()
                .map(all -> kept == null
                        ? all
                        : Arrays.stream(kept).mapToObj(all::get).toList());
    }

    @Override
    public Optional<double[]> weights() {
        return source.weights()
                .map(all -> kept == null
                        ? all
                        : Arrays.stream(kept).mapToDouble(i -> all[i]).toArray());
    }

    @Override
    public Optional<Path> file(long row) {
        return source.file(kept == null ? row : kept[(int) row]);
    }

    @Override
    public Optional<String> relativeFile(long row) {
        return source.relativeFile(kept == null ? row : kept[(int) row]);
    }

    @Override
    public String sha256() throws IOException {
        return source.sha256();
    }

    @Override
    public void close() {
        source.close();
    }
}
