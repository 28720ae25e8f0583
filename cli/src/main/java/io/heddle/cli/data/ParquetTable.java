package io.heddle.cli.data;

import dev.hardwood.InputFile;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.ColumnReaders;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.schema.ColumnProjection;
import dev.hardwood.schema.ColumnSchema;
import io.heddle.data.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A Parquet file of flat columns: numbers, and perhaps one column of labels. */
final class ParquetTable {
    private static final Map<PhysicalType, String> NUMBERS = new EnumMap<>(Map.of(
            PhysicalType.BOOLEAN, "bool",
            PhysicalType.INT32, "int32",
            PhysicalType.INT64, "int64",
            PhysicalType.FLOAT, "float32",
            PhysicalType.DOUBLE, "float64"));

    /** Values of all columns in a batch; the reader keeps several of them in Java's heap. */
    private static final int BATCH_VALUES = 1 << 18;

    private static final int LEAST_BATCH = 64;

    /** Held on to, because a logger that nobody holds forgets its level. */
    private static final Logger LIBRARY = Logger.getLogger("dev.hardwood");

    static {
        // It tells which instructions it uses, which nobody asked for.
        LIBRARY.setLevel(Level.WARNING);
    }

    private final Path path;
    private final ParquetFileReader reader;
    private final List<ColumnSchema> schema;

    private ParquetTable(Path path, ParquetFileReader reader) {
        this.path = path;
        this.reader = reader;
        this.schema = reader.getFileSchema().getColumns();
    }

