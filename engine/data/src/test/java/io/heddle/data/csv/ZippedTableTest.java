package io.heddle.data.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests tables in archives of one file without the name of a table. */
class ZippedTableTest {
    @TempDir
    Path folder;

    private Path zip(String name, String content, String... entries) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String entry : entries) {
                zip.putNextEntry(new ZipEntry(entry));
                zip.write(content.getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }

    private static DataSource open(Path file) throws IOException {
        return DataSource.open(file.toString(), DataOptions.defaults(), note -> {});
    }

    /** As pandas names them. */
    @ParameterizedTest
    @CsvSource({"t.zip, t", "my.data.zip, my.data", "of.2024.zip, of.2024", "t.zip, folder/t"})
    void oneFileWithoutAnExtensionIsATable(String name, String entry) throws IOException {
        try (DataSource data = open(zip(name, "a,b\n1,2\n3,4\n", entry))) {
            assertThat(data.rows()).isEqualTo(2);
            assertThat(data.columnNames()).containsExactly("a", "b");
        }
    }

    @Test
    void otherArchivesAreRefused() throws IOException {
        Path binary = zip("t.zip", "\0\1\2", "t");
        assertThatThrownBy(() -> open(binary))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("is not text: byte 0 is zero");
        Path several = zip("s.zip", "1,2\n", "a.csv", "b.csv");
        assertThatThrownBy(() -> open(several))
                .hasMessageEndingWith("contains 2 files; a compressed table must be an archive of one file");
        Path other = zip("p.zip", "1,2\n", "a.png");
        assertThatThrownBy(() -> open(other)).isInstanceOf(DataFormatException.class);
        Path bare = zip("n.zip", "1,2\n", "a", "b");
        assertThatThrownBy(() -> open(bare))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("n.zip");
    }
}
