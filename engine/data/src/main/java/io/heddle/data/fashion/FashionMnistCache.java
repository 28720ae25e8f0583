package io.heddle.data.fashion;

import io.heddle.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder that keeps the four files once they are fetched. A file in it is complete and checked, or not there. */
record FashionMnistCache(Path folder) {
    /** Writes one file's content to a path. */
    @FunctionalInterface
    interface Supplier {
        void write(FashionMnistFile file, Path target) throws IOException;
    }

    /**
     * Fetches the files that are not there yet.
     *
     * @throws IOException if a file cannot be downloaded or written, or is not the published one; earlier files stay
     */
    void fill(Supplier supplier) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new IOException("the cache folder %s cannot be made: %s".formatted(folder, e), e);
        }
        for (FashionMnistFile file : FashionMnistFile.values()) {
            if (!holds(file)) {
                install(file, supplier);
            }
        }
    }

    private boolean holds(FashionMnistFile file) {
        try {
            file.requirePublished(folder.resolve(file.packedName()));
            return true;
        } catch (IOException e) {
            // Missing or damaged: either way it is fetched again.
            return false;
        }
    }

    private void install(FashionMnistFile file, Supplier supplier) throws IOException {
        AtomicFile aside;
        try {
            aside = AtomicFile.open(folder.resolve(file.packedName()));
        } catch (IOException e) {
            throw new IOException("the cache folder %s cannot be written: %s".formatted(folder, e.getMessage()), e);
        }
        try (aside) {
            supplier.write(file, aside.part());
            file.requirePublished(aside.part());
            aside.commit();
        }
    }
}
