package io.heddle.data.photo;

import io.heddle.data.DataOptions;
import io.heddle.data.csv.CsvHead;
import io.heddle.data.csv.CsvRecords;
import io.heddle.data.csv.TextFile;
import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All fields of a text with the labels of photos. It is small compared with the photos. */
final class LabelTable implements CsvRecords.Sink {
    private final List<List<String>> rows = new ArrayList<>();
    private final List<Long> lines = new ArrayList<>();
    private List<String> row = new ArrayList<>();
    private int width;

    private LabelTable() {}

    /** @throws DataFormatException if lines have different numbers of fields */
    static LabelTable read(Path file, DataOptions options) throws IOException {
        TextFile text = new TextFile(file, file.toString(), options.text().encoding());
        char separator = options.separator().isPresent() ? options.separator().get() : CsvHead.separator(text, options);
        LabelTable table = new LabelTable();
        new CsvRecords(text, separator, options.text().comment()).forEach(table);
        for (int i = 0; i < table.rows.size(); i++) {
            if (table.rows.get(i).size() != table.width) {
                throw new DataFormatException("%s, line %d has %d fields, but other lines have %d"
                        .formatted(file, table.lines.get(i), table.rows.get(i).size(), table.width));
            }
        }
        return table;
    }

    /** The fields of each line that is not empty. */
    List<List<String>> rows() {
        return rows;
    }

    /** The number of each of these lines in the file. */
    List<Long> lines() {
        return lines;
    }

    /** Maximum number of fields. */
    int width() {
        return width;
    }

    @Override
    public void restart() {
        rows.clear();
        lines.clear();
        row = new ArrayList<>();
    }

    @Override
    public void field(int index, char[] buffer, int from, int to) {
        row.add(new String(buffer, from, to - from));
    }

    @Override
    public boolean end(long line, int fields, boolean empty) {
        if (!empty) {
            rows.add(row);
            lines.add(line);
            width = Math.max(width, row.size());
        }
        row = new ArrayList<>();
        return true;
    }
}
