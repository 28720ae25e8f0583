package io.heddle.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.cluster.KMeans;
import io.heddle.internal.columns.ColumnMoments;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests files that are shortened while they are in use. */
class FileSegmentTest {
    private static final long LARGE = FileSegment.MAXIMUM_COPIED + (1 << 20);
    private static final int COLUMNS = 1024;

    @TempDir
    Path folder;

    private static void shorten(Path file, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
        }
    }

    /** A file that uses no disk space. */
    private Path large(byte[] start, long bytes) throws IOException {
        Path file = folder.resolve("large");
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.SPARSE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(start));
            channel.write(ByteBuffer.allocate(1), bytes - 1);
        }
        return file;
    }

    @Test
    void aSmallFileIsACopyThatLaterChangesDoNotReach() throws IOException {
        Path file = Files.writeString(folder.resolve("small"), "x".repeat(100_000));
        try (Arena arena = Arena.ofShared();
                FileChannel channel = FileChannel.open(file);
                ByteMatrix matrix = ByteMatrix.open(file, 0, 100, 1000, 1f)) {
            MemorySegment bytes = FileSegment.of(channel, file, 10, 99_990, arena);
            shorten(file, 5);
            assertThat(bytes.byteSize()).isEqualTo(99_990);
            assertThat(bytes.get(ValueLayout.JAVA_BYTE, 99_989)).isEqualTo((byte) 'x');
            assertThat(matrix.get(99, 999)).isEqualTo('x');
            assertThatThrownBy(() -> FileSegment.of(channel, file, 2, 9, arena))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessage(file
                            + ": the file was shortened while it was read: it had at least 11 bytes, now it has 5");
        }
    }

    @Test
    void theJvmSurvivesALargeFileThatIsShortenedInUse() throws IOException {
        Path file = large(new byte[0], LARGE);
        try (ByteMatrix matrix = ByteMatrix.open(file, 0, LARGE / COLUMNS, COLUMNS, 1f)) {
            assertThat(matrix.get(LARGE / COLUMNS - 1, COLUMNS - 1)).isZero();
            shorten(file, 4096);
            assertThat(matrix.get(0, 0)).isZero();
            assertThatThrownBy(() -> matrix.get(LARGE / COLUMNS - 1, COLUMNS - 1))
                    .isInstanceOf(InternalError.class);
            KMeans.Options options = KMeans.Options.defaults().withClusters(2);
            assertThatThrownBy(() -> KMeans.fit(matrix, options)).isInstanceOf(InternalError.class);
            try (FloatMatrix x = FloatMatrix.copyOf(new float[] {1, 2, 3, 4}, 4, 1)) {
                KMeans.fit(x, options).close();
            }
        }
    }

    /** In compiled vector code HotSpot would end the JVM, so kernels must never read mapped bytes themselves. */
    @Test
    void theJvmSurvivesUnderCompiledKernels() throws IOException {
        Path file = large(new byte[0], LARGE);
        try (ByteMatrix matrix = ByteMatrix.open(file, 0, LARGE / COLUMNS, COLUMNS, 1f)) {
            for (int pass = 0; pass < 20; pass++) {
                assertThat(ColumnMoments.of(matrix, "the data", WorkerPool.shared())
                                .squaredDeviations())
                        .isZero();
            }
            shorten(file, 4096);
            for (int pass = 0; pass < 5; pass++) {
                assertThatThrownBy(() -> ColumnMoments.of(matrix, "the data", WorkerPool.shared()))
                        .isInstanceOf(InternalError.class);
            }
        }
    }
}
