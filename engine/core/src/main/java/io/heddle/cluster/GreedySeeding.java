package io.heddle.cluster;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.rows.Elements;
import io.heddle.internal.rows.RowReader;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * Greedy k-means++: each next seed is the best of 2 + ⌊ln K⌋ candidates, sampled in proportion to their weight times
 * their squared distance to the previous seeds. O(n·d·K·ln K), one pass over the data for each seed.
 *
 * <p>Reference: Arthur and Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007; the greedy form is
 * suggested there and used by scikit-learn.
 */
final class GreedySeeding {
    private static final int BLOCK = 64;
    /** Of a mean squared distance: below, many squares are too near the smallest float, or 0. */
    private static final double SMALLEST = 0x1p-120;

    private static final Kernels KERNELS = Simd.kernels();

    private final DataMatrix x;
    private final RowReader reader;
    private final RowWeights weights;
    private final int n;
    private final RandomGenerator random;
    private final WorkerPool pool;
    private final RowSlices slices;
    private final int trials;
    /** Whether distances are kept instead of their squares, which leave the range of float. */
    private final boolean lengths;

    private GreedySeeding(
            DataMatrix x,
            RowReader reader,
            RowWeights weights,
            int clusters,
            boolean lengths,
            RandomGenerator random,
            WorkerPool pool) {
        this.lengths = lengths;
        this.x = x;
        this.reader = reader;
        this.weights = weights;
        this.n = Math.toIntExact(x.rows());
        this.random = random;
        this.pool = pool;
        this.slices = RowSlices.of(n, BLOCK);
        this.trials = trials(clusters);
    }

    /** Candidates for each seed. */
    static int trials(int clusters) {
        return 2 + (int) Math.log(clusters);
    }

    /**
     * @param weights of the rows of x
     * @param seeds K × d, overwritten by K rows of x
     * @return Σ weight · ‖row − its nearest seed‖², from differences
     */
    static double seed(DataMatrix x, RowWeights weights, FloatMatrix seeds, RandomGenerator random, WorkerPool pool) {
        return choose(x, weights, (int) seeds.rows(), random, pool).copyTo(seeds, x);
    }

    /**
     * Seeds as row numbers.
     *
     * @param potential Σ weight · ‖row − its nearest seed‖², from differences
     */
    record Chosen(int[] rows, double potential) {
        /** Copies the rows of x; returns the potential. */
        double copyTo(FloatMatrix seeds, DataMatrix x) {
            for (int j = 0; j < rows.length; j++) {
                x.copyRow(rows[j], seeds, j);
            }
            return potential;
        }

        /** These seeds as row numbers of the matrix from which a sample was taken: the number of each of its rows. */
        Chosen numbered(long[] sampled) {
            return new Chosen(Arrays.stream(rows).map(i -> (int) sampled[i]).toArray(), potential);
        }
    }

    /** As {@link #seed}; returns the numbers of the rows. */
    static Chosen choose(DataMatrix x, RowWeights weights, int clusters, RandomGenerator random, WorkerPool pool) {
        try (RowReader reader = RowReader.of(x, pool)) {
            Chosen found = new GreedySeeding(x, reader, weights, clusters, false, random, pool).run(clusters);
            return isLost(x, weights, found, x, pool)
                    ? new GreedySeeding(x, reader, weights, clusters, true, random, pool).run(clusters)
                    : found;
        }
    }

    /** Whether squared distances may leave the range of float. */
    static boolean isSmall(double potential, long rows) {
        return potential < SMALLEST * rows;
    }

    /**
     * Whether the squared distances of rows to seeds leave the range of float, as those of ordinary rows beside one of
     * the size of 1e38 that a scaling brought into the range.
     *
     * @param found seeds, as rows of all
     */
    static boolean isLost(DataMatrix x, RowWeights weights, Chosen found, DataMatrix all, WorkerPool pool) {
        if (!isSmall(found.potential(), x.rows())) {
            return false;
        }
        try (FloatMatrix seeds = FloatMatrix.allocate(found.rows().length, x.columns());
                NearestCenter exact = new DifferenceNearestCenter(true)) {
            found.copyTo(seeds, all);
            exact.prepare(seeds);
            return exact.assignAndMeasure(x, null, weights, new int[(int) x.rows()], pool) > 0;
        }
    }

