package io.heddle.cli.data;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.regex.Pattern;

/** Labels that come one by one: of each row a number is kept, and of each label its name once, however many rows. */
final class LabelColumn {
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,3})?");

    /** Numbers in the order in which the labels were first met. */
    private final TextIndex met = new TextIndex();

    private final IntArrayList rows = new IntArrayList();

    void add(String label) {
        rows.add(met.of(label));
    }

    void add(char[] text, int from, int to) {
        rows.add(met.of(text, from, to));
    }

    /** Labels so far. */
    int size() {
        return rows.size();
    }

    /** Bytes of the Java heap that the labels take, about. */
    long bytes() {
        return met.bytes() + (long) Integer.BYTES * rows.size();
    }

    /** As {@link #toLabels}, with one more label before all others. */
    Labels after(String first) {
        Labels others = toLabels();
        LabelColumn all = new LabelColumn();
        all.add(first);
        for (int label : others.values()) {
            all.add(others.classNames().get(label));
        }
        return all.toLabels();
    }

    /** Classes in the order of their numbers if all are numbers, else of their characters. */
    Labels toLabels() {
        String[] names = met.texts().toArray(String[]::new);
        boolean numbers = Arrays.stream(names).allMatch(n -> NUMBER.matcher(n).matches());
        Comparator<String> byName = Comparator.naturalOrder();
        Arrays.sort(
                names, numbers ? Comparator.comparingDouble(Double::parseDouble).thenComparing(byName) : byName);
        int[] sorted = new int[names.length];
        for (int c = 0; c < names.length; c++) {
            sorted[met.of(names[c])] = c;
        }
        int[] values = new int[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = sorted[rows.getInt(i)];
        }
        return new Labels(values, Arrays.asList(names));
    }
}
