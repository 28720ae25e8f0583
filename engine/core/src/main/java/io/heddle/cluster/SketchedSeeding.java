package io.heddle.cluster;

import io.heddle.internal.gemm.Gemm;
import io.heddle.internal.gemm.Panels;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.rows.Elements;
import io.heddle.internal.rows.RowReader;
import io.heddle.internal.rows.RowSample;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/**
 * Greedy k-means++ for rows that have sketches. As in {@link GreedySeeding}, candidates are drawn in proportion to
 * exact squared distances, and the potential of the result is exact. But the best of the candidates is chosen by
 * distances of sketches, as if what the directions of the sketches do not show were orthogonal in any two rows. So
 * distances of rows are computed only to the candidate that becomes a seed, and only for rows that may be nearer to it
 * than to their previous seed.
 *
 * <p>O(n·K·(s·ln K + d)) at most, for sketches of s numbers.
 */
final class SketchedSeeding implements AutoCloseable {
    private static final int BLOCK = 256;
    private static final Kernels KERNELS = Simd.kernels();

    private final DataMatrix x;
    private final long[] rows;
    private final RowWeights weights;
    private final RowReader reader;
    private final WorkerPool pool;
    private final RowSlices slices;
    private final int trials;

    private final FloatMatrix sketches;
    private final double margin;
    private final int residual;
    /** The squared norms of the sketches. */
    private final float[] squares;
    /** The transposed sketches of each slice. */
    private final Panels[] panels;

    /** The squared distance of each row to its nearest seed. */
    private final float[] nearest;
    /** The weighted sum of {@link #nearest} over a slice. */
    private final double[] potentials;
    /**
     * The squared norm of a row's sketch less its distance to the nearest seed; a row of this matrix for each slice. If
     * the score of a row and a candidate plus this is below −‖the candidate's sketch‖², the candidate is nearer.
     */
    private final FloatMatrix bias;

    private final FloatMatrix candidates;
    /**
     * −2 · the products of the sketches of rows and candidates; as many rows for each slice as there are candidates.
     */
    private final FloatMatrix scores;

    private final FloatMatrix seed;

    private SketchedSeeding(
            DataMatrix x, long[] rows, RowWeights weights, Sketch.Sketches all, int clusters, WorkerPool pool) {
        this.x = x;
        this.rows = rows;
        this.weights = weights;
        this.pool = pool;
        int n = rows.length;
        int width = all.rows().columns();
        reader = RowReader.of(x, pool);
        slices = RowSlices.of(n, BLOCK);
        trials = GreedySeeding.trials(clusters);
        sketches = FloatMatrix.allocate(n, width);
        margin = all.margin();
        residual = Sketch.residual(width);
        squares = new float[n];
        panels = new Panels[slices.count()];
        nearest = new float[n];
        potentials = new double[slices.count()];
        bias = FloatMatrix.allocate(slices.count(), (int) slices.height());
        candidates = FloatMatrix.allocate(trials, width);
        scores = FloatMatrix.allocate((long) slices.count() * trials, (int) slices.height());
        seed = FloatMatrix.allocate(1, x.columns());
    }

    /** Packs the sketches of the sample. Not in the constructor, because an interrupt may end it. */
    private void pack(FloatMatrix all) {
        pool.run(slices.count(), (slice, worker) -> {
            for (int i = from(slice); i < to(slice); i++) {
                all.copyRow(rows[i], sketches, i);
                long at = sketches.offset(i);
                squares[i] = KERNELS.dot(sketches.segment(), at, sketches.segment(), at, sketches.columns());
            }
            panels[slice] = Panels.packTransposedForPacked(sketches.rows(from(slice), to(slice)));
        });
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
        try (SketchedSeeding seeding = new SketchedSeeding(x, rows, weights, sketches, clusters, pool)) {
            seeding.pack(sketches.rows());
            GreedySeeding.Chosen found = seeding.run(clusters, random);
            return GreedySeeding.isSmall(found.potential(), rows.length)
                    ? inRange(found, x, rows, weights, random, pool)
                    : found;
        }
    }

    /** Chooses again without sketches if squared distances leave the range of float. */
    private static GreedySeeding.Chosen inRange(
            GreedySeeding.Chosen found,
            DataMatrix x,
            long[] rows,
            RowWeights weights,
            RandomGenerator random,
            WorkerPool pool) {
        try (FloatMatrix sample = RowSample.gather(x, rows, pool)) {
            return GreedySeeding.isLost(sample, weights, found, x, pool)
                    ? GreedySeeding.choose(sample, weights, found.rows().length, random, pool)
                            .numbered(rows)
                    : found;
        }
    }

    private int from(int slice) {
        return (int) slices.from(slice);
    }

    private int to(int slice) {
        return (int) slices.to(slice);
    }

