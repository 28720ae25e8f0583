package io.heddle.data.parquet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.LabelFile;
import io.heddle.data.Memory;
import io.heddle.data.TextIndex;
import io.heddle.data.parquet.ParquetColumn.Meaning;
import io.heddle.data.rows.Columns;
import io.heddle.data.rows.Columns.Role;
import io.heddle.data.rows.TableRows;
import io.heddle.files.DataFormatException;
import io.heddle.preprocessing.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Reads a table from a Parquet file, or from a folder of files with the same columns. */
final class ParquetTable {
    private static final String ENDING = ".parquet";
    /** Doubles represent all whole numbers up to this one. */
    private static final double EXACT = 0x1p53;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final List<Path> files;
    private final DataOptions options;
    private final Consumer<String> notes;

    private ParquetTable(Path path, List<Path> files, DataOptions options, Consumer<String> notes) {
        this.name = path.toString();
        this.files = files;
        this.options = options;
        this.notes = notes;
    }

    /** Returns whether a folder contains the parts of a table and otherwise only hidden files. */
    static boolean isFolder(Path folder) throws IOException {
        List<Path> visible = visible(folder);
        return !visible.isEmpty() && visible.stream().allMatch(p -> p.toString().endsWith(ENDING));
    }

    /**
     * Returns the first sub-folder if all of them are named like {@code year=2024} and this one has Parquet files, as
     * Hive, Spark and pandas write partitions.
     */
    static Optional<Path> partition(Path folder) throws IOException {
        List<Path> visible = visible(folder);
        boolean named = visible.stream()
                .allMatch(
                        p -> Files.isDirectory(p) && p.getFileName().toString().indexOf('=') > 0);
        if (visible.isEmpty() || !named) {
            return Optional.empty();
        }
        Path first = visible.getFirst();
        return isFolder(first) || partition(first).isPresent() ? Optional.of(first) : Optional.empty();
    }

