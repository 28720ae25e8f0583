package io.heddle.cli.terminal;

import java.io.PrintStream;

/**
 * Escapes printed text, see {@link PlainText}; bytes are not changed. {@code println}, {@code printf} and
 * {@code append} of a subclass of {@code PrintStream} call {@code print}.
 */
final class PlainStream extends PrintStream {
    PlainStream(PrintStream terminal) {
        super(terminal, true, terminal.charset());
    }

    @Override
    public void print(String text) {
        super.print(PlainText.ofLines(String.valueOf(text)));
    }

    @Override
    public void print(Object value) {
        print(String.valueOf(value));
    }

    @Override
    public void print(char[] text) {
        print(String.valueOf(text));
    }

    @Override
    public void print(char c) {
        print(String.valueOf(c));
    }
}
