package io.heddle.files;

import java.io.IOException;

/**
 * A data file that is missing or is not what it must be. The message is a sentence that names the file, fit to be shown
 * to a person as it stands.
 *
 * <p>For example: {@snippet file="FilesExamplesTest.java" region="data-format"}
 */
public class DataFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * A fault without another as its cause.
     *
     * @param message a sentence for the person whose file it is
     */
    public DataFormatException(String message) {
        super(message);
    }

    /**
     * A fault that another one brought to light.
     *
     * @param message a sentence for the person whose file it is
     * @param cause what the file system or the decoder said
     */
    public DataFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
