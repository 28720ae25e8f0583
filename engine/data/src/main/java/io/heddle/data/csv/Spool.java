package io.heddle.data.csv;

import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

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
        Path file = Files.createTempFile("heddle-", ".csv");
        file.toFile().deleteOnExit();
        try (in) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw new DataFormatException("%s cannot be read: %s".formatted(name, e.getMessage()), e);
        }
        return file;
    }
}
