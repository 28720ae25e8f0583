package io.heddle.data.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.heddle.files.DataFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    @TempDir
    Path folder;

    @Test
    void copiesAllBytes() throws IOException {
        byte[] bytes = new byte[200_001];
        bytes[200_000] = 7;
        Path file = folder.resolve("input.csv");
        Spool.copy(new ByteArrayInputStream(bytes), "standard input", file);
        assertThat(file).hasBinaryContent(bytes);
    }

    @Test
    void namesTheSourceThatCannotBeRead() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("broken");
            }
        };
        assertThatThrownBy(() -> Spool.copy(broken, "standard input", folder.resolve("input.csv")))
                .isInstanceOf(DataFormatException.class)
                .hasMessage("standard input cannot be read: broken");
    }

    /** A full temporary folder is not an error of the source. */
    @Test
    void namesTheFileThatCannotBeWritten() {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full), "no full device");
        assertThatThrownBy(() -> Spool.copy(new ByteArrayInputStream(new byte[9]), "standard input", full))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(DataFormatException.class)
                .hasMessage("cannot copy standard input to /dev/full: No space left on device");
    }
}