    /** Returns the files that are hidden neither for Spark nor for the system. */
    private static List<Path> visible(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(p -> !p.getFileName().toString().startsWith(".")
                            && !p.getFileName().toString().startsWith("_"))
                    .sorted()
                    .toList();
        }
    }

    /**
     * Reads a table.
     *
     * @param path a file, or a folder of parts
     * @param notes receives one sentence per decision or omission
     * @throws DataFormatException if a file is damaged or is not a table
     */
    static DataSource open(Path path, DataOptions options, Consumer<String> notes) throws IOException {
        if (Files.isDirectory(path) && !isFolder(path)) {
            String partition = partition(path).orElseThrow().getFileName().toString();
            throw new DataFormatException(
                    "%s is partitioned into folders such as %s; Heddle reads one of them, without the column '%s', or all rows written to one Parquet file"
                            .formatted(path, partition, partition.substring(0, partition.indexOf('='))));
        }
        Optional<DataOptions> labelFile = LabelFile.asked(options);
        List<Path> files = Files.isDirectory(path) ? visible(path) : List.of(path);
        return new ParquetTable(path, files, labelFile.isPresent() ? options.withoutLabels() : options, notes)
                .source(labelFile);
    }

    /** Processes a file. */
    @FunctionalInterface
    private interface Use<T> {
        T of(ParquetFile file) throws IOException;
    }

    private <T> T with(Path path, Use<T> use) throws IOException {
        try (ParquetFile file = ParquetFile.open(path)) {
            return use.of(file);
        } catch (DataFormatException e) {
            throw e;
        } catch (ParquetFault | ArithmeticException | IndexOutOfBoundsException | NegativeArraySizeException e) {
            throw new DataFormatException("%s cannot be read as Parquet: %s".formatted(path, e.getMessage()), e);
        }
    }

    private DataSource source(Optional<DataOptions> labelFile) throws IOException {
        long rows = 0;
        for (Path path : files) {
            rows = Math.addExact(rows, with(path, ParquetFile::rows));
        }
        if (rows == 0) {
            throw new DataFormatException(name + " holds no rows");
        }
        return with(files.getFirst(), first -> plan(first)).read(rows, labelFile);
    }

    private Plan plan(ParquetFile file) throws IOException {
        List<String> given = file.columns().stream().map(ParquetColumn::name).toList();
        List<String> names = Columns.unique(given);
        for (String repeated : Columns.repeated(given)) {
            notes.accept(Columns.noteRepeated(name, given, repeated));
        }
        Columns columns = Columns.choose(names, index(file, names), options, name);
        List<ParquetColumn> kept = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        List<String> unread = new ArrayList<>();
        for (int j = 0; j < names.size(); j++) {
            ParquetColumn column = file.columns().get(j);
            if (columns.roles().get(j) == Role.OUT) {
                continue;
            }
            boolean beside = columns.roles().get(j) != Role.VALUE;
            String problem = column.problem() == null && beside && column.isList() ? "lists" : column.problem();
            if (problem != null) {
                problems.add("'%s' holds %s".formatted(names.get(j), problem));
                unread.add(names.get(j));
            }
            kept.add(column);
        }
        if (!problems.isEmpty()) {
            throw new DataFormatException("%s: column %s, which Heddle does not read; --drop %s leaves %s out"
                    .formatted(
                            name,
                            String.join(", ", problems),
                            Columns.quoted(unread),
                            unread.size() == 1 ? "it" : "them"));
        }
        return new Plan(file, columns, kept);
    }

    /** Returns the columns of the pandas index. */
    private Set<Integer> index(ParquetFile file, List<String> names) {
        Set<Integer> index = new HashSet<>();
        String pandas = file.properties().get("pandas");
        if (pandas == null || options.text().keepIndex()) {
            return index;
        }
        try {
            for (JsonNode column : JSON.readTree(pandas).path("index_columns")) {
                int j = column.isTextual() ? names.indexOf(column.textValue()) : -1;
                if (j >= 0 && !isSelected(names.get(j)) && names.size() > 1) {
                    index.add(j);
                    notes.accept("%s: column '%s' is the index of pandas and is left out (--keep-index keeps it)"
                            .formatted(name, names.get(j)));
                }
            }
        } catch (JsonProcessingException e) {
            notes.accept(
                    "%s: the pandas metadata of the index cannot be read, so no column is left out".formatted(name));
        }
        return index;
    }

    private boolean isSelected(String column) {
        Optional<String> one = Optional.of(column);
        return options.label().equals(one)
                || options.roles().id().equals(one)
                || options.roles().weights().equals(one);
    }

    /** The parts of each file that are read. */
    private final class Plan {
        private final Columns columns;
        private final List<ParquetColumn> first;
        /** Roles of the columns that are read. */
        private final List<Role> roles;
        /** Number of values of each column per row; 1 except for lists. */
        private final int[] lengths;
        /** Index of the first value of each column in a row of the table. */
        private final int[] slots;

        private final List<Column> kinds = new ArrayList<>();
        private final TextIndex[] texts;
        private final List<String> names = new ArrayList<>();
        private final Set<String> rounded = new HashSet<>();
        private final String dtype;

        Plan(ParquetFile file, Columns columns, List<ParquetColumn> kept) throws IOException {
            this.columns = columns;
            this.first = kept;
            this.roles = columns.roles().stream().filter(r -> r != Role.OUT).toList();
            this.lengths = new int[kept.size()];
            this.slots = new int[kept.size()];
            this.texts = new TextIndex[kept.size()];
            int width = 0;
            for (int k = 0; k < kept.size(); k++) {
                names.add(columns.names().get(file.columns().indexOf(kept.get(k))));
                lengths[k] = kept.get(k).isList() ? listLength(file, kept.get(k)) : 1;
                slots[k] = width;
                width += roles.get(k) == Role.VALUE ? lengths[k] : 0;
                texts[k] = isText(k) ? new TextIndex() : null;
            }
            this.dtype = dtype();
        }

        private int listLength(ParquetFile file, ParquetColumn column) throws IOException {
            int length = file.listLength(column);
            if (length == 0) {
                throw new DataFormatException(
                        "%s, column '%s' has no list with values; --drop leaves it out".formatted(name, column.name()));
            }
            return length;
        }

        private boolean isText(int k) {
            boolean wanted = options.roles().kinds().get(names.get(k)) == Column.Kind.CATEGORY;
            return switch (roles.get(k)) {
                case LABEL, ID -> true;
                case WEIGHT, OUT -> false;
                case VALUE ->
                    first.get(k).meaning() == Meaning.TEXT
                            || wanted && !first.get(k).isList();
            };
        }

        /** Returns the common type of the columns, widened if they differ. */
        private String dtype() {
            Set<String> types = new HashSet<>();
            for (int k = 0; k < first.size(); k++) {
                if (roles.get(k) == Role.VALUE) {
                    types.add(first.get(k).dtype());
                }
            }
            return types.size() == 1 ? types.iterator().next() : types.contains("text") ? "mixed" : "float64";
        }

        DataSource read(long count, Optional<DataOptions> labelFile) throws IOException {
            int width = 0;
            for (int k = 0; k < first.size(); k++) {
                width += roles.get(k) == Role.VALUE ? lengths[k] : 0;
            }
            Memory.requireRoomForTable(name, count, width);
            try (TableRows rows = new TableRows(name, columns, width, options)) {
                for (Path path : files) {
                    long before = rows.rows();
                    with(path, file -> {
                        readPart(file, path, before, rows, new double[rows.width()]);
                        return null;
                    });
                }
                for (int k = 0; k < first.size(); k++) {
                    addKinds(k);
                }
                rows.rounded(rounded);
                return rows.toSource(kinds, true, dtype, labelFile, options, files, notes);
            }
        }

        private void addKinds(int k) {
            if (roles.get(k) != Role.VALUE) {
                return;
            }
            if (texts[k] != null) {
                kinds.add(Column.category(names.get(k), texts[k].texts()));
                return;
            }
            Column.Kind kind =
                    switch (first.get(k).meaning()) {
                        case BOOLEAN -> Column.Kind.BOOLEAN;
                        case DATE -> Column.Kind.DATE;
                        case TIMESTAMP -> Column.Kind.TIMESTAMP;
                        case NUMBER, TEXT -> Column.Kind.NUMBER;
                    };
            for (int i = 0; i < lengths[k]; i++) {
                String place = first.get(k).isList() ? "[" + i + "]" : "";
                kinds.add(Column.of(names.get(k) + place, kind));
            }
        }

        private void readPart(ParquetFile file, Path path, long before, TableRows rows, double[] empty)
                throws IOException {
            List<ParquetColumn> wanted = new ArrayList<>();
            for (int k = 0; k < first.size(); k++) {
                wanted.add(sameColumn(file, path, first.get(k)));
                if (texts[k] != null) {
                    wanted.get(k).readAsText(texts[k]::of);
                }
            }
            if (file.columns().size() != columns.names().size()) {
                throw new DataFormatException("%s has %d columns, but %s has %d"
                        .formatted(
                                path,
                                file.columns().size(),
                                files.getFirst(),
                                columns.names().size()));
            }
            Arrays.fill(empty, Double.NaN);
            double scale = options.scaleFor(false);
            file.read(wanted, lengths, (row, count, k, values) -> {
                while (rows.rows() < before + row + count) {
                    rows.add(empty);
                }
                if (roles.get(k) != Role.VALUE) {
                    beside(k, before + row, count, values, rows);
                    return;
                }
                if (texts[k] == null && wanted.get(k).isWhole()) {
                    noteRounded(names.get(k), values, count * lengths[k]);
                }
                if (scale != 1 && wanted.get(k).meaning() == Meaning.NUMBER && texts[k] == null) {
                    for (int i = 0; i < count * lengths[k]; i++) {
                        values[i] *= scale;
                    }
                }
                rows.set(before + row, count, slots[k], lengths[k], values);
                if (texts[k] != null) {
                    rows.requireRoomForTexts(names.get(k), texts[k]);
                }
            });
        }

        private void noteRounded(String column, double[] values, int count) {
            for (int i = 0; i < count; i++) {
                if (Math.abs(values[i]) >= EXACT) {
                    rounded.add(column);
                    return;
                }
            }
        }

        /** Returns the same column in another part, which may have another order of columns. */
        private static ParquetColumn sameColumn(ParquetFile file, Path path, ParquetColumn column)
                throws DataFormatException {
            List<ParquetColumn> same =
                    file.columns().stream().filter(column::equalsIn).toList();
            for (ParquetColumn one : same) {
                if (same.size() == 1 || one.place() == column.place()) {
                    return one;
                }
            }
            throw new DataFormatException(
                    "%s has no column '%s' of the type of the other parts".formatted(path, column.name()));
        }

        private void beside(int k, long row, int count, double[] values, TableRows rows) throws IOException {
            for (int i = 0; i < count; i++) {
                String place = "%s, row %d".formatted(name, row + i);
                boolean missing = Double.isNaN(values[i]);
                String text =
                        missing || texts[k] == null ? "" : texts[k].texts().get((int) values[i]);
                switch (roles.get(k)) {
                    case LABEL -> {
                        if (text.isEmpty()) {
                            rows.missingLabel(text, place);
                        } else {
                            rows.label(text);
                            requireWhole(k, text, place);
                        }
                    }
                    case ID -> rows.id(text);
                    case WEIGHT -> rows.weight(values[i], Double.toString(values[i]), place);
                    case VALUE, OUT -> throw new AssertionError(roles.get(k));
                }
            }
        }

        /** Labels must not be fractions. */
        private void requireWhole(int k, String text, String place) throws DataFormatException {
            if (first.get(k).isFloat() && (text.indexOf('.') >= 0 || text.indexOf('E') >= 0)) {
                throw new DataFormatException("%s, column '%s' holds %s; labels are text or whole numbers"
                        .formatted(place, names.get(k), text));
            }
        }
    }
}
