package io.heddle.data.csv;

import io.heddle.files.DataFormatException;
import io.heddle.files.TemporaryPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Copies standard input or a pipe, which can be read only once, to a temporary file that is deleted when the program
 * ends.
 */
final class Spool {
    /** Name of standard input on the command line. */
    static final String STANDARD_INPUT = "-";

    private static final int CHUNK = 1 << 16;

    private Spool() {}

    /** Returns whether a path exists, but is neither a folder nor a regular file. */
    static boolean isNeeded(Path path) {
        return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
    }

    /**
     * @param name name of the source in error messages
     * @return a file that only this user can read
     * @throws DataFormatException if the source cannot be read
     * @throws IOException if the temporary file cannot be written
     */
    static Path copy(InputStream in, String name) throws IOException {
        // Kept until the program ends, because rows are read from it repeatedly. The extension determines the format.
        TemporaryPath folder = TemporaryPath.folder("heddle-input");
        Path file = folder.path().resolve("input.csv");
        try (in) {
            copy(in, name, file);
        } catch (IOException | RuntimeException | Error e) {
            folder.close();
            throw e;
        }
        return file;
    }

    static void copy(InputStream in, String name, Path file) throws IOException {
        byte[] chunk = new byte[CHUNK];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int n = read(in, chunk, name); n >= 0; n = read(in, chunk, name)) {
                out.write(chunk, 0, n);
            }
        } catch (DataFormatException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException("cannot copy %s to %s: %s".formatted(name, file, e.getMessage()), e);
        }
    }

    private static int read(InputStream in, byte[] chunk, String name) throws DataFormatException {
        try {
            return in.read(chunk);
        } catch (IOException e) {
            throw new DataFormatException("%s cannot be read: %s".formatted(name, e.getMessage()), e);
        }
    }
}
