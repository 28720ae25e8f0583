package io.heddle.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * The terminal of standard error. Java cannot detect it if standard output is not a terminal, so the launcher does.
 *
 * @param columns width of the terminal, 0 if it is not a terminal
 * @param colors whether colours are enabled
 */
public record Terminal(int columns, boolean colors) {
    /** Set by the launcher to the width of the terminal of standard error, 0 if there is none. */
    static final String COLUMNS_PROPERTY = "heddle.columns";

    /** Set by the launcher to {@code stdin} if it passes standard error as standard input. */
    static final String STDERR_PROPERTY = "heddle.stderr";

    /**
     * Set by the launcher to the path of standard input if that is used for standard error and an argument is
     * {@code -}.
     */
    static final String STDIN_PROPERTY = "heddle.stdin";

    private static final int MINIMUM_COLUMNS = 40;

    /** Restores standard error, and standard input if it is read, from the launcher. */
    public static void adoptStandardError() {
        boolean passed = "stdin".equals(System.getProperty(STDERR_PROPERTY));
        if (passed || current().live()) {
            OutputStream file = new FileOutputStream(passed ? FileDescriptor.in : FileDescriptor.err);
            OutputStream stream = current().live() ? new StatusStream(file) : file;
            System.setErr(new PrintStream(stream, true, System.err.charset()));
        }
        String input = System.getProperty(STDIN_PROPERTY);
        if (input != null) {
            try {
                System.setIn(new FileInputStream(input));
            } catch (IOException e) {
                // Without input a table would be reported as empty.
                System.setIn(new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw e;
                    }
                });
            }
        }
    }

    public static Terminal current() {
        int columns = Integer.getInteger(COLUMNS_PROPERTY, 0);
        String noColor = System.getenv("NO_COLOR");
        boolean colors = columns > 0 && (noColor == null || noColor.isEmpty()) && !"dumb".equals(System.getenv("TERM"));
        return new Terminal(columns, colors);
    }

    /** Returns whether a line can be updated. */
    boolean live() {
        return columns >= MINIMUM_COLUMNS && !"dumb".equals(System.getenv("TERM"));
    }
}
