package io.heddle.files;

import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Creates a folder with its content atomically. The folder is filled under a temporary name in the same parent folder,
 * synchronized to the disk and renamed. An unfinished folder is deleted when the object is closed or the process ends.
 * The unfinished folder of a killed process is deleted when the same folder is created next.
 *
 * <p>For example: {@snippet file="FilesExamplesTest.java" region="atomic-folder"}
 */
public final class AtomicFolder implements AutoCloseable {
    private final Path asked;
    private final Path target;
    private final PartPath part;

    private AtomicFolder(Path asked, Path target, PartPath part) {
        this.asked = asked;
        this.target = target;
        this.part = part;
    }

    /**
     * Creates the temporary folder.
     *
     * @param target the folder to create; it must not exist, and its parent must
     * @return the open folder, which the caller fills and closes
     * @throws InvalidInputException if a file or folder of that name exists, or the parent folder does not exist
     * @throws IOException if it cannot be made there
     */
    public static AtomicFolder open(Path target) throws IOException {
        Path absolute = target.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        InvalidInputException.require(
                !Files.exists(absolute, LinkOption.NOFOLLOW_LINKS),
                "cannot write %s: a file or folder of that name exists already",
                target);
        InvalidInputException.require(
                parent != null && Files.isDirectory(parent), "cannot write %s: there is no folder %s", target, parent);
        InvalidInputException.require(
                Files.isWritable(parent), "cannot write %s: no permission to write in %s", target, parent);
        try {
            return new AtomicFolder(target, absolute, PartPath.make(absolute, Files::createDirectory));
        } catch (IOException e) {
            throw new IOException("cannot write %s: %s".formatted(target, AtomicFile.reason(e)), e);
        }
    }

    /** {@return the temporary folder to write to} */
    public Path part() {
        return part.path();
    }

    /**
     * Renames the temporary folder to the target.
     *
     * @throws IOException if that is not possible; the message names the target
     */
    public void commit() throws IOException {
        try {
            List<Path> all;
            try (Stream<Path> walk = Files.walk(part.path())) {
                all = walk.toList();
            }
            for (Path each : all) {
                if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
                    AtomicFile.sync(each);
                } else {
                    force(each);
                }
            }
            Files.move(part.path(), target);
        } catch (UncheckedIOException e) {
            throw new IOException("cannot write %s: %s".formatted(asked, AtomicFile.reason(e.getCause())), e);
        } catch (IOException e) {
            throw new IOException("cannot write %s: %s".formatted(asked, AtomicFile.reason(e)), e);
        }
        part.settle();
        AtomicFile.sync(target.getParent());
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Deletes the temporary folder if it has not been renamed. */
    @Override
    public void close() {
        part.close();
    }
}
