package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that features are computed once for all commands. */
@Tag("slow")
class FeatureCacheCommandTest {
    private static final String PROPERTY = "heddle.features";

    @TempDir
    Path folder;

    @Test
    void anotherCommandReusesTheFeatures() throws IOException {
        Path photos = SamplePages.photos(folder.resolve("photos"));
        String before = System.getProperty(PROPERTY);
        System.setProperty(PROPERTY, folder.resolve("cache").toString());
        try {
            Invocation first = group(photos, "first");
            Invocation second = group(photos, "second");
            Invocation similar =
                    Invocation.of("similar", photos, "--query", 0, "--top", 3, "--out", folder.resolve("similar"));
            Invocation without = group(photos, "third", "--no-cache");

            assertThat(first.err()).doesNotContain("cache");
            assertThat(second.err()).contains("features of 150 of 150 images are from the cache", "--no-cache");
            assertThat(similar.code()).as(similar.err()).isZero();
            assertThat(similar.err()).contains("features of 150 of 150 images are from the cache");
            assertThat(without.err()).doesNotContain("cache");
            String assignments = Files.readString(folder.resolve("first").resolve("assignments.csv"));
            assertThat(folder.resolve("second").resolve("assignments.csv")).hasContent(assignments);
            assertThat(folder.resolve("third").resolve("assignments.csv")).hasContent(assignments);
        } finally {
            if (before == null) {
                System.clearProperty(PROPERTY);
            } else {
                System.setProperty(PROPERTY, before);
            }
        }
    }

    private Invocation group(Path photos, String out, Object... more) {
        Object[] words = new Object[6 + more.length];
        System.arraycopy(new Object[] {"group", photos, "--clusters", 3, "--out", folder.resolve(out)}, 0, words, 0, 6);
        System.arraycopy(more, 0, words, 6, more.length);
        Invocation heddle = Invocation.of(words);
        assertThat(heddle.code()).as(heddle.err()).isZero();
        return heddle;
    }
}
