package io.heddle.cli.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** The templates, the style and the scripts of all pages. */
final class PageFiles {
    private static final String TEMPLATES = "io.heddle.cli.report.page";

    /** The scripts, in the order of execution. */
    private static final List<String> SCRIPTS = List.of(
            "report.js",
            "charts.js",
            "tables.js",
            "lightbox.js",
            "cases.js",
            "review.js",
            "grouping.js",
            "points.js",
            "view.js",
            "map.js");

    private PageFiles() {}

    /** Renders a template to a self-contained file. */
    static String render(String template, Object view) {
        TemplateEngine engine =
                TemplateEngine.createPrecompiled(null, ContentType.Html, PageFiles.class.getClassLoader(), TEMPLATES);
        StringOutput output = new StringOutput(1 << 22);
        engine.render(template, view, output);
        return output.toString();
    }

    static String style() {
        return shortened(text("report.css", PageFiles.class.getResourceAsStream("report.css")));
    }

    static String script() {
        StringBuilder all = new StringBuilder();
        for (String part : SCRIPTS) {
            all.append(shortened(text(part, PageFiles.class.getResourceAsStream(part))));
        }
        return all.toString();
    }

    /** Removes indents and comment lines, a sixth of the bytes. */
    private static String shortened(String source) {
        return source.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("//"))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /**
     * Returns the content security policy of the page. The browser runs only the script with this hash, and loads only
     * embedded images and image files. A script in text of the data would not run, and could not send data.
     */
    static String policy() {
        return "default-src 'none'; script-src 'sha256-%s'; style-src 'unsafe-inline'; img-src data: 'self' file:; base-uri 'none'; form-action 'none'"
                .formatted(hash(script()));
    }

    private static String hash(String script) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private static String text(String name, InputStream resource) {
        if (resource == null) {
            throw new IllegalStateException("the build lacks " + name);
        }
        try (resource) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
