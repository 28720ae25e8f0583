package io.heddle.internal.gemm;

import static java.nio.channels.FileChannel.MapMode.READ_WRITE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests rows in mapped files, which are segments of another class than other memory outside the heap. */
class MappedRowsTest {
    private static final int OUTPUTS = 11;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 40, 784, 6_000})
    void rowsOfMappedFilesHaveTheResultsOfArrays(int n) throws IOException {
        Random random = new Random(4);
        float[] x = new float[n];
        byte[] pixels = new byte[n];
        random.nextBytes(pixels);
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian();
        }
        double[][] weights = new double[OUTPUTS][n];
        for (double[] of : weights) {
            for (int i = 0; i < n; i++) {
                of[i] = random.nextGaussian();
            }
        }
        long bytes = n * (long) Float.BYTES;
        try (RowMap map = RowMap.of(OUTPUTS, n, (j, i) -> weights[j][i], new double[OUTPUTS]);
                Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(
                        folder.resolve("rows"), CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MemorySegment rows = channel.map(READ_WRITE, 0, bytes + n, arena);
            MemorySegment.copy(x, 0, rows, ValueLayout.JAVA_FLOAT, 0, n);
            MemorySegment.copy(pixels, 0, rows, ValueLayout.JAVA_BYTE, bytes, n);
            float[] expected = new float[OUTPUTS];
            float[] found = new float[OUTPUTS];

            map.apply(x, expected);
            map.apply(rows, 0, found);
            assertThat(found).isEqualTo(expected);
            assertThat(map.largest(rows, 0)).isEqualTo(map.largest(x));

            map.applyToBytes(pixels, expected);
            map.applyToBytes(rows, bytes, found);
            assertThat(found).isEqualTo(expected);
            assertThat(map.largestOfBytes(rows, bytes)).isEqualTo(map.largestOfBytes(pixels));
        }
    }
}
