package io.heddle.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests that the Javadoc of each public type has an example, and that each example is part of a test. */
class ExamplesTest {
    private static final Path TYPES = Path.of("src/main/java/io/heddle");
    private static final Path EXAMPLES = Path.of("src/test/java/io/heddle/examples");
    private static final Pattern PUBLIC_TYPE = Pattern.compile(
            "^public (?:final |sealed |abstract )*(?:class|record|interface|enum) (\\w+)", Pattern.MULTILINE);
    private static final Pattern SNIPPET =
            Pattern.compile("\\{@snippet\\s+file=\"(\\w+\\.java)\" region=\"([a-z-]+)\"}");

    @Test
    void everyPublicTypeShowsAnExample() throws IOException {
        List<String> without = new ArrayList<>();
        int types = 0;
        for (Path file : sources()) {
            if (file.startsWith(TYPES.resolve("internal"))) {
                continue;
            }
            String source = Files.readString(file);
            Matcher type = PUBLIC_TYPE.matcher(source);
            if (type.find()) {
                types++;
                Matcher snippet = SNIPPET.matcher(source.substring(0, type.start()));
                if (!snippet.find() || !region(snippet.group(1), snippet.group(2))) {
                    without.add(type.group(1));
                }
            }
        }
        assertThat(types).isGreaterThan(50);
        assertThat(without).as("public types without an example").isEmpty();
    }

    /** Tests the snippets of all comments, not only those of types. */
    @Test
    void everySnippetIsAPartOfATest() throws IOException {
        for (Path file : sources()) {
            String source = Files.readString(file);
            Matcher any = Pattern.compile("\\{@snippet[^}]*}?").matcher(source);
            while (any.find()) {
                Matcher snippet = SNIPPET.matcher(any.group());
                assertThat(snippet.matches()).as("%s in %s", any.group(), file).isTrue();
                assertThat(region(snippet.group(1), snippet.group(2)))
                        .as("%s of %s", any.group(), file)
                        .isTrue();
            }
        }
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(TYPES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("package-info.java"))
                    .toList();
        }
    }

    private static boolean region(String file, String name) throws IOException {
        Path example = EXAMPLES.resolve(file);
        if (!Files.exists(example)) {
            return false;
        }
        String source = Files.readString(example);
        int start = source.indexOf("// @start region=\"" + name + "\"");
        return start >= 0 && source.indexOf("// @end", start) > start && source.contains("@Test");
    }
}
