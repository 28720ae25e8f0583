package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that control characters in class names and IDs are escaped on the terminal. */
class ControlCharactersTest {
    private static final String RED = "\u001b[31mred\u0007";
    private static final String REVERSED = "a\u202eb";
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\u202e&&[^\\n\\t]]");

    @TempDir
    Path folder;

    private Path data;

    @BeforeEach
    void make() throws IOException {
        data = Files.writeString(folder.resolve("data.csv"), table(RED, REVERSED));
    }

    /** Two classes that differ clearly; two rows have the other label. */
    private static String table(String first, String second) {
        Random random = new Random(1);
        StringBuilder csv = new StringBuilder("x,y,id,class\n");
        for (int i = 0; i < 60; i++) {
            boolean labelled = (i % 2 == 0) != (i == 7 || i == 20);
            csv.append(random.nextGaussian() + (i % 2 == 0 ? 8 : -8))
                    .append(',')
                    .append(random.nextGaussian())
                    .append(',')
                    .append(RED)
                    .append(i)
                    .append(',')
                    .append(labelled ? first : second)
                    .append('\n');
        }
        return csv.toString();
    }

    private static void isPlain(Invocation run) {
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).doesNotContainPattern(CONTROL);
        assertThat(run.err()).doesNotContainPattern(CONTROL);
    }

    @Test
    void audit() {
        Invocation run =
                Invocation.of("audit", data, "--id", "id", "--label", "class", "--out", folder.resolve("audit"));
        isPlain(run);
        assertThat(run.out()).contains("\\u001b[31mred\\u0007").contains("a\\u202eb");
    }

    @Test
    void dataInfo() {
        Invocation run = Invocation.of("data", "info", data, "--label", "class");
        isPlain(run);
        assertThat(run.out()).contains("\\u001b[31mred");
    }

    @Test
    void predictWithOtherClasses() throws IOException {
        Path other = Files.writeString(folder.resolve("other.csv"), table("one", "two"));
        Path model = folder.resolve("model.heddle");
        Path out = folder.resolve("out.csv");
        isPlain(Invocation.of("train", other, "--label", "class", "--id", "id", "--model", model));
        Invocation run = Invocation.of("predict", model, data, "--out", out);
        isPlain(run);
        assertThat(run.err())
                .contains("no class")
                .contains("\\u001b[31mred\\u0007")
                .contains("a\\u202eb");
    }

    @Test
    void jsonHasItsOwnEscapes() throws IOException {
        Path model = folder.resolve("model.heddle");
        isPlain(Invocation.of("train", data, "--label", "class", "--id", "id", "--model", model));
        Invocation run = Invocation.of("inspect", model, "--json");
        assertThat(new ObjectMapper().readTree(run.out()).get("classNames"))
                .extracting(n -> n.asText())
                .containsExactlyInAnyOrder(RED, REVERSED);
    }
}
