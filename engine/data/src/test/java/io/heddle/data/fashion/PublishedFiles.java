package io.heddle.data.fashion;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The real data set from Debian's package, for the tests that need it. */
final class PublishedFiles {
    private PublishedFiles() {}

    /** Returns the folder with the four files. If it does not exist, the test is skipped. */
    static Path assumePresent() {
        Path folder = FashionMnist.Options.defaults().system();
        assumeTrue(Files.isDirectory(folder), "the package dataset-fashion-mnist is not installed");
        return folder;
    }
}
