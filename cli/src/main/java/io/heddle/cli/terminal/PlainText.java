package io.heddle.cli.terminal;

import java.io.PrintStream;
import java.util.function.Consumer;

/** Escapes text from files, such as column names, for a terminal. */
public final class PlainText {
    private PlainText() {}

    /** Returns the text with control characters and characters of text direction replaced by their numbers. */
    public static String of(String text) {
        if (text.codePoints().noneMatch(PlainText::controls)) {
            return text;
        }
        StringBuilder plain = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (controls(c)) {
                plain.append("\\u%04x".formatted(c));
            } else {
                plain.appendCodePoint(c);
            }
        });
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
}
