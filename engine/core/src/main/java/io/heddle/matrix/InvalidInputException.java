package io.heddle.matrix;

/**
 * What a caller got wrong: a shape, a value out of range, a NaN. The message is one sentence that names the value, the
 * limit and the place, fit to be shown to a person as it stands.
 *
 * <p>For example: {@snippet file="MatrixExamplesTest.java" region="invalid-input"}
 */
public class InvalidInputException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * An error that a person can mend.
     *
     * @param message one sentence for the person who gave the input
     */
    public InvalidInputException(String message) {
        super(message);
    }

    /**
     * Meets an input at the door.
     *
     * @param holds whether the input is as it must be
     * @param format the sentence, as for {@link String#format}
     * @param arguments the values that the sentence names
     * @throws InvalidInputException unless {@code holds}
     */
    public static void require(boolean holds, String format, Object... arguments) {
        if (!holds) {
            throw new InvalidInputException(format.formatted(arguments));
        }
    }
}
