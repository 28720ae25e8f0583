package io.heddle.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Properties of the build, from the POM. */
public final class BuildProperties {
    private static final String FILE = "/io/heddle/cli/heddle.properties";

    private BuildProperties() {}

    /** Returns a property, for example {@code version}. */
    public static String get(String name) {
        Properties properties = new Properties();
        try (InputStream in = BuildProperties.class.getResourceAsStream(FILE)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty(name);
    }
}
