package io.heddle.cluster.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.OpenMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadScratchTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 16", "16, 16", "17, 32", "33, 48"})
    void batchesArePaddedToVectors(int count, int padded) {
        assertThat(HeadScratch.padded(count)).isEqualTo(padded);
        assertThat(HeadScratch.batch(count)).isEqualTo(2 * padded);
    }

    /** A batch below a block, one above it, and none, for predictions only. */
    @ParameterizedTest
    @CsvSource({"64, 256, 256", "320, 320, 320", "0, 256, 0"})
    void memoryIsForBatchesOrBlocks(int batch, int columns, int gradients) {
        HeadScratch scratch = new HeadScratch(batch, 4, 10, 3);
        assertThat(scratch.rows.rows()).isEqualTo(batch);
        assertThat(scratch.rows.columns()).isEqualTo(4);
        assertThat(scratch.units.rows()).isEqualTo(columns);
        assertThat(scratch.probabilities.columns()).isEqualTo(columns);
        assertThat(scratch.gradients.columns()).isEqualTo(gradients);
        assertThat(scratch.agreements).hasSize(batch / 2);
        assertThat(scratch.common).hasSize(3);
        for (int i = 0; i < batch; i++) {
            assertThat(scratch.ones.get(0, i)).isEqualTo(1);
        }
        assertThat(OpenMemory.of(scratch)).hasSizeGreaterThan(8);
        scratch.close();
        assertThat(OpenMemory.of(scratch)).isEmpty();
    }

    @Test
    void chosenRowsAreGatheredFromAnIndexOn() {
        try (FloatMatrix x = FloatMatrix.copyOf(new float[] {1, 2, 3, 4, 5}, 5, 1);
                HeadScratch scratch = new HeadScratch(32, 1, 4, 2)) {
            scratch.gather(x, new int[] {9, 4, 0, 2, 9}, 1, 4, 7);
            assertThat(new float[] {
                        scratch.rows.get(6, 0),
                        scratch.rows.get(7, 0),
                        scratch.rows.get(8, 0),
                        scratch.rows.get(9, 0),
                        scratch.rows.get(10, 0)
                    })
                    .containsExactly(0, 5, 1, 3, 0);
        }
    }
}
