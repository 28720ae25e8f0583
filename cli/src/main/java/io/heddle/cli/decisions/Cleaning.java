package io.heddle.cli.decisions;

import io.heddle.cli.catalogue.RowNames;
import io.heddle.cli.catalogue.SpreadsheetText;
import io.heddle.data.DataSource;
import io.heddle.data.Labels;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * A data set after decisions about some of its rows.
 *
 * @param names names of the rows
 * @param before original labels of all rows
 * @param after new labels of all rows; dropped rows keep their original labels
 * @param dropped for each row, whether it is dropped
 * @param changes changed rows, in the order of the data
 * @param kept number of rows with the decision to keep them
 */
public record Cleaning(RowNames names, Labels before, Labels after, boolean[] dropped, List<Change> changes, int kept) {
    /**
     * A changed row.
     *
     * @param row number of the row in the data
     * @param from original label
     * @param to new label; empty if the row is dropped
     */
    public record Change(int row, String from, Optional<String> to) {}

    /**
     * Validates decisions against the data.
     *
     * @param data labelled data, which must remain open while the result is used
     * @throws InvalidInputException if they are about other data, or a row or a class does not exist
     */
    public static Cleaning of(DataSource data, Decisions decisions) throws IOException {
        Labels labels = data.labels()
                .orElseThrow(() -> new InvalidInputException(
                        "%s has no labels to change: --labels FILE or --label COLUMN says where they are"
                                .formatted(data.name())));
        requireSameData(data, decisions);
        RowNames names = RowNames.of(data);
        Map<String, Integer> classes = classes(labels);
        int[] after = labels.values().clone();
        boolean[] dropped = new boolean[after.length];
        int kept = 0;
        for (Decision d : decisions.all()) {
            int row = row(data, decisions, d);
            requireSameRow(data, decisions, d, row, names, labels);
            requireOneFile(data, decisions, d, row, names);
            switch (d.kind()) {
                case KEEP -> kept++;
                case DROP -> dropped[row] = true;
                case RELABEL -> {
                    Integer c = classes.get(d.label());
                    InvalidInputException.require(
                            c != null,
                            "%s, line %d gives row %d the label '%s', but the classes of %s are %s",
                            decisions.place(),
                            d.line(),
                            d.index(),
                            d.label(),
                            data.name(),
                            Labels.list(labels.classNames()));
                    kept += c == after[row] ? 1 : 0;
                    after[row] = c;
                }
            }
        }
        InvalidInputException.require(
                !all(dropped), "%s drops all rows of %s: no row is left", decisions.place(), data.name());
        Labels changed = new Labels(after, labels.classNames());
        return new Cleaning(names, labels, changed, dropped, changes(labels, changed, dropped), kept);
    }

    private static boolean all(boolean[] values) {
        return IntStream.range(0, values.length).allMatch(i -> values[i]);
    }

    private static List<Change> changes(Labels before, Labels after, boolean[] dropped) {
        List<Change> changes = new ArrayList<>();
        for (int row = 0; row < dropped.length; row++) {
            int to = after.values()[row];
            if (dropped[row] || to != before.values()[row]) {
                changes.add(new Change(
                        row,
                        before.classNames().get(before.values()[row]),
                        dropped[row]
                                ? Optional.empty()
                                : Optional.of(after.classNames().get(to))));
            }
        }
        return changes;
    }

    /** Returns the classes by name, also by the form of the name in CSV files for spreadsheets. */
    private static Map<String, Integer> classes(Labels labels) {
        Map<String, Integer> classes = new HashMap<>();
        for (int c = 0; c < labels.classes(); c++) {
            classes.put(SpreadsheetText.of(labels.classNames().get(c)), c);
        }
        for (int c = 0; c < labels.classes(); c++) {
            classes.put(labels.classNames().get(c), c);
        }
        return classes;
    }

