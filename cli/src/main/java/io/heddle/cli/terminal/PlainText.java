package io.heddle.cli.terminal;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.function.Consumer;

/** Escapes text from files, such as column names, for a terminal. */
public final class PlainText {
    private PlainText() {}

    /** Returns the text with control characters and characters of text direction replaced by their numbers. */
    public static String of(String text) {
        return escaped(text, false);
    }

    /** As {@link #of}, for text of several lines, whose ends remain. */
    static String ofLines(String text) {
        return escaped(text, true);
    }

    private static String escaped(String text, boolean lineEnds) {
        if (text.codePoints().noneMatch(PlainText::controls)) {
            return text;
        }
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            // All characters to escape are single chars, so surrogates need no care.
            char c = text.charAt(i);
            if (controls(c) && !(lineEnds && (c == '\n' || text.startsWith("\r\n", i)))) {
                plain.append("\\u%04x".formatted((int) c));
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    private static boolean controls(int c) {
        return Character.isISOControl(c) && c != '\t'
                || c >= 0x202a && c <= 0x202e
                || c >= 0x2066 && c <= 0x2069
                || c == 0x2028
                || c == 0x2029;
    }

    /** Returns a consumer that prints messages one sentence at a time. */
    public static Consumer<String> notes(PrintStream err) {
        return sentence -> err.println(of(sentence));
    }

    /** Returns a stream that escapes all printed text. Bytes, such as Heddle's own colour codes, are not changed. */
    public static PrintStream stream(PrintStream terminal) {
        return new PlainStream(terminal);
    }

    /** Returns a writer that escapes all text. */
    public static PrintWriter writer(PrintWriter terminal) {
        return new PrintWriter(new PlainWriter(terminal), true);
    }
}
