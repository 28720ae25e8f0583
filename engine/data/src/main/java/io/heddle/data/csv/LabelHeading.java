package io.heddle.data.csv;

import io.heddle.data.Labels;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Detects whether the first label of a file is a heading, by comparing it with the other labels. */
final class LabelHeading {
    /** A usual heading that is a label too if the other labels are letters, such as {@code n}. */
    private static final String LETTER = "y";

    private LabelHeading() {}

    /**
     * Returns whether the first label is probably a heading: no other row has it, and it is a usual heading or the only
     * word among numbers.
     */
    static boolean isFirst(Labels labels) {
        int first = labels.values()[0];
        String name = labels.classNames().get(first).strip().toLowerCase(Locale.ROOT);
        List<String> others = labels.classNames().stream()
                .filter(other -> !other.equals(labels.classNames().get(first)))
                .toList();
        if (others.isEmpty()
                || Arrays.stream(labels.values())
                                .filter(label -> label == first)
                                .count()
                        > 1) {
            return false;
        }
        if (name.equals(LETTER)) {
            return !others.stream().allMatch(LabelHeading::isLetter);
        }
        return HeaderGuess.USUAL_HEADINGS.contains(name)
                || isLetter(name.substring(0, 1))
                        && !Decimal.is(name)
                        && others.stream().allMatch(Decimal::is);
    }

    private static boolean isLetter(String text) {
        return text.length() == 1 && Character.isLetter(text.charAt(0));
    }
}
