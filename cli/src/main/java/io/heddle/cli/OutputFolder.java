package io.heddle.cli;

import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A new folder that a command fills: it appears with all that belongs in it, or not at all. */
final class OutputFolder implements AutoCloseable {
    private final Path target;
    private final Path part;
    private final Thread cleaner;

    private OutputFolder(Path target, Path part) {
        this.target = target;
        this.part = part;
        this.cleaner = new Thread(this::clear, "heddle-cleaner");
    }

    /** @throws InvalidInputException if there is something of that name already, or no folder to make it in */
    static OutputFolder open(Path target) throws IOException {
        Path absolute = target.toAbsolutePath().normalize();
        InvalidInputException.require(
                Files.notExists(absolute), "cannot write %s: there is something of that name already", target);
        Path parent = absolute.getParent();
        InvalidInputException.require(
                parent != null && Files.isDirectory(parent), "cannot write %s: there is no folder %s", target, parent);
        InvalidInputException.require(
                Files.isWritable(parent), "cannot write %s: no permission to write in %s", target, parent);
        Path part = parent.resolve(".%s.%d.part"
                .formatted(absolute.getFileName(), ProcessHandle.current().pid()));
        OutputFolder folder = new OutputFolder(absolute, part);
        Runtime.getRuntime().addShutdownHook(folder.cleaner);
        Files.createDirectory(part);
        return folder;
    }

    /** Where to write until it is complete. */
    Path part() {
        return part;
    }

    /** Puts the folder in its place. */
    void publish() throws IOException {
        Files.move(part, target);
    }

    private void clear() {
        if (Files.notExists(part)) {
            return;
        }
        try (Stream<Path> all = Files.walk(part)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            // Somebody else is in it: what is left is not ours to mend.
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
