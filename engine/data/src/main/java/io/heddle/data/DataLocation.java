package io.heddle.data;

import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The location of data: the text that the user typed, and the path.
 *
 * @param text as typed, such as {@code photos:test}
 * @param parted name and part
 * @param path the name as a path
 * @param start the first bytes, at most {@value #START}; empty if it is not a regular file
 */
public record DataLocation(String text, PartedName parted, Path path, byte[] start) {
    /** Standard input on the command line. */
    public static final String STANDARD_INPUT = "-";

    static final int START = 12;

    /**
     * Parses a location.
     *
     * @param text a path or a name, optionally followed by a colon and a part
     * @return the location
     * @throws DataFormatException if the text is not a valid path
     */
    public static DataLocation of(String text) throws IOException {
        PartedName parted = PartedName.parse(text);
        Path path = path(parted.name());
        if (parted.explicit() && Files.notExists(path) && Files.exists(path(text))) {
            // The colon belongs to the name of the file.
            parted = new PartedName(text, PartedName.Part.TRAIN, false);
            path = path(text);
        }
        return new DataLocation(text, parted, path, Files.isRegularFile(path) ? start(path) : new byte[0]);
    }

    /**
     * Returns the location of a file.
     *
     * @param file path of the file
     * @return the location
     * @throws DataFormatException if there is no such file, or it is a folder, a pipe or a device
     */
    public static DataLocation ofFile(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw Files.exists(file) ? new DataFormatException(file + " is not a file") : missing(file);
        }
        return of(file.toString());
    }

    static DataFormatException missing(Path path) {
        return new DataFormatException("there is no file or folder " + path);
    }

    private static Path path(String name) throws DataFormatException {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new DataFormatException("'%s' is not a valid file name".formatted(name), e);
        }
    }

    private static byte[] start(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(START);
        }
    }

    /** {@return whether the data come from standard input} */
    public boolean isStandardInput() {
        return text.equals(STANDARD_INPUT);
    }

    /** {@return whether the path is a folder} */
    public boolean isFolder() {
        return Files.isDirectory(path);
    }

    /**
     * {@return whether the file starts with these bytes}
     *
     * @param bytes each from 0 to 255
     */
    public boolean startsWith(int... bytes) {
        if (start.length < bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if (Byte.toUnsignedInt(start[i]) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    /** {@return the extension of the file in lower case, without the dot; empty if there is none} */
    public String ending() {
        return endingOf(path.getFileName() == null ? "" : path.getFileName().toString());
    }

    /**
     * {@return the extension of a name in lower case, without the dot; empty if there is none}
     *
     * @param name name of a file
     */
    public static String endingOf(String name) {
        return name.contains(".") ? name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT) : "";
    }
}
