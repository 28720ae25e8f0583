package io.heddle.cli.decisions;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import de.siegmar.fastcsv.writer.QuoteStrategy;
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
 * Writes a text table with new labels and without the dropped rows. All other columns are unchanged, including those
 * that were not read. Comments and blanks around fields are not written. The encoding is UTF-8.
 */
final class CleanedText implements CsvRecords.Sink {
    /** Number of bytes in which the line ending is detected. */
    private static final int START = 1 << 16;

    private final Path file;
    private final DataOptions options;
    private final DataSource source;
    private final Cleaning cleaning;
    private final String added;
    private final List<String> fields = new ArrayList<>();
    private CsvWriter csv;
    private boolean headerPending;
    private int labelColumn;
    private long fileRow;
    private int next;
    /** Empty lines since the last record. In a table of one column they are rows, unless no record follows. */
    private int emptyLines;

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
     * @param file file of the source
     * @param options options with which it was read
     * @param added name of a new column for the labels; empty if there is a label column
     * @param out receives the text, and is closed
     */
    static void write(Path file, DataOptions options, DataSource source, Cleaning cleaning, String added, Writer out)
            throws IOException {
        TextFile text = new TextFile(file, file.toString(), options.text().encoding());
        char separator = options.separator().isPresent() ? options.separator().get() : CsvHead.separator(text, options);
        CleanedText cleaned = new CleanedText(file, options, source, cleaning, added);
        try (CsvWriter csv = CsvWriter.builder()
                .fieldSeparator(separator)
                .lineDelimiter(lineDelimiter(file))
                .quoteStrategy(cleaned.new OnlyEmptyField())
                .build(out)) {
            cleaned.csv = csv;
            new CsvRecords(text, separator, options.text().comment()).forEach(cleaned);
        }
        if (cleaned.next < source.rows()) {
            throw cleaned.changed();
        }
    }

    /** Quotes the empty value of a table of one column. Without quotes, an empty last line is no row. */
    private final class OnlyEmptyField implements QuoteStrategy {
        @Override
        public boolean quoteEmpty(int lineNo, int fieldIdx) {
            return fields.size() == 1;
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
            // Reading cannot start again, because some rows were already written.
            throw new DataFormatException(
                    "%s has blanks around its quotes, which are not written again; remove them".formatted(file));
        }
        headerPending = source.table().orElseThrow().named();
        labelColumn = -1;
        next = 0;
        emptyLines = 0;
    }

    @Override
    public void field(int index, char[] buffer, int from, int to) {
        fields.add(new String(buffer, from, to - from));
    }

    @Override
    public boolean end(long line, int number, boolean empty) {
        if (empty) {
            fields.clear();
            emptyLines += headerPending ? 0 : 1;
            return true;
        }
        if (emptyLines > 0 && number == 1) {
            String value = fields.getFirst();
            for (int i = 0; i < emptyLines; i++) {
                fields.set(0, "");
                labelled(1);
                fields.add("");
            }
            fields.set(0, value);
        }
        emptyLines = 0;
        labelled(number);
        return true;
    }

    /** Writes the fields as the header or a row. */
    private void labelled(int number) {
        if (headerPending || fileRow == 0) {
            labelColumn = labelColumn(number);
        }
        if (headerPending) {
            headerPending = false;
            if (!added.isEmpty()) {
                fields.add(added);
            }
            csv.writeRecord(fields);
        } else {
            row();
        }
        fields.clear();
    }

    private int labelColumn(int number) {
        if (!added.isEmpty() || options.labels().isPresent() || options.label().isEmpty() || labelColumn >= 0) {
            return labelColumn;
        }
        List<String> names = headerPending ? fields : Collections.nCopies(number, "");
        return Columns.find(Columns.unique(names), options.label().get(), source.name());
    }

    /** Writes a row unless it is dropped. Rows that were not read because they have no label are written too. */
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

    /** Returns whether the class changes. Otherwise the spelling is kept: 1.0 is the class 1. */
    private boolean relabelled(int row) {
        return cleaning.after().values()[row] != cleaning.before().values()[row];
    }

    private DataFormatException changed() {
        return new DataFormatException(source.name() + " changed while it was read");
    }
}
