package io.heddle.matrix;

import java.util.List;

/**
 * Thrown for invalid input, such as a wrong shape, a value out of range, or NaN. The message is one sentence that names
 * the value, the limit and the place. It can be shown to a user unchanged.
 *
 * <p>For example: {@snippet file="MatrixExamplesTest.java" region="invalid-input"}
 */
public class InvalidInputException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private static final int NONE = -1;

    /** The column that the message starts with; {@link #NONE} if it names none. */
    private final int column;

    private final String rest;

    /**
     * Creates an exception with a message for the user.
     *
     * @param message one sentence that says what is wrong with the input
     */
    public InvalidInputException(String message) {
        super(message);
        this.column = NONE;
        this.rest = message;
    }

    private InvalidInputException(String message, int column, String rest, Throwable cause) {
        super(message, cause);
        this.column = column;
        this.rest = rest;
    }

    /**
     * {@return an exception about a column, whose message starts with its number}
     *
     * @param column counted from 0
     * @param rest the fault of the column, such as {@code is constant}
     */
    public static InvalidInputException ofColumn(int column, String rest) {
        return new InvalidInputException("column %d %s".formatted(column, rest), column, rest, null);
    }

    /**
     * {@return an exception with the name of the column in place of its number} If the message starts with no column,
     * or the names lack it, that is this exception.
     *
     * @param names of all columns
     */
    public InvalidInputException named(List<String> names) {
        return column < 0 || column >= names.size()
                ? this
                : new InvalidInputException("column '%s' %s".formatted(names.get(column), rest), NONE, rest, this);
    }

    /**
     * Validates an input.
     *
     * @param holds whether the input is valid
     * @param format the sentence, as for {@link String#format}
     * @param arguments the arguments of the format
     * @throws InvalidInputException unless {@code holds}
     */
    public static void require(boolean holds, String format, Object... arguments) {
        if (!holds) {
            throw new InvalidInputException(format.formatted(arguments));
        }
    }
}
