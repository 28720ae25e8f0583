package io.heddle.data;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A name of data with a part, such as {@code fashion-mnist:test}.
 *
 * @param name without the part
 * @param part the part
 * @param explicit whether the text names the part
 */
public record PartedName(String name, Part part, boolean explicit) {
    /** The parts of a split data set. */
    public enum Part {
        /** Training data. */
        TRAIN("training"),
        /** Validation data. */
        VAL("valid", "validation", "dev"),
        /** Test data. */
        TEST("testing"),
        /** All data. */
        ALL();

        /** Common names of its folder, in lower case. */
        private final Set<String> names;

        Part(String... others) {
            Set<String> all = new LinkedHashSet<>(List.of(others));
            all.add(text());
            names = Set.copyOf(all);
        }

        /** {@return the text after the colon} */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * {@return the part of a folder of this name, if it is one}
         *
         * @param name name of the folder
         */
        public static Optional<Part> ofFolder(String name) {
            return Arrays.stream(values())
                    .filter(part -> part != ALL && part.names.contains(name.toLowerCase(Locale.ROOT)))
                    .findFirst();
        }
    }

    static PartedName parse(String data) {
        for (Part part : Part.values()) {
            String suffix = ":" + part.text();
            if (data.endsWith(suffix)) {
                return new PartedName(data.substring(0, data.length() - suffix.length()), part, true);
            }
        }
        return new PartedName(data, Part.TRAIN, false);
    }
}
