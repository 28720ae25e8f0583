package io.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.files.AtomicFile;
import io.heddle.files.AtomicFolder;
import io.heddle.files.DataFormatException;
import io.heddle.files.TemporaryPath;
import io.heddle.model.ModelFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of {@code io.heddle.files}. */
class FilesExamplesTest {
    @TempDir
    private Path folder;

    @Test
    void dataFormat() throws IOException {
        Path file = Files.writeString(folder.resolve("shop.heddle"), "not a model");
        String sentence = "";
        // @start region="data-format"
        try {
            ModelFile.read(file).close();
        } catch (DataFormatException e) {
            sentence = e.getMessage(); // names the file and what is wrong with it
        }
        // @end
        assertThat(sentence).contains(file.toString());
    }

    @Test
    void atomicFile() throws IOException {
        Path file = folder.resolve("report.txt");
        byte[] report = "60,000 rows".getBytes(StandardCharsets.UTF_8);
        // @start region="atomic-file"
        try (AtomicFile out = AtomicFile.open(file)) { // fails here where there is no permission
            out.write(channel -> channel.write(ByteBuffer.wrap(report)));
            out.commit(); // now it exists, complete
        }
        // @end
        assertThat(file).hasBinaryContent(report);
    }

    @Test
    void atomicFolder() throws IOException {
        Path target = folder.resolve("parts");
        // @start region="atomic-folder"
        try (AtomicFolder out = AtomicFolder.open(target)) {
            Files.writeString(out.part().resolve("0.csv"), "a,b\n1,2\n");
            Files.writeString(out.part().resolve("1.csv"), "a,b\n3,4\n");
            out.commit(); // now both exist
        }
        // @end
        assertThat(target.toFile().list()).containsExactlyInAnyOrder("0.csv", "1.csv");
    }

    @Test
    void temporaryPath() throws IOException {
        Path path;
        // @start region="temporary-path"
        try (TemporaryPath scratch = TemporaryPath.file("shop-rows")) {
            Files.writeString(scratch.path(), "a,b\n1,2\n"); // no other user can read it
            path = scratch.path();
        }
        // @end
        assertThat(path).doesNotExist();
    }
}
