package io.heddle.data.csv;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.RecordType;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Reads the records of a text without an object per field. FastCSV splits the records; blanks around fields and quotes
 * are removed. FastCSV has a fast mode for standard text and a slow one that accepts blanks around quotes. The fast
 * mode is tried first.
 */
public final class CsvRecords {
    /** Maximum length of a field in characters. */
    private static final int LONGEST_FIELD = 1 << 24;

    private final TextFile text;
    private final char separator;
    private final Optional<Character> comment;
    private boolean blanksAroundQuotes;

    public CsvRecords(TextFile text, char separator, Optional<Character> comment) {
        this.text = text;
        this.separator = separator;
        this.comment = comment;
    }

    /** Receives the records. Empty lines have one empty field. */
    public interface Sink {
        /** Discards all records, because they are read again. */
        void restart() throws IOException;

        /** @param line line of the start of a record, from 1 */
        default void begin(long line) {
            // Most implementations use the line at the end of the record.
        }

        /** @param from first character, inclusive; the field has no surrounding blanks */
        void field(int index, char[] buffer, int from, int to) throws IOException;

        /**
         * @param line line of the start of the record, from 1
         * @param fields number of fields
         * @param empty whether the line is empty
         * @return whether to continue
         */
        boolean end(long line, int fields, boolean empty) throws IOException;
    }

    /** A blank before a quote, which the fast mode reads as part of the field. */
    private static final class BlankBeforeQuote extends RuntimeException {
        private static final long serialVersionUID = 1;

        BlankBeforeQuote() {
            super(null, null, false, false);
        }
    }

    /** Passes an exception of the sink, which is not an error of the text, through FastCSV. */
    private static final class SinkFailure extends UncheckedIOException {
        private static final long serialVersionUID = 1;

        SinkFailure(IOException e) {
            super(e);
        }
    }

    /**
     * Reads records until the sink returns false.
     *
     * @throws DataFormatException if the text cannot be split into records
     * @throws IOException if the sink throws it
     */
    public void forEach(Sink sink) throws IOException {
        if (!blanksAroundQuotes) {
            try {
                sink.restart();
                read(sink);
                return;
            } catch (CsvParseException e) {
                if (!(e.getCause() instanceof BlankBeforeQuote) && e.getCause() != null) {
                    throw translated(e);
                }
                blanksAroundQuotes = true;
            }
        }
        try {
            sink.restart();
            read(sink);
        } catch (CsvParseException e) {
            throw translated(e);
        }
    }

    private void read(Sink sink) throws IOException {
        CsvReader.CsvReaderBuilder builder = CsvReader.builder()
                .fieldSeparator(separator)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowUnclosedQuote(false)
                .trimWhitespacesAroundQuotes(blanksAroundQuotes)
                .skipEmptyLines(false)
                .maxBufferSize(LONGEST_FIELD);
        comment.ifPresent(c -> builder.commentStrategy(CommentStrategy.SKIP).commentCharacter(c));
        try (CsvReader<Boolean> reader = builder.build(new Handler(sink, !blanksAroundQuotes), text.open());
                CloseableIterator<Boolean> records = reader.iterator()) {
            // Records after which the sink continues are consumed inside.
            records.hasNext();
        } catch (UncheckedIOException e) {
            throw translated(e);
        }
    }

    /** Returns the error as one sentence. */
    private IOException translated(RuntimeException e) throws IOException {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof StrictReader.MalformedBytes bytes) {
                return text.notText(bytes);
            }
            if (t instanceof DataFormatException known) {
                return known;
            }
            if (t instanceof SinkFailure failure) {
                return failure.getCause();
            }
            if (t instanceof InvalidInputException known) {
                throw known;
            }
            if (t instanceof Error error) {
                throw error;
            }
        }
        Throwable cause = e;
        while (cause.getCause() != null && cause.getCause().getMessage() != null) {
            cause = cause.getCause();
        }
        String hint = cause instanceof CsvParseException ? "; check the quotes" : "";
        return new DataFormatException(
                "%s cannot be read as a table: %s%s".formatted(text.name(), cause.getMessage(), hint), e);
    }

    /** Receives every field from FastCSV. */
    private static final class Handler extends AbstractBaseCsvCallbackHandler<Boolean> {
        private final Sink sink;
        private final boolean strict;

        Handler(Sink sink, boolean strict) {
            this.sink = sink;
            this.strict = strict;
        }

        @Override
        protected void handleBegin(long line) {
            sink.begin(line);
        }

        @Override
        protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
            int from = offset;
            int to = offset + length;
            while (from < to && isBlank(buffer[from])) {
                from++;
            }
            if (strict && !quoted && from > offset && from < to && buffer[from] == '"') {
                throw new BlankBeforeQuote();
            }
            while (to > from && isBlank(buffer[to - 1])) {
                to--;
            }
            try {
                sink.field(index, buffer, from, to);
            } catch (IOException e) {
                throw new SinkFailure(e);
            } catch (UncheckedIOException e) {
                throw new SinkFailure(e.getCause());
            }
        }

        private static boolean isBlank(char c) {
            return c == ' ' || c >= '\t' && c <= '\r' || c == '\u00a0';
        }

        @Override
        protected Boolean buildRecord() {
            if (getRecordType() == RecordType.COMMENT) {
                return null;
            }
            try {
                boolean more = sink.end(getStartingLineNumber(), getFieldCount(), getRecordType() == RecordType.EMPTY);
                return more ? null : Boolean.TRUE;
            } catch (IOException e) {
                throw new SinkFailure(e);
            } catch (UncheckedIOException e) {
                throw new SinkFailure(e.getCause());
            }
        }
    }
}
