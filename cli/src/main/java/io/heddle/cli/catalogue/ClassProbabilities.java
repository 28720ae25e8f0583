package io.heddle.cli.catalogue;

import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.Labels;
import io.heddle.data.csv.CsvTable;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Reads class probabilities of another program: one row per row of the data, one column per class. */
final class ClassProbabilities {
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+(\\.\\d+)?");

    private ClassProbabilities() {}

    /**
     * Reads a table or an array. Named columns are matched by class name; columns without names are in the order of the
     * classes.
     *
     * @return rows x classes, which the caller closes
     * @throws InvalidInputException if the numbers of rows and labels differ, or a class has no column
     */
    static FloatMatrix read(Path file, Labels labels, Watcher watcher) throws IOException {
        try (DataSource source = DataSource.open(file.toString(), options(file, labels), watcher::note)) {
            InvalidInputException.require(
                    source.rows() == labels.rows(),
                    "%s has %d rows of probabilities, but there are %d labels",
                    source.name(),
                    source.rows(),
                    labels.rows());
            InvalidInputException.require(
                    source.columns() == labels.classes(),
                    "%s has %d columns of probabilities, but there are %d classes: %s",
                    source.name(),
                    source.columns(),
                    labels.classes(),
                    shown(labels.classNames()));
            int[] columns = columns(source, labels.classNames());
            try (FloatMatrix read = source.read()) {
                FloatMatrix ordered = FloatMatrix.allocate(read.rows(), columns.length);
                float[] row = new float[columns.length];
                float[] target = new float[columns.length];
                for (long i = 0; i < read.rows(); i++) {
                    read.getRow(i, row);
                    for (int c = 0; c < columns.length; c++) {
                        target[c] = row[columns[c]];
                    }
                    ordered.setRow(i, target);
                }
                return ordered;
            }
        }
    }

    /**
     * Returns how to read a file. If classes are numbers or booleans, a line of their names above a text table looks
     * like values. The number of lines shows whether there is one.
     */
    private static DataOptions options(Path file, Labels labels) throws IOException {
        DataOptions detected = DataOptions.defaults();
        boolean numbers = labels.classNames().stream()
                .allMatch(name -> NUMBER.matcher(name).matches());
        boolean booleans = List.of("false", "true").containsAll(labels.classNames());
        if (!numbers && !booleans || !Files.isRegularFile(file) || !CsvTable.isText(file)) {
            return detected;
        }
        try (DataSource lines = DataSource.open(file.toString(), detected.withHeader(false), note -> {})) {
            long header = lines.rows() - labels.rows();
            // A heading of words is text; it is recognized without the number of lines.
            boolean values = lines.table().stream()
                    .flatMap(table -> table.columns().stream())
                    .allMatch(column -> column.kind() == Column.Kind.NUMBER);
            if (!values && !booleans) {
                return detected;
            }
            return header == 0 || header == 1 ? detected.withHeader(header == 1) : detected;
        }
    }

    /** Returns the column of each class. */
    private static int[] columns(DataSource source, List<String> classes) throws IOException {
        List<String> names = spelled(source.columnNames());
        Optional<Table> table = source.table();
        if (names.isEmpty() || table.isPresent() && !table.get().named()) {
            // The columns of a text table without a header have generated names, 1, 2, ...
            return IntStream.range(0, classes.size()).toArray();
        }
        InvalidInputException.require(
                new HashSet<>(names).equals(new HashSet<>(classes)),
                "the columns of %s are %s, but the classes are %s: name the columns like the classes, or leave out "
                        + "their names",
                source.name(),
                shown(names),
                shown(classes));
        return classes.stream().mapToInt(names::indexOf).toArray();
    }

    /** Returns names of classes as labels spell them: 1.0 is the class 1, and True is the class true. */
    private static List<String> spelled(List<String> names) {
        Labels labels = Labels.ofNames(names);
        return Arrays.stream(labels.values()).mapToObj(labels.classNames()::get).toList();
    }

    private static String shown(List<String> names) {
        int most = 8;
        return String.join(", ", names.subList(0, Math.min(most, names.size()))) + (names.size() > most ? ", ..." : "");
    }
}