    private static void requireSameData(DataSource data, Decisions decisions) throws IOException {
        if (decisions.dataHash().isEmpty()) {
            return;
        }
        String hash = data.sha256();
        InvalidInputException.require(
                hash.equals(decisions.dataHash().get()),
                "%s is about other data: it names the hash %s, but that of %s is %s; name the data that were audited, "
                        + "as they were then",
                decisions.place(),
                shortened(decisions.dataHash().get()),
                data.name(),
                shortened(hash));
    }

    private static String shortened(String hash) {
        return hash.substring(0, Math.min(12, hash.length()));
    }

    /** Returns the row with a number in the file. The two differ if rows before it were left out. */
    private static int row(DataSource data, Decisions decisions, Decision d) {
        long low = 0;
        long high = data.rows() - 1;
        while (low <= high) {
            long middle = (low + high) >>> 1;
            long number = data.fileRow(middle);
            if (number == d.index()) {
                return Math.toIntExact(middle);
            }
            if (number < d.index()) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        throw new InvalidInputException("%s, line %d is about row %d, but the rows of %s go from %d to %d%s"
                .formatted(
                        decisions.place(),
                        d.line(),
                        d.index(),
                        data.name(),
                        data.fileRow(0),
                        data.fileRow(data.rows() - 1),
                        d.index() > data.fileRow(data.rows() - 1) ? "" : ", and this one is left out"));
    }

    private static void requireSameRow(
            DataSource data, Decisions decisions, Decision d, int row, RowNames names, Labels labels) {
        // With the hash of the data, the number of the row is enough.
        InvalidInputException.require(
                d.name().isEmpty() || names.present() || decisions.dataHash().isPresent(),
                "%s, line %d names the row %s, but %s is read without IDs; --id COLUMN names their column",
                decisions.place(),
                d.line(),
                d.name(),
                data.name());
        InvalidInputException.require(
                d.name().isEmpty() || !names.present() || names.matches(row, d.name()),
                "%s, line %d: row %d is %s, not %s; the data have changed since they were audited",
                decisions.place(),
                d.line(),
                d.index(),
                names.of(row),
                d.name());
        String label = labels.classNames().get(labels.values()[row]);
        InvalidInputException.require(
                d.given().isEmpty() || SpreadsheetText.isOf(d.given(), label),
                "%s, line %d: row %d has the label '%s', but had '%s' when it was decided; name the labels that were "
                        + "audited",
                decisions.place(),
                d.line(),
                d.index(),
                label,
                d.given());
    }

    /**
     * Refuses the end of a path that several files have. With the hash of the data, the number of the row is enough.
     */
    private static void requireOneFile(DataSource data, Decisions decisions, Decision d, int row, RowNames names) {
        if (decisions.dataHash().isPresent()
                || d.name().isEmpty()
                || !names.present()
                || SpreadsheetText.isOf(d.name(), names.of(row))) {
            return;
        }
        OptionalInt other = IntStream.range(0, Math.toIntExact(data.rows()))
                .filter(i -> i != row && names.matches(i, d.name()))
                .findFirst();
        if (other.isPresent()) {
            throw new InvalidInputException("%s, line %d: %s can be %s or %s; write the path relative to the folder %s"
                    .formatted(
                            decisions.place(),
                            d.line(),
                            d.name(),
                            names.of(Math.min(row, other.getAsInt())),
                            names.of(Math.max(row, other.getAsInt())),
                            data.name()));
        }
    }

    /** Returns the remaining rows, ascending. */
    public int[] remaining() {
        return IntStream.range(0, dropped.length).filter(i -> !dropped[i]).toArray();
    }

    /** Returns the number of rows with a new label. */
    public int relabelled() {
        return (int) changes.stream().filter(c -> c.to().isPresent()).count();
    }

    /** Returns the number of dropped rows. */
    public int droppedRows() {
        return changes.size() - relabelled();
    }

    /** Returns the name of the new label of a remaining row. */
    public String label(int row) {
        return after.classNames().get(after.values()[row]);
    }
}
