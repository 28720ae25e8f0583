package io.heddle.data.rows;

import io.heddle.data.DataOptions;
import io.heddle.data.Labels;
import io.heddle.data.TextOptions;
import io.heddle.matrix.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The use of each column of a table.
 *
 * @param names of all columns
 * @param roles of all columns
 */
public record Columns(List<String> names, List<Role> roles) {
    /** The use of a column. */
    public enum Role {
        VALUE,
        LABEL,
        ID,
        WEIGHT,
        OUT
    }

    /**
     * @param names names of all columns, distinct; columns without names are numbered from 1
     * @param out indices of columns that are left out unless the options use them
     * @param place name of the table in error messages
     * @throws InvalidInputException if a requested column does not exist, a column has two roles, or no column is left
     */
    public static Columns choose(List<String> names, Set<Integer> out, DataOptions options, String place) {
        Role[] roles = new Role[names.size()];
        Arrays.fill(roles, Role.VALUE);
        boolean optional = options.roles().optional();
        take(names, options.label(), optional, Role.LABEL, roles, place);
        take(names, options.roles().id(), optional, Role.ID, roles, place);
        take(names, options.roles().weights(), optional, Role.WEIGHT, roles, place);
        for (String dropped : dropped(names, options.drop(), place)) {
            if (!optional || names.contains(dropped)) {
                int j = find(names, dropped, place);
                // A label column that is also dropped remains the label column.
                roles[j] = roles[j] == Role.VALUE ? Role.OUT : roles[j];
            }
        }
        for (int j : out) {
            roles[j] = roles[j] == Role.VALUE ? Role.OUT : roles[j];
        }
        InvalidInputException.require(
                Arrays.asList(roles).contains(Role.VALUE), "%s has no column of values left", place);
        return new Columns(names, List.of(roles));
    }

    private static void take(
            List<String> names, Optional<String> name, boolean optional, Role role, Role[] roles, String place) {
        if (name.isEmpty() || optional && !names.contains(name.get())) {
            return;
        }
        int j = find(names, name.get(), place);
        InvalidInputException.require(
                roles[j] == Role.VALUE,
                "%s: column '%s' cannot be the %s and the %s",
                place,
                name.get(),
                roles[j].name().toLowerCase(Locale.ROOT),
                role.name().toLowerCase(Locale.ROOT));
        roles[j] = role;
    }

    /**
     * Returns the index of a column of a file whose columns may have equal names.
     *
     * @param given names in the file
     * @throws InvalidInputException if there is no such column, or several have this name
     */
    public static int findGiven(List<String> given, String name, String place) {
        long count = given.stream().filter(name::equals).count();
        InvalidInputException.require(
                count <= 1,
                "%s has %d columns called '%s': rename them, or name one as %s, in their order",
                place,
                count,
                name,
                renamed(given, name));
        return find(unique(given), name, place);
    }

    /** Returns whether the only name is a line of names between blanks, one of which is searched. */
    private static boolean areWords(List<String> names, String name) {
        return names.size() == 1
                && List.of(names.getFirst().strip().split("\\h+")).contains(name)
                && names.getFirst().strip().matches(".*\\h.*");
    }

    public static int find(List<String> names, String name, String place) {
        int found = names.indexOf(name);
        if (found < 0) {
            String near = names.stream()
                    .filter(n -> n.strip()
                            .toLowerCase(Locale.ROOT)
                            .equals(name.strip().toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .or(() -> NearestWord.to(name, names))
                    .map(n -> "; did you mean '" + n + "'?")
                    .orElse("; its columns are "
                            + Labels.list(names)
                            + (areWords(names, name) ? "; --separator space separates them at blanks" : "")
                            + TextOptions.commentHint(names.getFirst()));
            throw new InvalidInputException("%s has no column '%s'%s".formatted(place, name, near));
        }
        return found;
    }

    /**
     * Parses the columns to leave out. Each option is a name or a comma-separated list of names. A name with a comma
     * may be in double quotes.
     *
     * @throws InvalidInputException if an option is ambiguous
     */
    private static List<String> dropped(List<String> names, List<String> options, String place) {
        List<String> all = new ArrayList<>();
        for (String option : options) {
            List<String> parts = split(option);
            boolean whole = names.contains(option);
            InvalidInputException.require(
                    !whole || parts.size() == 1 || !names.containsAll(parts),
                    "--drop %s is one column of %s or several; put the name of one column in double quotes",
                    option,
                    place);
            if (whole) {
                all.add(option);
            } else {
                all.addAll(parts);
            }
        }
        return all;
    }

    private static List<String> split(String option) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < option.length(); i++) {
            char c = option.charAt(i);
            if (c == '"' && quoted && i + 1 < option.length() && option.charAt(i + 1) == '"') {
                part.append(c);
                i++;
            } else if (c == '"' && (quoted || part.isEmpty())) {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return parts;
    }

    /** Returns the index of the column of a role, or −1. */
    int place(Role role) {
        return roles.indexOf(role);
    }

    /** Returns the names of the columns of values. */
    List<String> valueNames() {
        return Arrays.stream(values()).mapToObj(names::get).toList();
    }

    /** Returns the indices of the columns of values, ascending. */
    public int[] values() {
        List<Integer> places = new ArrayList<>();
        for (int j = 0; j < roles.size(); j++) {
            if (roles.get(j) == Role.VALUE) {
                places.add(j);
            }
        }
        return places.stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * Returns distinct names. Duplicates get a number, and columns without a name are numbered from 1.
     *
     * @param given the names in the file
     */
    public static List<String> unique(List<String> given) {
        List<String> names = new ArrayList<>();
        Set<String> taken = new HashSet<>(given);
        Set<String> repeated = repeated(given);
        Map<String, Integer> counts = new HashMap<>();
        for (int j = 0; j < given.size(); j++) {
            String name = given.get(j);
            boolean unnamed = name.isEmpty();
            String free = unnamed ? Integer.toString(j + 1) : name;
            if (unnamed && taken.contains(free)) {
                free = "column " + free;
            }
            while (repeated.contains(name) && !unnamed) {
                int number = counts.merge(name, 1, Integer::sum);
                free = name + "." + number;
                if (!taken.contains(free)) {
                    break;
                }
            }
            taken.add(free);
            names.add(free);
        }
        return names;
    }

    /**
     * Returns the message for a name of several columns.
     *
     * @param given the names in the file
     */
    public static String noteRepeated(String place, List<String> given, String name) {
        return "%s: several columns are called '%s'; they are renamed %s".formatted(place, name, renamed(given, name));
    }

    /** Returns the distinct names of the columns of one name. Numbers of other columns are left out. */
    private static String renamed(List<String> given, String name) {
        List<String> names = unique(given);
        return IntStream.range(0, given.size())
                .filter(j -> given.get(j).equals(name))
                .mapToObj(j -> "'" + names.get(j) + "'")
                .collect(Collectors.joining(", "));
    }

    /** Returns names in the syntax of {@code --drop}. */
    public static String quoted(List<String> names) {
        return names.stream()
                .map(n -> n.indexOf(',') >= 0 || n.indexOf('"') >= 0 ? '"' + n.replace("\"", "\"\"") + '"' : n)
                .collect(Collectors.joining(","));
    }

    /** Returns the names of more than one column, in the order of the columns. */
    public static Set<String> repeated(List<String> given) {
        Set<String> seen = new HashSet<>();
        Set<String> repeated = new LinkedHashSet<>();
        for (String name : given) {
            if (!name.isEmpty() && !seen.add(name)) {
                repeated.add(name);
            }
        }
        return repeated;
    }
}
