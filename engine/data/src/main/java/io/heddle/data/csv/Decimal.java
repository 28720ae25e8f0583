package io.heddle.data.csv;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;

/** Parses the numbers that people write in tables; not everything that Java takes for a number. */
final class Decimal {
    /** Digits that a double holds without loss, whatever they are. */
    private static final int EXACT_DIGITS = 15;

    /** Powers of ten that a double holds without loss. */
    private static final double[] TENS = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    private Decimal() {}

    /** Whether characters are digits with a zero before them, such as {@code 007}: a number would lose the zero. */
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

    /** Whether characters are a whole number that is written in digits alone, with or without sign. */
    static boolean isWhole(char[] text, int from, int to) {
        for (int i = text[from] == '-' || text[from] == '+' ? from + 1 : from; i < to; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return false;
            }
        }
        return true;
    }

    /** Whether a text is a number, surrounding blanks aside. */
    static boolean is(String text) {
        return !Double.isNaN(parse(text));
    }

    /** The double nearest to the number, surrounding blanks aside; NaN if the text is none. */
    static double parse(String text) {
        char[] all = text.strip().toCharArray();
        return parse(all, 0, all.length, '.');
    }

    /**
     * The double nearest to a number: digits with or without sign, decimals and an exponent, or an infinity
     * ({@code inf}, {@code Infinity}). What exceeds the range of double is infinite too.
     *
     * @param from first character, inclusive
     * @param to last character, exclusive
     * @param point decimal mark
     * @return NaN if the characters are no number
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
                // Both sides are exact, so the quotient is the double nearest to the number.
                double value = mark < 0 ? digits : digits / TENS[to - 1 - mark];
                return text[from] == '-' ? -value : value;
            }
        }
        return any(text, from, at, to, point);
    }

    /** A number of many digits, one with an exponent, or none. */
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

    /** Whether characters are a word, in upper or lower case. */
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