    private Chosen run(int clusters) {
        int[] seeds = new int[clusters];
        // Row t has the squared distance of every row of x to the nearest seed if candidate t becomes a seed. The last
        // row has that for the current seeds. Choosing a candidate swaps two rows.
        try (FloatMatrix distances = FloatMatrix.allocate(trials + 1L, n);
                FloatMatrix candidates = FloatMatrix.allocate(trials, x.columns())) {
            int[] place = new int[trials + 1];
            for (int t = 0; t <= trials; t++) {
                place[t] = t;
            }
            fill(distances, place[trials]);
            int[] chosen = {weights.draw(n, random)};
            double[] potentials = pass(distances, place, candidates, chosen);
            take(place, 0);
            seeds[0] = chosen[0];
            double[] current = column(potentials, 1, 0);
            for (int seed = 1; seed < clusters; seed++) {
                int kept = place[trials];
                IntToDoubleFunction shares = i -> weights.of(i) * square(Elements.get(distances, kept, i));
                int[] drawn = SeedCandidates.draw(trials, slices, shares, current, weights, random);
                potentials = pass(distances, place, candidates, drawn);
                int best = 0;
                double minimum = Double.POSITIVE_INFINITY;
                for (int t = 0; t < drawn.length; t++) {
                    double total = total(column(potentials, drawn.length, t));
                    if (total < minimum) {
                        minimum = total;
                        best = t;
                    }
                }
                take(place, best);
                seeds[seed] = drawn[best];
                current = column(potentials, drawn.length, best);
            }
            return new Chosen(seeds, total(current));
        }
    }

    private void fill(FloatMatrix distances, int row) {
        Elements.fill(distances, row, 0, n, Float.POSITIVE_INFINITY);
    }

    private void take(int[] place, int candidate) {
        int kept = place[trials];
        place[trials] = place[candidate];
        place[candidate] = kept;
    }

    private static double[] column(double[] potentials, int width, int t) {
        double[] column = new double[potentials.length / width];
        for (int slice = 0; slice < column.length; slice++) {
            column[slice] = potentials[slice * width + t];
        }
        return column;
    }

    private static double total(double[] parts) {
        double sum = 0;
        for (double p : parts) {
            sum += p;
        }
        return sum;
    }

    /**
     * Computes the distances of every row to the candidates.
     *
     * @return slices × candidates: the sum of the distances of a slice's rows if the candidate became a seed
     */
    private double[] pass(FloatMatrix distances, int[] place, FloatMatrix candidates, int[] drawn) {
        int m = drawn.length;
        for (int t = 0; t < m; t++) {
            x.copyRow(drawn[t], candidates, t);
        }
        double[] potentials = new double[slices.count() * m];
        pool.run(slices.count(), (slice, worker) -> {
            float[] fresh = new float[m];
            double[] sums = new double[m];
            MemorySegment s = distances.segment();
            long kept = distances.offset(place[trials]);
            for (int i = (int) slices.from(slice); i < slices.to(slice); i++) {
                float before = Elements.get(s, kept, i);
                measure(reader.read(i, worker), candidates, fresh);
                for (int t = 0; t < m; t++) {
                    float now = Math.min(before, fresh[t]);
                    Elements.set(s, distances.offset(place[t]), i, now);
                    sums[t] += weights.of(i) * square(now);
                }
            }
            System.arraycopy(sums, 0, potentials, slice * m, m);
        });
        return potentials;
    }

    /** Returns the squared distance of one that is kept. */
    private double square(float kept) {
        return lengths ? (double) kept * kept : kept;
    }

    /** @param row of the reader's floats */
    private void measure(long row, FloatMatrix candidates, float[] fresh) {
        if (lengths) {
            for (int t = 0; t < fresh.length; t++) {
                fresh[t] = (float) Math.sqrt(NearestCenter.squaredDistance(reader.floats(), row, candidates, t));
            }
            return;
        }
        KERNELS.squaredDistances(
                reader.floats().segment(),
                reader.floats().offset(row),
                candidates.segment(),
                0,
                candidates.offset(1),
                fresh.length,
                x.columns(),
                fresh,
                0);
    }
}
