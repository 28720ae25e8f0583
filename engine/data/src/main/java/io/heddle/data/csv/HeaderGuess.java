package io.heddle.data.csv;

import io.heddle.data.csv.CsvColumn.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Detects whether the first row of a table contains column names, by comparing its fields with the following rows.
 *
 * <p>Text above a column of numbers, dates or booleans is a name. If all columns are text, the first row contains names
 * unless one of them appears again in its column. A row of numbers is a row of values, unless it counts 0, 1, 2, … as
 * pandas numbers columns. Above decimals these are names; above whole numbers it is ambiguous.
 */
final class HeaderGuess {
    /** Common names of label columns. */
    static final Set<String> USUAL_HEADINGS = Set.of("label", "labels", "class", "category", "target", "y");

    /** The possible meanings of the first row. */
    enum Answer {
        NAMES,
        VALUES,
        /** Probably values, which is reported. */
        VALUES_LIKELY,
        UNCLEAR
    }

    private final List<String> first;
    private final List<List<String>> body;
    private final MissingTexts missing;
    private final DigitGroups parser;
    private final List<Kind> above = new ArrayList<>();
    private final List<Kind> below = new ArrayList<>();

    /** @param rows the first rows of the table, at least one, with fields without surrounding blanks */
    HeaderGuess(List<List<String>> rows, MissingTexts missing, DigitGroups parser) {
        this.first = rows.getFirst();
        this.body = rows.subList(1, rows.size());
        this.missing = missing;
        this.parser = parser;
        for (int j = 0; j < first.size(); j++) {
            above.add(kind(first.get(j)));
            Kind joined = Kind.EMPTY;
            for (List<String> row : body) {
                joined = j < row.size() ? joined.join(kind(row.get(j))) : joined;
            }
            below.add(joined);
        }
    }

    /** Codes of digits count as numbers here, because names are not digits. */
    private Kind kind(String field) {
        return missing.contains(field) ? Kind.EMPTY : parser.kind(field, true);
    }

    /** @param label the label column of the user, if any */
    Answer answer(Optional<String> label) {
        boolean named = label.isPresent() && !Decimal.is(label.get()) && first.contains(label.get());
        if (named) {
            return Answer.NAMES;
        }
        int texts = count(Kind.TEXT);
        int numbers = count(Kind.NUMBER);
        boolean values = above.stream().anyMatch(k -> k == Kind.DATE || k == Kind.TIME || k == Kind.TRUE_FALSE)
                || numbers > 0 && numbersAbove().stream().anyMatch(n -> !n.matches("\\d+"));
        if (body.isEmpty()) {
            return numbers > 0 || texts == 0 ? Answer.VALUES : Answer.NAMES;
        }
        if (isTextAboveOthers()) {
            return values ? Answer.UNCLEAR : Answer.NAMES;
        }
        if (values || texts + numbers == 0) {
            return Answer.VALUES;
        }
        Answer answer = numbers > 0 ? ofNumbers() : ofTexts();
        // If a column is given by its number, the first row contains values.
        return answer == Answer.VALUES_LIKELY && label.filter(Decimal::is).isPresent() ? Answer.VALUES : answer;
    }

    private int count(Kind kind) {
        return (int) above.stream().filter(k -> k == kind).count();
    }

    private List<String> numbersAbove() {
        List<String> numbers = new ArrayList<>();
        for (int j = 0; j < first.size(); j++) {
            if (above.get(j) == Kind.NUMBER) {
                numbers.add(first.get(j));
            }
        }
        return numbers;
    }

    private boolean isTextAboveOthers() {
        for (int j = 0; j < first.size(); j++) {
            if (above.get(j) == Kind.TEXT && below.get(j) != Kind.TEXT && below.get(j) != Kind.EMPTY) {
                return true;
            }
        }
        return false;
    }

    /** The first row and the other rows are text. */
    private Answer ofTexts() {
        Set<String> distinct = new HashSet<>(first);
        boolean repeats = distinct.size() < first.size() || repeatsBelow();
        return repeats ? Answer.UNCLEAR : Answer.NAMES;
    }

    private boolean repeatsBelow() {
        for (int j = 0; j < first.size(); j++) {
            if (above.get(j) == Kind.TEXT && below(j).contains(first.get(j))) {
                return true;
            }
        }
        return false;
    }

    private List<String> below(int j) {
        return body.stream()
                .filter(row -> j < row.size())
                .map(row -> row.get(j))
                .toList();
    }

    /** The first row has whole numbers, and text only above text. */
    private Answer ofNumbers() {
        List<String> numbers = numbersAbove();
        boolean usual = first.stream().anyMatch(w -> USUAL_HEADINGS.contains(w.toLowerCase(Locale.ROOT)));
        boolean sequence = isSequence(numbers);
        boolean fromZero = sequence && numbers.getFirst().equals("0") && (numbers.size() > 1 || usual);
        if (isAboveIndex()) {
            return Answer.NAMES;
        }
        if (repeatsBelow()) {
            return Answer.VALUES;
        }
        if (fromZero) {
            return usual || someDecimalsBelow() ? Answer.NAMES : Answer.UNCLEAR;
        }
        boolean distinct = numbers.size() > 1 && new HashSet<>(numbers).size() == numbers.size();
        boolean years = distinct && sequence && numbers.stream().allMatch(n -> n.matches("(19|20)\\d\\d"));
        if (usual || years || distinct && body.size() > 1 && allDecimalsBelow()) {
            return Answer.UNCLEAR;
        }
        return sequence && numbers.size() > 2 && numbers.getFirst().equals("1") ? Answer.VALUES_LIKELY : Answer.VALUES;
    }

    /** Returns whether the first field is empty above a column that counts the rows from 0. */
    private boolean isAboveIndex() {
        return first.getFirst().isEmpty()
                && below(0).getFirst().equals("0")
                && isSequence(below(0))
                && first.subList(1, first.size()).stream().noneMatch(String::isEmpty);
    }

    /** Returns whether each number is the previous one plus 1. */
    private static boolean isSequence(List<String> numbers) {
        for (int i = 1; i < numbers.size(); i++) {
            if (Decimal.parse(numbers.get(i)) != Decimal.parse(numbers.get(i - 1)) + 1) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether each column below a number has a number that is not whole. */
    private boolean someDecimalsBelow() {
        for (int j = 0; j < first.size(); j++) {
            if (above.get(j) == Kind.NUMBER && below(j).stream().noneMatch(this::isDecimal)) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether no number in the columns below a number is whole. */
    private boolean allDecimalsBelow() {
        for (int j = 0; j < first.size(); j++) {
            if (above.get(j) == Kind.NUMBER
                    && !below(j).stream().filter(f -> !missing.contains(f)).allMatch(this::isDecimal)) {
                return false;
            }
        }
        return true;
    }

    private boolean isDecimal(String field) {
        return kind(field) == Kind.NUMBER && !field.matches("[+-]?\\d+");
    }
}
