package io.heddle.files;

import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Writes a file whole or not at all. The content is written beside its place, forced onto the disk and renamed: under
 * the name there is the old file or the new one, and never a part of either, also after a power failure.
 *
 * <p>Opening it creates the unfinished file, which proves that there is permission before long work begins. The
 * unfinished file has a random name and is created anew, so a link that somebody put there is never followed. It is
 * deleted when the object is closed or the process ends; what a killed process left is deleted when the same file is
 * next written.
 *
 * <p>A new file has the permissions that the process gives to new files (umask); a replaced file keeps its own. A
 * symbolic link to a file is replaced and not followed. A pipe or a character device is never replaced: the content is
 * collected in the folder for temporary files and then written into it. A folder, a socket or a disk is refused.
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
     * Creates the unfinished file.
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
                    path -> channel[0] = FileChannel.open(path, NEW, stream ? privateOnes() : new FileAttribute<?>[0]));
        } catch (IOException e) {
            throw unwritten(target, beside.getParent(), e);
        }
        return new AtomicFile(target, absolute, stream, part, channel[0]);
    }

    /** The place of the content of a pipe or device until it is complete. */
    private static Path temporary(Path target) {
        return Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath().resolve("heddle-" + target.getFileName());
    }

    /** In a folder that all users share, what goes into a pipe is nobody else's business. */
    private static FileAttribute<?>[] privateOnes() {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /**
     * {@return whether a path is written into and not replaced: a pipe, a character device, or a descriptor of the
     * process such as {@code /dev/stdout}}
     *
     * @param path of what may exist
     * @throws InvalidInputException if it is neither this nor a file, or may not be written into
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
     * Writes a file in one go.
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
     * Writes the unfinished file anew.
     *
     * @param content writes what is to be in it
     * @throws DataFormatException if the content is read from a file that is damaged
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
     * Puts the file in its place, over an older one.
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

    /** Forces the names in a folder onto the disk, where the system can. */
    static void sync(Path folder) {
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        } catch (IOException e) {
            // Not every system opens folders; the file is whole without it, only its name may yet be lost.
        }
    }

    private static IOException unwritten(Path target, Path folder, IOException e) {
        String said = e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : e.getMessage();
        boolean known = folder != null && Files.isDirectory(folder) && !Files.isWritable(folder);
        return new IOException(
                "cannot write %s: %s".formatted(target, known ? "no permission to write in " + folder : said), e);
    }

    /** {@return the unfinished file, for code that writes to a path} */
    public Path part() {
        return part.path();
    }

    /** Deletes the unfinished file if it has not been put in its place. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The file is given up: what has not been written is not missed.
        }
        part.close();
    }
}
