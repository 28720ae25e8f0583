package io.heddle.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A list of names in the metadata of a model file: JSON, because a name may contain any separator. */
final class NamesText {
    private static final String KEY = "names";

    private NamesText() {}

    static String write(List<String> names) {
        StringBuilder text = new StringBuilder();
        HeaderJson.write(Map.of(KEY, names), text);
        return text.toString();
    }

    /** Returns the names; empty if the text is not valid. */
    static Optional<List<String>> parse(String text) {
        try {
            if (HeaderJson.parse(text).get(KEY) instanceof List<?> names
                    && names.stream().allMatch(String.class::isInstance)) {
                return Optional.of(names.stream().map(String.class::cast).toList());
            }
            return Optional.empty();
        } catch (HeaderJson.SyntaxException e) {
            return Optional.empty();
        }
    }
}
