package io.heddle.cli.data;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.heddle.data.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A table in text: a line for each row, fields that may stand in quotes, names of columns in the first line or not. */
final class CsvTable {
    private static final char[] SEPARATORS = {',', ';', '\t', '|'};
    private static final Set<String> USUAL_HEADINGS = Set.of("label", "labels", "class", "category", "target", "y");
    private static final int FIRST_LINE = 1 << 20;

    private final Path path;
    private final DataOptions options;
    private List<String> names;
    private long firstLine;

    private CsvTable(Path path, DataOptions options) {
        this.path = path;
        this.options = options;
    }

    static DataSource open(Path path, DataOptions options) throws IOException {
        Optional<Labels> given = options.labels().isPresent()
                ? Optional.of(LabelFile.read(options.labels().get(), options))
                : Optional.empty();
        return new CsvTable(path, given.isPresent() ? options.withoutLabels() : options).source(given);
    }

    /** The one column of a file, or the one that the options name. */
    static Labels readLabels(Path path, DataOptions options) throws IOException {
        CsvTable table = new CsvTable(path, options.withHeader(options.header().orElse(false)));
        LabelColumn labels = new LabelColumn();
        int[] column = {-1};
        table.records((fields, line) -> {
            if (column[0] < 0) {
                if (options.header().isEmpty() && (fields.size() > 1 || isHeading(fields.getFirst(), options))) {
                    table.names = fields.stream().map(String::strip).toList();
                    column[0] = table.labelColumn();
                    return;
                }
                column[0] = table.labelColumn();
            }
            labels.add(table.label(fields, line, column[0]));
        });
        if (labels.size() == 0) {
            throw new DataFormatException(path + " holds no labels");
        }
        return labels.toLabels();
    }

    private int labelColumn() {
        return names.size() == 1 && options.label().isEmpty()
                ? 0
                : Columns.find(names, options.label().orElse("label"), path.toString());
    }

    /** Whether the first of a column of labels, which may be any text, is the column's name. */
    private static boolean isHeading(String first, DataOptions options) {
        String word = first.strip();
        return options.label().isPresent() && options.label().get().equals(word)
                || USUAL_HEADINGS.contains(word.toLowerCase(Locale.ROOT));
    }

    /** What is done with a row's fields. */
    @FunctionalInterface
    private interface RecordAction {
        void accept(List<String> fields, long line) throws IOException;
    }

    private DataSource source(Optional<Labels> given) throws IOException {
        LabelColumn labels = new LabelColumn();
        Columns[] columns = new Columns[1];
        RowBuffer[] buffer = new RowBuffer[1];
        float[][] row = new float[1][];
        try {
            records((fields, line) -> {
                if (columns[0] == null) {
                    columns[0] = Columns.choose(names, options, path.toString());
                    buffer[0] = new RowBuffer(path.toString(), columns[0].values().length);
                    row[0] = new float[columns[0].values().length];
                }
                values(fields, line, columns[0], row[0]);
                buffer[0].add(row[0]);
                if (columns[0].label() >= 0) {
                    labels.add(label(fields, line, columns[0].label()));
                }
            });
            FloatMatrix matrix = buffer[0].toMatrix();
            try {
                DataSource.Description description = new DataSource.Description(
                        path.getFileName().toString(),
                        matrix.rows(),
                        matrix.columns(),
                        "text",
                        columns[0].label() >= 0 ? Optional.of(labels.toLabels()) : given,
                        InputShape.ofFlat(matrix.columns(), path.toString(), options),
                        columns[0].valueNames());
                return new LoadedSource(description, scaled(matrix), () -> FileHash.of(List.of(path)));
            } catch (RuntimeException | Error e) {
                matrix.close();
                throw e;
            }
        } finally {
            if (buffer[0] != null) {
                buffer[0].close();
            }
        }
    }

    private FloatMatrix scaled(FloatMatrix matrix) {
        float scale = options.scaleFor(false);
        if (scale != 1) {
            float[] row = new float[matrix.columns()];
            for (long i = 0; i < matrix.rows(); i++) {
                matrix.getRow(i, row);
                for (int j = 0; j < row.length; j++) {
                    row[j] *= scale;
                }
                matrix.setRow(i, row);
            }
        }
        return matrix;
    }

    private void values(List<String> fields, long line, Columns columns, float[] row) throws DataFormatException {
        for (int j = 0; j < row.length; j++) {
            int place = columns.values()[j];
            row[j] = Decimal.parse(fields.get(place));
            if (Float.isNaN(row[j]) || Float.isInfinite(row[j])) {
                throw noNumber(fields.get(place).strip(), line, columns.names().get(place), row[j]);
            }
        }
    }

