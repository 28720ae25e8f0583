package io.heddle.cluster;

import io.heddle.internal.gemm.Gemm;
import io.heddle.internal.gemm.Panels;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.rows.Elements;
import io.heddle.internal.rows.RowReader;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/**
 * Greedy k-means++ for rows that have sketches. As {@link GreedySeeding}, candidates are drawn in proportion to exact
 * squared distances, and the potential of the result is exact. But the best of the candidates is chosen by distances of
 * sketches, so that distances of rows are computed only to the candidate that becomes a seed, and only for rows that
 * may be nearer to it than to their previous seed.
 *
 * <p>O(n·K·(s·ln K + d)) at most, for sketches of s numbers.
 */
final class SketchedSeeding {
    private static final int BLOCK = 256;
    private static final Kernels KERNELS = Simd.kernels();

    private final DataMatrix x;
    private final long[] rows;
    private final RowWeights weights;
    private final int n;
    private final FloatMatrix sketches;
    private final double margin;
    private final int residual;
    private final RandomGenerator random;
    private final WorkerPool pool;
    private final RowSlices slices;
    private final int trials;

    /** The squared distance of each row to its nearest seed. */
    private final float[] nearest;
    /** The sum of {@link #nearest} over a slice. */
    private final double[] potentials;

    private double largestSquares;

    private SketchedSeeding(
            DataMatrix x,
            long[] rows,
            RowWeights weights,
            FloatMatrix sketches,
            double margin,
            int clusters,
            RandomGenerator random,
            WorkerPool pool) {
        this.x = x;
        this.rows = rows;
        this.weights = weights;
        this.n = rows.length;
        this.sketches = sketches;
        this.margin = margin;
        residual = Sketch.residual(sketches.columns());
        this.random = random;
        this.pool = pool;
        slices = RowSlices.of(n, BLOCK);
        trials = GreedySeeding.trials(clusters);
        nearest = new float[n];
        potentials = new double[slices.count()];
    }

    /** As {@link GreedySeeding#seed}, with the sketches of the rows of x. */
    static double seed(
            DataMatrix x,
            RowWeights weights,
            Sketch.Sketches sketches,
            FloatMatrix seeds,
            RandomGenerator random,
            WorkerPool pool) {
        long[] all = LongStream.range(0, x.rows()).toArray();
        return choose(x, all, weights, sketches, (int) seeds.rows(), random, pool)
                .copyTo(seeds, x);
    }

    /**
     * Chooses some of a sample of rows.
     *
     * @param rows the sample, as row numbers of x
     * @param weights of the sample
     * @param sketches of all rows of x
     * @return row numbers of x
     */
    static GreedySeeding.Chosen choose(
            DataMatrix x,
            long[] rows,
            RowWeights weights,
            Sketch.Sketches sketches,
            int clusters,
            RandomGenerator random,
            WorkerPool pool) {
        FloatMatrix all = sketches.rows();
        try (FloatMatrix own = FloatMatrix.allocate(rows.length, all.columns())) {
            for (int i = 0; i < rows.length; i++) {
                all.copyRow(rows[i], own, i);
            }
            return new SketchedSeeding(x, rows, weights, own, sketches.margin(), clusters, random, pool).run(clusters);
        }
    }

    private GreedySeeding.Chosen run(int clusters) {
        int height = (int) slices.height();
        int[] seeds = new int[clusters];
        Panels[] panels = new Panels[slices.count()];
        try (RowReader reader = RowReader.of(x, pool);
                FloatMatrix seedRow = FloatMatrix.allocate(1, x.columns());
                FloatMatrix told = FloatMatrix.allocate(trials, sketches.columns());
                // ‖sketch‖² − nearest for each row, a row of this matrix for each slice. A candidate whose score plus
                // bias is below −‖its sketch‖² would be nearer than the nearest seed, as far as the sketches tell.
                FloatMatrix bias = FloatMatrix.allocate(slices.count(), height);
                FloatMatrix scores = FloatMatrix.allocate((long) slices.count() * trials, height)) {
            pack(panels);
            seeds[0] = weights.draw(n, random);
            x.copyRow(rows[seeds[0]], seedRow, 0);
            double[] reach = new double[slices.count()];
            pool.run(slices.count(), (slice, worker) -> reach[slice] = begin(slice, worker, reader, seedRow, bias));
            double largest = Arrays.stream(reach).max().orElse(0);
            for (int seed = 1; seed < clusters; seed++) {
                int[] drawn = draw();
                double[] squares = gather(drawn, told);
                double[] gains = new double[slices.count() * trials];
                pool.run(slices.count(), (slice, worker) -> {
                    Gemm.multiplyRows(told, 0, trials, panels[slice], scores, (long) slice * trials);
                    for (int t = 0; t < trials; t++) {
                        gains[slice * trials + t] = gain(slice, scores, t, bias, squares[t]);
                    }
                });
                int best = best(gains);
                seeds[seed] = drawn[best];
                x.copyRow(rows[drawn[best]], seedRow, 0);
                told.set(best, residual, -2 * sketches.get(drawn[best], residual));
                double error = 2 * margin;
                double more = error * (2 * Math.sqrt(largest) + error)
                        + CenterSketches.CANCELLATION * (squares[best] + largestSquares);
                float limit = Math.nextUp((float) (more - squares[best]));
                pool.run(
                        slices.count(),
                        (slice, worker) ->
                                take(slice, worker, reader, seedRow, told, panels[slice], scores, best, bias, limit));
            }
            for (int s = 0; s < clusters; s++) {
                seeds[s] = (int) rows[seeds[s]];
            }
            return new GreedySeeding.Chosen(seeds, Arrays.stream(potentials).sum());
        } finally {
            for (Panels p : panels) {
                if (p != null) {
                    p.close();
                }
            }
        }
    }

