package io.heddle.bench.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.bench.growth.GrowthRun.Growth;
import io.heddle.bench.growth.GrowthRun.Work;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("slow")
class GrowthTest {
    private static final int ROWS = 6_000;

    @TempDir
    private Path folder;

    @Test
    void rowsAreDistinctAndTheSameInALargerFile() throws IOException {
        GrowthData.write(folder, 1_000);
        byte[] few = Files.readAllBytes(folder.resolve("growth.u8"));
        assertThat(few).hasSize(1_000 * GrowthData.COLUMNS);
        GrowthData.write(folder, 500);
        assertThat(Files.size(folder.resolve("growth.u8"))).isEqualTo(few.length);
        GrowthData.write(folder, ROWS);
        byte[] many = Files.readAllBytes(folder.resolve("growth.u8"));
        assertThat(Arrays.copyOf(many, few.length)).isEqualTo(few);
        // The same original is repeated after 60,000 rows as another image.
        GrowthData data = GrowthData.load();
        Set<String> images = new HashSet<>();
        byte[] image = new byte[GrowthData.COLUMNS];
        for (long i = 7; i < 60 * 60_000; i += 60_000) {
            data.row(i, image, 0);
            images.add(Arrays.toString(image));
        }
        assertThat(images).hasSize(60);
        int[] labels = GrowthData.labels(folder, 60_008);
        assertThat(labels[60_007]).isEqualTo(labels[7]);
        assertThat(Arrays.stream(labels).distinct()).hasSize(10);
    }

    @ParameterizedTest
    @EnumSource
    void aRunReportsItsQualityAndItsMemory(Work work) throws IOException {
        GrowthData.write(folder, ROWS);
        Growth growth = GrowthRun.measure(work, ROWS, 2, folder);
        assertThat(growth.work()).isEqualTo(work.key());
        assertThat(growth.seconds()).isPositive();
        assertThat(growth.firstSeconds()).isPositive();
        assertThat(growth.fileSize()).isEqualTo((long) ROWS * GrowthData.COLUMNS);
        assertThat(growth.ownBytes()).isGreaterThan(1 << 20);
        try (ByteMatrix x = GrowthData.map(folder, ROWS);
                FloatMatrix floats = FloatMatrix.allocate(ROWS, GrowthData.COLUMNS)) {
            for (int i = 0; i < ROWS; i++) {
                x.copyRow(i, floats, i);
            }
            double expected = work.fit(floats, GrowthData.labels(folder, ROWS)).quality();
            assertThat(growth.quality()).isCloseTo(expected, within(1e-9 * expected));
        }
    }
}
