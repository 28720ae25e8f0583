package io.heddle.data.csv;

import java.util.Optional;

/**
 * Detects a column of numbers whose points may separate thousands: whole numbers of at most three digits beside numbers
 * such as {@code 1.174}, which have a point and exactly three digits after it.
 */
final class PointGroups {
    private static final int DIGITS = 3;

    private boolean possible;
    private boolean wholes;
    private String grouped;

    /** @param possible whether the points of the file may separate thousands at all */
    PointGroups(boolean possible) {
        this.possible = possible;
    }

    /** Adds a number. Most columns are ruled out by their first numbers. */
    void accept(char[] text, int from, int to) {
        if (!possible) {
            return;
        }
        int start = text[from] == '-' || text[from] == '+' ? from + 1 : from;
        int length = to - start;
        int point = to - DIGITS - 1;
        if (length >= 1 && length <= DIGITS && areDigits(text, start, to)) {
            wholes = true;
        } else if (point > start
                && point <= start + DIGITS
                && text[point] == '.'
                && text[start] != '0'
                && areDigits(text, start, point)
                && areDigits(text, point + 1, to)) {
            grouped = grouped == null ? new String(text, from, to - from) : grouped;
        } else {
            possible = false;
        }
    }

    private static boolean areDigits(char[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return false;
            }
        }
        return true;
    }

    /** Returns the first number whose point may separate thousands; empty if other numbers rule this out. */
    Optional<String> example() {
        return possible && wholes ? Optional.ofNullable(grouped) : Optional.empty();
    }
}
