package io.heddle.cli.decisions;

import io.heddle.cli.catalogue.RowNames;
import io.heddle.cli.catalogue.SpreadsheetText;
import io.heddle.data.DataSource;
import io.heddle.data.Labels;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Decisions about groups: CSV with the columns {@code group,decision,label}. {@code accept} makes the group a label,
 * {@code rename} names it as in {@code label}, {@code merge} adds it to the group with the number in {@code label}, and
 * {@code exclude} drops its rows. An optional column {@code data} contains the SHA-256 of the data set.
 */
public final class GroupDecisions {
    private static final List<String> COLUMNS = List.of("group", "decision", "label");

    private final String place;
    private final Map<Integer, Decided> decided = new TreeMap<>();
    private String hash = "";

    /** A decision about a group. */
    private record Decided(long line, What what, String label) {}

    private enum What {
        ACCEPT,
        RENAME,
        MERGE,
        EXCLUDE
    }

    private GroupDecisions(String place) {
        this.place = place;
    }

    /**
     * Reads a file of decisions.
     *
     * @throws DataFormatException if the file is not valid, or has two decisions about one group
     */
    public static GroupDecisions read(Path file) throws IOException {
        GroupDecisions decisions = new GroupDecisions(file.toString());
        for (CsvTableReader.Row row : CsvTableReader.read(file, COLUMNS)) {
            decisions.add(row);
        }
        return decisions;
    }

    private void add(CsvTableReader.Row row) throws DataFormatException {
        int group = row.number("group");
        String word = row.field("decision");
        What what = null;
        for (What each : What.values()) {
            what = each.name().equalsIgnoreCase(word) ? each : what;
        }
        if (what == null) {
            throw row.fault("decides '%s'; a decision is accept, rename, merge or exclude", word);
        }
        String label = row.field("label");
        if (what == What.RENAME && label.isEmpty()) {
            throw row.fault("renames group %d, but its label is empty", group);
        }
        if (what == What.MERGE) {
            row.number("label");
        }
        Decided before = decided.put(group, new Decided(row.line(), what, label));
        if (before != null) {
            throw row.fault("decides about group %d again, after line %d; keep one", group, before.line());
        }
        String said = row.field("data");
        if (!said.isEmpty() && !hash.isEmpty() && !said.equals(hash)) {
            throw row.fault("is about other data than the lines before: the column 'data' differs");
        }
        hash = said.isEmpty() ? hash : said;
    }

