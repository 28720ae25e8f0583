package io.heddle.cli.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.heddle.cli.study.StudyResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Makes index.html: one file that needs nothing from anywhere else. */
public final class StudyPage {
    private static final String TEMPLATES = "io.heddle.cli.report.page";
    private static final String ECHARTS = "META-INF/resources/webjars/echarts/5.3.1/dist/echarts.min.js";

    private StudyPage() {}

    /**
     * Renders a study.
     *
     * @param version of Heddle
     * @param command what repeats the run
     */
    public static String render(StudyResult study, String version, String command) {
        TemplateEngine engine =
                TemplateEngine.createPrecompiled(null, ContentType.Html, StudyPage.class.getClassLoader(), TEMPLATES);
        StringOutput output = new StringOutput(1 << 22);
        engine.render("study.jte", new StudyView(study, version, command), output);
        return output.toString();
    }

    static String style() {
        return text("report.css", StudyPage.class.getResourceAsStream("report.css"));
    }

    static String script() {
        return text("report.js", StudyPage.class.getResourceAsStream("report.js"));
    }

    static String chartLibrary() {
        // Through the loader, for it lies in another module than this class.
        return text(ECHARTS, StudyPage.class.getClassLoader().getResourceAsStream(ECHARTS));
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
