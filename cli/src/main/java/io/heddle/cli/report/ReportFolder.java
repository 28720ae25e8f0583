package io.heddle.cli.report;

import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The folder that a report goes to. Files appear in it whole or not at all: they are written beside their place and
 * renamed once all of them are complete.
 *
 * <p>Opening it proves that it can be written to, before hours of work are put into what would go there. Closing it
 * without {@link #publish} leaves nothing behind, not even folders it had to make; nor does Ctrl-C.
 */
public final class ReportFolder implements AutoCloseable {
    private final Path folder;
    private final Deque<Path> created = new ArrayDeque<>();
    private final Map<Path, Path> staged = new LinkedHashMap<>();
    // Ctrl-C ends the process from another thread; what lies half-written in the folder is cleared away there.
    private final Thread cleaner = new Thread(this::clear, "heddle-cleaner");
    private boolean published;
    private boolean cleared;

    private ReportFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Makes the folder if need be and tries to write in it.
     *
     * @throws InvalidInputException if it is no folder or cannot be written to
     */
    public static ReportFolder open(Path folder) {
        ReportFolder report = new ReportFolder(folder.toAbsolutePath().normalize());
        // Before there is anything to clear away.
        Runtime.getRuntime().addShutdownHook(report.cleaner);
        try {
            report.makeFolders();
            report.tryToWrite();
            return report;
        } catch (IOException e) {
            report.close();
            throw new InvalidInputException("cannot write to %s: %s".formatted(folder, reason(report.folder, e)));
        }
    }

    private synchronized void makeFolders() throws IOException {
        requireOpen();
        Deque<Path> missing = new ArrayDeque<>();
        for (Path p = folder; p != null && Files.notExists(p); p = p.getParent()) {
            missing.push(p);
        }
        for (Path p : missing) {
            Files.createDirectory(p);
            created.push(p);
        }
    }

    /** Not while the folder is being cleared away: it would not be empty for a moment. */
    private synchronized void tryToWrite() throws IOException {
        requireOpen();
        Files.delete(Files.createTempFile(folder, ".heddle", ".part"));
    }

    private void requireOpen() throws IOException {
        if (cleared) {
            throw new IOException("the program is ending");
        }
    }

    private static String reason(Path folder, IOException e) {
        for (Path p = folder; p != null; p = p.getParent()) {
            if (Files.exists(p)) {
                if (!Files.isDirectory(p)) {
                    return p + " is a file, not a folder";
                }
                return Files.isWritable(p) ? words(e) : "no permission to write in " + p;
            }
        }
        return words(e);
    }

    /** What the file system says; it often says no more than the path, which the sentence has already. */
    private static String words(IOException e) {
        boolean silent = e instanceof FileSystemException f && f.getReason() == null;
        return silent || e.getMessage() == null ? "the file system does not allow it" : e.getMessage();
    }

    /** Writes a file beside its place. */
    public synchronized void stage(String name, String content) throws IOException {
        requireOpen();
        // Not createTempFile: that keeps a file private to its owner, and a report is as readable as any other.
        Path part = folder.resolve(
                ".%s.%d.part".formatted(name, ProcessHandle.current().pid()));
        staged.put(part, folder.resolve(name));
        try {
            Files.writeString(part, content, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IOException("cannot write %s: %s".formatted(folder.resolve(name), words(e)), e);
        }
    }

    /** Puts all staged files in their places, each in one step, over older ones of the same name. */
    public synchronized void publish() throws IOException {
        for (var file : staged.entrySet()) {
            try {
                Files.move(file.getKey(), file.getValue(), StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(file.getKey(), file.getValue(), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        staged.clear();
        published = true;
    }

    /** The folder itself. */
    public Path path() {
        return folder;
    }

    /** Clears away what is not published; may be called from another thread and more than once. */
    @Override
    public void close() {
        clear();
        try {
            Runtime.getRuntime().removeShutdownHook(cleaner);
        } catch (IllegalStateException e) {
            // The process is ending already and the hook is at work.
        }
    }

    private synchronized void clear() {
        cleared = true;
        staged.keySet().forEach(ReportFolder::deleteQuietly);
        staged.clear();
        if (!published) {
            created.forEach(ReportFolder::deleteQuietly);
            created.clear();
        }
    }

    private static void deleteQuietly(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // Someone else's file has come into the folder, or the folder has gone: either way it is not ours to mend.
        }
    }
}