    private GreedySeeding.Chosen run(int clusters, RandomGenerator random) {
        int[] chosen = new int[clusters];
        IntToDoubleFunction shares = i -> weights.of(i) * nearest[i];
        int first = weights.draw(rows.length, random);
        double largest = begin(first);
        chosen[0] = (int) rows[first];
        double largestSquares = maximum(squares);
        for (int s = 1; s < clusters; s++) {
            int[] drawn = SeedCandidates.draw(trials, slices, shares, potentials, weights, random);
            int best = best(drawn);
            double error = 2 * margin;
            double rounding = CenterSketches.CANCELLATION * (squares[drawn[best]] + largestSquares);
            take(drawn[best], best, error * (2 * Math.sqrt(largest) + error) + rounding);
            chosen[s] = (int) rows[drawn[best]];
        }
        return new GreedySeeding.Chosen(chosen, Arrays.stream(potentials).sum());
    }

    private static float maximum(float[] values) {
        float maximum = 0;
        for (float v : values) {
            maximum = Math.max(maximum, v);
        }
        return maximum;
    }

    /** Measures the distances of all rows to the first seed; returns the largest. */
    private double begin(int row) {
        x.copyRow(rows[row], seed, 0);
        pool.run(slices.count(), (slice, worker) -> {
            float[] distance = new float[1];
            for (int i = from(slice); i < to(slice); i++) {
                keep(slice, i, measure(i, worker, distance));
            }
            potentials[slice] = potential(slice);
        });
        return maximum(nearest);
    }

    private float measure(int row, int worker, float[] distance) {
        long read = reader.read(rows[row], worker);
        FloatMatrix floats = reader.floats();
        KERNELS.squaredDistances(
                floats.segment(), floats.offset(read), seed.segment(), 0, 0, 1, x.columns(), distance, 0);
        return distance[0];
    }

    private void keep(int slice, int row, float distance) {
        nearest[row] = distance;
        Elements.set(bias, slice, row - from(slice), squares[row] - distance);
    }

    private double potential(int slice) {
        double sum = 0;
        for (int i = from(slice); i < to(slice); i++) {
            sum += weights.of(i) * nearest[i];
        }
        return sum;
    }

    /** Returns the candidate that decreases the potential most, as far as the sketches tell. */
    private int best(int[] drawn) {
        for (int t = 0; t < trials; t++) {
            sketches.copyRow(drawn[t], candidates, t);
            KERNELS.scale(-2, candidates.segment(), candidates.offset(t), candidates.columns());
            // Without the product of the residuals, which would make this the lower bound of the distance.
            candidates.set(t, residual, 0);
        }
        double[] gains = new double[slices.count() * trials];
        pool.run(slices.count(), (slice, worker) -> {
            int[] nearer = new int[(int) slices.height()];
            multiply(slice, 0, trials);
            for (int t = 0; t < trials; t++) {
                gains[slice * trials + t] = gain(slice, t, -squares[drawn[t]], nearer);
            }
        });
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

    private void multiply(int slice, int from, int to) {
        Gemm.multiplyRows(candidates, from, to, panels[slice], scores, row(slice, from));
    }

    private long row(int slice, int candidate) {
        return (long) slice * trials + candidate;
    }

    private double gain(int slice, int candidate, float limit, int[] nearer) {
        int count = nearer(slice, candidate, limit, nearer);
        long at = scores.offset(row(slice, candidate));
        double gain = 0;
        for (int c = 0; c < count; c++) {
            float score = Elements.get(scores.segment(), at, nearer[c]) + Elements.get(bias, slice, nearer[c]);
            gain += weights.of(from(slice) + nearer[c]) * (limit - score);
        }
        return gain;
    }

    /** Finds the rows of a slice whose scores plus bias are below a limit; returns their number. */
    private int nearer(int slice, int candidate, float limit, int[] nearer) {
        return KERNELS.columnsBelow(
                scores.segment(),
                scores.offset(row(slice, candidate)),
                to(slice) - from(slice),
                bias.segment(),
                bias.offset(slice),
                limit,
                nearer);
    }

    /**
     * Makes a candidate a seed: measures the distances of all rows that may be nearer to it than to their seed.
     *
     * @param error of a squared distance of sketches
     */
    private void take(int row, int candidate, double error) {
        x.copyRow(rows[row], seed, 0);
        candidates.set(candidate, residual, -2 * sketches.get(row, residual));
        float limit = Math.nextUp((float) (error - squares[row]));
        pool.run(slices.count(), (slice, worker) -> {
            multiply(slice, candidate, candidate + 1);
            int[] nearer = new int[(int) slices.height()];
            float[] distance = new float[1];
            int count = nearer(slice, candidate, limit, nearer);
            for (int c = 0; c < count; c++) {
                int i = from(slice) + nearer[c];
                if (measure(i, worker, distance) < nearest[i]) {
                    keep(slice, i, distance[0]);
                }
            }
            if (count > 0) {
                potentials[slice] = potential(slice);
            }
        });
    }

    @Override
    public void close() {
        reader.close();
        sketches.close();
        bias.close();
        candidates.close();
        scores.close();
        seed.close();
        for (Panels p : panels) {
            if (p != null) {
                p.close();
            }
        }
    }
}
