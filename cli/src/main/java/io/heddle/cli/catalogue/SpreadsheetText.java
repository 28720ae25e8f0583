package io.heddle.cli.catalogue;

import java.util.regex.Pattern;

/** Text of the data in a CSV file that a spreadsheet opens: what it would run as a formula gets an apostrophe. */
public final class SpreadsheetText {
    // A number with a sign is not a formula.
    private static final Pattern FORMULA = Pattern.compile("[=+\\-@\\t\\r].*", Pattern.DOTALL);
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d[\\d.,]*([eE][+-]?\\d+)?");

    private SpreadsheetText() {}

    /** The text as a spreadsheet shows it and does not run it. */
    public static String of(String cell) {
        return FORMULA.matcher(cell).matches() && !NUMBER.matcher(cell).matches() ? "'" + cell : cell;
    }

    /** Whether a cell is a text, as it is or as a spreadsheet shows it. */
    public static boolean isOf(String cell, String text) {
        return cell.equals(text) || cell.equals(of(text));
    }
}
