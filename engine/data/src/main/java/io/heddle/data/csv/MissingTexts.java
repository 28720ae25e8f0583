package io.heddle.data.csv;

import io.heddle.data.DataOptions;
import io.heddle.data.MissingLabel;
import io.heddle.files.DataFormatException;
import java.util.List;

/** The texts that stand for a missing value, in upper or lower case. */
final class MissingTexts {
    private final String[] words;
    private final boolean numbers;
    private final int longest;

    MissingTexts(List<String> texts) {
        words = texts.stream().map(String::strip).toArray(String[]::new);
        numbers = texts.stream().anyMatch(Decimal::is);
        longest = texts.stream().mapToInt(String::length).max().orElse(0);
    }

    /** Whether the field from {@code from} to {@code to} is empty or one of the texts. */
    boolean contains(char[] text, int from, int to) {
        if (from == to) {
            return true;
        }
        if (to - from > longest) {
            return false;
        }
        for (String word : words) {
            if (Decimal.isWord(text, from, to, word)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Refuses a label of a file of labels that stands for a missing one, unless such texts are classes.
     *
     * @param place where it stands, for the error
     * @throws DataFormatException if it does
     */
    void requireLabel(String label, DataOptions options, String place) throws DataFormatException {
        if (contains(label) && options.roles().missingLabel() != MissingLabel.TEXT) {
            throw new DataFormatException(
                    "%s holds '%s', which stands for a missing label; every row needs a label there, or --missing-label text takes it for a class"
                            .formatted(place, label));
        }
    }

    boolean contains(String text) {
        return contains(text.toCharArray(), 0, text.length());
    }

    /** Whether some of the texts are numbers, such as −999. */
    boolean hasNumbers() {
        return numbers;
    }
}
