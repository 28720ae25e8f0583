package io.heddle.data;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Computes class names from labels. If all labels are whole numbers, equal numbers are one class, named by the number
 * in digits: {@code 1}, {@code 1.0} and {@code 1e0} are the class {@code 1}. A label with a zero before its first
 * digit, such as {@code 01}, is a code and is not changed. If all labels are true or false, ignoring case, the classes
 * are {@code true} and {@code false}. Any other label is the unchanged name of its class, because {@code 1.1} and
 * {@code 1.10} may be versions.
 */
final class ClassText {
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,3})?");
    private static final Pattern CODE = Pattern.compile("[+-]?0\\d.*");
    /** Maximum number of trailing zeros of a class number. */
    private static final int MAXIMUM_ZEROS = 30;

    private ClassText() {}

    static boolean allNumbers(List<String> labels) {
        return labels.stream().allMatch(label -> NUMBER.matcher(label).matches());
    }

    /** Returns the class name of each label. */
    static List<String> names(List<String> labels) {
        if (allNumbers(labels) && labels.stream().allMatch(ClassText::isWhole)) {
            return labels.stream().map(ClassText::whole).toList();
        }
        List<String> lower =
                labels.stream().map(label -> label.toLowerCase(Locale.ROOT)).toList();
        return List.of("true", "false").containsAll(lower) ? lower : labels;
    }

    /** Returns a key that is equal for two names of the same class in different lists of labels. */
    static String key(String name) {
        return names(List.of(name)).getFirst();
    }

    private static boolean isWhole(String label) {
        BigDecimal value = new BigDecimal(label).stripTrailingZeros();
        return value.scale() <= 0 && value.scale() >= -MAXIMUM_ZEROS;
    }

    private static String whole(String label) {
        return CODE.matcher(label).matches()
                ? label
                : new BigDecimal(label).stripTrailingZeros().toPlainString();
    }
}
