package io.heddle.cli.output;

import io.heddle.files.AtomicFolder;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A new output folder of a command, created atomically with its content. */
public final class OutputFolder implements AutoCloseable {
    private final Path target;
    private final AtomicFolder folder;

    private OutputFolder(Path target, AtomicFolder folder) {
        this.target = target;
        this.folder = folder;
    }

    /** @throws io.heddle.matrix.InvalidInputException if the folder exists already, or its parent does not exist */
    public static OutputFolder open(Path target) throws IOException {
        return new OutputFolder(target, AtomicFolder.open(target));
    }

    /** Writes the content of the folder. */
    @FunctionalInterface
    public interface Content {
        void writeTo(Path folder) throws IOException;
    }

    /**
     * Writes the content and publishes the folder.
     *
     * @throws IOException if it cannot be written; the message names the folder that was requested
     */
    public void write(Content content) throws IOException {
        try {
            content.writeTo(folder.part());
        } catch (FileSystemException e) {
            throw requested(e);
        }
        folder.commit();
    }

    /** Returns an error whose message has the requested folder in place of the temporary one. */
    private FileSystemException requested(FileSystemException e) {
        if (e.getFile() == null || !Path.of(e.getFile()).startsWith(folder.part())) {
            return e;
        }
        Path file = target.resolve(folder.part().relativize(Path.of(e.getFile())));
        String reason = e.getReason() == null ? "it cannot be written" : e.getReason();
        FileSystemException named = new FileSystemException(file.toString(), null, reason);
        named.initCause(e);
        return named;
    }

    /** Deletes an unfinished folder. */
    @Override
    public void close() {
        folder.close();
    }
}
