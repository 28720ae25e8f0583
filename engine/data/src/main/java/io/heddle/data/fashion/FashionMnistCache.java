package io.heddle.data.fashion;

import io.heddle.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of the downloaded files. Each file in it is complete and its checksum was verified. */
record FashionMnistCache(Path folder) {
    /** Writes the content of a file to a path. */
    @FunctionalInterface
    interface Supplier {
        void write(FashionMnistFile file, Path target) throws IOException;
    }

    /**
     * Downloads the missing files.
     *
     * @throws IOException if a file cannot be downloaded or written, or is not the published one; files downloaded
     *     before are kept
     */
    void fill(Supplier supplier) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new IOException("the cache folder %s cannot be created: %s".formatted(folder, e), e);
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
            // Missing or damaged, so it is downloaded again.
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