    private void pack(Panels[] panels) {
        pool.run(
                slices.count(),
                (slice, worker) -> panels[slice] =
                        Panels.packTransposedForPacked(sketches.rows(slices.from(slice), slices.to(slice))));
        for (int i = 0; i < n; i++) {
            largestSquares = Math.max(largestSquares, squares(i));
        }
    }

    private float squares(int row) {
        return KERNELS.dot(
                sketches.segment(), sketches.offset(row), sketches.segment(), sketches.offset(row), sketches.columns());
    }

    /** Measures the distances of a slice's rows to the first seed; returns the largest. */
    private double begin(int slice, int worker, RowReader reader, FloatMatrix seedRow, FloatMatrix bias) {
        int from = (int) slices.from(slice);
        int to = (int) slices.to(slice);
        float[] distance = new float[1];
        double largest = 0;
        for (int i = from; i < to; i++) {
            measure(i, worker, reader, seedRow, distance);
            nearest[i] = distance[0];
            Elements.set(bias, slice, i - from, squares(i) - distance[0]);
            largest = Math.max(largest, distance[0]);
        }
        potentials[slice] = potential(from, to);
        return largest;
    }

    private void measure(int row, int worker, RowReader reader, FloatMatrix seedRow, float[] distance) {
        long read = reader.read(rows[row], worker);
        KERNELS.squaredDistances(
                reader.floats().segment(),
                reader.floats().offset(read),
                seedRow.segment(),
                0,
                0,
                1,
                x.columns(),
                distance,
                0);
    }

    private double potential(int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += weights.of(i) * nearest[i];
        }
        return sum;
    }

    /** Samples candidates in proportion to their distance, or uniformly if all distances are 0. */
    private int[] draw() {
        double total = Arrays.stream(potentials).sum();
        int[] drawn = new int[trials];
        for (int t = 0; t < trials; t++) {
            drawn[t] = total > 0 ? find(random.nextDouble() * total) : weights.draw(n, random);
        }
        return drawn;
    }

    private int find(double target) {
        double before = 0;
        int slice = 0;
        while (slice < potentials.length - 1 && before + potentials[slice] <= target) {
            before += potentials[slice];
            slice++;
        }
        int last = (int) slices.from(slice);
        double sum = 0;
        for (int i = last; i < slices.to(slice); i++) {
            double share = weights.of(i) * nearest[i];
            sum += share;
            if (share > 0) {
                last = i;
                if (before + sum > target) {
                    break;
                }
            }
        }
        return last;
    }

    /** Copies −2 times the sketches of the candidates; returns their squared norms. */
    private double[] gather(int[] drawn, FloatMatrix told) {
        double[] squares = new double[trials];
        for (int t = 0; t < trials; t++) {
            squares[t] = squares(drawn[t]);
            sketches.copyRow(drawn[t], told, t);
            KERNELS.scale(-2, told.segment(), told.offset(t), told.columns());
            told.set(t, residual, 0);
        }
        return squares;
    }

    /** How much the potential of a slice would decrease by a candidate, as far as the sketches tell. */
    private double gain(int slice, FloatMatrix scores, int candidate, FloatMatrix bias, double squares) {
        int[] nearer = new int[(int) slices.height()];
        long at = scores.offset((long) slice * trials + candidate);
        float limit = (float) -squares;
        int count = columnsBelow(slice, scores, at, bias, limit, nearer);
        double gain = 0;
        for (int c = 0; c < count; c++) {
            int j = nearer[c];
            gain += weights.of((int) slices.from(slice) + j)
                    * (limit - Elements.get(scores.segment(), at, j) - Elements.get(bias, slice, j));
        }
        return gain;
    }

    private int columnsBelow(int slice, FloatMatrix scores, long at, FloatMatrix bias, float limit, int[] columns) {
        int size = (int) (slices.to(slice) - slices.from(slice));
        return KERNELS.columnsBelow(scores.segment(), at, size, bias.segment(), bias.offset(slice), limit, columns);
    }

    private int best(double[] gains) {
        int best = 0;
        double maximum = Double.NEGATIVE_INFINITY;
        for (int t = 0; t < trials; t++) {
            double gain = 0;
            for (int slice = 0; slice < slices.count(); slice++) {
                gain += gains[slice * trials + t];
            }
            if (gain > maximum) {
                maximum = gain;
                best = t;
            }
        }
        return best;
    }

    /** Measures the distances of those rows of a slice to a new seed that may be nearer to it. */
    private void take(
            int slice,
            int worker,
            RowReader reader,
            FloatMatrix seedRow,
            FloatMatrix told,
            Panels panel,
            FloatMatrix scores,
            int candidate,
            FloatMatrix bias,
            float limit) {
        int[] nearer = new int[(int) slices.height()];
        float[] distance = new float[1];
        int from = (int) slices.from(slice);
        Gemm.multiplyRows(told, candidate, candidate + 1, panel, scores, (long) slice * trials + candidate);
        int count = columnsBelow(slice, scores, scores.offset((long) slice * trials + candidate), bias, limit, nearer);
        for (int c = 0; c < count; c++) {
            int i = from + nearer[c];
            measure(i, worker, reader, seedRow, distance);
            if (distance[0] < nearest[i]) {
                nearest[i] = distance[0];
                Elements.set(bias, slice, nearer[c], squares(i) - distance[0]);
            }
        }
        if (count > 0) {
            potentials[slice] = potential(from, (int) slices.to(slice));
        }
    }
}
