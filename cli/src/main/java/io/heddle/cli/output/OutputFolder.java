package io.heddle.cli.output;

import io.heddle.files.AtomicFolder;
import java.io.IOException;
import java.nio.file.Path;

/** A new folder that a command fills: it appears with all that belongs in it, or not at all. */
public final class OutputFolder implements AutoCloseable {
    private final AtomicFolder folder;

    private OutputFolder(AtomicFolder folder) {
        this.folder = folder;
    }

    /** @throws io.heddle.matrix.InvalidInputException if something of that name exists, or no folder to make it in */
    public static OutputFolder open(Path target) throws IOException {
        return new OutputFolder(AtomicFolder.open(target));
    }

    /** Where to write until it is complete. */
    public Path part() {
        return folder.part();
    }

    /** Puts the folder in its place. */
    public void publish() throws IOException {
        folder.commit();
    }

    /** Clears away what is not finished. */
    @Override
    public void close() {
        folder.close();
    }
}
