package io.heddle.data.fashion;

import java.net.URI;
import java.nio.file.Path;

/**
 * Downloads the data set into a cache: {@code java ... DownloadProcess ADDRESS CACHE}. Tests kill it during the
 * download.
 */
public final class DownloadProcess {
    private DownloadProcess() {}

    /** Downloads the data set. */
    public static void main(String[] args) throws Exception {
        FashionMnist.Options options = FashionMnist.Options.defaults()
                .withCache(Path.of(args[1]))
                .withSystem(Path.of(args[1], "none"))
                .offline()
                .withAddress(URI.create(args[0]));
        FashionMnist.load(options, line -> {}).close();
    }
}
