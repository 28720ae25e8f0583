package io.heddle.data;

import java.io.IOException;

/**
 * A data file that is missing or is not what it must be. The message is a sentence that names the file, fit to be shown
 * to a person as it stands.
 */
public class DataFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param message a sentence for the person whose file it is */
    public DataFormatException(String message) {
        super(message);
    }

    /**
     * @param message a sentence for the person whose file it is
     * @param cause what the file system or the decoder said
     */
    public DataFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
