package io.heddle.data.csv;

import io.heddle.data.TextIndex;
import io.heddle.preprocessing.Column;
import java.util.List;

/**
 * Turns the fields of a column of text into doubles, as what they are turn out to be: the kind widens with the fields
 * that come. Where a kind cannot hold a field, and the ones before have become doubles of that kind, the column is
 * {@link #isStale() stale}, and the file has to be read again.
 */
final class CsvColumn {
    /** What the fields so far have in common. */
    enum Kind {
        /** Nothing but missing values. */
        NOTHING,
        NUMBER,
        TRUE_FALSE,
        YES_NO,
        DATE,
        TIME,
        TEXT;

        /** The narrowest kind that holds fields of both. */
        Kind join(Kind other) {
            if (this == other || other == NOTHING) {
                return this;
            }
            if (this == NOTHING) {
                return other;
            }
            return this != TEXT && other != TEXT && isDay() && other.isDay() ? TIME : TEXT;
        }

        private boolean isDay() {
            return this == DATE || this == TIME;
        }

        /**
         * The kind of a field that is not missing.
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

        /** The double of a field; NaN if it is not of this kind, and for text. */
        double valueOf(char[] text, int from, int to, char point) {
            return switch (this) {
                case NOTHING, TEXT -> Double.NaN;
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
    /** Up to here doubles hold every whole number. */
    private static final double EXACT = 0x1p53;

    private final String name;
    private final MissingTexts missing;
    private final char point;
    private final boolean codes;
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
     * @param kind that is expected
     * @param codes whether codes of digits, such as {@code 007}, are numbers; else they are text
     */
    CsvColumn(String name, MissingTexts missing, char point, Kind kind, boolean codes) {
        this.name = name;
        this.missing = missing;
        this.point = point;
        this.kind = kind;
        this.codes = codes;
    }

    String name() {
        return name;
    }

    /** What the fields have in common so far. */
    Kind kind() {
        return kind;
    }

    /** Whether fields were given doubles that do not fit those of later fields. */
    boolean isStale() {
        return stale;
    }

    /** Whether this is a column of numbers, and one is a whole number of which doubles keep fewer digits. */
    boolean isRounded() {
        return rounded && kind == Kind.NUMBER;
    }

    /** The distinct texts, if this is a column of text. */
    TextIndex texts() {
        return texts;
    }

    /** Fields so far that a text declares to be missing, such as {@code NA}. */
    long missingWords() {
        return words;
    }

    /** The first text that declares a field to be missing; null if there is none. */
    String missingWord() {
        return word;
    }

    /** Gives no more numbers to texts: from here on only the kind matters. */
    void forgetTexts() {
        indexed = false;
        texts = new TextIndex();
    }

    /** The double of a field without blanks around it: NaN if it is missing. */
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
        Kind wider = kind.join(Kind.of(text, from, to, point, codes));
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
        double value = Decimal.parse(text, from, to, point);
        if (Math.abs(value) >= EXACT && Decimal.isWhole(text, from, to)) {
            rounded = true;
        }
        return value;
    }

    /** The column of a table that these doubles make. */
    Column toColumn() {
        return switch (kind) {
            case NOTHING, NUMBER -> Column.number(name);
            case TRUE_FALSE, YES_NO -> Column.of(name, Column.Kind.BOOLEAN);
            case DATE -> Column.of(name, Column.Kind.DATE);
            case TIME -> Column.of(name, Column.Kind.TIMESTAMP);
            case TEXT -> Column.category(name, texts.texts());
        };
    }
}
