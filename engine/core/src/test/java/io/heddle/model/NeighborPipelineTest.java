package io.heddle.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.neighbors.NeighborIndex;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests pipelines of principal components and nearest rows: single rows and batches, in memory and from a file. */
class NeighborPipelineTest {
    private static final int ROWS = 700;
    private static final int COLUMNS = 20;
    private static final int NEIGHBORS = 5;

    @TempDir
    private Path folder;

    private static FloatMatrix random(int rows, int columns, long seed) {
        Random random = new Random(seed);
        FloatMatrix x = FloatMatrix.allocate(rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                x.set(i, j, random.nextInt(256));
            }
        }
        return x;
    }

    private static double distance(FloatMatrix x, int row, float[] to) {
        double sum = 0;
        for (int j = 0; j < x.columns(); j++) {
            sum += Math.pow((double) x.get(row, j) - to[j], 2);
        }
        return Math.sqrt(sum);
    }

    /** Rows far from zero, where products would cancel. More rows than a block, and fewer. */
    @Property(tries = 30)
    void findsTheNearestRows(
            @ForAll @IntRange(min = 1, max = 600) int rows,
            @ForAll @IntRange(min = 1, max = 40) int columns,
            @ForAll @IntRange(min = 1, max = 12) int maximum,
            @ForAll long seed) {
        int k = Math.min(rows, maximum);
        Random random = new Random(seed);
        int[] labels = random.ints(rows, 0, 3).toArray();
        try (FloatMatrix x = FloatMatrix.allocate(rows, columns)) {
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    x.set(i, j, 1000 + random.nextInt(6));
                }
            }
            float[] row = new float[columns];
            for (int j = 0; j < columns; j++) {
                row[j] = 1000 + random.nextInt(6);
            }
            int[] expected = IntStream.range(0, rows)
                    .boxed()
                    .sorted(Comparator.<Integer>comparingDouble(i -> distance(x, i, row))
                            .thenComparing(i -> i))
                    .limit(k)
                    .mapToInt(Integer::intValue)
                    .toArray();
            try (NeighborIndex index = NeighborIndex.of(x, labels, k)) {
                int[] ids = new int[k];
                float[] distances = new float[k];
                index.nearest(row, ids, distances);
                assertThat(ids).isEqualTo(expected);
                for (int i = 0; i < k; i++) {
                    assertThat((double) distances[i]).isCloseTo(distance(x, ids[i], row), within(1e-3));
                }
                int[] votes = new int[3];
                Arrays.stream(ids).forEach(id -> votes[labels[id]]++);
                int largest = Arrays.stream(votes).max().orElseThrow();
                int winner = Arrays.stream(ids)
                        .map(id -> labels[id])
                        .filter(label -> votes[label] == largest)
                        .findFirst()
                        .orElseThrow();
                assertThat(index.predict(row)).isEqualTo(winner);
            }
        }
    }

    private static Pipeline fitted(FloatMatrix x) {
        PcaModel pca = Pca.fit(x, Pca.Options.defaults().withComponents(4));
        int[] labels = IntStream.range(0, ROWS).map(i -> i % 7).toArray();
        try (FloatMatrix reduced = pca.transform(x)) {
            return Pipeline.of(Stage.of(pca), Stage.of(NeighborIndex.of(reduced, labels, NEIGHBORS)));
        }
    }

    @Test
    void eachKindOfRowHasTheSameNeighbours() {
        try (FloatMatrix x = random(ROWS, COLUMNS, 1);
                Pipeline pipeline = fitted(x)) {
            int[] all = pipeline.predict(x);
            int[] ids = new int[NEIGHBORS];
            float[] distances = new float[NEIGHBORS];
            float[] row = new float[COLUMNS];
            byte[] bytes = new byte[COLUMNS];
            for (int i = 0; i < ROWS; i++) {
                x.getRow(i, row);
                for (int j = 0; j < COLUMNS; j++) {
                    bytes[j] = (byte) row[j];
                }
                assertThat(pipeline.predict(row)).isEqualTo(all[i]);
                assertThat(pipeline.predict(FloatBuffer.wrap(row))).isEqualTo(all[i]);
                assertThat(pipeline.predict(MemorySegment.ofArray(row))).isEqualTo(all[i]);
                assertThat(pipeline.predictBytes(bytes)).isEqualTo(all[i]);
                pipeline.neighbors(row, ids, distances);
                assertThat(ids[0]).isEqualTo(i);
                assertThat(distances[0]).isLessThan(0.01f);
                int[] again = new int[NEIGHBORS];
                pipeline.neighborsOfBytes(bytes, again, distances);
                assertThat(again).isEqualTo(ids);
            }
        }
    }

    @Test
    void aModelFileContainsTheIndex() throws IOException {
        Path file = folder.resolve("model");
        try (FloatMatrix x = random(ROWS, COLUMNS, 2);
                Pipeline pipeline = fitted(x)) {
            ModelFile.write(file, pipeline, Provenance.now());
            try (SavedModel saved = ModelFile.read(file)) {
                assertThat(saved.metadata()).containsEntry("stages", "pca,neighbors");
                assertThat(saved.pipeline().predict(x)).isEqualTo(pipeline.predict(x));
                assertThat(saved.pipeline().outputs()).isEqualTo(NEIGHBORS);
            }
            assertThatThrownBy(() -> OnnxFile.write(folder.resolve("no.onnx"), pipeline, Map.of()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("a pipeline that ends in nearest neighbours cannot be written as ONNX");
            assertThatThrownBy(() -> pipeline.probabilities(x)).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> pipeline.transform(x)).isInstanceOf(InvalidInputException.class);
        }
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 5] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> ModelFile.read(file)).isInstanceOf(DataFormatException.class);
    }

    @Test
    void manyThreadsFindTheSameNeighbours() {
        try (FloatMatrix x = random(ROWS, COLUMNS, 3);
                Pipeline pipeline = fitted(x);
                WorkerPool pool = WorkerPool.of(8)) {
            int[] expected = pipeline.predict(x);
            pool.run(8, (task, worker) -> {
                float[] row = new float[COLUMNS];
                for (int i = 0; i < ROWS; i++) {
                    x.getRow((i + 91 * task) % ROWS, row);
                    assertThat(pipeline.predict(row)).isEqualTo(expected[(i + 91 * task) % ROWS]);
                }
            });
        }
    }

    @Test
    void refusesInputThatDoesNotFit() {
        try (FloatMatrix x = random(10, 3, 4)) {
            int[] labels = new int[10];
            assertThatThrownBy(() -> NeighborIndex.of(x, new int[9], 1))
                    .hasMessage("9 labels do not pair with 10 rows");
            assertThatThrownBy(() -> NeighborIndex.of(x, labels, 11))
                    .hasMessage("11 neighbours are not between 1 and the smaller of 10 rows and 1024");
            labels[4] = -1;
            assertThatThrownBy(() -> NeighborIndex.of(x, labels, 1)).hasMessage("the label -1 of row 4 is negative");
            labels[4] = 0;
            NeighborIndex index = NeighborIndex.of(x, labels, 2);
            assertThatThrownBy(() -> Pipeline.of(Stage.of(index)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("nearest neighbours in a pipeline need principal components before them");
            assertThatThrownBy(() -> index.predict(new float[2]))
                    .hasMessage("a row of 2 values does not fit an index of 3");
            assertThatThrownBy(() -> index.predict(new float[] {1, Float.NaN, 2}))
                    .hasMessage("the row has a value that is not finite");
            assertThatThrownBy(() -> index.nearest(new float[3], new int[1], new float[2]))
                    .hasMessage("2 neighbours do not fit into arrays of 1 and 2");
            index.close();
            index.close();
            assertThatThrownBy(() -> index.predict(new float[3])).isInstanceOf(IllegalStateException.class);
        }
    }
}