    private DataFormatException noNumber(String field, long line, String column, float value) {
        String where = "%s, line %d, column '%s'".formatted(path, line, column);
        if (field.isEmpty()) {
            return new DataFormatException(where + " is empty; every row needs a number there");
        }
        if (Float.isInfinite(value)) {
            return new DataFormatException("%s: %s exceeds the range of float".formatted(where, shortened(field)));
        }
        return new DataFormatException(
                "%s: '%s' is no number; --label names the column of the labels, --drop leaves columns out"
                        .formatted(where, shortened(field)));
    }

    private static String shortened(String field) {
        return field.length() <= 40 ? field : field.substring(0, 37) + "...";
    }

    private String label(List<String> fields, long line, int column) throws DataFormatException {
        String label = fields.get(column).strip();
        if (label.isEmpty()) {
            throw new DataFormatException("%s, line %d, column '%s' is empty; every row needs a label there"
                    .formatted(path, line, names.get(column)));
        }
        return label;
    }

    /** Goes through the rows; the names of the columns are known before the first. */
    private void records(RecordAction action) throws IOException {
        try (CsvReader<CsvRecord> reader = CsvReader.builder()
                        .fieldSeparator(separator())
                        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .allowUnclosedQuote(false)
                        .skipEmptyLines(true)
                        .detectBomHeader(true)
                        .ofCsvRecord(path);
                CloseableIterator<CsvRecord> records = reader.iterator()) {
            long count = 0;
            while (records.hasNext()) {
                CsvRecord fields = records.next();
                if (names == null && takeNames(fields)) {
                    continue;
                }
                requireWidth(fields);
                action.accept(fields.getFields(), fields.getStartingLineNumber());
                count++;
            }
            if (count == 0) {
                throw new DataFormatException(path + " holds no rows");
            }
        } catch (CsvParseException e) {
            throw unreadable(e);
        } catch (UncheckedIOException e) {
            throw unreadable(e);
        }
    }

    private DataFormatException unreadable(RuntimeException e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof CharacterCodingException) {
                return new DataFormatException(path + " is not text in UTF-8", e);
            }
        }
        Throwable told = e.getCause() != null && e.getCause().getMessage() != null ? e.getCause() : e;
        return new DataFormatException(
                "%s cannot be read as a table: %s; %s"
                        .formatted(path, e.getMessage(), told == e ? "mind the quotes" : told.getMessage()),
                e);
    }

    private boolean takeNames(CsvRecord first) {
        firstLine = first.getStartingLineNumber();
        boolean header =
                options.header().orElseGet(() -> first.getFields().stream().noneMatch(Decimal::is));
        List<String> found = new ArrayList<>();
        for (int j = 0; j < first.getFieldCount(); j++) {
            String name = header ? first.getField(j).strip() : "";
            found.add(name.isEmpty() ? Integer.toString(j + 1) : name);
        }
        names = found;
        return header;
    }

    private void requireWidth(CsvRecord fields) throws DataFormatException {
        if (fields.getFieldCount() != names.size()) {
            throw new DataFormatException("%s, line %d has %d field%s where line %d has %d"
                    .formatted(
                            path,
                            fields.getStartingLineNumber(),
                            fields.getFieldCount(),
                            fields.getFieldCount() == 1 ? "" : "s",
                            firstLine,
                            names.size()));
        }
    }

    /** The likeliest separator: the one that the first line has most of, outside of quotes. */
    private char separator() throws IOException {
        if (options.separator().isPresent()) {
            return options.separator().get();
        }
        int[] counts = new int[SEPARATORS.length];
        try (BufferedReader reader = Files.newBufferedReader(path)) {
            boolean quoted = false;
            int c = reader.read();
            for (int n = 0; c >= 0 && n < FIRST_LINE && (quoted || c != '\n' && c != '\r'); n++) {
                quoted ^= c == '"';
                for (int k = 0; !quoted && k < counts.length; k++) {
                    counts[k] += c == SEPARATORS[k] ? 1 : 0;
                }
                c = reader.read();
            }
        } catch (CharacterCodingException e) {
            throw new DataFormatException(path + " is not text in UTF-8", e);
        }
        int best = 0;
        for (int k = 1; k < counts.length; k++) {
            best = counts[k] > counts[best] ? k : best;
        }
        return SEPARATORS[best];
    }
}
