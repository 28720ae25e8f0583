package io.heddle.data.csv;

import io.heddle.data.TextIndex;
import io.heddle.preprocessing.Column;
import java.util.List;
import java.util.Optional;

/**
 * Converts the fields of a column to doubles and detects the kind of the column. The kind becomes wider as more fields
 * are read. If a field does not fit the kind of the previous fields, the column is {@link #isStale() stale} and the
 * file must be read again.
 */
final class CsvColumn {
    /** The kinds of columns, as far as they are known. */
    enum Kind {
        /** Only missing values. */
        EMPTY,
        NUMBER,
        TRUE_FALSE,
        YES_NO,
        DATE,
        TIME,
        TEXT;

        /** Returns the narrowest kind for fields of both kinds. */
        Kind join(Kind other) {
            if (this == other || other == EMPTY) {
                return this;
            }
            if (this == EMPTY) {
                return other;
            }
            return this != TEXT && other != TEXT && isDay() && other.isDay() ? TIME : TEXT;
        }

        private boolean isDay() {
            return this == DATE || this == TIME;
        }

        /**
         * Returns the kind of a field that is not missing.
         *
         * @param codes whether codes of digits, such as {@code 007}, are numbers; else they are text
         */
        static Kind of(char[] text, int from, int to, char point, boolean codes) {
            if (!codes && Decimal.isCode(text, from, to)) {
                return TEXT;
            }
            for (Kind k : NARROW) {
                if (!Double.isNaN(k.valueOf(text, from, to, point))) {
                    return k;
                }
            }
            return TEXT;
        }

        /** Returns the double of a field; NaN for text and for fields of another kind. */
        double valueOf(char[] text, int from, int to, char point) {
            return switch (this) {
                case EMPTY, TEXT -> Double.NaN;
                case NUMBER -> Decimal.parse(text, from, to, point);
                case TRUE_FALSE -> truth(text, from, to, "true", "false");
                case YES_NO -> truth(text, from, to, "yes", "no");
                case DATE -> IsoDate.date(text, from, to);
                case TIME -> {
                    double day = IsoDate.date(text, from, to);
                    yield Double.isNaN(day) ? IsoDate.time(text, from, to) : day * SECONDS_A_DAY;
                }
            };
        }

        private static double truth(char[] text, int from, int to, String yes, String no) {
            return Decimal.isWord(text, from, to, yes) ? 1 : Decimal.isWord(text, from, to, no) ? 0 : Double.NaN;
        }
    }

    private static final List<Kind> NARROW = List.of(Kind.NUMBER, Kind.TRUE_FALSE, Kind.YES_NO, Kind.DATE, Kind.TIME);
    private static final int SECONDS_A_DAY = 86_400;
    /** Doubles represent all whole numbers up to this one. */
    private static final double EXACT = 0x1p53;

    private final String name;
    private final MissingTexts missing;
    private final char point;
    private final DigitGroups numbers;
    private final boolean codes;
    private final PointGroups groups;
    private TextIndex texts = new TextIndex();
    private boolean indexed = true;
    private Kind kind;
    private boolean stale;
    private boolean rounded;
    private long values;
    private long words;
    private String word;

    /**
     * @param point decimal mark
     * @param numbers parses numbers with this mark
     * @param kind the expected kind
     * @param codes whether codes of digits, such as {@code 007}, are numbers; else they are text
     * @param groups receives the numbers
     */
    CsvColumn(
            String name,
            MissingTexts missing,
            char point,
            DigitGroups numbers,
            Kind kind,
            boolean codes,
            PointGroups groups) {
        this.name = name;
        this.missing = missing;
        this.point = point;
        this.numbers = numbers;
        this.kind = kind;
        this.codes = codes;
        this.groups = groups;
    }

    String name() {
        return name;
    }

    /** Returns the kind of the fields so far. */
    Kind kind() {
        return kind;
    }

    /** Returns whether the doubles of earlier fields have another kind than later fields. */
    boolean isStale() {
        return stale;
    }

    /** Returns whether this is a numeric column with a whole number that doubles round. */
    boolean isRounded() {
        return rounded && kind == Kind.NUMBER;
    }

    /** Returns a number whose point may separate thousands, if this may be a column of such numbers. */
    Optional<String> grouped() {
        return kind == Kind.NUMBER ? groups.example() : Optional.empty();
    }

    /** Returns the distinct texts, if this is a column of text. */
    TextIndex texts() {
        return texts;
    }

    /** Returns the number of fields with a text of a missing value, such as {@code NA}. */
    long missingWords() {
        return words;
    }

    /** Returns the first text of a missing value; null if there is none. */
    String missingWord() {
        return word;
    }

    /** Stops numbering texts. From now on, only the kind is updated. */
    void forgetTexts() {
        indexed = false;
        texts = new TextIndex();
    }

    /** Returns the double of a field without surrounding blanks; NaN if it is missing. */
    double accept(char[] text, int from, int to) {
        if (from == to) {
            return Double.NaN;
        }
        if ((kind == Kind.TEXT || missing.hasNumbers()) && missing.contains(text, from, to)) {
            return missing(text, from, to);
        }
        double value = valueOf(text, from, to, kind);
        if (Double.isNaN(value)) {
            return missing.contains(text, from, to) ? missing(text, from, to) : widen(text, from, to);
        }
        values++;
        return value;
    }

    private double missing(char[] text, int from, int to) {
        words++;
        if (word == null) {
            word = new String(text, from, to - from);
        }
        return Double.NaN;
    }

    private double widen(char[] text, int from, int to) {
        Kind wider = kind.join(numbers.kind(text, from, to, codes));
        stale |= values > 0;
        kind = wider;
        values++;
        return valueOf(text, from, to, kind);
    }

    private double valueOf(char[] text, int from, int to, Kind as) {
        if (as == Kind.TEXT) {
            return indexed ? texts.of(text, from, to) : 0;
        }
        if (as == Kind.NUMBER) {
            return number(text, from, to);
        }
        return as.valueOf(text, from, to, point);
    }

    private double number(char[] text, int from, int to) {
        if (text[from] == '0' && !codes && Decimal.isCode(text, from, to)) {
            return Double.NaN;
        }
        double value = numbers.parse(text, from, to);
        if (Math.abs(value) >= EXACT && Decimal.isWhole(text, from, to)) {
            rounded = true;
        }
        if (!Double.isNaN(value)) {
            groups.accept(text, from, to);
        }
        return value;
    }

    /** Returns the column of the table. */
    Column toColumn() {
        return switch (kind) {
            case EMPTY, NUMBER -> Column.number(name);
            case TRUE_FALSE, YES_NO -> Column.of(name, Column.Kind.BOOLEAN);
            case DATE -> Column.of(name, Column.Kind.DATE);
            case TIME -> Column.of(name, Column.Kind.TIMESTAMP);
            case TEXT -> Column.category(name, texts.texts());
        };
    }
}
