package io.heddle.cli.decisions;

import io.heddle.data.DataOptions;
import io.heddle.data.csv.CsvHead;
import io.heddle.data.csv.CsvRecords;
import io.heddle.data.csv.TextFile;
import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A file of decisions: CSV with the columns {@code index,file,decision,label}. The columns {@code index} and
 * {@code decision} are required, and {@code file} can be named {@code id}. Optional columns are {@code given}, the
 * label at the time of the decision, and {@code data}, the SHA-256 of the data set. Other columns are ignored.
 *
 * @param place name of the file in messages
 * @param dataHash SHA-256 of the data set, if the file contains it
 * @param all at most one decision per row of the data, in the order of the file
 */
public record Decisions(String place, Optional<String> dataHash, List<Decision> all) {
    /** Name of the column of row numbers. */
    public static final String INDEX = "index";

    private static final String DECISION = "decision";
    private static final String LABEL = "label";
    private static final String GIVEN = "given";
    private static final String DATA = "data";
    private static final List<String> NAMES = List.of("file", "id");

    /**
     * Reads a file of decisions.
     *
     * @throws DataFormatException if the file is not valid, or has two decisions about one row of the data
     */
    public static Decisions read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new DataFormatException(
                    Files.exists(file) ? file + " is not a file" : "there is no file %s".formatted(file));
        }
        String place = file.toString();
        TextFile text = new TextFile(file, place, Optional.empty());
        Rows rows = new Rows(place);
        new CsvRecords(text, CsvHead.separator(text, DataOptions.defaults()), Optional.empty()).forEach(rows);
        return rows.decisions();
    }

    /** Receives the records of the file. */
    private static final class Rows implements CsvRecords.Sink {
        private final String place;
        private final List<String> fields = new ArrayList<>();
        private final List<Decision> decisions = new ArrayList<>();
        private final Map<Long, Long> lines = new HashMap<>();
        private List<String> names = List.of();
        private String hash = "";

        Rows(String place) {
            this.place = place;
        }

        @Override
        public void restart() {
            fields.clear();
            decisions.clear();
            lines.clear();
            names = List.of();
            hash = "";
        }

        @Override
        public void field(int index, char[] buffer, int from, int to) {
            fields.add(new String(buffer, from, to - from));
        }

        @Override
        public boolean end(long line, int number, boolean empty) throws IOException {
            if (!empty && names.isEmpty()) {
                names = fields.stream().map(n -> n.toLowerCase(Locale.ROOT)).toList();
                requireColumns();
            } else if (!empty) {
                if (number != names.size()) {
                    throw fault(line, "has %d fields, but line 1 names %d columns", number, names.size());
                }
                add(line);
            }
            fields.clear();
            return true;
        }

        private void requireColumns() throws DataFormatException {
            for (String name : List.of(INDEX, DECISION)) {
                if (!names.contains(name)) {
                    throw new DataFormatException(
                            "%s has no column '%s'; a file of decisions has the columns index,file,decision,label"
                                    .formatted(place, name));
                }
            }
            for (String name : List.of(INDEX, DECISION, LABEL, GIVEN, DATA, "file", "id")) {
                if (Collections.frequency(names, name) > 1) {
                    throw new DataFormatException("%s has %d columns '%s'; keep one"
                            .formatted(place, Collections.frequency(names, name), name));
                }
            }
        }

        private String field(String name) {
            int column = names.indexOf(name);
            return column < 0 ? "" : fields.get(column);
        }

        private void add(long line) throws DataFormatException {
            Decision decision = decision(line);
            Long before = lines.put(decision.index(), line);
            if (before != null) {
                throw fault(line, "decides about row %d again, after line %d; keep one", decision.index(), before);
            }
            String said = field(DATA);
            if (!said.isEmpty() && !hash.isEmpty() && !said.equals(hash)) {
                throw fault(line, "is about other data than the lines before: the column 'data' differs");
            }
            hash = said.isEmpty() ? hash : said;
            decisions.add(decision);
        }

        private Decision decision(long line) throws DataFormatException {
            String index = field(INDEX);
            if (!index.matches("\\d{1,18}")) {
                throw fault(line, "has the index '%s'; it is the number of a row, from 0", index);
            }
            String word = field(DECISION);
            Decision.Kind kind = Decision.Kind.of(word)
                    .orElseThrow(() -> fault(line, "decides '%s'; a decision is keep, relabel or drop", word));
            String label = field(LABEL);
            boolean relabels = kind == Decision.Kind.RELABEL;
            if (relabels && label.isEmpty()) {
                throw fault(line, "relabels row %s, but its label is empty", index);
            }
            String given = field(GIVEN);
            if (!relabels && !label.isEmpty() && !label.equals(given)) {
                throw fault(
                        line,
                        "has the label '%s', but decides %s; relabel gives a row another label",
                        label,
                        kind.text());
            }
            String name = NAMES.stream()
                    .map(this::field)
                    .filter(n -> !n.isEmpty())
                    .findFirst()
                    .orElse("");
            return new Decision(line, Long.parseLong(index), name, kind, relabels ? label : "", given);
        }

        private DataFormatException fault(long line, String format, Object... values) {
            return new DataFormatException("%s, line %d %s".formatted(place, line, format.formatted(values)));
        }

        Decisions decisions() throws DataFormatException {
            if (names.isEmpty()) {
                throw new DataFormatException(
                        place + " is empty; a file of decisions has the columns index,file,decision,label");
            }
            if (decisions.isEmpty()) {
                throw new DataFormatException(place + " holds no decisions");
            }
            return new Decisions(place, hash.isEmpty() ? Optional.empty() : Optional.of(hash), List.copyOf(decisions));
        }
    }
}
