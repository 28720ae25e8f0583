package io.heddle.data.csv;

import io.heddle.data.DataOptions;
import io.heddle.data.LabelColumn;
import io.heddle.data.Labels;
import io.heddle.data.TextOptions;
import io.heddle.data.UnlabelledRows;
import io.heddle.data.rows.Columns;
import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the labels of a label file: its only column, or the one of the options. If it has the column of the IDs of the
 * rows, labels are joined by it. Otherwise they are taken in order, and other columns are reported.
 */
final class LabelRows implements CsvRecords.Sink {
    private final String name;
    private final DataOptions options;
    private final UnlabelledRows rows;
    private final MissingTexts missing;
    private final List<String> fields = new ArrayList<>();
    private LabelColumn labels = new LabelColumn();
    private Optional<IdLabels> byId = Optional.empty();
    private List<String> names = List.of();
    /** The first line if it was read as a name but could be a label, otherwise null. */
    private String guessed;

    private int width;
    private int column;
    private int idColumn;
    private long firstLine;
    private long emptyLine;
    private boolean comment;

    /** @param name name of the file in messages */
    LabelRows(String name, DataOptions options, UnlabelledRows rows) {
        this.name = name;
        this.options = options;
        this.rows = rows;
        this.missing = new MissingTexts(options.text().missing());
    }

    @Override
    public void restart() {
        labels = new LabelColumn();
        byId = Optional.empty();
        names = List.of();
        fields.clear();
        width = 0;
        column = 0;
        guessed = null;
        emptyLine = 0;
    }

    @Override
    public void field(int index, char[] buffer, int from, int to) {
        fields.add(new String(buffer, from, to - from));
    }

    @Override
    public boolean end(long line, int number, boolean empty) throws IOException {
        if (empty) {
            emptyLine = emptyLine == 0 && width == 1 ? line : emptyLine;
            return true;
        }
        if (width == 0) {
            width = number;
            firstLine = line;
            comment = TextOptions.isComment(fields.getFirst());
            if (options.header().orElseGet(() -> number > 1 || CsvTable.isHeading(fields.getFirst(), options))) {
                chooseColumns(fields);
                guessed = options.header().isPresent() || options.label().isPresent() || number > 1
                        ? null
                        : fields.getFirst();
                fields.clear();
                return true;
            }
            if (number > 1 || options.label().isPresent()) {
                chooseColumns(places(number));
            }
        }
        if (number != width) {
            throw CsvCells.ragged(
                    name, line, number, firstLine, width, comment || TextOptions.isComment(fields.getFirst()));
        }
        if (emptyLine > 0) {
            throw new DataFormatException("%s, line %d is empty; every row needs a label".formatted(name, emptyLine));
        }
        String label = fields.get(column);
        if (byId.isPresent() && !byId.get().add(fields.get(idColumn), line, label)) {
            fields.clear();
            return true;
        }
        if (label.isEmpty()) {
            throw noLabel(line);
        }
        missing.requireLabel(label, options, "%s, line %d".formatted(name, line));
        if (byId.isEmpty()) {
            labels.add(label);
        }
        fields.clear();
        return true;
    }

    /** Chooses the columns of the labels and, if the rows have IDs, of the IDs. */
    private void chooseColumns(List<String> given) {
        column = place(given);
        names = Columns.unique(given);
        requireSpelling(given);
        idColumn = options.roles()
                .id()
                .filter(id -> names.contains(id) || given.contains(id))
                .map(id -> Columns.findGiven(given, id, name))
                .orElse(-1);
        byId = idColumn >= 0 && idColumn != column
                ? rows.ids().map(ids -> new IdLabels(name, names.get(idColumn), ids))
                : Optional.empty();
    }

    /** Refuses a file whose column of IDs has another spelling: labels would be taken in order. */
    private void requireSpelling(List<String> given) {
        String id = options.roles().id().orElse("");
        if (rows.ids().isPresent()
                && !names.contains(id)
                && given.stream().anyMatch(name -> name.strip().equalsIgnoreCase(id.strip()))) {
            // Reports the column.
            Columns.find(given, id, name);
        }
    }

    private int place(List<String> names) {
        if (names.size() == 2 && names.getFirst().isEmpty() && options.label().isEmpty()) {
            // The index of pandas and the column of values.
            return 1;
        }
        return names.size() == 1 && options.label().isEmpty()
                ? 0
                : Columns.findGiven(names, options.label().orElse("label"), name);
    }

    private static List<String> places(int number) {
        List<String> none = new ArrayList<>();
        for (int j = 0; j < number; j++) {
            none.add("");
        }
        return none;
    }

    private DataFormatException noLabel(long line) {
        String whose = byId.isPresent() ? " of the %s '%s'".formatted(names.get(idColumn), fields.get(idColumn)) : "";
        return new DataFormatException(
                "%s, line %d: the label%s is empty; every row needs one".formatted(name, line, whose));
    }

    Labels toLabels() throws DataFormatException {
        if (byId.isPresent()) {
            return byId.get().toLabels(rows.notes());
        }
        if (labels.size() == 0) {
            throw new DataFormatException(name + " holds no labels");
        }
        noteIgnored();
        return withFirst();
    }

    /**
     * Returns the labels. The number of rows decides whether a first line such as {@code label} is a label. It is
     * refused if it looks like a heading, because then a label is missing.
     */
    private Labels withFirst() throws DataFormatException {
        boolean taken = guessed != null && labels.size() + 1L == rows.count();
        Labels found = taken ? labels.after(guessed) : labels.toLabels();
        boolean alone =
                width == 1 && options.header().isEmpty() && options.label().isEmpty();
        if (alone && taken == (guessed != null) && found.rows() == rows.count() && LabelHeading.isFirst(found)) {
            throw new DataFormatException(
                    "%s: the first line '%s' is the label of no other row, so it is probably the heading of %d labels for %d rows; if it is a label, write the line 'label' above it"
                            .formatted(
                                    name, found.classNames().get(found.values()[0]), found.rows() - 1, found.rows()));
        }
        return found;
    }

    /** Reports columns that do not decide which row a label belongs to, because their user may expect it. */
    private void noteIgnored() {
        List<String> ignored = new ArrayList<>(names);
        if (!ignored.isEmpty()) {
            ignored.remove(column);
        }
        if (!ignored.isEmpty()) {
            rows.notes()
                    .accept(
                            "%s: takes the labels in the order of the rows and ignores the column%s %s; --id joins by a column of both files"
                                    .formatted(name, ignored.size() == 1 ? "" : "s", Columns.quoted(ignored)));
        }
    }
}
