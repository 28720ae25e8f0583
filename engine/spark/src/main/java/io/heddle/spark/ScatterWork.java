package io.heddle.spark;

import io.heddle.internal.gemm.Gemm;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.spark.partition.PartitionRows;
import io.heddle.spark.partition.PartitionWork;
import io.heddle.spark.partition.Scratch;
import java.io.Serial;

/**
 * Σ (row − mean)(row − mean)ᵀ on and above the diagonal, row by row: d (d + 1) / 2 numbers. Products are summed in
 * float over 4,096 rows and in double above.
 */
final class ScatterWork implements PartitionWork<double[]> {
    @Serial
    private static final long serialVersionUID = 1;

    /** Rows that are multiplied while they are in the cache. */
    private static final int BLOCK = 256;
    /** Rows after which the float sums are added to those in double. */
    private static final int FLUSH = 4096;

    private final float[] mean;

    ScatterWork(float[] mean) {
        this.mean = mean;
    }

    private record Room(FloatMatrix mean, FloatMatrix shifted, FloatMatrix sums) implements AutoCloseable {
        static Room of(int d) {
            return new Room(FloatMatrix.allocate(1, d), FloatMatrix.allocate(BLOCK, d), FloatMatrix.allocate(d, d));
        }

        @Override
        public void close() {
            mean.close();
            shifted.close();
            sums.close();
        }
    }

    @Override
    public double[] run(PartitionRows rows, Scratch scratch) {
        int d = rows.columns();
        Kernels kernels = Simd.kernels();
        Room room = scratch.get("scatter " + d, Room.class, () -> Room.of(d));
        room.mean().setRow(0, mean);
        FloatMatrix sums = room.sums();
        FloatMatrix shifted = room.shifted();
        sums.segment().fill((byte) 0);
        double[] total = new double[Math.multiplyExact(d, d + 1) / 2];
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
                            shifted.segment(),
                            shifted.offset(i),
                            d);
                }
                Gemm.accumulateUpperGram(shifted, 0, count, sums);
                pending += count;
                if (pending >= FLUSH) {
                    flush(kernels, sums, total);
                    pending = 0;
                }
            }
        }
        flush(kernels, sums, total);
        return total;
    }

    private static void flush(Kernels kernels, FloatMatrix sums, double[] total) {
        int d = sums.columns();
        int at = 0;
        for (int i = 0; i < d; i++) {
            kernels.addToSums(sums.segment(), sums.offset(i) + (long) i * Float.BYTES, d - i, total, at);
            at += d - i;
        }
        sums.segment().fill((byte) 0);
    }
}
