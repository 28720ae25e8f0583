package io.heddle.cli.decisions;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What is to become of a row.
 *
 * @param line of the file of decisions, from 1
 * @param index number of the row in its file, from 0
 * @param name file or ID of the row; empty if the decision does not say
 * @param kind what is decided
 * @param label the new label; empty unless the row is relabelled
 * @param given the label that the row had when it was decided; empty if the decision does not say
 */
public record Decision(long line, long index, String name, Kind kind, String label, String given) {
    /** What can be decided. */
    public enum Kind {
        KEEP,
        RELABEL,
        DROP;

        /** The word in the file. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Kind> of(String text) {
            return Arrays.stream(values())
                    .filter(kind -> kind.text().equals(text.toLowerCase(Locale.ROOT)))
                    .findFirst();
        }
    }
}
