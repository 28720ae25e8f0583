package io.heddle.estimator;

import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.function.Function;

/** Passes rows of any matrix as floats. Bytes are converted block by block. */
final class Blocks {
    /** Large enough for all threads and small compared with the data. */
    private static final int HEIGHT = 16_384;

    private Blocks() {}

    static int[] labels(DataMatrix x, Function<FloatMatrix, int[]> predict) {
        if (x instanceof FloatMatrix floats) {
            return predict.apply(floats);
        }
        int[] labels = new int[Math.toIntExact(x.rows())];
        int[] next = {0};
        each(x, block -> {
            int[] part = predict.apply(block);
            System.arraycopy(part, 0, labels, next[0], part.length);
            next[0] += part.length;
        });
        return labels;
    }

    static FloatMatrix rows(DataMatrix x, int columns, Function<FloatMatrix, FloatMatrix> map) {
        if (x instanceof FloatMatrix floats) {
            return map.apply(floats);
        }
        return FloatMatrix.allocate(x.rows(), columns, out -> {
            long[] next = {0};
            each(x, block -> {
                try (FloatMatrix part = map.apply(block);
                        FloatMatrix target = out.rows(next[0], next[0] + part.rows())) {
                    MemorySegment.copy(
                            part.segment(),
                            0,
                            target.segment(),
                            0,
                            part.segment().byteSize());
                    next[0] += part.rows();
                }
            });
        });
    }

    private static void each(DataMatrix x, Consumer<FloatMatrix> use) {
        long height = Math.clamp(x.rows(), 1, HEIGHT);
        try (FloatMatrix floats = FloatMatrix.allocate(height, x.columns()).withColumnNames(x.columnNames())) {
            // Also called for no rows, because the model checks the number of columns.
            for (long from = 0; from == 0 || from < x.rows(); from += height) {
                long count = Math.min(height, x.rows() - from);
                for (long i = 0; i < count; i++) {
                    x.copyRow(from + i, floats, i);
                }
                try (FloatMatrix block = floats.rows(0, count)) {
                    use.accept(block);
                }
            }
        }
    }
}
