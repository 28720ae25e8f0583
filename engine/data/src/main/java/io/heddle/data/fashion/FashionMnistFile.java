package io.heddle.data.fashion;

import io.heddle.data.ContentHash;
import io.heddle.data.array.IdxFile;
import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The four files of Fashion-MNIST. The checksums are those of the uncompressed content, because Debian's .gz files and
 * those of the authors have the same content but different bytes.
 */
enum FashionMnistFile {
    TRAIN_IMAGES(
            "train-images-idx3-ubyte",
            3,
            26_421_880,
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
    TEST_IMAGES(
            "t10k-images-idx3-ubyte", 3, 4_422_102, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
    TRAIN_LABELS(
            "train-labels-idx1-ubyte", 1, 29_515, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
    TEST_LABELS("t10k-labels-idx1-ubyte", 1, 5_148, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34");

    private final String plainName;
    private final int dimensions;
    private final long packedBytes;
    private final String sha256;

    FashionMnistFile(String plainName, int dimensions, long packedBytes, String sha256) {
        this.plainName = plainName;
        this.dimensions = dimensions;
        this.packedBytes = packedBytes;
        this.sha256 = sha256;
    }

    /** Returns the published name of the compressed file. */
    String packedName() {
        return plainName + ".gz";
    }

    /** Returns the approximate size of the compressed file, in bytes. */
    long packedBytes() {
        return packedBytes;
    }

    /**
     * Returns the file in a folder, compressed or not.
     *
     * @throws DataFormatException if it does not exist
     */
    Path in(Path folder) throws DataFormatException {
        Path packed = folder.resolve(packedName());
        if (Files.exists(packed)) {
            return packed;
        }
        Path plain = folder.resolve(plainName);
        if (Files.exists(plain)) {
            return plain;
        }
        throw new DataFormatException(folder + " has no file " + packedName());
    }

    /** Returns whether uncompressed content is the published one, by its SHA-256 in hexadecimal. */
    boolean isPublished(String contentSha256) {
        return sha256.equals(contentSha256);
    }

    /**
     * Decompresses a file without storing it and checks its content.
     *
     * @throws DataFormatException if it is damaged or not the published content
     */
    void requirePublished(Path file) throws IOException {
        ContentHash hash = new ContentHash();
        try (IdxFile idx = IdxFile.open(file, dimensions, hash)) {
            idx.skipAll();
        }
        requirePublished(file, hash.hex());
    }

    /**
     * Checks the hash of content that was read.
     *
     * @throws DataFormatException if it is not the published content
     */
    void requirePublished(Path file, String contentSha256) throws DataFormatException {
        if (!isPublished(contentSha256)) {
            throw new DataFormatException("%s is not Fashion-MNIST's: its content has the SHA-256 %s, not %s"
                    .formatted(file, contentSha256, sha256));
        }
    }
}
