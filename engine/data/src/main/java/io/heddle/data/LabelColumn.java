package io.heddle.data;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Collects labels row by row. Stores a number per row and each distinct label once. */
public final class LabelColumn {
    private static final int MISSING = -1;

    /** Numbers of the labels, in the order of first appearance. */
    private final TextIndex met = new TextIndex();

    private final IntArrayList rows = new IntArrayList();
    private int missing;

    /** Creates a column without rows. */
    public LabelColumn() {}

    /**
     * Adds a row.
     *
     * @param label of the row
     */
    public void add(String label) {
        rows.add(met.of(label));
    }

    /**
     * Adds a row.
     *
     * @param text contains the label
     * @param from first character, inclusive
     * @param to last character, exclusive
     */
    public void add(char[] text, int from, int to) {
        rows.add(met.of(text, from, to));
    }

    /** Adds a row without a label. */
    public void addMissing() {
        rows.add(MISSING);
        missing++;
    }

    /** {@return the rows with a label, ascending; empty if all rows have one} */
    public Optional<int[]> labelled() {
        return missing == 0
                ? Optional.empty()
                : Optional.of(IntStream.range(0, rows.size())
                        .filter(i -> rows.getInt(i) != MISSING)
                        .toArray());
    }

    /** {@return the number of labels so far, including missing ones} */
    public int size() {
        return rows.size();
    }

    /** {@return the approximate size of the labels in the Java heap, in bytes} */
    public long bytes() {
        return met.bytes() + (long) Integer.BYTES * rows.size();
    }

    /**
     * {@return the labels as by {@link #toLabels}, with one additional label before all others}
     *
     * @param first the additional label
     */
    public Labels after(String first) {
        Labels others = toLabels();
        LabelColumn all = new LabelColumn();
        all.add(first);
        for (int label : others.values()) {
            all.add(others.classNames().get(label));
        }
        return all.toLabels();
    }

    /**
     * {@return the classes of the rows with a label, sorted as numbers if all are numbers, otherwise as text; see
     * {@link ClassText}}
     */
    public Labels toLabels() {
        List<String> classes = ClassText.names(met.texts());
        String[] names = classes.stream().distinct().toArray(String[]::new);
        Comparator<String> byName = Comparator.naturalOrder();
        Arrays.sort(
                names,
                ClassText.allNumbers(classes)
                        ? Comparator.comparingDouble(Double::parseDouble).thenComparing(byName)
                        : byName);
        Map<String, Integer> places = new HashMap<>();
        for (String name : names) {
            places.put(name, places.size());
        }
        int[] sorted = classes.stream().mapToInt(places::get).toArray();
        int[] values = rows.intStream()
                .filter(number -> number != MISSING)
                .map(number -> sorted[number])
                .toArray();
        return new Labels(values, Arrays.asList(names));
    }
}
