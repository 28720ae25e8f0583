package io.heddle.data.csv;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;

/** Parses decimal text. Does not accept all number formats of Java. */
final class Decimal {
    /** Maximum number of digits that a double always represents exactly. */
    private static final int EXACT_DIGITS = 15;

    /** Powers of ten that a double represents exactly. */
    private static final double[] TENS = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    private Decimal() {}

    /** Returns whether characters are digits with a leading zero, such as {@code 007}, which a number would lose. */
    static boolean isCode(char[] text, int from, int to) {
        if (to - from < 2 || text[from] != '0') {
            return false;
        }
        for (int i = from + 1; i < to; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return false;
            }
        }
        return true;
    }

    /** Returns whether characters are digits with an optional sign. */
    static boolean isWhole(char[] text, int from, int to) {
        for (int i = text[from] == '-' || text[from] == '+' ? from + 1 : from; i < to; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return false;
            }
        }
        return true;
    }

    /** Returns whether a text is a number, ignoring surrounding blanks. */
    static boolean is(String text) {
        return !Double.isNaN(parse(text));
    }

    /** Returns the nearest double, ignoring surrounding blanks; NaN if the text is not a number. */
    static double parse(String text) {
        char[] all = text.strip().toCharArray();
        return parse(all, 0, all.length, '.');
    }

    /**
     * Returns the double nearest to a number: digits with optional sign, decimals and exponent, or an infinity
     * ({@code inf}, {@code Infinity}). Numbers outside the range of double become infinite.
     *
     * @param from first character, inclusive
     * @param to last character, exclusive
     * @param point decimal mark
     * @return the nearest double; NaN if the characters are not a number
     */
    static double parse(char[] text, int from, int to, char point) {
        int at = from < to && (text[from] == '-' || text[from] == '+') ? from + 1 : from;
        if (to - at <= EXACT_DIGITS + 1) {
            long digits = 0;
            int mark = -1;
            int i = at;
            for (; i < to; i++) {
                int c = text[i];
                int digit = c - '0';
                if (digit >= 0 && digit <= 9) {
                    digits = 10 * digits + digit;
                } else if (c == point && mark < 0) {
                    mark = i;
                } else {
                    break;
                }
            }
            int count = i - at - (mark < 0 ? 0 : 1);
            if (i == to && count > 0 && count <= EXACT_DIGITS) {
                // Both operands are exact, so the quotient is the nearest double.
                double value = mark < 0 ? digits : digits / TENS[to - 1 - mark];
                return text[from] == '-' ? -value : value;
            }
        }
        return any(text, from, at, to, point);
    }

    /** Handles numbers with many digits or an exponent, and characters that are not a number. */
    private static double any(char[] text, int from, int at, int to, char point) {
        boolean digit = false;
        boolean marked = false;
        for (int i = at; i < to; i++) {
            char c = text[i];
            if (c >= '0' && c <= '9') {
                digit = true;
            } else if (c == point) {
                marked = true;
            } else if (!digit || c != 'e' && c != 'E' && c != '-' && c != '+') {
                return infinity(text, from, at, to);
            }
        }
        if (!digit) {
            return Double.NaN;
        }
        try {
            return marked && point != '.'
                    ? JavaDoubleParser.parseDouble(new String(text, from, to - from).replace(point, '.'))
                    : JavaDoubleParser.parseDouble(text, from, to - from);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static double infinity(char[] text, int from, int at, int to) {
        boolean infinite = isWord(text, at, to, "inf") || isWord(text, at, to, "infinity");
        return !infinite ? Double.NaN : text[from] == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }

    /** Returns whether characters are a word, ignoring case. */
    static boolean isWord(char[] text, int from, int to, String word) {
        if (to - from != word.length()) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (Character.toLowerCase(text[i]) != Character.toLowerCase(word.charAt(i - from))) {
                return false;
            }
        }
        return true;
    }
}
