package io.heddle.data.csv;

import io.heddle.files.DataFormatException;
import io.heddle.files.TemporaryPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Copies standard input or a pipe, which can be read only once, to a temporary file that is deleted when the program
 * ends.
 */
final class Spool {
    /** Name of standard input on the command line. */
    static final String STANDARD_INPUT = "-";

    private Spool() {}

    /** Returns whether a path exists, but is neither a folder nor a regular file. */
    static boolean isNeeded(Path path) {
        return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
    }

    /**
     * @param name name of the source in error messages
     * @return a file that only this user can read
     */
    static Path copy(InputStream in, String name) throws IOException {
        // Kept until the program ends, because rows are read from it repeatedly. The extension determines the format.
        TemporaryPath folder = TemporaryPath.folder("heddle-input");
        Path file = folder.path().resolve("input.csv");
        try (in) {
            Files.copy(in, file);
        } catch (IOException e) {
            folder.close();
            throw new DataFormatException("%s cannot be read: %s".formatted(name, e.getMessage()), e);
        }
        return file;
    }
}
