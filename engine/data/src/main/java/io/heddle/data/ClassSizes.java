package io.heddle.data;

import java.util.ArrayList;
import java.util.List;

/**
 * The number of rows of each class.
 *
 * @param names of the classes
 * @param rows of each
 */
public record ClassSizes(List<String> names, int[] rows) {
    private static final int NAMED = 8;

    /**
     * {@return the number of rows of each class}
     *
     * @param labels the class of each row
     */
    public static ClassSizes of(Labels labels) {
        int[] rows = new int[labels.classes()];
        for (int label : labels.values()) {
            rows[label]++;
        }
        return new ClassSizes(labels.classNames(), rows);
    }

    /**
     * {@return whether a class has at least one row, but fewer than a number}
     *
     * @param minimum number of rows below which a class is small
     */
    public boolean anyBelow(int minimum) {
        for (int size : rows) {
            if (size > 0 && size < minimum) {
                return true;
            }
        }
        return false;
    }

    /**
     * {@return the classes with fewer rows than a number as text: {@code class 'a' has 1 row, class 'b' has 2 rows}}
     *
     * @param minimum number of rows below which a class is small
     */
    public String below(int minimum) {
        List<String> small = new ArrayList<>();
        for (int c = 0; c < rows.length; c++) {
            if (rows[c] > 0 && rows[c] < minimum) {
                small.add("class '%s' has %d row%s".formatted(names.get(c), rows[c], rows[c] == 1 ? "" : "s"));
            }
        }
        String shown = String.join(", ", small.subList(0, Math.min(NAMED, small.size())));
        return small.size() <= NAMED ? shown : "%s and %d more classes".formatted(shown, small.size() - NAMED);
    }
}
