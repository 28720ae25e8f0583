package io.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.internal.memory.OffHeap;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of {@code io.heddle.matrix}. */
class MatrixExamplesTest {
    @TempDir
    private Path folder;

    @Test
    void floatMatrix() {
        // @start region="float-matrix"
        try (FloatMatrix x = FloatMatrix.allocate(60_000, 784)) {
            x.set(0, 3, 0.5f);
            x.setRow(1, new float[784]);
            FloatMatrix batch = x.rows(0, 128); // a view: it shares the memory of x
            float value = batch.get(0, 3);
            // @end
            assertThat(value).isEqualTo(0.5f);
        }
    }

    @Test
    void offHeap() {
        // @start region="off-heap"
        try (Arena arena = Arena.ofShared()) {
            MemorySegment zeros = OffHeap.allocate(64L << 20, arena);
            zeros.set(ValueLayout.JAVA_FLOAT, 12, 0.5f);
            // @end
            assertThat(zeros.get(ValueLayout.JAVA_FLOAT, 12)).isEqualTo(0.5f);
        }
    }

    @Test
    void byteMatrix() throws IOException {
        byte[] pixels = new byte[60 * 9];
        new Random(1).nextBytes(pixels);
        Path file = Files.write(folder.resolve("images.u8"), pixels);
        // @start region="byte-matrix"
        // 60 images of 3 x 3 bytes, which are scaled to 0 to 1 when they are read.
        try (ByteMatrix x = ByteMatrix.open(file, 0, 60, 9, 1 / 255f);
                PcaModel pca = Pca.fit(x, Pca.Options.defaults().withComponents(2))) {
            double explained = pca.explainedVarianceRatio()[0];
            // @end
            assertThat(explained).isBetween(0.0, 1.0);
        }
    }

    @Test
    void dataMatrix() {
        try (FloatMatrix floats = FloatMatrix.copyOf(new float[] {1, 2, 3, 4}, 2, 2)) {
            // @start region="data-matrix"
            DataMatrix x = floats; // or a ByteMatrix
            double sum = 0;
            for (long i = 0; i < x.rows(); i++) {
                sum += x.get(i, 0);
            }
            // @end
            assertThat(sum).isEqualTo(4);
        }
    }

    @Test
    void invalidInput() {
        try (FloatMatrix x = FloatMatrix.allocate(10, 2)) {
            String sentence = "";
            // @start region="invalid-input"
            try {
                Pca.fit(x, Pca.Options.defaults().withComponents(50)).close();
            } catch (InvalidInputException e) {
                sentence = e.getMessage(); // a message for the user
            }
            // @end
            assertThat(sentence).contains("50");
        }
    }
}
