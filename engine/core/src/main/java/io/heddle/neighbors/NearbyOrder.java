package io.heddle.neighbors;

import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An order in which rows that are near each other mostly have near positions. The rows are halved at the median of the
 * column with the greatest variance, and so is each half, as in a k-d tree (Friedman, Bentley and Finkel 1977), until a
 * part is no larger than a block.
 *
 * <p>A search that begins with the near positions soon knows most neighbours, so it rejects almost all later rows by
 * one comparison. The order does not depend on the number of threads. O(n·log²n + n·d·{@value #SAMPLE}/block).
 */
final class NearbyOrder {
    /** Rows from which the variances of a part are estimated. */
    private static final int SAMPLE = 256;

    private record Part(int from, int to) {
        /** The halves that are larger than a block. All but the last part have whole blocks. */
        Stream<Part> halves(int block) {
            int blocks = (to - from + block - 1) / block;
            int middle = from + blocks / 2 * block;
            return Stream.of(new Part(from, middle), new Part(middle, to)).filter(half -> half.exceeds(block));
        }

        boolean exceeds(int block) {
            return to - from > block;
        }
    }

    private NearbyOrder() {}

    /**
     * {@return the numbers of all rows, from the first position on}
     *
     * @param x n × d, d at least 1
     * @param block positions that are not ordered further
     */
    static int[] of(FloatMatrix x, int block, WorkerPool pool) {
        int n = Math.toIntExact(x.rows());
        int[] order = IntStream.range(0, n).toArray();
        List<Part> level =
                Stream.of(new Part(0, n)).filter(all -> all.exceeds(block)).toList();
        while (!level.isEmpty()) {
            List<Part> parts = level;
            pool.run(parts.size(), (task, worker) -> sort(x, order, parts.get(task)));
            level = parts.stream().flatMap(part -> part.halves(block)).toList();
        }
        return order;
    }

    /** Sorts the rows of a part by the column with the greatest variance. */
    private static void sort(FloatMatrix x, int[] order, Part part) {
        long[] keys = keys(x, widest(x, order, part), order, part);
        Arrays.sort(keys);
        for (int i = 0; i < keys.length; i++) {
            order[part.from + i] = (int) keys[i];
        }
    }

    private static long[] keys(FloatMatrix x, int column, int[] order, Part part) {
        long[] keys = new long[part.to - part.from];
        for (int i = 0; i < keys.length; i++) {
            int row = order[part.from + i];
            keys[i] = BestList.key(x.get(row, column), row);
        }
        return keys;
    }

    private static int widest(FloatMatrix x, int[] order, Part part) {
        int d = x.columns();
        int count = Math.min(SAMPLE, part.to - part.from);
        double[] sums = new double[d];
        double[] squares = new double[d];
        float[] row = new float[d];
        for (int s = 0; s < count; s++) {
            x.getRow(order[part.from + (int) ((long) s * (part.to - part.from) / count)], row);
            for (int j = 0; j < d; j++) {
                sums[j] += row[j];
                squares[j] += (double) row[j] * row[j];
            }
        }
        int widest = 0;
        double greatest = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < d; j++) {
            double spread = squares[j] - sums[j] * sums[j] / count;
            if (spread > greatest) {
                greatest = spread;
                widest = j;
            }
        }
        return widest;
    }
}
