package io.heddle.data.fashion;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The real data set, for the tests that need it: Debian's package, where it is installed. */
final class PublishedFiles {
    private PublishedFiles() {}

    /** The folder that holds the four files; where there is none, the test is skipped. */
    static Path assumePresent() {
        Path folder = FashionMnist.Options.defaults().system();
        assumeTrue(Files.isDirectory(folder), "the package dataset-fashion-mnist is not installed");
        return folder;
    }
}
