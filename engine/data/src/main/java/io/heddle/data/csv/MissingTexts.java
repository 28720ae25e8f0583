package io.heddle.data.csv;

import io.heddle.data.DataOptions;
import io.heddle.data.MissingLabel;
import io.heddle.files.DataFormatException;
import java.util.List;

/** The texts of missing values, ignoring case. */
public final class MissingTexts {
    private final String[] words;
    private final boolean numbers;
    private final int longest;

    /** @param texts texts without the empty text, which is always missing */
    public MissingTexts(List<String> texts) {
        words = texts.stream().map(String::strip).toArray(String[]::new);
        numbers = texts.stream().anyMatch(Decimal::is);
        longest = texts.stream().mapToInt(String::length).max().orElse(0);
    }

    /** Returns whether the field from {@code from} to {@code to} is empty or one of the texts. */
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
     * Refuses a label of a label file that is blank, or a text of a missing value unless such texts are classes.
     *
     * @param label the label without surrounding blanks
     * @param place place of the label, for error messages
     * @throws DataFormatException if the label is missing
     */
    public void requireLabel(String label, DataOptions options, String place) throws DataFormatException {
        if (label.isBlank()) {
            throw new DataFormatException("%s is empty; every row needs a label".formatted(place));
        }
        if (contains(label) && options.roles().missingLabel() != MissingLabel.TEXT) {
            throw new DataFormatException(
                    "%s is '%s', which means a missing label; every row needs a label; --missing-label text reads it as a class"
                            .formatted(place, label));
        }
    }

    /** Returns whether a text is empty or one of the texts. */
    public boolean contains(String text) {
        return contains(text.toCharArray(), 0, text.length());
    }

    /** Returns whether some of the texts are numbers, such as −999. */
    boolean hasNumbers() {
        return numbers;
    }
}
