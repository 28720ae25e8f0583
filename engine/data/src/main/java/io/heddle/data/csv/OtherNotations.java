package io.heddle.data.csv;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Detects columns of text that hold numbers, dates or times in a notation that is not read. */
final class OtherNotations {
    /** A number between a currency sign and a unit of letters or a sign. A point or comma may be in any place. */
    private static final Pattern AFFIXED = Pattern.compile(
            "[+-]?(\\p{Sc}?)\\h*[+-]?\\d[\\d.,'\\h]*?\\h*((?:[%‰°]\\h?\\p{L}?|\\p{Sc}|\\p{L}{1,4}|[\"\u2032\u2033])?)");

    private static final Pattern DATE = Pattern.compile(
            "\\d{4}-(?:0[1-9]|1[0-2])|(?:\\d{1,2}([./-])\\d{1,2}\\1(?:\\d{2}|\\d{4})|\\d{4}([./])\\d{1,2}\\2\\d{1,2})(?:[ T]\\d{1,2}:\\d{2}.*)?"
                    + "|\\d{1,2}[ -]\\p{L}{3,9}\\.?[ -]\\d{4}|\\p{L}{3,9}\\.? \\d{1,2},? \\d{4}");

    /**
     * Accounting's negative numbers, a minus that is no hyphen, limits of detection, formulas of Excel; numbers of
     * programs, Fortran and India, and digits of other scripts.
     */
    private static final Pattern CHANGED = Pattern.compile(
            "\\(\\d[\\d.,]*\\)|\\d[\\d.,]*-|[\u2212\u2013<>\u2264\u2265~]\\h?\\d[\\d.,]*|=\"?-?\\d[\\d.,]*\"?"
                    + "|[+-]?(?:0[xX]\\p{XDigit}+|[1-9]\\d{0,2}(?:_\\d{3})+(?:\\.\\d+)?|\\d+\\.\\d*[dD][+-]?\\d+"
                    + "|\\d{1,2}(?:,\\d{2})+,\\d{3}(?:\\.\\d+)?|[\\p{Nd}&&[^0-9]][\\p{Nd}.,]*)");

    /** Limits of detection, or open groups such as those of ages. */
    private static final Pattern LIMIT = Pattern.compile("[<>\u2264\u2265]\\h?\\d[\\d.,]*");

    /** A month, or two years such as those of a season. */
    private static final Pattern YEARS = Pattern.compile("\\d{2}(\\d{2})-(\\d{2})");

    private static final Pattern PLAIN = Pattern.compile("[+-]?[\\d.,]*\\d[\\d.,]*");

    private static final Pattern CLOCK = Pattern.compile("\\d{1,3}:\\d{2}(?::\\d{2}(?:[.,]\\d+)?)?");

    /** Longer texts are neither. */
    private static final int MAXIMUM_LENGTH = 40;

    private OtherNotations() {}

    /**
     * Returns what is in a column and how it could be read.
     *
     * @param texts the distinct texts of the column
     */
    static Optional<String> of(List<String> texts) {
        if (texts.size() < 2 || texts.stream().anyMatch(text -> text.length() > MAXIMUM_LENGTH)) {
            return Optional.empty();
        }
        String example = texts.getFirst();
        if (texts.stream().allMatch(OtherNotations::areSuccessiveYears)) {
            return Optional.empty();
        }
        if (texts.stream().allMatch(text -> DATE.matcher(text).matches())) {
            return Optional.of("its fields are like the date '%s'; write dates like 2024-02-29".formatted(example));
        }
        if (texts.stream().allMatch(text -> CLOCK.matcher(text).matches())) {
            return Optional.of("its fields are times or durations such as '%s'; write numbers, for example of seconds"
                    .formatted(example));
        }
        Optional<String> changed =
                texts.stream().filter(text -> CHANGED.matcher(text).matches()).findFirst();
        if (changed.isPresent()
                && texts.stream()
                        .allMatch(text -> PLAIN.matcher(text).matches()
                                || CHANGED.matcher(text).matches())) {
            return Optional.of((LIMIT.matcher(changed.get()).matches()
                            ? "it holds limits such as '%s' beside numbers, and its values are categories; write numbers for limits of measured values"
                            : "its fields are numbers, but some in a notation such as '%s'; write numbers like -3.2")
                    .formatted(changed.get()));
        }
        String affixes = affixes(example);
        return !affixes.isEmpty() && texts.stream().allMatch(text -> affixes.equals(affixes(text)))
                ? Optional.of("its fields are numbers with other characters, such as '%s'; remove these to read numbers"
                        .formatted(example))
                : Optional.empty();
    }

    private static boolean areSuccessiveYears(String text) {
        Matcher years = YEARS.matcher(text);
        return years.matches() && Integer.parseInt(years.group(1)) + 1 == Integer.parseInt(years.group(2));
    }

    /** Returns the signs around a number; empty if there are none, or if the text is not a number. */
    private static String affixes(String text) {
        Matcher matcher = AFFIXED.matcher(text);
        return matcher.matches() ? matcher.group(1) + matcher.group(2) : "";
    }
}
