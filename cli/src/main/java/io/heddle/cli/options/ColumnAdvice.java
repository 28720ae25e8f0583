package io.heddle.cli.options;

import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.ColumnDecision;
import io.heddle.preprocessing.Treatment;
import java.util.ArrayList;
import java.util.List;

/** The message about columns that need a decision: all of them, with the options to copy. */
public final class ColumnAdvice {
    private final String place;
    private final int columns;
    private final List<ColumnDecision> open;

    public ColumnAdvice(String place, int columns, List<ColumnDecision> open) {
        this.place = place;
        this.columns = columns;
        this.open = open;
    }

    /** Returns the error message. */
    String refusal() {
        return "%s: %d of %d columns need a decision: %s. The usual options: %s (or --auto); --drop leaves columns out"
                .formatted(
                        place,
                        open.size(),
                        columns,
                        String.join(
                                ", ", open.stream().map(ColumnAdvice::problem).toList()),
                        flags());
    }

    /** Returns the message about the decisions of {@code --auto}. */
    String taken() {
        return "%s: --auto uses %s".formatted(place, flags());
    }

    private static String problem(ColumnDecision decision) {
        List<String> parts = new ArrayList<>();
        switch (decision.column().kind()) {
            case CATEGORY -> parts.add("holds text (%d distinct)".formatted(decision.distinct()));
            case DATE -> parts.add("holds dates");
            case TIMESTAMP -> parts.add("holds timestamps");
            case NUMBER, BOOLEAN -> {}
        }
        if (decision.missing() > 0) {
            parts.add("is missing in %d of %d rows".formatted(decision.missing(), decision.rows()));
        }
        return "'%s' %s".formatted(decision.column().name(), String.join(" and ", parts));
    }

    /** Returns the options for these decisions. */
    public String flags() {
        List<String> oneHot = new ArrayList<>();
        List<String> drop = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (ColumnDecision decision : open) {
            String name = ColumnNames.forShell(decision.column().name());
            if (decision.obvious().isEmpty()) {
                drop.add(name);
                continue;
            }
            Treatment treatment = decision.obvious().get();
            switch (treatment.encoding()) {
                case ONE_HOT -> oneHot.add(name);
                case DAYS -> others.add("--dates " + assigned(decision.column(), "days"));
                case SECONDS -> others.add("--dates " + assigned(decision.column(), "seconds"));
                case NUMBER -> {}
            }
            if (treatment.missing() != Treatment.Missing.REFUSE) {
                others.add("--missing " + assigned(decision.column(), word(treatment.missing())));
            }
        }
        List<String> flags = new ArrayList<>();
        if (!oneHot.isEmpty()) {
            flags.add("--one-hot " + String.join(",", oneHot));
        }
        flags.addAll(others);
        if (!drop.isEmpty()) {
            flags.add("--drop " + String.join(",", drop));
        }
        return String.join(" ", flags);
    }

    private static String assigned(Column column, String value) {
        return ColumnNames.forShell(column.name()) + "=" + value;
    }

    public static String word(Treatment.Missing missing) {
        return missing.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
