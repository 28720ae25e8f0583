package io.heddle.data.fashion;

import java.net.URI;
import java.nio.file.Path;

/** Downloads the data set into a cache: {@code java ... DownloadProcess ADDRESS CACHE}. To be killed meanwhile. */
public final class DownloadProcess {
    private DownloadProcess() {}

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        FashionMnist.Options options = FashionMnist.Options.defaults()
                .withCache(Path.of(args[1]))
                .withSystem(Path.of(args[1], "none"))
                .offline()
                .withAddress(URI.create(args[0]));
        FashionMnist.load(options, line -> {}).close();
    }
}
