package io.heddle.data;

import io.heddle.files.DataFormatException;

/** Thrown for data that exceed the free memory. The same data from another place would exceed it too. */
public final class InsufficientMemoryException extends DataFormatException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message one sentence that names the data, their size and the free memory
     */
    public InsufficientMemoryException(String message) {
        super(message);
    }
}
