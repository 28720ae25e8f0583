package io.heddle.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Where the documentation is: {@code heddle.docs} of the POM. Without a public address it is a folder of the clone and
 * of the release archive.
 */
public final class Documentation {
    private static final String PROPERTIES = "/io/heddle/cli/heddle.properties";

    private Documentation() {}

    /** Returns the place of a page, for example {@code docs/figures.md}. */
    public static String page(String name) {
        Properties properties = new Properties();
        try (InputStream in = Documentation.class.getResourceAsStream(PROPERTIES)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("docs") + "/" + name;
    }
}
