package io.heddle.data.csv;

import io.heddle.data.TextOptions;
import io.heddle.data.csv.CsvColumn.Kind;
import java.util.Arrays;

/** Parses numbers with a decimal mark and, if the user has named it, a mark between groups of three digits. */
final class DigitGroups {
    private static final int DIGITS = 3;
    private static final char NONE = 0;

    private final char point;
    private final char mark;
    private char[] plain = new char[32];

    /** @param options may name the mark between groups */
    DigitGroups(char point, TextOptions options) {
        this.point = point;
        this.mark = options.thousands().orElse(NONE);
    }

    /**
     * Returns the kind of a field that is not missing.
     *
     * @param codes whether codes of digits, such as {@code 007}, are numbers; else they are text
     */
    Kind kind(String field, boolean codes) {
        return kind(field.toCharArray(), 0, field.length(), codes);
    }

    /** As {@link #kind(String, boolean)}, of characters. */
    Kind kind(char[] text, int from, int to, boolean codes) {
        return Double.isNaN(grouped(text, from, to)) ? Kind.of(text, from, to, point, codes) : Kind.NUMBER;
    }

    /** Returns the nearest double; NaN if the characters are not a number. */
    double parse(char[] text, int from, int to) {
        double value = Decimal.parse(text, from, to, point);
        return Double.isNaN(value) ? grouped(text, from, to) : value;
    }

    /** Returns a number of a table as text with a decimal point and without marks between groups. */
    String plain(String number) {
        char[] text = number.toCharArray();
        int length = without(text, 0, text.length);
        String ungrouped = length > 0 ? new String(plain, 0, length) : number;
        return point == '.' ? ungrouped : ungrouped.replace(point, '.');
    }

    private double grouped(char[] text, int from, int to) {
        int length = without(text, from, to);
        return length > 0 ? Decimal.parse(plain, 0, length, point) : Double.NaN;
    }

    /** Copies a number without its marks and returns its length; 0 if it has none or they are in other places. */
    private int without(char[] text, int from, int to) {
        if (mark == NONE) {
            return 0;
        }
        int start = from < to && (text[from] == '-' || text[from] == '+') ? from + 1 : from;
        int at = digits(text, start, to);
        if (at == start || at - start > DIGITS || text[start] == '0' || at == to || !isMark(text[at])) {
            return 0;
        }
        plain = plain.length < to - from ? Arrays.copyOf(plain, to - from) : plain;
        int length = copy(text, from, at, 0);
        while (at < to && isMark(text[at])) {
            int end = digits(text, at + 1, to);
            if (end - at - 1 != DIGITS) {
                return 0;
            }
            length = copy(text, at + 1, end, length);
            at = end;
        }
        boolean decimals = at < to && text[at] == point && digits(text, at + 1, to) == to;
        return at == to || decimals ? copy(text, at, to, length) : 0;
    }

    private int copy(char[] text, int from, int to, int length) {
        System.arraycopy(text, from, plain, length, to - from);
        return length + to - from;
    }

    /** Returns the end of the digits from a place. */
    private static int digits(char[] text, int from, int to) {
        int at = from;
        while (at < to && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        return at;
    }

    /** Blanks and apostrophes have several characters. */
    private boolean isMark(char c) {
        return c == mark
                || mark == ' ' && (c == '\u00a0' || c == '\u2009' || c == '\u202f')
                || mark == '\'' && c == '\u2019';
    }
}
