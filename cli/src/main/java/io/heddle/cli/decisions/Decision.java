package io.heddle.cli.decisions;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A decision about a row.
 *
 * @param line line in the file of decisions, from 1
 * @param index number of the row in its file, from 0
 * @param name file or ID of the row; empty if not given
 * @param kind kind of the decision
 * @param label the new label; empty unless the row is relabelled
 * @param given label of the row at the time of the decision; empty if not given
 */
public record Decision(long line, long index, String name, Kind kind, String label, String given) {
    /** The kinds of decisions. */
    public enum Kind {
        KEEP,
        RELABEL,
        DROP;

        /** Returns the word in the file. */
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
