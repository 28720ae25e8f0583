package io.heddle.spark;

import io.heddle.internal.gemm.Gemm;
import io.heddle.internal.gemm.Panels;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.spark.partition.PartitionRows;
import io.heddle.spark.partition.PartitionWork;
import io.heddle.spark.partition.Scratch;
import java.io.Serial;

/**
 * Σ (row − mean) (row − mean)ᵀ V for a block V of directions, d × b, without the scatter matrix: each block of rows is
 * multiplied by V and then by its own transpose while it is in the cache. Sums are in float over 4,096 rows and in
 * double above.
 *
 * @param mean of the columns
 * @param directions V, row by row
 */
record ProductWork(float[] mean, float[] directions) implements PartitionWork<double[]> {
    @Serial
    private static final long serialVersionUID = 1;

    private static final int BLOCK = 128;
    private static final int FLUSH = 4096;

    private record Room(
            FloatMatrix mean,
            FloatMatrix directions,
            FloatMatrix shifted,
            FloatMatrix scores,
            FloatMatrix sums,
            Panels panels)
            implements AutoCloseable {
        static Room of(int d, int b) {
            return new Room(
                    FloatMatrix.allocate(1, d),
                    FloatMatrix.allocate(d, b),
                    FloatMatrix.allocate(BLOCK, d),
                    FloatMatrix.allocate(BLOCK, b),
                    FloatMatrix.allocate(d, b),
                    Panels.allocate(d, b));
        }

        @Override
        public void close() {
            mean.close();
            directions.close();
            shifted.close();
            scores.close();
            sums.close();
            panels.close();
        }
    }

    @Override
    public double[] run(PartitionRows rows, Scratch scratch) {
        int d = rows.columns();
        int b = directions.length / d;
        Kernels kernels = Simd.kernels();
        Room room = scratch.get("product %d x %d".formatted(d, b), Room.class, () -> Room.of(d, b));
        room.mean().setRow(0, mean);
        float[] row = new float[b];
        for (int j = 0; j < d; j++) {
            System.arraycopy(directions, j * b, row, 0, b);
            room.directions().setRow(j, row);
        }
        room.panels().repack(room.directions(), 0, d, null);
        room.sums().segment().fill((byte) 0);
        double[] total = new double[Math.multiplyExact(d, b)];
        int pending = 0;
        for (PartitionRows.Block block : rows.blocks()) {
            FloatMatrix x = block.x();
            for (int from = 0; from < block.rows(); from += BLOCK) {
                int count = Math.min(BLOCK, block.rows() - from);
                for (int i = 0; i < count; i++) {
                    kernels.subtract(
                            x.segment(),
                            x.offset(from + i),
                            room.mean().segment(),
                            0,
                            room.shifted().segment(),
                            room.shifted().offset(i),
                            d);
                }
                Gemm.multiplyRows(room.shifted(), 0, count, room.panels(), room.scores(), 0);
                Gemm.accumulateTransposed(room.shifted(), 0, room.scores(), 0, count, room.sums());
                pending += count;
                if (pending >= FLUSH) {
                    flush(kernels, room.sums(), total);
                    pending = 0;
                }
            }
        }
        flush(kernels, room.sums(), total);
        return total;
    }

    private static void flush(Kernels kernels, FloatMatrix sums, double[] total) {
        int b = sums.columns();
        for (int j = 0; j < sums.rows(); j++) {
            kernels.addToSums(sums.segment(), sums.offset(j), b, total, j * b);
        }
        sums.segment().fill((byte) 0);
    }
}
