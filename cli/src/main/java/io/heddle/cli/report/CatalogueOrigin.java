package io.heddle.cli.report;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/**
 * The origin of a page.
 *
 * @param version version of Heddle
 * @param command command that repeats the run
 * @param apply command that applies the decisions of the page; empty for pages without decisions
 * @param folder folder of the page
 */
public record CatalogueOrigin(String version, String command, String apply, Path folder) {
    private static final String FASHION_MNIST = "fashion-mnist";

    /** Returns the address of a file for the page. It is relative, so that both can be moved together. */
    String link(Path file) {
        Path to = real(file);
        try {
            return link(real(folder).relativize(to).toString());
        } catch (IllegalArgumentException e) {
            // On another drive.
            return to.toUri().toString();
        }
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path.toAbsolutePath().normalize();
        }
    }

    private static String link(String path) {
        try {
            // A colon in the first part would be read as the end of a URI scheme.
            return new URI(null, null, "./" + path.replace('\\', '/'), null).toASCIIString();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Returns the credits of the images, if they are known. */
    static String credits(String data) {
        return data.startsWith(FASHION_MNIST) ? "Images: Fashion-MNIST by Zalando Research, MIT License." : "";
    }
}
