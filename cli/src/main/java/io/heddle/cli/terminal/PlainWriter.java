package io.heddle.cli.terminal;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/** Escapes text, see {@link PlainText}. */
final class PlainWriter extends FilterWriter {
    PlainWriter(Writer terminal) {
        super(terminal);
    }

    @Override
    public void write(String text, int from, int length) throws IOException {
        out.write(PlainText.ofLines(text.substring(from, from + length)));
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
        out.write(PlainText.ofLines(new String(text, from, length)));
    }

    @Override
    public void write(int c) throws IOException {
        out.write(PlainText.ofLines(String.valueOf((char) c)));
    }
}
