package io.heddle.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;

/**
 * Where standard error leads. Java cannot tell whether it is a terminal when standard output is not one, so the
 * launcher finds out and says so.
 *
 * @param columns width of the terminal, 0 if it is none
 * @param colors whether colours are welcome
 */
public record Terminal(int columns, boolean colors) {
    /** Set by the launcher to the width of the terminal behind standard error, 0 if there is none. */
    static final String COLUMNS_PROPERTY = "heddle.columns";

    /** Set by the launcher to {@code stdin} when it hands over standard error in standard input's place. */
    static final String STDERR_PROPERTY = "heddle.stderr";

    /** Set by the launcher to the path of standard input when that place is taken and an argument is {@code -}. */
    static final String STDIN_PROPERTY = "heddle.stdin";

    private static final int LEAST_COLUMNS = 40;

    /** Finds the real standard error, and standard input if it is read, where the launcher has put them. */
    public static void adoptStandardError() {
        if ("stdin".equals(System.getProperty(STDERR_PROPERTY))) {
            System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.in), true));
        }
        String input = System.getProperty(STDIN_PROPERTY);
        if (input != null) {
            try {
                System.setIn(new FileInputStream(input));
            } catch (IOException e) {
                // Reading it returns the end of the input.
                System.setIn(InputStream.nullInputStream());
            }
        }
    }

    public static Terminal current() {
        int columns = Integer.getInteger(COLUMNS_PROPERTY, 0);
        String noColor = System.getenv("NO_COLOR");
        boolean colors = columns > 0 && (noColor == null || noColor.isEmpty()) && !"dumb".equals(System.getenv("TERM"));
        return new Terminal(columns, colors);
    }

    /** Whether a line may be drawn over again. */
    boolean live() {
        return columns >= LEAST_COLUMNS && !"dumb".equals(System.getenv("TERM"));
    }
}