    /**
     * Returns the data with the groups as labels.
     *
     * @param assignments file {@code assignments.csv} of the grouping: the group of each row
     * @throws InvalidInputException if the decisions are about other data or groups
     */
    public Cleaning apply(DataSource data, Path assignments) throws IOException {
        if (!hash.isEmpty()) {
            InvalidInputException.require(
                    hash.equals(data.sha256()),
                    "%s is about other data than %s: the hash differs; name the data that were grouped, as they were "
                            + "then",
                    place,
                    data.name());
        }
        RowNames names = RowNames.of(data);
        int[] groups = groups(data, names, assignments, !hash.isEmpty());
        Set<Integer> known = new HashSet<>();
        for (int group : groups) {
            known.add(group);
        }
        List<String> before = new ArrayList<>();
        List<String> after = new ArrayList<>();
        boolean[] dropped = new boolean[groups.length];
        Map<Integer, Optional<String>> labels = labels(known, assignments);
        String any = labels.values().stream()
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new InvalidInputException(place + " excludes all groups: no row is left"));
        for (int row = 0; row < groups.length; row++) {
            Optional<String> label = labels.get(groups[row]);
            before.add(own(groups[row]));
            dropped[row] = label.isEmpty();
            after.add(label.orElse(any));
        }
        Labels old = Labels.ofNames(before);
        Labels made = Labels.ofNames(after);
        List<Cleaning.Change> changes = new ArrayList<>();
        for (int row = 0; row < groups.length; row++) {
            if (dropped[row] || !after.get(row).equals(before.get(row))) {
                changes.add(new Cleaning.Change(
                        row, before.get(row), dropped[row] ? Optional.empty() : Optional.of(after.get(row))));
            }
        }
        return new Cleaning(names, old, made, dropped, changes, groups.length - changes.size());
    }

    private static String own(int group) {
        return "group " + group;
    }

    /** @param same whether the hash shows that the data are those of the grouping */
    private static int[] groups(DataSource data, RowNames names, Path assignments, boolean same) throws IOException {
        List<CsvTableReader.Row> rows = CsvTableReader.read(assignments, List.of("index", "cluster"));
        InvalidInputException.require(
                rows.size() == data.rows(),
                "%s has the groups of %d rows, but %s has %d; name the assignments.csv of these data, and the options "
                        + "that they were grouped with",
                assignments,
                rows.size(),
                data.name(),
                data.rows());
        int[] groups = new int[rows.size()];
        Optional<Labels> labels = data.labels();
        for (int i = 0; i < groups.length; i++) {
            CsvTableReader.Row row = rows.get(i);
            if (row.number("index") != names.number(i)) {
                throw row.fault("is about row %s where row %d is expected", row.field("index"), names.number(i));
            }
            if (!same && !names.present() && !row.field("id").isEmpty()) {
                throw row.fault(
                        "is about the row %s, but %s is read without IDs; --id COLUMN names their column",
                        row.field("id"), data.name());
            }
            String name = names.present() ? row.field(names.kind()) : "";
            if (!name.isEmpty() && !names.matches(i, name)) {
                throw row.fault("is about %s, but row %d is %s", name, names.number(i), names.of(i));
            }
            String label = row.field("label");
            if (labels.isPresent() && !label.isEmpty()) {
                String own = labels.get().classNames().get(labels.get().values()[i]);
                if (!SpreadsheetText.isOf(label, own)) {
                    throw row.fault(
                            "has the label '%s', but row %d of %s has '%s'; name the data that were grouped, and the "
                                    + "same label column",
                            label, names.number(i), data.name(), own);
                }
            }
            groups[i] = row.number("cluster");
        }
        return groups;
    }

    /** Returns the label of each group; empty for excluded groups. */
    private Map<Integer, Optional<String>> labels(Set<Integer> known, Path assignments) {
        Map<Integer, Optional<String>> labels = new TreeMap<>();
        decided.forEach((group, d) -> InvalidInputException.require(
                known.contains(group),
                "%s, line %d is about group %d, which %s does not have",
                place,
                d.line(),
                group,
                assignments));
        for (int group : known) {
            labels.put(group, label(group, known, new HashSet<>()));
        }
        return labels;
    }

    private Optional<String> label(int group, Set<Integer> known, Set<Integer> visited) {
        Decided d = decided.get(group);
        if (d == null) {
            return Optional.of(own(group));
        }
        InvalidInputException.require(
                visited.add(group), "%s, line %d merges group %d in a cycle", place, d.line(), group);
        return switch (d.what()) {
            case ACCEPT -> Optional.of(d.label().isEmpty() ? own(group) : plain(d.label()));
            case RENAME -> Optional.of(plain(d.label()));
            case EXCLUDE -> Optional.empty();
            case MERGE -> {
                int other = Integer.parseInt(d.label());
                InvalidInputException.require(
                        known.contains(other),
                        "%s, line %d merges group %d into group %d, which does not exist",
                        place,
                        d.line(),
                        group,
                        other);
                yield label(other, known, visited);
            }
        };
    }

    /** Returns a name without the apostrophe that {@link SpreadsheetText} adds. */
    private static String plain(String label) {
        String without = label.startsWith("'") ? label.substring(1) : label;
        return SpreadsheetText.of(without).equals(label) ? without : label;
    }
}
