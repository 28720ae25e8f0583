package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests user errors: exit code 2, one sentence, and no files. */
class RunCommandTest {
    @TempDir
    static Path images;

    @TempDir
    Path folder;

    @BeforeAll
    static void draw() throws IOException {
        DrawnImages.write(images, 200, 100);
    }

    private void assertRefused(Invocation heddle, String... named) {
        assertThat(heddle.code()).as(heddle.err()).isEqualTo(2);
        assertThat(heddle.out()).isEmpty();
        assertThat(heddle.errorLines().getLast()).startsWith("heddle: ").contains(named);
        assertThat(heddle.err()).doesNotContain("Exception", "\tat ");
    }

    @Test
    void namesAMissingDataFolder() {
        Path missing = folder.resolve("nowhere");
        Path out = folder.resolve("a").resolve("b");

        assertRefused(Invocation.of("run", "--data", missing, "--out", out), missing.toString());
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void keepsAnExistingReport() throws IOException {
        Files.writeString(folder.resolve("index.html"), "older");

        assertRefused(Invocation.of("run", "--data", folder.resolve("nowhere"), "--out", folder), "nowhere");
        assertThat(folder.resolve("index.html")).hasContent("older");
        assertThat(folder).isDirectoryNotContaining("regex:.*part");
    }

    @Test
    void refusesAnOutputThatIsAFileBeforeReadingTheData() throws IOException {
        Path file = Files.writeString(folder.resolve("report"), "mine");

        assertRefused(Invocation.of("run", "--data", "nowhere", "--out", file), file.toString(), "not a folder");
        assertRefused(
                Invocation.of("run", "--data", "nowhere", "--out", file.resolve("below")),
                file.toString(),
                "not a folder");
        assertThat(file).hasContent("mine");
    }

    @Test
    void refusesAGridOfAnEncoderThatHasNone() {
        Path out = folder.resolve("out");

        assertRefused(
                Invocation.of(
                        "run", "--data", images, "--out", out, "--encoder", "imagenet", "--feature-classifier", "grid"),
                "imagenet",
                "cannot be pooled over a grid");
        assertThat(out).doesNotExist();
    }

    @Test
    void namesATruncatedFile() throws IOException {
        Path copy = copyOfImages();
        Path cut = copy.resolve("train-images-idx3-ubyte.gz");
        byte[] whole = Files.readAllBytes(cut);
        Files.write(cut, Arrays.copyOf(whole, whole.length / 2));

        assertRefused(
                Invocation.of("run", "--data", copy, "--out", folder.resolve("out")),
                cut.getFileName().toString());
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void namesALabelFileOfAnotherLength() throws IOException {
        Path copy = copyOfImages();
        Files.copy(
                copy.resolve("t10k-labels-idx1-ubyte.gz"),
                copy.resolve("train-labels-idx1-ubyte.gz"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertRefused(Invocation.of("run", "--data", copy, "--out", folder.resolve("out")), "200", "100");
    }

    @Test
    void namesAnInvalidEncoder() throws IOException {
        Path file = Files.writeString(folder.resolve("net.pt"), "not a network");
        Path out = folder.resolve("out");

        assertRefused(Invocation.of("run", "--data", images, "--out", out, "--encoder", file), file.toString());
        Invocation sized = Invocation.of("run", "--data", images, "--out", out, "--encoder", file, "--input-size", 32);
        assertRefused(sized, file.toString());
        assertThat(sized.err()).as("found before the long stages").doesNotContain("Logistic regression");
        assertThat(out).doesNotExist();
    }

    private Path copyOfImages() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("data"));
        try (Stream<Path> files = Files.list(images)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    @ParameterizedTest
    @CsvSource({
        "--sample, 0, at least 1",
        "--sample, 99, 100 to 200",
        "--sample, 201, 100 to 200",
        "--threads, 0, 1 to 1024",
        "--threads, 5000, 1 to 1024",
        "--seeds, 0, 1 to 100",
        "--seed, -1, 0 or more",
        "--encoder, no-such-network, no-such-network",
    })
    void namesTheValueAndItsLimit(String option, String value, String limit) {
        Path out = folder.resolve("out");

        assertRefused(Invocation.of("run", "--data", images, "--out", out, option, value), value, limit);
        assertThat(out).doesNotExist();
    }
}
