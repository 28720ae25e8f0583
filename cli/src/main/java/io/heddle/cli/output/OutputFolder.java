package io.heddle.cli.output;

import io.heddle.files.AtomicFolder;
import java.io.IOException;
import java.nio.file.Path;

/** A new output folder of a command, created atomically with its content. */
public final class OutputFolder implements AutoCloseable {
    private final AtomicFolder folder;

    private OutputFolder(AtomicFolder folder) {
        this.folder = folder;
    }

    /**
     * @throws io.heddle.matrix.InvalidInputException if a file or folder of that name exists, or the parent folder does
     *     not
     */
    public static OutputFolder open(Path target) throws IOException {
        return new OutputFolder(AtomicFolder.open(target));
    }

    /** Returns the folder to write to. */
    public Path part() {
        return folder.part();
    }

    /** Publishes the folder. */
    public void publish() throws IOException {
        folder.commit();
    }

    /** Deletes an unfinished folder. */
    @Override
    public void close() {
        folder.close();
    }
}
