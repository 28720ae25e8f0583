package io.heddle.data.csv;

import io.heddle.files.DataFormatException;
import io.heddle.files.TemporaryPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps what can be read once only, such as standard input or a pipe, in a file of its own until the program ends. */
final class Spool {
    /** What standard input is called on the command line. */
    static final String STANDARD_INPUT = "-";

    private Spool() {}

    /** Whether a path is there, but neither a folder nor a file that can be read twice. */
    static boolean isNeeded(Path path) {
        return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
    }

    /**
     * @param name what to call the source in an error
     * @return a file that only this user can read
     */
    static Path copy(InputStream in, String name) throws IOException {
        // Stays until the program ends: the rows are read from it again and again. The format is found by the ending.
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
