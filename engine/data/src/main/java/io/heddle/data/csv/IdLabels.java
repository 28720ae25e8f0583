package io.heddle.data.csv;

import io.heddle.data.LabelColumn;
import io.heddle.data.Labels;
import io.heddle.files.DataFormatException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Joins the labels of a label file to the rows of a table by their IDs. */
final class IdLabels {
    private static final int MAXIMUM_LISTED = 5;

    private final String name;
    private final String column;
    private final List<String> ids;
    private final Set<String> known;
    /** Line and place in {@link #labels} of each ID so far. */
    private final Map<String, Place> places = new HashMap<>();

    private final LabelColumn labels = new LabelColumn();
    private final Set<String> strangers = new LinkedHashSet<>();

    /** Whether the lines so far have the IDs of the first rows of the table. */
    private boolean sameOrder = true;

    /** The error message about the first ID in two lines. */
    private Optional<String> repeated = Optional.empty();

    private record Place(long line, int index) {}

    /**
     * @param name name of the file in messages
     * @param column name of the column of IDs
     * @param ids ID of each row of the table
     */
    IdLabels(String name, String column, List<String> ids) {
        this.name = name;
        this.column = column;
        this.ids = ids;
        this.known = Set.copyOf(ids);
    }

    /**
     * Adds a line.
     *
     * @return whether the table has a row with this ID. Other lines are left out, also if they have no label
     */
    boolean add(String id, long line, String label) {
        sameOrder = sameOrder
                && labels.size() < ids.size()
                && ids.get(labels.size()).equals(id);
        if (!known.contains(id)) {
            strangers.add(id);
            return false;
        }
        Place earlier = places.putIfAbsent(id, new Place(line, labels.size()));
        if (earlier != null && repeated.isEmpty()) {
            repeated = Optional.of("%s, line %d: the %s '%s' is in line %d too; each row needs one label"
                    .formatted(name, line, column, id, earlier.line));
        }
        labels.add(label);
        return true;
    }

    /**
     * Returns the labels in the order of the table.
     *
     * @param notes receives one sentence about lines for other IDs
     * @throws DataFormatException if a row of the table has no label, or several, or rows that have different orders in
     *     both files share an ID
     */
    Labels toLabels(Consumer<String> notes) throws DataFormatException {
        if (sameOrder && labels.size() == ids.size()) {
            // IDs that several rows share are unambiguous then.
            return labels.toLabels();
        }
        if (repeated.isPresent()) {
            throw new DataFormatException(repeated.get());
        }
        requireDistinctRows();
        List<String> without =
                ids.stream().filter(id -> !places.containsKey(id)).distinct().toList();
        if (!without.isEmpty()) {
            throw new DataFormatException("%s has no label for %d of the %d rows of the table; its column '%s' lacks %s"
                    .formatted(
                            name,
                            ids.stream().filter(id -> !places.containsKey(id)).count(),
                            ids.size(),
                            column,
                            some(without)));
        }
        if (!strangers.isEmpty()) {
            notes.accept("%s: leaves out the labels of %d '%s' that the table does not have: %s"
                    .formatted(name, strangers.size(), column, some(List.copyOf(strangers))));
        }
        return labels.toLabels()
                .pick(ids.stream().mapToInt(id -> places.get(id).index).toArray());
    }

    private void requireDistinctRows() throws DataFormatException {
        Map<String, Integer> rows = new HashMap<>();
        for (int i = 0; i < ids.size(); i++) {
            Integer earlier = rows.putIfAbsent(ids.get(i), i);
            if (earlier != null) {
                throw new DataFormatException(
                        "%s: the rows %d and %d of the table have the same %s '%s'; IDs that several rows share need a label file with the same IDs in the same order"
                                .formatted(name, earlier, i, column, ids.get(i)));
            }
        }
    }

    private static String some(List<String> names) {
        String shown = names.stream()
                .limit(MAXIMUM_LISTED)
                .map(id -> id.isBlank() ? "'" + id + "'" : id)
                .collect(Collectors.joining(", "));
        return names.size() <= MAXIMUM_LISTED
                ? shown
                : "%s and %d more".formatted(shown, names.size() - MAXIMUM_LISTED);
    }
}
