package io.heddle.cli.data;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.util.Arrays;
import java.util.Comparator;
import java.util.regex.Pattern;

/** Labels that come one by one: of each row a number is kept, and of each label its name once, however many rows. */
final class LabelColumn {
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,3})?");

    /** Numbers in the order in which the labels were first met. */
    private final Object2IntOpenHashMap<String> met = new Object2IntOpenHashMap<>();

    private final IntArrayList rows = new IntArrayList();

    LabelColumn() {
        met.defaultReturnValue(-1);
    }

    void add(String label) {
        int number = met.putIfAbsent(label, met.size());
        rows.add(number < 0 ? met.size() - 1 : number);
    }

    /** Labels so far. */
    int size() {
        return rows.size();
    }

    /** Classes in the order of their numbers if all are numbers, else of their characters. */
    Labels toLabels() {
        String[] names = met.keySet().toArray(String[]::new);
        boolean numbers = Arrays.stream(names).allMatch(n -> NUMBER.matcher(n).matches());
        Comparator<String> byName = Comparator.naturalOrder();
        Arrays.sort(
                names, numbers ? Comparator.comparingDouble(Double::parseDouble).thenComparing(byName) : byName);
        int[] sorted = new int[names.length];
        for (int c = 0; c < names.length; c++) {
            sorted[met.getInt(names[c])] = c;
        }
        int[] values = new int[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = sorted[rows.getInt(i)];
        }
        return new Labels(values, Arrays.asList(names));
    }
}
