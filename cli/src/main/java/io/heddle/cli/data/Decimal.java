package io.heddle.cli.data;

/** Numbers in words: what people write in tables, and not all that Java would take for one. */
final class Decimal {
    /** Digits that a long holds, and a double without loss. */
    private static final int EXACT_DIGITS = 15;

    /** Powers of ten that a double holds without loss. */
    private static final double[] TENS = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    private Decimal() {}

    /** Whether a text is a decimal number, surrounding blanks aside. */
    static boolean is(String text) {
        return !Float.isNaN(parse(text));
    }

    /** The float nearest to the number, infinite where it exceeds the range of float; NaN if the text is none. */
    static float parse(String text) {
        float plain = plain(text);
        return Float.isNaN(plain) ? any(text.strip()) : plain;
    }

    /** A number of few digits without an exponent, as nearly all are; NaN if it is another, or none. */
    private static float plain(String text) {
        int length = text.length();
        int at = length > 0 && text.charAt(0) == '-' ? 1 : 0;
        if (length - at > EXACT_DIGITS + 1) {
            return Float.NaN;
        }
        long digits = 0;
        int count = 0;
        int point = -1;
        for (int i = at; i < length; i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                digits = 10 * digits + (c - '0');
                count++;
            } else if (c == '.' && point < 0) {
                point = count;
            } else {
                return Float.NaN;
            }
        }
        if (count == 0 || count > EXACT_DIGITS) {
            return Float.NaN;
        }
        // Both sides are exact, so this is the double nearest to the number. The float nearest to it is the float
        // nearest to the number too, unless it lies just between two floats, and the number beside it.
        double value = digits / TENS[point < 0 ? 0 : count - point];
        boolean between = (Double.doubleToRawLongBits(value) & 0x1fff_ffff) == 0x1000_0000;
        return between ? Float.NaN : (float) (at == 1 ? -value : value);
    }

    private static float any(String number) {
        boolean digit = false;
        for (int i = 0; i < number.length(); i++) {
            char c = number.charAt(i);
            if (c >= '0' && c <= '9') {
                digit = true;
            } else if (c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
                return Float.NaN;
            }
        }
        if (!digit) {
            return Float.NaN;
        }
        try {
            return Float.parseFloat(number);
        } catch (NumberFormatException e) {
            return Float.NaN;
        }
    }
}
