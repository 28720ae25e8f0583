package io.heddle.cli.catalogue;

import java.util.regex.Pattern;

/** Escapes text for CSV files: text that a spreadsheet would run as a formula gets an apostrophe as a prefix. */
public final class SpreadsheetText {
    // A number with a sign is not a formula.
    private static final Pattern FORMULA = Pattern.compile("[=+\\-@\\t\\r].*", Pattern.DOTALL);
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d[\\d.,]*([eE][+-]?\\d+)?");

    private SpreadsheetText() {}

    /** Returns the text with an apostrophe if a spreadsheet would run it. */
    public static String of(String cell) {
        return FORMULA.matcher(cell).matches() && !NUMBER.matcher(cell).matches() ? "'" + cell : cell;
    }

    /** Returns whether a cell contains a text, unchanged or with the apostrophe. */
    public static boolean isOf(String cell, String text) {
        return cell.equals(text) || cell.equals(of(text));
    }
}
