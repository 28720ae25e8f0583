package io.heddle.data;

import io.heddle.matrix.InvalidInputException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The options of the text of a CSV file.
 *
 * @param encoding encoding of the text; default UTF-8
 * @param comment first character of comment lines; default none
 * @param decimal decimal mark of numbers, {@code .} or {@code ,}; default: {@code .}, or {@code ,} if the first rows
 *     are unambiguous
 * @param thousands mark between groups of three digits, {@code .}, {@code ,}, a blank or an apostrophe; default: none
 * @param missing texts of missing values; default {@link #MISSING}. An empty field is always missing
 * @param keepIndex whether an index column of pandas is read like other columns; default false, which leaves it out
 */
public record TextOptions(
        Optional<Charset> encoding,
        Optional<Character> comment,
        Optional<Character> decimal,
        Optional<Character> thousands,
        List<String> missing,
        boolean keepIndex) {
    /** The default texts of missing values; case is ignored. */
    public static final List<String> MISSING = List.of("NA", "N/A", "#N/A", "<NA>", "NaN", "null", "None", "?");

    /**
     * Checks the characters.
     *
     * @throws InvalidInputException if a character is not valid for its option
     */
    public TextOptions {
        Objects.requireNonNull(encoding, "encoding");
        Objects.requireNonNull(comment, "comment");
        Objects.requireNonNull(decimal, "decimal");
        Objects.requireNonNull(thousands, "thousands");
        missing = List.copyOf(missing);
        if (decimal.isPresent() && decimal.get() != '.' && decimal.get() != ',') {
            throw new InvalidInputException("the decimal mark must be . or , and not '%s'".formatted(decimal.get()));
        }
        if (thousands.isPresent() && ".,' ".indexOf(thousands.get()) < 0) {
            throw new InvalidInputException("the mark between thousands must be . or , or ' or a blank and not '%s'"
                    .formatted(thousands.get()));
        }
        if (thousands.isPresent() && thousands.equals(decimal)) {
            throw new InvalidInputException(
                    "'%s' cannot be the decimal mark and the mark between thousands".formatted(thousands.get()));
        }
        if (comment.isPresent()
                && (Character.isLetterOrDigit(comment.get()) || "\"-+.,;\t\r\n|".indexOf(comment.get()) >= 0)) {
            throw new InvalidInputException(
                    "comments must start with a character such as #, not with '%s'".formatted(comment.get()));
        }
    }

    /** {@return the defaults above} */
    public static TextOptions defaults() {
        return new TextOptions(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), MISSING, false);
    }

    /**
     * {@return these options with another encoding}
     *
     * @param charset the charset
     */
    public TextOptions withEncoding(Charset charset) {
        return new TextOptions(Optional.of(charset), comment, decimal, thousands, missing, keepIndex);
    }

    /**
     * {@return these options with another first character of comments}
     *
     * @param start the character
     */
    public TextOptions withComment(char start) {
        return new TextOptions(encoding, Optional.of(start), decimal, thousands, missing, keepIndex);
    }

    /**
     * {@return these options with another decimal mark}
     *
     * @param mark the decimal mark
     */
    public TextOptions withDecimal(char mark) {
        return new TextOptions(encoding, comment, Optional.of(mark), thousands, missing, keepIndex);
    }

    /**
     * {@return these options with another mark between groups of three digits}
     *
     * @param mark the mark
     */
    public TextOptions withThousands(char mark) {
        return new TextOptions(encoding, comment, decimal, Optional.of(mark), missing, keepIndex);
    }

    /**
     * {@return these options with other texts of missing values}
     *
     * @param texts the texts
     */
    public TextOptions withMissing(List<String> texts) {
        return new TextOptions(encoding, comment, decimal, thousands, texts, keepIndex);
    }

    /**
     * {@return these options with an index column read or left out}
     *
     * @param value the new value
     */
    public TextOptions withKeepIndex(boolean value) {
        return new TextOptions(encoding, comment, decimal, thousands, missing, value);
    }

    /**
     * {@return a hint for error messages if a record looks like a comment, by its first field}
     *
     * @param first first field of the record
     */
    public static String commentHint(String first) {
        return isComment(first) ? "; --comment '#' skips lines that start with #" : "";
    }

    /**
     * {@return whether a record looks like a comment, by its first field}
     *
     * @param first first field of the record
     */
    public static boolean isComment(String first) {
        return first.startsWith("#");
    }
}
