package io.heddle.generator;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Text with places to fill in, written as ${name}. */
final class Template {
    private final String text;
    private final Map<String, String> values = new TreeMap<>();

    Template(String text) {
        this.text = text;
    }

    /** Sets what a place becomes. A place alone on its line may become several lines, which are indented like it. */
    Template with(String name, String value) {
        values.put("${" + name + "}", value);
        return this;
    }

    /** Returns the text with all places filled in; an empty value removes a line that holds nothing else. */
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
