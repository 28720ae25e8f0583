package io.heddle.cli.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The templates, the style and the scripts that all pages share. */
final class PageFiles {
    private static final String TEMPLATES = "io.heddle.cli.report.page";
    private static final String ECHARTS = "META-INF/resources/webjars/echarts/5.3.1/dist/echarts.min.js";

    private PageFiles() {}

    /** Fills a template; the result is one file that needs nothing from anywhere else. */
    static String render(String template, Object view) {
        TemplateEngine engine =
                TemplateEngine.createPrecompiled(null, ContentType.Html, PageFiles.class.getClassLoader(), TEMPLATES);
        StringOutput output = new StringOutput(1 << 22);
        engine.render(template, view, output);
        return output.toString();
    }

    static String style() {
        return text("report.css", PageFiles.class.getResourceAsStream("report.css"));
    }

    static String script() {
        return text("report.js", PageFiles.class.getResourceAsStream("report.js"));
    }

    static String chartLibrary() {
        // Through the loader, for it lies in another module than this class.
        return text(ECHARTS, PageFiles.class.getClassLoader().getResourceAsStream(ECHARTS));
    }

    private static String text(String name, InputStream resource) {
        if (resource == null) {
            throw new IllegalStateException("the build left out " + name);
        }
        try (resource) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
