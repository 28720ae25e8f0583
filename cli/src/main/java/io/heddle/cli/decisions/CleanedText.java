package io.heddle.cli.decisions;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.csv.CsvHead;
import io.heddle.data.csv.CsvRecords;
import io.heddle.data.csv.TextFile;
import io.heddle.data.rows.Columns;
import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A table in text with other labels and without the rows that are dropped. All other columns stay as they are, those
 * that were not read too. Comments and blanks around fields are lost; the text is UTF-8.
 */
final class CleanedText implements CsvRecords.Sink {
    /** Bytes that show how lines end. */
    private static final int START = 1 << 16;

    private final Path file;
    private final DataOptions options;
    private final DataSource source;
    private final Cleaning cleaning;
    private final String added;
    private final List<String> fields = new ArrayList<>();
    private CsvWriter csv;
    private boolean headerAhead;
    private int labelColumn;
    private long fileRow;
    private int next;

    private CleanedText(Path file, DataOptions options, DataSource source, Cleaning cleaning, String added) {
        this.file = file;
        this.options = options;
        this.source = source;
        this.cleaning = cleaning;
        this.added = added;
    }

    /**
     * Writes the table.
     *
     * @param file the text that the source was read from
     * @param options that it was read with
     * @param added name of a new column for the labels; empty if they have one
     * @param out is closed
     */
    static void write(Path file, DataOptions options, DataSource source, Cleaning cleaning, String added, Writer out)
            throws IOException {
        TextFile text = new TextFile(file, file.toString(), options.text().encoding());
        char separator = options.separator().isPresent() ? options.separator().get() : CsvHead.separator(text, options);
        CleanedText cleaned = new CleanedText(file, options, source, cleaning, added);
        try (CsvWriter csv = CsvWriter.builder()
                .fieldSeparator(separator)
                .lineDelimiter(lineDelimiter(file))
                .build(out)) {
            cleaned.csv = csv;
            new CsvRecords(text, separator, options.text().comment()).forEach(cleaned);
        }
        if (cleaned.next < source.rows()) {
            throw cleaned.changed();
        }
    }

    private static LineDelimiter lineDelimiter(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String start = new String(in.readNBytes(START), StandardCharsets.ISO_8859_1);
            return start.contains("\r\n") ? LineDelimiter.CRLF : LineDelimiter.LF;
        }
    }

    @Override
    public void restart() throws IOException {
        if (fileRow > 0 || !fields.isEmpty()) {
            // Blanks around quotes far down in the file: what is written already is the same either way.
            throw new DataFormatException(
                    "%s has blanks around its quotes, which are not written again; remove them".formatted(file));
        }
        headerAhead = source.table().orElseThrow().named();
        labelColumn = -1;
        next = 0;
    }

    @Override
    public void field(int index, char[] buffer, int from, int to) {
        fields.add(new String(buffer, from, to - from));
    }

    @Override
    public boolean end(long line, int number, boolean empty) {
        if (empty) {
            fields.clear();
            return true;
        }
        if (headerAhead || fileRow == 0) {
            labelColumn = labelColumn(number);
        }
        if (headerAhead) {
            headerAhead = false;
            if (!added.isEmpty()) {
                fields.add(added);
            }
            csv.writeRecord(fields);
        } else {
            row();
        }
        fields.clear();
        return true;
    }

    private int labelColumn(int number) {
        if (!added.isEmpty() || options.labels().isPresent() || options.label().isEmpty() || labelColumn >= 0) {
            return labelColumn;
        }
        List<String> names = headerAhead ? fields : Collections.nCopies(number, "");
        return Columns.find(Columns.unique(names), options.label().get(), source.name());
    }

    /** Rows that were not read, since they have no label, stay. */
    private void row() {
        boolean read = next < source.rows() && source.fileRow(next) == fileRow;
        if (!read || !cleaning.dropped()[next]) {
            if (read && labelColumn >= 0 && labelColumn < fields.size() && relabelled(next)) {
                fields.set(labelColumn, cleaning.label(next));
            }
            if (!added.isEmpty()) {
                fields.add(read ? cleaning.label(next) : "");
            }
            csv.writeRecord(fields);
        }
        next += read ? 1 : 0;
        fileRow++;
    }

    /** Labels that stay keep their spelling: 1.0 is the class 1. */
    private boolean relabelled(int row) {
        return cleaning.after().values()[row] != cleaning.before().values()[row];
    }

    private DataFormatException changed() {
        return new DataFormatException(source.name() + " changed while it was read");
    }
}
