package io.heddle.cli.data;

import io.heddle.matrix.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which columns of a table hold values and which one the labels.
 *
 * @param names of all columns
 * @param label place of the label column, or −1
 * @param values places of the columns that hold values, ascending
 */
record Columns(List<String> names, int label, int[] values) {
    /**
     * @param names of all columns; columns without names are called by their places, from 1
     * @param place what to call the table in an error
     * @throws InvalidInputException if a column asked for is not there, or none is left
     */
    static Columns choose(List<String> names, DataOptions options, String place) {
        int label = options.label().map(name -> find(names, name, place)).orElse(-1);
        List<Integer> dropped =
                options.drop().stream().map(name -> find(names, name, place)).toList();
        List<Integer> left = new ArrayList<>();
        for (int j = 0; j < names.size(); j++) {
            if (j != label && !dropped.contains(j)) {
                left.add(j);
            }
        }
        InvalidInputException.require(!left.isEmpty(), "%s has no column left that holds values", place);
        return new Columns(
                names, label, left.stream().mapToInt(Integer::intValue).toArray());
    }

    static int find(List<String> names, String name, String place) {
        int found = names.indexOf(name);
        if (found < 0) {
            String near = names.stream()
                    .filter(n -> n.strip()
                            .toLowerCase(Locale.ROOT)
                            .equals(name.strip().toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .map(n -> "; did you mean '" + n + "'?")
                    .orElse("; its columns are " + Labels.list(names));
            throw new InvalidInputException("%s has no column '%s'%s".formatted(place, name, near));
        }
        return found;
    }

    List<String> valueNames() {
        List<String> chosen = new ArrayList<>();
        for (int j : values) {
            chosen.add(names.get(j));
        }
        return chosen;
    }
}
