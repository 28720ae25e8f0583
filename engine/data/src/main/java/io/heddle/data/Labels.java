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
 * @param values one label per row, from 0 to classes − 1; not copied, not to be changed
 * @param classNames the name of each class, by label
 */
public record Labels(int[] values, List<String> classNames) {
    /**
     * Checks the labels.
     *
     * @throws InvalidInputException if a label has no name
     */
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
     * {@return labels with classes sorted as numbers if all names are numbers, otherwise as text}
     *
     * @param names one per row
     */
    public static Labels ofNames(List<String> names) {
        LabelColumn column = new LabelColumn();
        names.forEach(column::add);
        return column.toLabels();
    }

    /**
     * {@return labels with classes named by whole numbers, in ascending order}
     *
     * @param numbers the numbers, one per row
     */
    public static Labels ofIntegers(long[] numbers) {
        LabelColumn column = new LabelColumn();
        for (long number : numbers) {
            column.add(Long.toString(number));
        }
        return column.toLabels();
    }

    /** {@return the number of classes} */
    public int classes() {
        return classNames.size();
    }

    /** {@return the number of rows} */
    public int rows() {
        return values.length;
    }

    /**
     * {@return these labels as indices into other class names, such as those of a model} Numbers are compared by value.
     * If the names are words and all labels are numbers from 0 on, the labels are indices of the names. If the names
     * are 0 and 1, {@code false} and {@code true} are these.
     *
     * @param names the allowed classes
     * @param place name of the labels in error messages
     * @throws DataFormatException if a label is not one of the classes
     */
    public Labels alignedTo(List<String> names, String place) throws DataFormatException {
        int[] target = new int[classes()];
        boolean byNumber = names.stream().noneMatch(n -> ClassText.allNumbers(List.of(n)))
                && classNames.stream().allMatch(n -> n.matches("\\d{1,9}") && Integer.parseInt(n) < names.size());
        List<String> keys = names.stream().map(ClassText::key).toList();
        for (int c = 0; c < target.length; c++) {
            String name = likeNumbers(classNames.get(c), names);
            int exact = names.indexOf(name);
            target[c] = byNumber
                    ? Integer.parseInt(classNames.get(c))
                    : exact >= 0 ? exact : keys.indexOf(ClassText.key(name));
        }
        int[] aligned = new int[values.length];
        for (int i = 0; i < aligned.length; i++) {
            aligned[i] = target[values[i]];
            if (aligned[i] < 0) {
                throw new DataFormatException("%s: row %d has the label '%s', which is not one of %s"
                        .formatted(place, i, classNames.get(values[i]), list(names)));
            }
        }
        return new Labels(aligned, names);
    }

    /**
     * {@return the names of these classes that are not among others, comparing numbers by value}
     *
     * @param names class names
     */
    public List<String> unknownTo(List<String> names) {
        Set<String> known = names.stream().map(ClassText::key).collect(Collectors.toSet());
        return classNames.stream()
                .filter(name -> !known.contains(ClassText.key(likeNumbers(name, names))))
                .toList();
    }

    /** Returns the number of a boolean if the classes are 0 and 1. Older models name the booleans of arrays so. */
    private static String likeNumbers(String name, List<String> classes) {
        if (!classes.equals(List.of("0", "1"))) {
            return name;
        }
        return switch (name) {
            case "false" -> "0";
            case "true" -> "1";
            default -> name;
        };
    }

    /** Reports classes that differ only in upper and lower case, because this may be a mistake. */
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

    /**
     * {@return the labels of selected rows, with all class names}
     *
     * @param rows numbers of the selected rows
     */
    public Labels pick(int[] rows) {
        return new Labels(Arrays.stream(rows).map(i -> values[i]).toArray(), classNames);
    }

    /**
     * {@return a shortened list of names for messages}
     *
     * @param names class names
     */
    public static String list(List<String> names) {
        int maximum = 12;
        String shown = String.join(", ", names.subList(0, Math.min(maximum, names.size())));
        return names.size() <= maximum ? shown : "%s and %d more".formatted(shown, names.size() - maximum);
    }
}
