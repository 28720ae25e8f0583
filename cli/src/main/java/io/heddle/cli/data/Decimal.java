package io.heddle.cli.data;

/** Numbers in words: what people write in tables, and not all that Java would take for one. */
final class Decimal {
    private Decimal() {}

    /** Whether a text is a decimal number, surrounding blanks aside. */
    static boolean is(String text) {
        return !Float.isNaN(parse(text));
    }

    /** The number, which may exceed the range of float and is then infinite; NaN if the text is none. */
    static float parse(String text) {
        String number = text.strip();
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
