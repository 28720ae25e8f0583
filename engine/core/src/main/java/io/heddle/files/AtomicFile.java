package io.heddle.files;

import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;

/**
 * Writes a file atomically. The content is written to a temporary file in the same folder, synchronized to the disk and
 * renamed. Under the name there is always the complete old or new file, also after a power failure.
 *
 * <p>{@link #open} creates the temporary file, so a missing permission is found before long work begins. The temporary
 * file has a random name and must not exist before, so a link is never followed. It is deleted when the object is
 * closed or the process ends. The temporary file of a killed process is deleted when the same file is written next.
 *
 * <p>A new file has the permissions of the process's umask; a replaced file keeps its permissions. A symbolic link to a
 * file is replaced and not followed. A pipe or a character device is never replaced: the content is collected in the
 * system's temporary folder and then written to it. A folder, a socket or a disk is refused.
 *
 * <p>For example: {@snippet file="FilesExamplesTest.java" region="atomic-file"}
 */
public final class AtomicFile implements AutoCloseable {
    private static final int COPY_BYTES = 1 << 16;
    private static final int TYPE_MASK = 0xF000;
    private static final int PIPE = 0x1000;
    private static final int CHARACTER_DEVICE = 0x2000;

    private static final Set<StandardOpenOption> NEW =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);

    private final Path asked;
    private final Path target;
    private final boolean stream;
    private final PartPath part;
    private final FileChannel channel;

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes all of it.
         *
         * @param channel at the start of an empty file; stays open
         * @throws IOException if it cannot be written
         */
        void writeTo(FileChannel channel) throws IOException;
    }

    private AtomicFile(Path asked, Path target, boolean stream, PartPath part, FileChannel channel) {
        this.asked = asked;
        this.target = target;
        this.stream = stream;
        this.part = part;
        this.channel = channel;
    }

    /**
     * Creates the temporary file.
     *
     * @param target the file to write; its folder exists
     * @return the open file, which the caller closes
     * @throws InvalidInputException if the target is a folder, a socket or a disk, or has no folder
     * @throws IOException if it cannot be written there
     */
    public static AtomicFile open(Path target) throws IOException {
        Path absolute = target.toAbsolutePath().normalize();
        Path folder = absolute.getParent();
        InvalidInputException.require(
                !Files.isDirectory(absolute), "cannot write %s: it is a folder, not a file", target);
        InvalidInputException.require(
                folder != null && Files.isDirectory(folder), "cannot write %s: there is no folder %s", target, folder);
        boolean stream = isStream(absolute);
        Path beside = stream ? temporary(absolute) : absolute;
        FileChannel[] channel = new FileChannel[1];
        PartPath part;
        try {
            part = PartPath.make(
                    beside,
                    path -> channel[0] = FileChannel.open(
                            path,
                            NEW,
                            // All users share the temporary folder, so only the owner may read the content.
                            stream ? TemporaryPath.owners("rw-------") : new FileAttribute<?>[0]));
        } catch (IOException e) {
            throw unwritten(target, beside.getParent(), e);
        }
        return new AtomicFile(target, absolute, stream, part, channel[0]);
    }

    /** The place of the content of a pipe or device until it is complete. */
    private static Path temporary(Path target) {
        return Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath().resolve("heddle-" + target.getFileName());
    }

    /**
     * {@return whether a path is written to and not replaced: a pipe, a character device, or a descriptor of the
     * process such as {@code /dev/stdout}}
     *
     * @param path of what may exist
     * @throws InvalidInputException if it is neither this nor a file, or is not writable
     */
    public static boolean isStream(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        boolean descriptor = isDescriptor(absolute);
        if (!descriptor
                && (Files.isRegularFile(absolute) || Files.notExists(absolute) || Files.isDirectory(absolute))) {
            return false;
        }
        InvalidInputException.require(Files.isWritable(absolute), "cannot write %s: no permission", path);
        InvalidInputException.require(
                descriptor || isPipeOrCharacterDevice(absolute),
                "cannot write %s: it is neither a file nor a pipe; name a file",
                path);
        return true;
    }

    private static boolean isDescriptor(Path absolute) {
        String text = absolute.toString();
        return text.equals("/dev/stdout")
                || text.equals("/dev/stderr")
                || text.startsWith("/dev/fd/")
                || text.matches("/proc/(self|\\d+)/fd/\\d+");
    }

    private static boolean isPipeOrCharacterDevice(Path path) {
        try {
            int type = (int) Files.getAttribute(path, "unix:mode") & TYPE_MASK;
            return type == PIPE || type == CHARACTER_DEVICE;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Writes a file in one call.
     *
     * @param target the file to write; its folder exists
     * @param content writes what is to be in it
     * @throws InvalidInputException as {@link #open} does
     * @throws IOException if it cannot be written; the message names the target
     */
    public static void write(Path target, Content content) throws IOException {
        try (AtomicFile file = open(target)) {
            file.write(content);
            file.commit();
        }
    }

    /**
     * Writes the temporary file from the beginning.
     *
     * @param content writes what is to be in it
     * @throws DataFormatException if the content is read from a damaged file
     * @throws IOException if it cannot be written; the message names the target
     */
    public void write(Content content) throws IOException {
        try {
            channel.truncate(0);
            content.writeTo(channel);
        } catch (DataFormatException e) {
            // Reading failed, not writing.
            throw e;
        } catch (UncheckedIOException e) {
            throw unwritten(asked, part.path().getParent(), e.getCause());
        } catch (IOException e) {
            throw unwritten(asked, part.path().getParent(), e);
        }
    }

    /**
     * Renames the temporary file to the target and replaces an existing file.
     *
     * @throws IOException if that is not possible; the message names the target
     */
    public void commit() throws IOException {
        try {
            if (stream) {
                copyIntoStream();
                return;
            }
            channel.force(true);
            channel.close();
            keepPermissions();
            try {
                Files.move(part.path(), target, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(part.path(), target, StandardCopyOption.REPLACE_EXISTING);
            }
            part.settle();
        } catch (IOException e) {
            throw unwritten(asked, target.getParent(), e);
        }
        sync(target.getParent());
    }

    private void copyIntoStream() throws IOException {
        // Appended: a descriptor may belong to a file that others have written to.
        try (FileChannel out = FileChannel.open(target, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(COPY_BYTES);
            for (long at = 0; channel.read(buffer, at) > 0; buffer.clear()) {
                buffer.flip();
                at += buffer.remaining();
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
            }
        }
        close();
    }

    private void keepPermissions() throws IOException {
        if (Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.setPosixFilePermissions(
                        part.path(), Set.copyOf(Files.getPosixFilePermissions(target, LinkOption.NOFOLLOW_LINKS)));
            } catch (UnsupportedOperationException e) {
                // This file system has none.
            }
        }
    }

    /** Synchronizes the names in a folder to the disk, if the system supports it. */
    static void sync(Path folder) {
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        } catch (IOException e) {
            // Not every system can open folders. The file is complete anyway; only its name may be lost in a power
            // failure.
        }
    }

    private static IOException unwritten(Path target, Path folder, IOException e) {
        boolean known = folder != null && Files.isDirectory(folder) && !Files.isWritable(folder);
        return new IOException(
                "cannot write %s: %s".formatted(target, known ? "no permission to write in " + folder : reason(e)), e);
    }

    /** Returns the reason of the file system. Its message can be just the name of a temporary file. */
    static String reason(IOException e) {
        if (e instanceof FileSystemException f) {
            return f.getReason() == null ? "the file system does not allow it" : f.getReason();
        }
        return e.getMessage();
    }

    /** {@return the path of the temporary file, for code that writes to a path} */
    public Path part() {
        return part.path();
    }

    /** Deletes the temporary file if it has not been renamed. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The file is discarded, so a failure to write it does not matter.
        }
        part.close();
    }
}
