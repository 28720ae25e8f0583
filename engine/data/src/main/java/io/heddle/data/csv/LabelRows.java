package io.heddle.data.csv;

import io.heddle.data.DataOptions;
import io.heddle.data.LabelColumn;
import io.heddle.data.Labels;
import io.heddle.data.TextOptions;
import io.heddle.data.rows.Columns;
import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads the labels of a label file: its only column, or the one of the options. */
final class LabelRows implements CsvRecords.Sink {
    private final String name;
    private final DataOptions options;
    private final MissingTexts missing;
    private final List<String> fields = new ArrayList<>();
    private LabelColumn labels = new LabelColumn();
    /** The first line if it was read as a name but could be a label, otherwise null. */
    private String guessed;

    private int width;
    private int column;
    private long firstLine;
    private long emptyLine;
    private boolean comment;

    /** @param name name of the file in error messages */
    LabelRows(String name, DataOptions options) {
        this.name = name;
        this.options = options;
        this.missing = new MissingTexts(options.text().missing());
    }

    @Override
    public void restart() {
        labels = new LabelColumn();
        fields.clear();
        width = 0;
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
                column = place(fields);
                guessed = options.header().isPresent() || options.label().isPresent() || number > 1
                        ? null
                        : fields.getFirst();
                fields.clear();
                return true;
            }
            column = number == 1 && options.label().isEmpty() ? 0 : place(places(number));
        }
        if (number != width) {
            throw CsvCells.ragged(
                    name, line, number, firstLine, width, comment || TextOptions.isComment(fields.getFirst()));
        }
        if (emptyLine > 0) {
            throw noLabel(emptyLine);
        }
        String label = fields.get(column);
        if (label.isEmpty()) {
            throw noLabel(line);
        }
        missing.requireLabel(label, options, "%s, line %d".formatted(name, line));
        labels.add(label);
        fields.clear();
        return true;
    }

    private int place(List<String> names) {
        if (names.size() == 2 && names.getFirst().isEmpty() && options.label().isEmpty()) {
            // The index of pandas and the column of values.
            return 1;
        }
        return names.size() == 1 && options.label().isEmpty()
                ? 0
                : Columns.find(Columns.unique(names), options.label().orElse("label"), name);
    }

    private static List<String> places(int number) {
        List<String> none = new ArrayList<>();
        for (int j = 0; j < number; j++) {
            none.add("");
        }
        return none;
    }

    private DataFormatException noLabel(long line) {
        return new DataFormatException("%s, line %d is empty; every row needs a label".formatted(name, line));
    }

    /** @param rows number of rows of the data; negative if it is not known */
    Labels toLabels(long rows) throws DataFormatException {
        if (labels.size() == 0) {
            throw new DataFormatException(name + " holds no labels");
        }
        return guessed != null && labels.size() + 1L == rows ? labels.after(guessed) : labels.toLabels();
    }
}
