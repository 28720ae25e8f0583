package io.heddle.cli.report;

import io.heddle.files.AtomicFile;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The folder that a report goes to. Files appear in it whole or not at all: they are written beside their place and
 * renamed once all of them are complete.
 *
 * <p>The files in it are always of one run. Publishing deletes the older files first, all but the page, then replaces
 * the page, then adds the others. Meanwhile, or after the process was killed, a reader may find a file missing, but
 * never two that do not belong together.
 *
 * <p>Opening it proves that it can be written to, before hours of work are put into what would go there. Closing it
 * without {@link #publish} leaves nothing behind, not even folders it had to make; nor does Ctrl-C.
 */
public final class ReportFolder implements AutoCloseable {
    private static final String PAGE = "index.html";

    private final Path folder;
    private final Deque<Path> created = new ArrayDeque<>();
    private final Map<Path, AtomicFile> staged = new LinkedHashMap<>();
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
        } catch (InvalidInputException e) {
            report.close();
            throw e;
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
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
        AtomicFile.open(folder.resolve(PAGE)).close();
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
        Path target = folder.resolve(name);
        AtomicFile file = AtomicFile.open(target);
        staged.put(target, file);
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        file.write(channel -> {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            // A disk that is full is met now, while all older files are in their places.
            channel.force(true);
        });
    }

    /** Puts all staged files in their places, each in one step, so that there are never files of two runs. */
    public synchronized void publish() throws IOException {
        Path page = folder.resolve(PAGE);
        for (Path target : staged.keySet()) {
            if (!target.equals(page) && !AtomicFile.isStream(target)) {
                Files.deleteIfExists(target);
            }
        }
        if (staged.containsKey(page)) {
            staged.get(page).commit();
        }
        for (var file : staged.entrySet()) {
            if (!file.getKey().equals(page)) {
                file.getValue().commit();
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
        staged.values().forEach(AtomicFile::close);
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
            // Another process has put a file into the folder or removed it. Nothing more to delete.
        }
    }
}
