package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the default encoder of the study runs with Heddle's convolutions. */
@Tag("study")
class WithoutPyTorchTest {
    @TempDir
    private Path folder;

    @Test
    void aStudyLoadsNoClassOfDjlAndUnpacksNothing() throws IOException, InterruptedException {
        Path images = Files.createDirectory(folder.resolve("images"));
        DrawnImages.write(images, 200, 100);
        Path cache = Files.createDirectory(folder.resolve("cache"));
        Path loaded = folder.resolve("loaded");
        Path err = folder.resolve("err");
        try (HeddleProcess heddle = HeddleProcess.start(
                folder,
                err,
                List.of(),
                List.of("-Xmx512m", "-DDJL_CACHE_DIR=" + cache, "-Xlog:class+load,library:file=" + loaded),
                List.of("run", "--data", "images", "--clustering", "kmeans", "--out", "report"))) {
            int code = heddle.await();
            assertThat(code).as(() -> String.join("\n", read(err))).isZero();
        }
        assertThat(folder.resolve("report").resolve("metrics.json")).content().contains("\"fashion\"", "\"float32\"");
        assertThat(read(loaded))
                .anyMatch(line -> line.contains("io.heddle.encoder.ImageEncoder"))
                .noneMatch(line -> line.contains("ai.djl") || line.contains("torch"));
        try (Stream<Path> files = Files.list(cache)) {
            assertThat(files).isEmpty();
        }
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
