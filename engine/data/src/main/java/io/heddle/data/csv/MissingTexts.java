package io.heddle.data.csv;

import io.heddle.data.DataOptions;
import io.heddle.data.MissingLabel;
import io.heddle.files.DataFormatException;
import java.util.List;

/** The texts that stand for a missing value, in upper or lower case. */
public final class MissingTexts {
    private final String[] words;
    private final boolean numbers;
    private final int longest;

    /** @param texts without those of an empty field, which is always missing */
    public MissingTexts(List<String> texts) {
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
     * Refuses a label beside the rows that is blank, or stands for a missing one unless such texts are classes.
     *
     * @param label without blanks around it
     * @param place where it stands, for the error
     * @throws DataFormatException if it does
     */
    public void requireLabel(String label, DataOptions options, String place) throws DataFormatException {
        if (label.isBlank()) {
            throw new DataFormatException("%s is empty; every row needs a label there".formatted(place));
        }
        if (contains(label) && options.roles().missingLabel() != MissingLabel.TEXT) {
            throw new DataFormatException(
                    "%s holds '%s', which stands for a missing label; every row needs a label there, or --missing-label text takes it for a class"
                            .formatted(place, label));
        }
    }

    /** Whether a text is empty or one of the texts. */
    public boolean contains(String text) {
        return contains(text.toCharArray(), 0, text.length());
    }

    /** Whether some of the texts are numbers, such as −999. */
    boolean hasNumbers() {
        return numbers;
    }
}
