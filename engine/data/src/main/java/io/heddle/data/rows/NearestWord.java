package io.heddle.data.rows;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the word closest to a mistyped one. */
public final class NearestWord {
    private NearestWord() {}

    /**
     * Returns the candidate with the smallest edit distance. Exchanging two neighbouring letters counts as one edit.
     *
     * @param words the candidates
     * @return empty if more than a third of the letters differ
     */
    public static Optional<String> to(String typed, Collection<String> words) {
        return words.stream()
                .filter(word -> 3 * distance(typed, word) <= Math.max(typed.length(), word.length()))
                .min(Comparator.comparingInt((String word) -> distance(typed, word))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /**
     * Returns a question for the end of an error message.
     *
     * @return {@code ; did you mean 'WORD'?}, or an empty text if no word is near
     */
    public static String question(String typed, Collection<String> words) {
        return to(typed, words)
                .map(near -> "; did you mean '%s'?".formatted(near))
                .orElse("");
    }

    /** Edit distance with transpositions of neighbours. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(d[i - 1][j - 1] + change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
