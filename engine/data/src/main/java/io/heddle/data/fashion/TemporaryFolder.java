package io.heddle.data.fashion;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder that is gone, with all it holds, when it is closed or the process ends. */
final class TemporaryFolder implements AutoCloseable {
    private final Path path;
    private final Thread cleaner = new Thread(this::clearQuietly, "heddle-cleaner");

    TemporaryFolder() throws IOException {
        path = Files.createTempDirectory("heddle-");
        Runtime.getRuntime().addShutdownHook(cleaner);
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(cleaner);
        } catch (IllegalStateException e) {
            // The process is ending and the hook is at work.
            return;
        }
        clear();
    }

    private void clearQuietly() {
        try {
            clear();
        } catch (IOException e) {
            // What fills the folder may still be at it; the system clears its temporary files itself one day.
        }
    }

    private void clear() throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(path)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path p : deepestFirst) {
            Files.delete(p);
        }
    }
}
