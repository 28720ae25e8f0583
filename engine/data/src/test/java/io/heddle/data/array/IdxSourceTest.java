package io.heddle.data.array;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxSourceTest {
    private static final int ROWS = 2_800_000;
    private static final int PIXELS = 28 * 28;

    @TempDir
    Path folder;

    /** A sparse file of 2.2 GB with two pages on the disk. As floats it would take 8.8 GB. */
    @Test
    void largeImagesStayInTheirFile() throws IOException {
        Path path = folder.resolve("large-images-idx3-ubyte");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.writeInt(0x803);
            file.writeInt(ROWS);
            file.writeInt(28);
            file.writeInt(28);
            file.setLength(16L + (long) ROWS * PIXELS);
            file.seek(file.length() - 1);
            file.write(51);
        }
        try (DataSource data =
                        DataSource.open(path.toString(), DataOptions.defaults().withScale(1), line -> {});
                DataMatrix rows = data.matrix();
                FloatMatrix last = data.read(ROWS - 1, ROWS)) {
            assertThat(rows).isInstanceOf(ByteMatrix.class);
            assertThat(rows.rows()).isEqualTo(ROWS);
            assertThat(rows.get(ROWS - 1, PIXELS - 1)).isEqualTo(51);
            assertThat(last.get(0, PIXELS - 1)).isEqualTo(51);
        }
    }
}
