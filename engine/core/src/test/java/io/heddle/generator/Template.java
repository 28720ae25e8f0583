package io.heddle.generator;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A text with placeholders, written as ${name}. */
final class Template {
    private final String text;
    private final Map<String, String> values = new TreeMap<>();

    Template(String text) {
        this.text = text;
    }

    /**
     * Sets the value of a placeholder. A placeholder alone on its line may have several lines, which are indented like
     * it.
     */
    Template with(String name, String value) {
        values.put("${" + name + "}", value);
        return this;
    }

    /** Returns the text with all values; an empty value removes a line that has only the placeholder. */
    String fill() {
        StringBuilder filled = new StringBuilder();
        text.lines().forEach(line -> {
            String alone = values.get(line.strip());
            if (alone == null) {
                filled.append(inLine(line)).append('\n');
            } else {
                String indent = line.substring(0, line.indexOf('$'));
                alone.lines().forEach(inner -> filled.append(inner.isEmpty() ? "" : indent + inner)
                        .append('\n'));
            }
        });
        return filled.toString();
    }

    private String inLine(String line) {
        String filled = line;
        for (Map.Entry<String, String> value : values.entrySet()) {
            filled = filled.replace(value.getKey(), value.getValue());
        }
        if (filled.contains("${")) {
            throw new IllegalStateException("no value for a place in: " + line);
        }
        return filled;
    }

    /** Repeats a text for the numbers from {@code from} to {@code to}, exclusive; # stands for the number. */
    static String each(int from, int to, String text) {
        return IntStream.range(from, to)
                .mapToObj(i -> text.replace("#", Integer.toString(i)))
                .collect(Collectors.joining("\n"));
    }
}
