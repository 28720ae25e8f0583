package io.heddle.data.array;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests a mapped array in a file that is shortened while it is in use. */
class ShortenedArrayTest {
    private static final long LARGE = 65L << 20;
    private static final int COLUMNS = 1024;

    @TempDir
    Path folder;

    @Test
    void theJvmSurvivesALargeArrayThatIsShortenedInUse() throws IOException {
        String header =
                "{'descr': '|u1', 'fortran_order': False, 'shape': (%d, %d), }".formatted(LARGE / COLUMNS, COLUMNS);
        String padded = header + " ".repeat(128 - 10 - header.length() - 1) + "\n";
        byte[] start = ("\u0093NUMPY\1\0\166\0" + padded).getBytes(StandardCharsets.ISO_8859_1);
        Path file = folder.resolve("large.npy");
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.SPARSE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(start));
            channel.write(ByteBuffer.allocate(1), LARGE + 127);
        }
        try (NpyArray array = NpyArray.open(file)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(8192);
            }
            array.read(0, 4, 1f).close();
            assertThatThrownBy(() -> array.read(0, 50_000, 1f)).isInstanceOf(InternalError.class);
        }
    }
}
