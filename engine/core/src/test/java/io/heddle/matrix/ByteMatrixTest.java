package io.heddle.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.internal.gemm.RowBlocks;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that fits to a mapped file of bytes and to the same values as floats give the same bits. */
class ByteMatrixTest {
    private static final int HEADER = 16;
    private static final float SCALE = 1 / 255f;

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("rows.u8");
    }

    /** Writes a header and rows around a few centres, and returns the bytes. */
    private byte[] write(int rows, int columns) throws IOException {
        SplittableRandom random = new SplittableRandom(rows + 31L * columns);
        byte[] bytes = new byte[HEADER + rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                int centre = (i % 5) * 40 + (j * (i % 5 + 1)) % 50;
                bytes[HEADER + i * columns + j] = (byte) (centre + random.nextInt(40));
            }
        }
        Files.write(file, bytes);
        return bytes;
    }

    private static FloatMatrix floats(byte[] bytes, int rows, int columns) {
        FloatMatrix x = FloatMatrix.allocate(rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                x.set(i, j, SCALE * (bytes[HEADER + i * columns + j] & 0xff));
            }
        }
        return x;
    }

    private static float[][] values(FloatMatrix m) {
        float[][] values = new float[(int) m.rows()][m.columns()];
        for (int i = 0; i < values.length; i++) {
            m.getRow(i, values[i]);
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 15, 16, 17, 70, 784})
    void readsEveryElementAsItsScaledFloat(int columns) throws IOException {
        int rows = 37;
        byte[] bytes = write(rows, columns);
        try (ByteMatrix x = ByteMatrix.map(file, HEADER, rows, columns, SCALE);
                FloatMatrix expected = floats(bytes, rows, columns);
                FloatMatrix copied = FloatMatrix.allocate(2, columns);
                WorkerPool pool = WorkerPool.of(2);
                RowBlocks blocks = RowBlocks.of(x, 10, pool);
                RowBlocks views = RowBlocks.of(expected, 10, pool)) {
            for (int from = 0; from < rows; from += 10) {
                int to = Math.min(rows, from + 10);
                for (int worker = 0; worker < 2; worker++) {
                    FloatMatrix block = blocks.get(from, to, worker);
                    assertThat(values(block)).isEqualTo(values(views.get(from, to, worker)));
                    // Kernels read whole vectors.
                    block.segment()
                            .asSlice(block.offset(0) + 4L * columns, 4 * (block.stride() - columns))
                            .elements(java.lang.foreign.ValueLayout.JAVA_BYTE)
                            .forEach(b -> assertThat(b.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0))
                                    .isZero());
                }
                x.copyRow(from, copied, 1);
                assertThat(copied.get(1, columns - 1)).isEqualTo(expected.get(from, columns - 1));
                assertThat(x.get(from, columns / 2)).isEqualTo(expected.get(from, columns / 2));
            }
            assertThatThrownBy(() -> blocks.get(0, 11, 0))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageContaining("rows 0 to 11 are not a block of at most 10 rows");
        }
    }

    @ParameterizedTest
    @EnumSource
    void pcaIsTheSameToTheBit(Pca.Solver solver) throws IOException {
        int rows = 5_000;
        int columns = 50;
        byte[] bytes = write(rows, columns);
        var options = Pca.Options.defaults().withComponents(4).withSolver(solver);
        try (ByteMatrix x = ByteMatrix.map(file, HEADER, rows, columns, SCALE);
                FloatMatrix f = floats(bytes, rows, columns);
                WorkerPool three = WorkerPool.of(3);
                PcaModel ofBytes = Pca.fit(x, options, three);
                PcaModel ofFloats = Pca.fit(f, options)) {
            assertThat(ofBytes.explainedVariance()).isEqualTo(ofFloats.explainedVariance());
            assertThat(values(ofBytes.components())).isEqualTo(values(ofFloats.components()));
        }
    }

    @Test
    void pcaOfFewerRowsThanColumnsIsTheSameToTheBit() throws IOException {
        byte[] bytes = write(40, 90);
        var options = Pca.Options.defaults().withComponents(4).withSolver(Pca.Solver.COVARIANCE);
        try (ByteMatrix x = ByteMatrix.map(file, HEADER, 40, 90, SCALE);
                FloatMatrix f = floats(bytes, 40, 90);
                PcaModel ofBytes = Pca.fit(x, options);
                PcaModel ofFloats = Pca.fit(f, options)) {
            assertThat(values(ofBytes.components())).isEqualTo(values(ofFloats.components()));
        }
    }

    /** Few centres use products, many use sketches. */
    @ParameterizedTest
    @ValueSource(ints = {5, 60})
    void miniBatchesFindTheSameCentresToTheBit(int clusters) throws IOException {
        int rows = 4_000;
        int columns = 130;
        byte[] bytes = write(rows, columns);
        var options = KMeans.Options.defaults().withClusters(clusters).withBatchSize(256);
        try (ByteMatrix x = ByteMatrix.map(file, HEADER, rows, columns, SCALE);
                FloatMatrix f = floats(bytes, rows, columns);
                WorkerPool three = WorkerPool.of(3);
                KMeansModel ofBytes = KMeans.fit(x, options, three);
                KMeansModel ofFloats = KMeans.fit(f, options)) {
            assertThat(ofBytes.labels()).isEqualTo(ofFloats.labels());
            assertThat(ofBytes.inertia()).isEqualTo(ofFloats.inertia());
            assertThat(values(ofBytes.centroids())).isEqualTo(values(ofFloats.centroids()));
        }
    }

    @Test
    void lloydFindsTheSameCentresToTheBit() throws IOException {
        byte[] bytes = write(1_000, 9);
        var options = KMeans.Options.defaults().withAlgorithm(KMeans.Algorithm.LLOYD);
        try (ByteMatrix x = ByteMatrix.map(file, HEADER, 1_000, 9, SCALE);
                FloatMatrix f = floats(bytes, 1_000, 9);
                KMeansModel ofBytes = KMeans.fit(x, options);
                KMeansModel ofFloats = KMeans.fit(f, options)) {
            assertThat(ofBytes.labels()).isEqualTo(ofFloats.labels());
            assertThat(values(ofBytes.centroids())).isEqualTo(values(ofFloats.centroids()));
        }
    }

    @Test
    void refusesShapesLargerThanTheFile() throws IOException {
        write(10, 4);
        assertThatThrownBy(() -> ByteMatrix.map(file, HEADER, 11, 4, 1f))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("11 rows of 4 bytes from byte 16 on need a file of 60 bytes, but %s has 56", file);
        assertThatThrownBy(() -> ByteMatrix.map(file, 100, 0, 4, 1f))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("need a file of 100 bytes");
        assertThatThrownBy(() -> ByteMatrix.map(file, -1, 1, 4, 1f))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("rows cannot begin at byte -1 of a file");
        assertThatThrownBy(() -> ByteMatrix.map(file, 0, 1, 4, Float.NaN))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("the scale of bytes must be a finite number, not NaN");
        // The byte 255 would be infinite.
        assertThatThrownBy(() -> ByteMatrix.map(file, 0, 1, 4, -1e37f))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("255 times the scale of bytes exceeds floats: the scale is -1.0E37");
        assertThatThrownBy(() -> ByteMatrix.map(file, 0, Long.MAX_VALUE, 4, 1f))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("exceeds 2^63 bytes");
    }

    @Test
    void cannotBeUsedAfterClose() throws IOException {
        write(10, 4);
        ByteMatrix x = ByteMatrix.map(file, HEADER, 10, 4, 1f);
        x.close();
        x.close();
        assertThatThrownBy(() -> x.get(0, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this matrix of 10 x 4 is closed");
    }
}
