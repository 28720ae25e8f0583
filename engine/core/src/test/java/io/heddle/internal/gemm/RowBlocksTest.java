package io.heddle.internal.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowBlocksTest {
    private static final int ROWS = 23;
    private static final int COLUMNS = 19;

    @Test
    void returnsSelectedRowsInTheirOrder() {
        long[] chosen = {22, 0, 7, 7, 13};
        byte[] bytes = new byte[ROWS * COLUMNS];
        float[] floats = new float[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31);
            floats[i] = 0.5f * (bytes[i] & 0xff);
        }
        try (WorkerPool pool = WorkerPool.of(2);
                FloatMatrix x = FloatMatrix.copyOf(floats, ROWS, COLUMNS)) {
            DataMatrix raw = ByteMatrix.wrap(MemorySegment.ofArray(bytes), ROWS, COLUMNS, 0.5f);
            for (DataMatrix data : List.of(x, raw)) {
                try (RowBlocks blocks = RowBlocks.of(data, chosen, 2, pool)) {
                    assertThat(blocks.rows()).isEqualTo(chosen.length);
                    for (int i = 0; i < chosen.length; i++) {
                        FloatMatrix block = blocks.get(i, i + 1, i % 2);
                        for (int j = 0; j < COLUMNS; j++) {
                            assertThat(block.get(0, j)).isEqualTo(floats[(int) chosen[i] * COLUMNS + j]);
                        }
                    }
                    assertThatThrownBy(() -> blocks.get(0, 3, 0))
                            .isInstanceOf(IndexOutOfBoundsException.class)
                            .hasMessageContaining("at most 2 rows");
                    assertThatThrownBy(() -> blocks.get(4, 6, 0)).isInstanceOf(IndexOutOfBoundsException.class);
                }
            }
        }
    }
}
