package io.heddle.data.fuzz;

import java.nio.file.Path;
import java.util.List;

/**
 * A kind of file from an untrusted author.
 *
 * @param name name in the table
 * @param file name of the file that is written, which may decide how it is read
 * @param seeds valid files
 * @param reader reads a file as a command would
 */
record FuzzTarget(String name, String file, List<byte[]> seeds, Reader reader) {
    /** Reads the whole file; its exceptions are judged. */
    @FunctionalInterface
    interface Reader {
        void read(Path file) throws Exception;
    }
}
