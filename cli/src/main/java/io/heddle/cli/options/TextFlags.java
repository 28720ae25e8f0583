package io.heddle.cli.options;

import io.heddle.data.TextOptions;
import io.heddle.matrix.InvalidInputException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options for reading the text of a CSV file: a picocli mixin. */
final class TextFlags {
    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            description = "Encoding of a CSV file, for example windows-1252 or utf-16. Default: UTF-8.")
    private String encoding;

    @Option(
            names = "--comment",
            paramLabel = "C",
            description = "Lines of a CSV file that start with this character are comments. Default: no comments.")
    private String comment;

    @Option(
            names = "--decimal",
            paramLabel = ".|,",
            description = "Decimal mark in a CSV file. Default: a point, or a comma if the first rows are unambiguous.")
    private String decimal;

    @Option(
            names = "--thousands",
            paramLabel = "C",
            description = "Mark between thousands in a CSV file: . or , or ' or space. Default: none; such numbers are "
                    + "refused.")
    private String thousands;

    @Option(
            names = "--missing-text",
            paramLabel = "TEXT",
            description = "Text of missing values in a CSV file, or such a text in double quotes; can be repeated. "
                    + "Default: NA, N/A, #N/A, <NA>, NaN, null, None and ?. An empty field is always missing.")
    private List<String> missing = TextOptions.MISSING;

    @Option(names = "--keep-index", description = "Read the index column of pandas, which is otherwise left out.")
    private boolean keepIndex;

    /**
     * Returns the options.
     *
     * @throws InvalidInputException if one of them is invalid
     */
    TextOptions options() {
        return new TextOptions(
                Optional.ofNullable(encoding).map(TextFlags::charset),
                Optional.ofNullable(comment).map(c -> character("--comment", c)),
                Optional.ofNullable(decimal).map(c -> character("--decimal", c)),
                Optional.ofNullable(thousands).map(c -> character("--thousands", c)),
                missing.stream().map(ColumnNames::unquoted).toList(),
                keepIndex);
    }

    private static Charset charset(String name) {
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new InvalidInputException(
                    "--encoding must be a name such as utf-8, windows-1252 or utf-16, not '%s'".formatted(name));
        }
    }

    /** Parses a single character, or tab. */
    static char character(String option, String text) {
        String plain =
                switch (text) {
                    case "\\t", "tab" -> "\t";
                    case "space" -> " ";
                    default -> text;
                };
        InvalidInputException.require(plain.length() == 1, "%s must be one character, not '%s'", option, text);
        return plain.charAt(0);
    }
}
