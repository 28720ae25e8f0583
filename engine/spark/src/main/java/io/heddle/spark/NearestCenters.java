package io.heddle.spark;

import io.heddle.internal.gemm.Gemm;
import io.heddle.internal.gemm.Panels;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.spark.partition.Scratch;
import java.io.Serial;
import java.io.Serializable;

/**
 * Finds the nearest centres of the rows of a block.
 *
 * <p>With the mean m of the data and c' = c − m, ‖x − c‖² − ‖x − m‖² = x·(−2c') + ‖c'‖² + 2 m·c'. The left side ranks
 * the centres of a row. For clusters that are small relative to their distances, and for data far from zero, distances
 * are computed from differences.
 *
 * @param centers k × d, row by row
 * @param mean of the data
 * @param differences whether distances are computed from differences
 */
record NearestCenters(float[] centers, float[] mean, boolean differences) implements Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    /** Number of rows that stay in the cache together with the centres. */
    static final int BLOCK = 128;

    private static final Kernels KERNELS = Simd.kernels();

    int columns() {
        return mean.length;
    }

    int clusters() {
        return centers.length / mean.length;
    }

    /** Memory of a task for these centres, filled with them. */
    Room room(Scratch scratch) {
        int k = clusters();
        int d = columns();
        String name = "centers %d x %d".formatted(k, d);
        Room room = scratch.get(name, Room.class, () -> new Room(k, d));
        room.prepare(this);
        return room;
    }

    /** Centres outside the heap, and rows of products with them. */
    static final class Room implements AutoCloseable {
        private final int k;
        private final int d;
        private final FloatMatrix centers;
        private final FloatMatrix folded;
        private final FloatMatrix mean;
        private final FloatMatrix bias;
        private final FloatMatrix zeros;
        private final FloatMatrix scores;
        private final Panels panels;
        private final float[] values = new float[BLOCK];
        private final float[] distances;
        private boolean differences;

        private Room(int k, int d) {
            this.k = k;
            this.d = d;
            centers = FloatMatrix.allocate(k, d);
            folded = FloatMatrix.allocate(k, d);
            mean = FloatMatrix.allocate(1, d);
            bias = FloatMatrix.allocate(1, k);
            zeros = FloatMatrix.allocate(1, d);
            scores = FloatMatrix.allocate(BLOCK, k);
            panels = Panels.allocate(d, k);
            distances = new float[k];
        }

        private void prepare(NearestCenters from) {
            differences = from.differences();
            float[] row = new float[d];
            mean.setRow(0, from.mean());
            double originSquares = KERNELS.squaredDistance(mean.segment(), 0, zeros.segment(), 0, d);
            for (int c = 0; c < k; c++) {
                System.arraycopy(from.centers(), c * d, row, 0, d);
                centers.setRow(c, row);
                long at = folded.offset(c);
                KERNELS.subtract(centers.segment(), at, mean.segment(), 0, folded.segment(), at, d);
                KERNELS.scale(-2, folded.segment(), at, d);
                // ‖c'‖² + 2 m·c' is ‖c‖² − ‖m‖².
                double squares = KERNELS.squaredDistance(centers.segment(), at, zeros.segment(), 0, d) - originSquares;
                bias.set(0, c, (float) squares);
            }
            panels.repackTransposed(folded);
        }

        /**
         * Finds the nearest centres of some rows, the first of equally near ones.
         *
         * @param count at most {@value #BLOCK}
         * @param labels receives their numbers from 0 on
         */
        void assign(FloatMatrix x, int from, int count, int[] labels) {
            if (!differences) {
                Gemm.multiplyRows(x, from, (long) from + count, panels, scores, 0);
                KERNELS.minimumBiased(
                        scores.segment(), 0, scores.offset(1), count, k, bias.segment(), 0, labels, values, 0);
                return;
            }
            for (int i = 0; i < count; i++) {
                KERNELS.squaredDistances(
                        x.segment(), x.offset(from + i), centers.segment(), 0, centers.offset(1), k, d, distances, 0);
                int best = 0;
                for (int c = 1; c < k; c++) {
                    best = distances[c] < distances[best] ? c : best;
                }
                labels[i] = best;
            }
        }

        /** ‖row − centre‖², from differences and in double. */
        double squaredDistance(FloatMatrix x, int row, int center) {
            return KERNELS.squaredDistance(x.segment(), x.offset(row), centers.segment(), centers.offset(center), d);
        }

        @Override
        public void close() {
            centers.close();
            folded.close();
            mean.close();
            bias.close();
            zeros.close();
            scores.close();
            panels.close();
        }
    }
}
