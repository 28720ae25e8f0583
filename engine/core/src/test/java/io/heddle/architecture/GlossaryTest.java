package io.heddle.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests that sources, messages and docs do not use the phrases that docs/glossary.md forbids. */
class GlossaryTest {
    private static final Path ROOT = Path.of("../..");
    private static final String GLOSSARY = "glossary.md";
    private static final Pattern FORBIDDEN = Pattern.compile("^\\| `([a-z ]+)` \\| [^|]+ \\|$", Pattern.MULTILINE);
    /** Blanks, or a line break with the marker of the next line of a comment or of a string. */
    private static final String GAP = "(?:\\s+|\\s*\\R\\s*(?:\\*(?!/)|//|#)?\\s*|\\s*\"\\s*\\+\\s*\"\\s*)";

    @Test
    void noSourceOrPageUsesAForbiddenPhrase() throws IOException {
        Pattern forbidden = forbidden();
        List<String> found = new ArrayList<>();
        List<Path> files = files();
        for (Path file : files) {
            String text = Files.readString(file);
            Matcher phrase = forbidden.matcher(text);
            while (phrase.find()) {
                long line = text.substring(0, phrase.start()).lines().count();
                found.add("%s:%d: %s".formatted(ROOT.relativize(file), line, phrase.group()));
            }
        }
        assertThat(files).hasSizeGreaterThan(800);
        assertThat(found).as("phrases that docs/glossary.md forbids").isEmpty();
    }

    @Test
    void phrasesAreFoundAcrossLines() throws IOException {
        Pattern forbidden = forbidden();
        assertThat(forbidden.matcher("/** Validates at the\n *     door. */").find())
                .isTrue();
        assertThat(forbidden.matcher("\"it waits for \"\n + \"ever\"").find()).isTrue();
        assertThat(forbidden.matcher("for every row; the lesten word").find()).isFalse();
    }

    private static Pattern forbidden() throws IOException {
        List<String> phrases = FORBIDDEN
                .matcher(Files.readString(ROOT.resolve("docs").resolve(GLOSSARY)))
                .results()
                .map((MatchResult row) -> row.group(1))
                .toList();
        assertThat(phrases).hasSizeGreaterThan(30);
        return Pattern.compile(
                phrases.stream()
                        .map(phrase -> Arrays.stream(phrase.split(" ")).collect(Collectors.joining(GAP)))
                        .collect(Collectors.joining("|", "(?<![\\w-])(?:", ")(?![\\w-])")),
                Pattern.CASE_INSENSITIVE);
    }

    /** The sources and tests of all modules, and all pages. */
    private static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("docs", "engine", "cli", "bench")) {
            try (Stream<Path> all = Files.find(ROOT.resolve(folder), 20, (file, a) -> a.isRegularFile())) {
                all.filter(GlossaryTest::isText).forEach(files::add);
            }
        }
        try (Stream<Path> pages = Files.list(ROOT)) {
            pages.filter(page -> page.toString().endsWith(".md")).forEach(files::add);
        }
        return files;
    }

    private static boolean isText(Path file) {
        List<String> names = new ArrayList<>();
        ROOT.relativize(file).forEach(name -> names.add(name.toString()));
        return names.getLast().matches(".*\\.(java|jte|md|py|js|css|html)")
                && names.stream().noneMatch(List.of("target", GLOSSARY, "GlossaryTest.java")::contains);
    }
}
