package io.heddle.cli.terminal;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Standard error of a terminal. It clears the updated line before other text is written, so that they do not share a
 * line. A write that starts with a carriage return updates the line; one that ends with a carriage return clears it.
 *
 * <p>A {@code PrintStream} writes each text at once and under its lock, so this class needs no lock.
 */
final class StatusStream extends FilterOutputStream {
    private static final byte[] CLEARED = "\r\u001b[K".getBytes(StandardCharsets.US_ASCII);

    private boolean shown;

    StatusStream(OutputStream terminal) {
        super(terminal);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] text, int from, int length) throws IOException {
        if (length == 0) {
            return;
        }
        boolean update = text[from] == '\r';
        if (shown && !update) {
            out.write(CLEARED);
        }
        out.write(text, from, length);
        shown = update && text[from + length - 1] != '\r';
    }
}
