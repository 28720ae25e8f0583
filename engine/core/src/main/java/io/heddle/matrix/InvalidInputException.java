package io.heddle.matrix;

/**
 * Thrown for invalid input, such as a wrong shape, a value out of range, or NaN. The message is one sentence that names
 * the value, the limit and the place. It can be shown to a user unchanged.
 *
 * <p>For example: {@snippet file="MatrixExamplesTest.java" region="invalid-input"}
 */
public class InvalidInputException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception with a message for the user.
     *
     * @param message one sentence that says what is wrong with the input
     */
    public InvalidInputException(String message) {
        super(message);
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
