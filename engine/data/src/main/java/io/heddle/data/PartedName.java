package io.heddle.data;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The name of data and which part of them is meant: {@code fashion-mnist:test}.
 *
 * @param name without the part
 * @param part which part
 * @param explicit whether the name says so
 */
public record PartedName(String name, Part part, boolean explicit) {
    /** Parts of a data set that comes split. */
    public enum Part {
        TRAIN("training"),
        VAL("valid", "validation", "dev"),
        TEST("testing"),
        ALL();

        /** What people call its folder, in small letters. */
        private final Set<String> names;

        Part(String... others) {
            Set<String> all = new LinkedHashSet<>(List.of(others));
            all.add(text());
            names = Set.copyOf(all);
        }

        /** The text after the colon. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The part that a folder of this name is, if it is one. */
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
