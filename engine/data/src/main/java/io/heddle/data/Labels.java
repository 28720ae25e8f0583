package io.heddle.data;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.InvalidInputException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The class of each row.
 *
 * @param values one label a row, from 0 to classes − 1; not copied, not to be changed
 * @param classNames what each class is called, by label
 */
public record Labels(int[] values, List<String> classNames) {
    /** @throws InvalidInputException if a label has no name */
    public Labels {
        classNames = List.copyOf(classNames);
        for (int i = 0; i < values.length; i++) {
            if (values[i] < 0 || values[i] >= classNames.size()) {
                throw new InvalidInputException(
                        "the label of row %d is %d, outside 0 to %d".formatted(i, values[i], classNames.size() - 1));
            }
        }
    }

    /**
     * Classes named as the rows say: in the order of their numbers if all are numbers, else of their characters.
     *
     * @param names one a row
     */
    public static Labels ofNames(List<String> names) {
        LabelColumn column = new LabelColumn();
        names.forEach(column::add);
        return column.toLabels();
    }

    /** Classes named after the whole numbers that stand for them, in ascending order. */
    public static Labels ofIntegers(long[] numbers) {
        LabelColumn column = new LabelColumn();
        for (long number : numbers) {
            column.add(Long.toString(number));
        }
        return column.toLabels();
    }

    /** Number of classes. */
    public int classes() {
        return classNames.size();
    }

    /** Number of rows. */
    public int rows() {
        return values.length;
    }

    /**
     * These labels in the order of other class names, such as those of a model; a number is found however it is
     * written. Where the names are words, but all labels are numbers from 0 on, these are taken to be the places of the
     * names.
     *
     * @param names the classes that there may be
     * @param place what to call the labels in an error
     * @throws DataFormatException if a label is of no such class
     */
    public Labels alignedTo(List<String> names, String place) throws DataFormatException {
        int[] target = new int[classes()];
        boolean byNumber = names.stream().noneMatch(n -> ClassText.allNumbers(List.of(n)))
                && classNames.stream().allMatch(n -> n.matches("\\d{1,9}") && Integer.parseInt(n) < names.size());
        List<String> keys = names.stream().map(ClassText::key).toList();
        for (int c = 0; c < target.length; c++) {
            int exact = names.indexOf(classNames.get(c));
            target[c] = byNumber
                    ? Integer.parseInt(classNames.get(c))
                    : exact >= 0 ? exact : keys.indexOf(ClassText.key(classNames.get(c)));
        }
        int[] aligned = new int[values.length];
        for (int i = 0; i < aligned.length; i++) {
            aligned[i] = target[values[i]];
            if (aligned[i] < 0) {
                throw new DataFormatException("%s: row %d has the label '%s', which is none of %s"
                        .formatted(place, i, classNames.get(values[i]), list(names)));
            }
        }
        return new Labels(aligned, names);
    }

    /** Names of these classes that are none of others, however a number is written. */
    public List<String> unknownTo(List<String> names) {
        Set<String> known = names.stream().map(ClassText::key).collect(Collectors.toSet());
        return classNames.stream()
                .filter(name -> !known.contains(ClassText.key(name)))
                .toList();
    }

    /** Says which classes differ in upper and lower case only, for they may be meant to be one. */
    void noteCapitals(String place, Consumer<String> notes) {
        Map<String, String> lower = new HashMap<>();
        for (String name : classNames) {
            String other = lower.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
            if (other != null) {
                notes.accept("%s: '%s' and '%s' are two classes".formatted(place, other, name));
                return;
            }
        }
    }

    /** The labels of chosen rows, with all class names. */
    public Labels pick(int[] rows) {
        return new Labels(Arrays.stream(rows).map(i -> values[i]).toArray(), classNames);
    }

    /** Some names as a sentence has room for. */
    public static String list(List<String> names) {
        int most = 12;
        String shown = String.join(", ", names.subList(0, Math.min(most, names.size())));
        return names.size() <= most ? shown : "%s and %d more".formatted(shown, names.size() - most);
    }
}
