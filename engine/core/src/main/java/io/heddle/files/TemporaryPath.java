package io.heddle.files;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A file or folder in the system's temporary folder. Only its owner can read it. It has a random name and must not
 * exist before, so a link is never followed. It is deleted when the object is closed or the process ends. What a killed
 * process leaves is deleted when the same user creates the next one of that name.
 *
 * <p>For example: {@snippet file="FilesExamplesTest.java" region="temporary-path"}
 */
public final class TemporaryPath implements AutoCloseable {
    private final PartPath part;

    private TemporaryPath(PartPath part) {
        this.part = part;
    }

    /**
     * {@return a new empty file, which the caller closes}
     *
     * @param name what it is for, such as {@code heddle-input}; the file's own name contains it
     * @throws IOException if it cannot be created
     */
    public static TemporaryPath file(String name) throws IOException {
        return new TemporaryPath(PartPath.make(beside(name), path -> Files.createFile(path, owners("rw-------"))));
    }

    /**
     * {@return a new empty folder, which the caller closes}
     *
     * @param name what it is for, such as {@code heddle-package}; the folder's own name contains it
     * @throws IOException if it cannot be created
     */
    public static TemporaryPath folder(String name) throws IOException {
        return new TemporaryPath(PartPath.make(beside(name), path -> Files.createDirectory(path, owners("rwx------"))));
    }

    private static Path beside(String name) {
        return Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath().resolve(name);
    }

    /** The attribute of files that only their owner may use, if the system has it. */
    static FileAttribute<?>[] owners(String permissions) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /** {@return where it is} */
    public Path path() {
        return part.path();
    }

    /** Deletes it, with all contents of a folder. */
    @Override
    public void close() {
        part.close();
    }
}
