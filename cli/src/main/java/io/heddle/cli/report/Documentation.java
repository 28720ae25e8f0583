package io.heddle.cli.report;

/**
 * The location of the documentation: the property {@code heddle.docs} of the POM. Without a public address it is a
 * folder of the clone and of the release archive.
 */
public final class Documentation {
    private Documentation() {}

    /** Returns the location of a page, for example {@code docs/figures.md}. */
    public static String page(String name) {
        return BuildProperties.get("docs") + "/" + name;
    }
}
