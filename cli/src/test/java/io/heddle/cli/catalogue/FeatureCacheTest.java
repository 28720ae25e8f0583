package io.heddle.cli.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureCacheTest {
    private static final int ROWS = 50;
    private static final int COLUMNS = 7;
    private static final int BYTES = 16 + ROWS * COLUMNS * Float.BYTES;

    @TempDir
    Path folder;

    private static FloatMatrix features(float first) {
        FloatMatrix m = FloatMatrix.allocate(ROWS, COLUMNS);
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                m.set(i, j, first + i * COLUMNS + j);
            }
        }
        return m;
    }

    private static boolean holds(FeatureCache cache, String key, float first) {
        try (FloatMatrix read = FloatMatrix.allocate(ROWS, COLUMNS);
                FloatMatrix wanted = features(first)) {
            if (!cache.read(key, read)) {
                return false;
            }
            for (int i = 0; i < ROWS; i++) {
                for (int j = 0; j < COLUMNS; j++) {
                    assertThat(read.get(i, j)).isEqualTo(wanted.get(i, j));
                }
            }
            return true;
        }
    }

    private static void keep(FeatureCache cache, String key, float first) {
        try (FloatMatrix m = features(first)) {
            cache.write(key, m);
        }
    }

    @Test
    void featuresAreWrittenAndRead() {
        FeatureCache cache = new FeatureCache(folder.resolve("new"), 1 << 20);
        assertThat(holds(cache, "a", 1)).isFalse();
        keep(cache, "a", 1);

        assertThat(holds(cache, "a", 1)).isTrue();
        assertThat(holds(cache, "b", 1)).isFalse();
        assertThat(cache.found()).isEqualTo(ROWS);
        assertThat(cache.rows()).isEqualTo(3 * ROWS);
        assertThat(cache.size()).isEqualTo(BYTES);
    }

    @Test
    void aDamagedFileIsIgnored() throws IOException {
        FeatureCache cache = new FeatureCache(folder, 1 << 20);
        keep(cache, "a", 1);
        Path file = folder.resolve("a.features");
        byte[] sound = Files.readAllBytes(file);
        for (int at : new int[] {0, 5, 9, 13, 16, 700, sound.length - 1}) {
            byte[] damaged = sound.clone();
            damaged[at] ^= 4;
            Files.write(file, damaged);
            assertThat(holds(cache, "a", 1)).as("byte %d", at).isFalse();
        }
        Files.write(file, Arrays.copyOf(sound, sound.length - 4));
        assertThat(holds(cache, "a", 1)).isFalse();
        keep(cache, "a", 2);
        assertThat(holds(cache, "a", 2)).isTrue();
    }

    @Test
    void theLeastRecentlyUsedFileIsDeletedFirst() throws IOException {
        FeatureCache cache = new FeatureCache(folder, 2 * BYTES);
        keep(cache, "a", 1);
        keep(cache, "b", 2);
        Files.setLastModifiedTime(folder.resolve("a.features"), FileTime.fromMillis(1000));
        Files.setLastModifiedTime(folder.resolve("b.features"), FileTime.fromMillis(2000));
        assertThat(holds(cache, "a", 1)).isTrue();
        keep(cache, "c", 3);

        assertThat(holds(cache, "b", 2)).isFalse();
        assertThat(holds(cache, "a", 1)).isTrue();
        assertThat(holds(cache, "c", 3)).isTrue();
        assertThat(cache.size()).isLessThanOrEqualTo(2 * BYTES);
    }

    @Test
    void aFolderThatCannotBeWrittenIsIgnored() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        FeatureCache cache = new FeatureCache(file, 1 << 20);
        keep(cache, "a", 1);

        assertThat(holds(cache, "a", 1)).isFalse();
        assertThat(file).hasContent("no folder");
    }

    @Test
    void concurrentWritersDoNotInterfere() {
        IntStream.range(0, 40).parallel().forEach(i -> {
            FeatureCache own = new FeatureCache(folder, 5 * BYTES);
            keep(own, "k" + i % 8, i % 8);
            // Complete, or deleted by another writer.
            holds(own, "k" + (i + 3) % 8, (i + 3) % 8);
        });
        keep(new FeatureCache(folder, 5 * BYTES), "last", 9);

        assertThat(new FeatureCache(folder, 5 * BYTES).size()).isLessThanOrEqualTo(5 * BYTES);
        assertThat(holds(new FeatureCache(folder, 5 * BYTES), "last", 9)).isTrue();
    }
}
