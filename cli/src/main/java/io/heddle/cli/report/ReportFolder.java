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
 * The output folder of a report. Files are written to temporary files and renamed when all of them are complete.
 *
 * <p>The files are always of one run. Publishing first deletes the older files except the page, then replaces the page,
 * then adds the others. During this time, or after the process was killed, a file may be missing, but files of
 * different runs never exist together.
 *
 * <p>Opening it checks that it is writable, before long work begins. Closing it without {@link #publish}, or Ctrl-C,
 * deletes all temporary files and the folders that it created.
 */
public final class ReportFolder implements AutoCloseable {
    private static final String PAGE = "index.html";

    private final Path folder;
    private final Deque<Path> created = new ArrayDeque<>();
    private final Map<Path, AtomicFile> staged = new LinkedHashMap<>();
    // Ctrl-C ends the process on another thread, which deletes the unfinished files.
    private final Thread cleaner = new Thread(this::clear, "heddle-cleaner");
    private boolean published;
    private boolean cleared;

    private ReportFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Creates the folder if necessary and checks that it is writable.
     *
     * @throws InvalidInputException if it is not a folder or not writable
     */
    public static ReportFolder open(Path folder) {
        ReportFolder report = new ReportFolder(folder.toAbsolutePath().normalize());
        // Before there are files to delete.
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

    /** Not while the folder is being deleted, because it must be empty then. */
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

    /** Returns the message of the file system. It is often only the path, which the sentence already contains. */
    private static String words(IOException e) {
        boolean silent = e instanceof FileSystemException f && f.getReason() == null;
        return silent || e.getMessage() == null ? "the file system does not allow it" : e.getMessage();
    }

    /** Writes a temporary file. */
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
            // A full disk is detected here, while all older files still exist.
            channel.force(true);
        });
    }

    /** Publishes all files, each atomically, so that files of different runs never exist together. */
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

    /** Returns the folder. */
    public Path path() {
        return folder;
    }

    /** Deletes unpublished files; may be called from another thread and more than once. */
    @Override
    public void close() {
        clear();
        try {
            Runtime.getRuntime().removeShutdownHook(cleaner);
        } catch (IllegalStateException e) {
            // The process is ending and the hook is running.
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
