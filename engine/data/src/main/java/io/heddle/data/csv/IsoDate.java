package io.heddle.data.csv;

import io.heddle.data.rows.Seconds;
import java.time.DateTimeException;
import java.time.LocalDate;

/** Parses dates and times in ISO 8601: {@code 2024-02-29}, {@code 2024-02-29T12:00:01.5Z}. */
final class IsoDate {
    private static final int DATE_LENGTH = 10;
    private static final int SECONDS_A_DAY = 86_400;

    private IsoDate() {}

    /** Returns the days since 1970-01-01; NaN if the characters from {@code from} to {@code to} are not a date. */
    static double date(char[] text, int from, int to) {
        return to - from == DATE_LENGTH ? day(text, from) : Double.NaN;
    }

    /**
     * Returns the seconds since 1970-01-01T00:00Z; NaN if the characters are not a date with a time. A time without an
     * offset is UTC.
     */
    static double time(char[] text, int from, int to) {
        int at = from + DATE_LENGTH;
        if (to - from < DATE_LENGTH + 6 || text[at] != 'T' && text[at] != ' ' || text[at + 3] != ':') {
            return Double.NaN;
        }
        double day = day(text, from);
        int hour = digits(text, at + 1, 2);
        int minute = digits(text, at + 4, 2);
        at += 6;
        int second = 0;
        double fraction = 0;
        if (at + 2 < to && text[at] == ':') {
            second = digits(text, at + 1, 2);
            at += 3;
            if (at < to && (text[at] == '.' || text[at] == ',')) {
                int start = at + 1;
                for (at = start; at < to && text[at] >= '0' && text[at] <= '9'; at++) {
                    // Counts the decimals.
                }
                if (at == start) {
                    return Double.NaN;
                }
                fraction = Decimal.parse("." + new String(text, start, at - start));
            }
        }
        int offset = offset(text, at, to);
        boolean valid = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second <= 60;
        // A day of NaN gives NaN.
        return valid && offset != Integer.MIN_VALUE
                ? Seconds.of(day * SECONDS_A_DAY + (hour * 60L + minute - offset) * 60 + second, fraction)
                : Double.NaN;
    }

    /** Returns the offset from UTC in minutes; {@link Integer#MIN_VALUE} if the rest of the text is not an offset. */
    private static int offset(char[] text, int at, int to) {
        if (at == to || at + 1 == to && text[at] == 'Z') {
            return 0;
        }
        boolean colon = to - at == 6 && text[at + 3] == ':';
        if (text[at] != '+' && text[at] != '-' || !colon && to - at != 5 && to - at != 3) {
            return Integer.MIN_VALUE;
        }
        int hours = digits(text, at + 1, 2);
        int minutes = to - at == 3 ? 0 : digits(text, to - 2, 2);
        if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) {
            return Integer.MIN_VALUE;
        }
        return text[at] == '-' ? -(60 * hours + minutes) : 60 * hours + minutes;
    }

    private static double day(char[] text, int from) {
        int year = digits(text, from, 4);
        int month = digits(text, from + 5, 2);
        int day = digits(text, from + 8, 2);
        if (year < 0 || month < 0 || day < 0 || text[from + 4] != '-' || text[from + 7] != '-') {
            return Double.NaN;
        }
        try {
            return LocalDate.of(year, month, day).toEpochDay();
        } catch (DateTimeException e) {
            return Double.NaN;
        }
    }

    /** Returns a number with this number of digits, or −1. */
    private static int digits(char[] text, int from, int count) {
        int value = 0;
        for (int i = from; i < from + count; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = 10 * value + digit;
        }
        return value;
    }
}
