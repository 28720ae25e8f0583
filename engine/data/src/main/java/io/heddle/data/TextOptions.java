package io.heddle.data;

import io.heddle.matrix.InvalidInputException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How the text of a CSV file is to be understood.
 *
 * @param encoding of the text; default UTF-8
 * @param comment character that starts a line of comment; default none
 * @param decimal character before the decimals of a number, {@code .} or {@code ,}; default {@code .}, or {@code ,} if
 *     the first rows leave no doubt
 * @param missing texts that stand for a missing value; default {@link #MISSING}. An empty field is always missing
 * @param keepIndex whether an index column of pandas is read like any other; default false: it is left out
 */
public record TextOptions(
        Optional<Charset> encoding,
        Optional<Character> comment,
        Optional<Character> decimal,
        List<String> missing,
        boolean keepIndex) {
    /** What stands for a missing value if nothing else is said; upper and lower case are the same. */
    public static final List<String> MISSING = List.of("NA", "N/A", "NaN", "null", "None", "?");

    /** @throws InvalidInputException if a character cannot have the meaning that it is given */
    public TextOptions {
        Objects.requireNonNull(encoding, "encoding");
        missing = List.copyOf(missing);
        if (decimal.isPresent() && decimal.get() != '.' && decimal.get() != ',') {
            throw new InvalidInputException("a decimal mark is . or , and not '%s'".formatted(decimal.get()));
        }
        if (comment.isPresent()
                && (Character.isLetterOrDigit(comment.get()) || "\"-+.,;\t\r\n|".indexOf(comment.get()) >= 0)) {
            throw new InvalidInputException(
                    "a comment starts with a character such as #, not with '%s'".formatted(comment.get()));
        }
    }

    /** All of the defaults above. */
    public static TextOptions defaults() {
        return new TextOptions(Optional.empty(), Optional.empty(), Optional.empty(), MISSING, false);
    }

    /** These options with another encoding. */
    public TextOptions withEncoding(Charset charset) {
        return new TextOptions(Optional.of(charset), comment, decimal, missing, keepIndex);
    }

    /** These options with comments that start with a character. */
    public TextOptions withComment(char start) {
        return new TextOptions(encoding, Optional.of(start), decimal, missing, keepIndex);
    }

    /** These options with another decimal mark. */
    public TextOptions withDecimal(char mark) {
        return new TextOptions(encoding, comment, Optional.of(mark), missing, keepIndex);
    }

    /** These options with other texts that stand for a missing value. */
    public TextOptions withMissing(List<String> texts) {
        return new TextOptions(encoding, comment, decimal, texts, keepIndex);
    }

    /** These options with an index column read or not. */
    public TextOptions withKeepIndex(boolean value) {
        return new TextOptions(encoding, comment, decimal, missing, value);
    }

    /** What to add to an error where a record looks like a line of comment, by its first field. */
    public static String commentHint(String first) {
        return isComment(first) ? "; --comment '#' passes over lines that start with #" : "";
    }

    /** Whether a record looks like a line of comment, by its first field. */
    public static boolean isComment(String first) {
        return first.startsWith("#");
    }
}
