package io.heddle.linear;

import io.heddle.internal.rows.RowSample;
import io.heddle.matrix.FloatMatrix;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** A sample of the rows of all partitions, copied to the solver's process. */
final class PartitionSample {
    private static final int ROWS = 16_384;
    /** Maximum floats of a sample: 64 MB. */
    private static final long FLOATS = 1L << 24;
    /** Minimum number of rows. */
    private static final int MINIMUM = 256;

    private PartitionSample() {}

    /** The number of rows in a sample. */
    static int size(long rows, int columns) {
        return (int) Math.min(rows, Math.clamp(FLOATS / columns, MINIMUM, ROWS));
    }

    /**
     * Draws rows from all parts of the data.
     *
     * @return rows in their order; the caller closes the matrix
     */
    static TrainingRows draw(
            PartitionedRows partitions,
            PartitionSurvey survey,
            PartitionSetup setup,
            FeatureTransform transform,
            long seed) {
        int count = size(survey.total(), survey.columns());
        List<Piece> pieces = partitions.collect(new Task(survey.rows(), count, seed));
        int[] labels = new int[count];
        double[] weights = setup.factors() == null ? null : new double[count];
        FloatMatrix x = FloatMatrix.allocate(count, survey.columns(), out -> {
            int to = 0;
            for (Piece piece : pieces) {
                for (int i = 0; i < piece.labels.length; i++, to++) {
                    out.setRow(to, piece.values[i]);
                    labels[to] = piece.labels[i];
                    if (weights != null) {
                        weights[to] = piece.weights[i] * setup.factors()[labels[to]];
                    }
                }
            }
        });
        return new TrainingRows(x, labels, weights, setup.classes(), transform);
    }

    /** Rows of one partition. */
    private record Piece(float[][] values, int[] labels, double[] weights) implements Serializable {
        void copy(int row, RowPartition.Block block, int to) {
            for (int j = 0; j < values[to].length; j++) {
                values[to][j] = block.x().get(row, j);
            }
            labels[to] = block.labels()[row];
            weights[to] = block.weight(row);
        }
    }

    /** Each partition draws the numbers of all rows again, and copies its own rows. */
    private record Task(long[] rows, int count, long seed) implements PartitionedRows.Task<Piece> {
        @Override
        public Piece run(RowPartition partition) {
            long first = Arrays.stream(rows, 0, partition.index()).sum();
            long end = first + rows[partition.index()];
            LongArrayList own = new LongArrayList();
            long total = Arrays.stream(rows).sum();
            for (long row : RowSample.choose(total, count, new SplittableRandom(seed))) {
                if (row >= first && row < end) {
                    own.add(row - first);
                }
            }
            Piece piece =
                    new Piece(new float[own.size()][partition.columns()], new int[own.size()], new double[own.size()]);
            int to = 0;
            long start = 0;
            for (RowPartition.Block block : partition.blocks()) {
                for (; to < own.size() && own.getLong(to) < start + block.rows(); to++) {
                    piece.copy((int) (own.getLong(to) - start), block, to);
                }
                start += block.rows();
            }
            return piece;
        }
    }
}
