package io.heddle.data.csv;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Detects the few texts, such as {@code -}, because of which a column of numbers is read as text. */
final class NumberMarks {
    /** Texts that mean a missing value or a failed formula in tables of numbers. */
    private static final Pattern MARK = Pattern.compile(
            "[^\\p{L}\\p{N}]+|(?iu)n\\.? ?[adv]\\.?|n/[adv]|k\\.? ?a\\.?|missing|unknown|none|nil|void|not available|\\\\n|#(DIV/0!|VALUE!|REF!|NAME\\?|NUM!|NULL!|N/V|WERT!)");

    /** Up to this number of marks are reported beside any number of numbers. */
    private static final int FEW_MARKS = 4;
    /** A text of another kind may be a category beside fewer numbers. */
    private static final int NUMBERS_BESIDE_ONE = 4;

    private static final long PARTS = 10;

    private NumberMarks() {}

    /**
     * Returns the texts that are not numbers.
     *
     * @param texts the distinct texts of a column
     * @param numbers parses numbers
     * @return empty if there are too many of them for a column of numbers
     */
    static Optional<List<String>> in(List<String> texts, DigitGroups numbers) {
        List<String> others = new ArrayList<>();
        for (String text : texts) {
            if (Double.isNaN(numbers.parse(text.toCharArray(), 0, text.length()))) {
                others.add(text);
            }
            if (PARTS * others.size() > texts.size() && others.size() > FEW_MARKS) {
                return Optional.empty();
            }
        }
        int beside = texts.size() - others.size();
        boolean few = PARTS * others.size() <= texts.size();
        boolean one = others.size() == 1 && beside >= NUMBERS_BESIDE_ONE;
        boolean marks = beside > 1 && others.size() <= FEW_MARKS && areMarks(others);
        return few || one || marks ? Optional.of(others) : Optional.empty();
    }

    /**
     * Returns whether all texts mean a missing value. Others, such as the {@code K} of school grades, may be values.
     */
    static boolean areMarks(List<String> texts) {
        return texts.stream().allMatch(text -> MARK.matcher(text).matches());
    }
}
