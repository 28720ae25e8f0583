package io.heddle.files;

import java.io.IOException;

/**
 * Thrown for a data file that is missing or invalid. The message is one sentence that names the file. It can be shown
 * to a user unchanged.
 *
 * <p>For example: {@snippet file="FilesExamplesTest.java" region="data-format"}
 */
public class DataFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception without a cause.
     *
     * @param message one sentence that names the file and says what is wrong
     */
    public DataFormatException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param message one sentence that names the file and says what is wrong
     * @param cause the exception of the file system or the decoder
     */
    public DataFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
