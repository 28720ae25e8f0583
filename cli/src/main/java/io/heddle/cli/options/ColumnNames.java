package io.heddle.cli.options;

import io.heddle.data.rows.NearestWord;
import io.heddle.matrix.InvalidInputException;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import java.util.ArrayList;
import java.util.List;

/** Parses column names in options: separated by commas, in double quotes if they contain one. */
public final class ColumnNames {
    private static final int SHOWN = 12;

    private ColumnNames() {}

    /** Returns the columns that options name. An option that equals a column name is not split at commas. */
    static List<String> of(List<String> options, Table table, String flag, String place) {
        List<String> names = new ArrayList<>();
        for (String option : options) {
            if (table.indexOf(option) >= 0) {
                names.add(option);
                continue;
            }
            for (String name : split(option)) {
                require(name, table, flag, place);
                names.add(name);
            }
        }
        return names;
    }

    /** @throws InvalidInputException if there is no such column */
    static void require(String name, Table table, String flag, String place) {
        List<String> all = table.columns().stream().map(Column::name).toList();
        InvalidInputException.require(
                table.indexOf(name) >= 0,
                "%s names the column '%s', but the columns of %s are %s%s",
                flag,
                name,
                place,
                list(all),
                NearestWord.question(name, all));
    }

    public static String list(List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
        return names.size() <= SHOWN ? shown : "%s and %d more".formatted(shown, names.size() - SHOWN);
    }

    /** Splits text at commas outside quotes. */
    static List<String> split(String option) {
        List<String> names = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < option.length(); i++) {
            char c = option.charAt(i);
            quoted ^= c == '"';
            if (c == ',' && !quoted) {
                names.add(unquoted(name.toString()));
                name.setLength(0);
            } else {
                name.append(c);
            }
        }
        names.add(unquoted(name.toString()));
        return names;
    }

    static String unquoted(String name) {
        boolean quoted = name.length() >= 2 && name.startsWith("\"") && name.endsWith("\"");
        return quoted ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name;
    }

    /** Returns a name quoted for an option on a shell's command line. */
    static String forShell(String name) {
        String field = name.indexOf(',') < 0 ? name : '"' + name.replace("\"", "\"\"") + '"';
        return field.matches("[\\w.:/+-]+") ? field : "'" + field.replace("'", "'\\''") + "'";
    }
}
