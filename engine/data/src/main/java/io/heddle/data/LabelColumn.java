package io.heddle.data;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Labels that come one by one: of each row a number is kept, and of each label its name once, however many rows. */
public final class LabelColumn {
    private static final int MISSING = -1;

    /** Numbers in the order in which the labels were first met. */
    private final TextIndex met = new TextIndex();

    private final IntArrayList rows = new IntArrayList();
    private int missing;

    /** A column without rows. */
    public LabelColumn() {}

    public void add(String label) {
        rows.add(met.of(label));
    }

    public void add(char[] text, int from, int to) {
        rows.add(met.of(text, from, to));
    }

    /** A row without a label. */
    public void addMissing() {
        rows.add(MISSING);
        missing++;
    }

    /** The rows that have a label, ascending; empty if all have one. */
    public Optional<int[]> labelled() {
        return missing == 0
                ? Optional.empty()
                : Optional.of(IntStream.range(0, rows.size())
                        .filter(i -> rows.getInt(i) != MISSING)
                        .toArray());
    }

    /** Labels so far, missing ones among them. */
    public int size() {
        return rows.size();
    }

    /** Bytes of the Java heap that the labels take, about. */
    public long bytes() {
        return met.bytes() + (long) Integer.BYTES * rows.size();
    }

    /** As {@link #toLabels}, with one more label before all others. */
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
     * The classes of the rows that have a label, in the order of their numbers if all are numbers, else of their
     * characters; see {@link ClassText}.
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
