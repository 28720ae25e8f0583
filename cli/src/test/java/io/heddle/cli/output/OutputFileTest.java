package io.heddle.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
    @TempDir
    Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(p -> p.getFileName().toString()).toList();
        }
    }

    @Test
    void appearsWholeOrNotAtAll() throws IOException {
        Path target = Files.writeString(folder.resolve("a.txt"), "older");
        try (OutputFile file = OutputFile.open(target)) {
            assertThatThrownBy(() -> file.write(out -> {
                        out.write(new byte[100_000]);
                        throw new IOException("No space left on device");
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("cannot write %s: No space left on device", target);
            assertThatThrownBy(() -> file.write(out -> {
                        throw new DataFormatException("photo.png is damaged");
                    }))
                    .hasMessage("photo.png is damaged");
            assertThat(target).hasContent("older");
        }
        assertThat(names()).containsExactly("a.txt");
        try (OutputFile file = OutputFile.open(target)) {
            file.write(out -> out.write("newer".getBytes()));
        }
        assertThat(target).hasContent("newer");
        assertThat(names()).containsExactly("a.txt");
    }
}