    static DataSource open(Path path, DataOptions options) throws IOException {
        Optional<Labels> given = options.labels().isPresent()
                ? Optional.of(LabelFile.read(options.labels().get(), options))
                : Optional.empty();
        try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(path))) {
            return new ParquetTable(path, reader).source(given.isPresent() ? options.withoutLabels() : options, given);
        } catch (DataFormatException | io.heddle.matrix.InvalidInputException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The reader meets damage with exceptions of many kinds.
            throw new DataFormatException("%s cannot be read as Parquet: %s".formatted(path, e.getMessage()), e);
        }
    }

    private DataSource source(DataOptions options, Optional<Labels> given) throws IOException {
        List<String> names = schema.stream().map(c -> c.fieldPath().toString()).toList();
        long rows = reader.getFileMetaData().numRows();
        Columns columns = Columns.choose(names, java.util.Set.of(), options, path.toString());
        for (int j : columns.values()) {
            requireNumbers(schema.get(j));
        }
        Memory.requireRoom(path.toString(), rows, columns.valueNames().size());
        FloatMatrix matrix = FloatMatrix.allocate(rows, columns.valueNames().size());
        try {
            LabelColumn labels = read(columns, options.scaleFor(false), matrix);
            DataSource.Description description = new DataSource.Description(
                    path.getFileName().toString(),
                    rows,
                    matrix.columns(),
                    dtype(columns),
                    columns.place(Columns.Role.LABEL) < 0 ? given : Optional.of(labels.toLabels()),
                    InputShape.ofFlat(matrix.columns(), path.toString(), options),
                    columns.valueNames());
            return new LoadedSource(description, matrix, () -> FileHash.of(List.of(path)));
        } catch (IOException | RuntimeException | Error e) {
            matrix.close();
            throw e;
        }
    }

    private void requireNumbers(ColumnSchema column) throws DataFormatException {
        if (!NUMBERS.containsKey(column.type()) || column.maxRepetitionLevel() > 0) {
            throw new DataFormatException(
                    "%s, column '%s' holds %s, not numbers; --label names the column of the labels, --drop leaves columns out"
                            .formatted(
                                    path,
                                    column.fieldPath(),
                                    column.maxRepetitionLevel() > 0
                                            ? "lists"
                                            : column.type() == PhysicalType.BYTE_ARRAY ? "text" : column.type()));
        }
    }

    /** The columns' common type, or that to which all of them are widened. */
    private String dtype(Columns columns) {
        String first = NUMBERS.get(schema.get(columns.values()[0]).type());
        for (int j : columns.values()) {
            if (!NUMBERS.get(schema.get(j).type()).equals(first)) {
                return "float64";
            }
        }
        return first;
    }

    /** Reads batches of rows, all columns of each, and returns the labels, if a column holds any. */
    private LabelColumn read(Columns columns, float scale, FloatMatrix matrix) throws IOException {
        List<String> wanted = new ArrayList<>(columns.valueNames());
        if (columns.place(Columns.Role.LABEL) >= 0) {
            wanted.add(columns.names().get(columns.place(Columns.Role.LABEL)));
        }
        LabelColumn labels = new LabelColumn();
        long row = 0;
        try (ColumnReaders batches = reader.buildColumnReaders(ColumnProjection.columns(wanted.toArray(String[]::new)))
                .batchSize(Math.max(LEAST_BATCH, BATCH_VALUES / wanted.size()))
                .build()) {
            while (batches.nextBatch()) {
                int count = batches.getRecordCount();
                if (count > matrix.rows() - row) {
                    throw declaresOther(row + count);
                }
                for (int j = 0; j < columns.valueNames().size(); j++) {
                    ColumnReader values = batches.getColumnReader(wanted.get(j));
                    requireNoNulls(values, row);
                    fill(values, count, scale, matrix, row, j);
                }
                if (columns.place(Columns.Role.LABEL) >= 0) {
                    ColumnReader values = batches.getColumnReader(wanted.getLast());
                    requireNoNulls(values, row);
                    addLabels(values, count, labels);
                }
                row += count;
            }
        }
        if (row != matrix.rows()) {
            throw declaresOther(row);
        }
        return labels;
    }

    private static void fill(ColumnReader values, int count, float scale, FloatMatrix matrix, long row, int j) {
        switch (values.getColumnSchema().type()) {
            case BOOLEAN -> {
                boolean[] batch = values.getBooleans();
                for (int i = 0; i < count; i++) {
                    matrix.set(row + i, j, batch[i] ? scale : 0);
                }
            }
            case INT32 -> {
                int[] batch = values.getInts();
                for (int i = 0; i < count; i++) {
                    matrix.set(row + i, j, scale * batch[i]);
                }
            }
            case INT64 -> {
                long[] batch = values.getLongs();
                for (int i = 0; i < count; i++) {
                    matrix.set(row + i, j, scale * batch[i]);
                }
            }
            case FLOAT -> {
                float[] batch = values.getFloats();
                for (int i = 0; i < count; i++) {
                    matrix.set(row + i, j, scale * batch[i]);
                }
            }
            case DOUBLE -> {
                double[] batch = values.getDoubles();
                for (int i = 0; i < count; i++) {
                    matrix.set(row + i, j, (float) (scale * batch[i]));
                }
            }
            case INT96, BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY ->
                throw new AssertionError(values.getColumnSchema().type());
        }
    }

    private void addLabels(ColumnReader values, int count, LabelColumn labels) throws DataFormatException {
        ColumnSchema column = values.getColumnSchema();
        switch (column.type()) {
            case BOOLEAN -> {
                boolean[] batch = values.getBooleans();
                for (int i = 0; i < count; i++) {
                    labels.add(Boolean.toString(batch[i]));
                }
            }
            case INT32 -> {
                int[] batch = values.getInts();
                for (int i = 0; i < count; i++) {
                    labels.add(Integer.toString(batch[i]));
                }
            }
            case INT64 -> {
                long[] batch = values.getLongs();
                for (int i = 0; i < count; i++) {
                    labels.add(Long.toString(batch[i]));
                }
            }
            case BYTE_ARRAY -> {
                String[] batch = values.getStrings();
                for (int i = 0; i < count; i++) {
                    labels.add(batch[i]);
                }
            }
            case FLOAT, DOUBLE, INT96, FIXED_LEN_BYTE_ARRAY ->
                throw new DataFormatException("%s, column '%s' holds %s; labels are text or whole numbers"
                        .formatted(path, column.fieldPath(), column.type()));
        }
    }

    private void requireNoNulls(ColumnReader values, long row) throws DataFormatException {
        if (values.getLeafValidity().hasNulls()) {
            long at = row + values.getLeafValidity().nextNull(0, values.getRecordCount());
            throw new DataFormatException("%s, row %d, column '%s' is empty; every row needs a value there"
                    .formatted(path, at, values.getColumnSchema().fieldPath()));
        }
    }

    private DataFormatException declaresOther(long rows) {
        return new DataFormatException("%s declares %d rows, but holds %d%s"
                .formatted(
                        path,
                        reader.getFileMetaData().numRows(),
                        rows,
                        rows > reader.getFileMetaData().numRows() ? " or more" : ""));
    }
}
