package io.heddle.cli;

import io.heddle.data.DataFormatException;
import io.heddle.matrix.InvalidInputException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that a command writes: whole or not at all. It is written beside its place and renamed once it is complete;
 * what is unfinished is cleared away, also where Ctrl-C ends the process.
 *
 * <p>Opening it proves that it can be written, before hours of work are put into what would go there.
 */
final class OutputFile implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final Path target;
    private final Path part;
    private final Thread cleaner;

    /** What writes the content. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private OutputFile(Path target, Path part) {
        this.target = target;
        this.part = part;
        this.cleaner = new Thread(this::clear, "heddle-cleaner");
    }

    /** @throws InvalidInputException if there is a folder of that name, or no folder to write in, or no permission */
    static OutputFile open(Path target) {
        Path absolute = target.toAbsolutePath().normalize();
        Path folder = absolute.getParent();
        InvalidInputException.require(!Files.isDirectory(absolute), "cannot write %s: it is a folder", target);
        InvalidInputException.require(
                folder != null && Files.isDirectory(folder), "cannot write %s: there is no folder %s", target, folder);
        Path part = folder.resolve(".%s.%d.part"
                .formatted(absolute.getFileName(), ProcessHandle.current().pid()));
        OutputFile file = new OutputFile(absolute, part);
        Runtime.getRuntime().addShutdownHook(file.cleaner);
        try {
            Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
            return file;
        } catch (IOException e) {
            file.close();
            throw new InvalidInputException("cannot write %s: %s".formatted(target, reason(folder, e)));
        }
    }

    private static String reason(Path folder, IOException e) {
        if (!Files.isWritable(folder)) {
            return "no permission to write in " + folder;
        }
        return e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : e.getMessage();
    }

    /** Writes the content and puts the file in its place, in one step, over an older one. */
    void write(Content content) throws IOException {
        try (OutputStream out = new BufferedOutputStream(
                Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING), BUFFER)) {
            content.writeTo(out);
        } catch (DataFormatException e) {
            // It was what is read that failed, not what is written.
            throw e;
        } catch (UncheckedIOException e) {
            // The writer of CSV closes itself into one.
            throw unwritten(e.getCause());
        } catch (IOException e) {
            throw unwritten(e);
        }
        publish();
    }

    /** What writes a file of its own. */
    @FunctionalInterface
    interface Producer {
        void write(Path file) throws IOException;
    }

    /** Has the file written by somebody who wants a path, and puts it in its place. */
    void produce(Producer producer) throws IOException {
        try {
            producer.write(part);
        } catch (IOException e) {
            throw unwritten(e);
        }
        publish();
    }

    private IOException unwritten(IOException e) {
        String said = e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : e.getMessage();
        return new IOException("cannot write %s: %s".formatted(target, said), e);
    }

    private void publish() throws IOException {
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The path that was asked for, made absolute. */
    Path path() {
        return target;
    }

    private void clear() {
        // Who is handed the path may write beside it and rename in turn, as the engine does with models.
        try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(part.getParent(), file -> file.getFileName()
                .toString()
                .contains(part.getFileName().toString()))) {
            for (Path file : unfinished) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | DirectoryIteratorException e) {
            // The folder has gone: there is nothing left to clear away.
        }
    }

    /** Clears away what is not finished. */
    @Override
    public void close() {
        clear();
        try {
            Runtime.getRuntime().removeShutdownHook(cleaner);
        } catch (IllegalStateException e) {
            // The process is ending already and the hook is at work.
        }
    }
}
