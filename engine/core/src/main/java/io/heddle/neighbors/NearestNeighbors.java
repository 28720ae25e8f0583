package io.heddle.neighbors;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.internal.columns.BinaryScaling;
import io.heddle.internal.columns.ColumnMoments;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.Objects;

/**
 * Finds exact k-nearest neighbours by brute force. It computes the products of all pairs block by block and selects
 * candidates while a block is in cache.
 *
 * <p>O(n·m·d), or half of that for {@link #within}, because each product then serves both of its rows. A list of
 * neighbours is sorted by insertion, so thousands of neighbours take much longer. Products are in float. A neighbour
 * whose distance differs from that of the last one by less than rounding may be missed. EUCLIDEAN keeps more candidates
 * than necessary and ranks them by distances from differences, summed in double. If the scales of the columns differ so
 * much that rounding could hide neighbours, it computes these distances for all points of a row. If all rows have
 * nearly the same direction, as with a large common offset, COSINE is computed from differences of the directions. The
 * same data give the same bits for any number of threads.
 *
 * <p>For example: {@snippet file="NeighborsExamplesTest.java" region="nearest-neighbors"}
 */
public final class NearestNeighbors {
    /** Candidates in addition to those requested, for the ranking by exact distances. */
    private static final int SPARE = 8;
    /** Rounding errors above this share of a squared distance can hide neighbours. */
    private static final double HIDDEN = 1e-3;
    /** A row may be its own neighbour, or the points are another matrix. */
    private static final int INCLUDE_SELF = 1;

    private NearestNeighbors() {}

    /** The distance. */
    public enum Metric {
        /** 1 − the cosine of the angle between two rows, 0 to 2; for a row of zeros 1. */
        COSINE,
        /** The Euclidean length of the difference of two rows. */
        EUCLIDEAN
    }

    /**
     * The options of a search.
     *
     * @param neighbors number of neighbours of each row, 1 to the number of points (one less if a row is not its own
     *     neighbour)
     * @param metric the distance
     * @param includeSelf for {@link #within}: whether a row is its own neighbour
     */
    public record Options(int neighbors, Metric metric, boolean includeSelf) {
        /**
         * Checks the values.
         *
         * @throws InvalidInputException if one lies outside its range
         */
        public Options {
            require(neighbors >= 1, "the number of neighbours must be at least 1, not %d", neighbors);
            Objects.requireNonNull(metric, "metric");
        }

        /** {@return 15 neighbours by COSINE, without the row itself} */
        public static Options defaults() {
            return new Options(15, Metric.COSINE, false);
        }

        /**
         * {@return a copy of these options with this value}
         *
         * @param value see the component {@code neighbors}
         */
        public Options withNeighbors(int value) {
            return new Options(value, metric, includeSelf);
        }

        /**
         * {@return a copy of these options with this value}
         *
         * @param value see the component {@code metric}
         */
        public Options withMetric(Metric value) {
            return new Options(neighbors, value, includeSelf);
        }

        /**
         * {@return a copy of these options with this value}
         *
         * @param value see the component {@code includeSelf}
         */
        public Options withIncludeSelf(boolean value) {
            return new Options(neighbors, metric, value);
        }
    }

    /**
     * As {@link #within(FloatMatrix, Options, WorkerPool)}, with the shared pool.
     *
     * @param points n × d, the rows to search
     * @param options of the search
     * @return the neighbours
     */
    public static Neighbors within(FloatMatrix points, Options options) {
        return within(points, options, WorkerPool.shared());
    }

    /**
     * {@return the neighbours of each row among the other rows}
     *
     * <p>Off-heap memory with t threads, in bytes: at most 8·n·d for COSINE and 12·n·(d + 2) for EUCLIDEAN, and
     * 1536·t·(d + 32). Numbers of columns count as multiples of 16. In addition 1 MB per thread, and 4·n·d for values
     * whose squares leave the range of float. COSINE of rows that all have nearly the same direction takes 8·n·d more
     * than EUCLIDEAN.
     *
     * @param points n × d; read, never changed
     * @param options of the search
     * @param pool whose threads share the work
     * @throws InvalidInputException if there are fewer points than requested neighbours, no columns, n · neighbours
     *     beyond 2³¹, values that are not finite, or points whose differences are lost in the rounding to float
     */
    public static Neighbors within(FloatMatrix points, Options options, WorkerPool pool) {
        int self = options.includeSelf() ? 0 : 1;
        requireFit(points, points.rows(), points.rows() - self, options);
        if (options.metric() == Metric.COSINE) {
            return cosineWithin(points, options, pool);
        }
        ColumnMoments moments = ScoreSpace.moments(points, "the matrix of points", pool);
        if (BinaryScaling.isNeeded(points, moments)) {
            BinaryScaling scaling = BinaryScaling.of(points, moments.squaredDeviations() / points.rows());
            try (FloatMatrix moved = scaling.apply(points, pool)) {
                ExactDistances exact = ExactDistances.scaled(points, points, moved, moved, scaling);
                return euclideanWithin(moved, ColumnMoments.of(moved, "", pool), exact, options, pool);
            }
        }
        return euclideanWithin(points, moments, ExactDistances.of(points, points), options, pool);
    }

    private static Neighbors cosineWithin(FloatMatrix points, Options options, WorkerPool pool) {
        FloatMatrix rows = ScoreSpace.unit(points, "the matrix of points", pool);
        try {
            if (DirectionSpace.isNarrow(rows, pool)) {
                DirectionSpace space = DirectionSpace.of(points);
                try (FloatMatrix directions = space.project(points)) {
                    return halfSquared(within(directions, options.withMetric(Metric.EUCLIDEAN), pool));
                }
            }
            int[] order = PairSearch.order(rows, pool);
            if (PairSearch.isOrdered(rows)) {
                FloatMatrix ordered = rows.gather(order);
                rows.close();
                rows = ordered;
            }
            BestList found = PairSearch.within(rows, rows, order, options.neighbors(), options.includeSelf(), pool);
            return cosine(found, order, options, pool);
        } finally {
            rows.close();
        }
    }

    private static Neighbors euclideanWithin(
            FloatMatrix points, ColumnMoments moments, ExactDistances exact, Options options, WorkerPool pool) {
        int self = options.includeSelf() ? 0 : 1;
        int[] order = PairSearch.order(points, pool);
        try (FloatMatrix origin = ScoreSpace.origin(moments, points.rows());
                FloatMatrix left = ScoreSpace.augmented(points, order, origin, false, pool);
                FloatMatrix right = ScoreSpace.augmented(points, order, origin, true, pool)) {
            int kept = withSpare(options.neighbors(), points.rows() - self);
            BestList found = PairSearch.within(left, right, order, kept, options.includeSelf(), pool);
            double rounding = ScoreSpace.rounding(left, left, points.columns());
            int withSelf = options.includeSelf() ? INCLUDE_SELF : 0;
            return euclidean(found, order, exact, rounding, withSelf, options, pool);
        }
    }

    /** Of directions: ½ ‖a − b‖² is 1 − the cosine. */
    private static Neighbors halfSquared(Neighbors found) {
        float[] distances = found.distances();
        for (int i = 0; i < distances.length; i++) {
            distances[i] = distances[i] * distances[i] / 2;
        }
        return new Neighbors(found.rows(), found.count(), found.indices(), distances);
    }

    /**
     * As {@link #find(FloatMatrix, FloatMatrix, Options, WorkerPool)}, with the shared pool.
     *
     * @param queries m × d
     * @param points n × d, the rows to search
     * @param options of the search
     * @return the neighbours
     */
    public static Neighbors find(FloatMatrix queries, FloatMatrix points, Options options) {
        return find(queries, points, options, WorkerPool.shared());
    }

    /**
     * {@return the neighbours of each query among the points}
     *
     * <p>Off-heap memory with t threads, in bytes: at most 4·d·(n + 2·m) for COSINE and 4·(d + 2)·(n + 2·m) for
     * EUCLIDEAN, and 1536·t·(d + 32). Numbers of columns count as multiples of 16. In addition 1 MB per thread, and
     * 4·d·(n + m) for values whose squares leave the range of float. COSINE of points that all have nearly the same
     * direction takes 8·d·(n + m) more than EUCLIDEAN.
     *
     * @param queries m × d, any m; read, never changed, copied once
     * @param points n × d; read, never changed, copied once
     * @param options of the search
     * @param pool whose threads share the work
     * @throws InvalidInputException if the columns differ; else as for {@link #within}
     */
    public static Neighbors find(FloatMatrix queries, FloatMatrix points, Options options, WorkerPool pool) {
        require(
                queries.columns() == points.columns(),
                "queries of %d columns do not fit points of %d columns",
                queries.columns(),
                points.columns());
        requireFit(points, queries.rows(), points.rows(), options);
        if (options.metric() == Metric.COSINE) {
            try (FloatMatrix unitPoints = ScoreSpace.unit(points, "the matrix of points", pool);
                    FloatMatrix unitQueries = ScoreSpace.unit(queries, "the matrix of queries", pool)) {
                if (DirectionSpace.isNarrow(unitPoints, pool) && DirectionSpace.hasDirections(unitQueries)) {
                    DirectionSpace space = DirectionSpace.of(points);
                    try (FloatMatrix left = space.project(queries);
                            FloatMatrix right = space.project(points)) {
                        return halfSquared(find(left, right, options.withMetric(Metric.EUCLIDEAN), pool));
                    }
                }
                BestList found = PairSearch.between(unitPoints, unitQueries, options.neighbors(), pool);
                return cosine(found, PairSearch.unordered(queries), options, pool);
            }
        }
        ColumnMoments asked = ColumnMoments.of(queries, "the matrix of queries", pool);
        ColumnMoments moments = ScoreSpace.moments(points, "the matrix of points", pool);
        double spread = moments.squaredDeviations() / points.rows() + apart(asked, moments, queries.rows());
        double largest = Math.max(asked.largestSquaredNorm(), moments.largestSquaredNorm());
        if (BinaryScaling.isNeeded(spread, largest)) {
            BinaryScaling scaling = BinaryScaling.of(points, spread);
            try (FloatMatrix from = scaling.apply(queries, pool);
                    FloatMatrix among = scaling.apply(points, pool)) {
                ColumnMoments moved = ColumnMoments.of(among, "", pool);
                ExactDistances exact = ExactDistances.scaled(queries, points, from, among, scaling);
                return euclideanBetween(from, among, moved, exact, options, pool);
            }
        }
        return euclideanBetween(queries, points, moments, ExactDistances.of(queries, points), options, pool);
    }

    /** The mean squared distance of queries to the mean of the points. */
    private static double apart(ColumnMoments queries, ColumnMoments points, long rows) {
        double squares = queries.squaredDeviations() / Math.max(1, rows);
        for (int j = 0; j < points.mean().length && rows > 0; j++) {
            squares += Math.pow(queries.mean()[j] - points.mean()[j], 2);
        }
        return squares;
    }

    private static Neighbors euclideanBetween(
            FloatMatrix queries,
            FloatMatrix points,
            ColumnMoments moments,
            ExactDistances exact,
            Options options,
            WorkerPool pool) {
        int[] order = PairSearch.unordered(queries);
        try (FloatMatrix origin = ScoreSpace.origin(moments, points.rows());
                FloatMatrix left = ScoreSpace.augmented(points, PairSearch.unordered(points), origin, false, pool);
                FloatMatrix right = ScoreSpace.augmented(queries, order, origin, true, pool)) {
            BestList found = PairSearch.between(left, right, withSpare(options.neighbors(), points.rows()), pool);
            double rounding = ScoreSpace.rounding(left, right, points.columns());
            return euclidean(found, order, exact, rounding, INCLUDE_SELF, options, pool);
        }
    }

    private static void requireFit(FloatMatrix points, long rows, long candidates, Options options) {
        int k = options.neighbors();
        require(points.columns() >= 1, "nearest neighbours need at least 1 column");
        require(k <= candidates, "there are not %d neighbours among %d points", k, Math.max(0, candidates));
        require(
                points.rows() < Integer.MAX_VALUE - 8 && rows * (k + SPARE) < Integer.MAX_VALUE - 8,
                "%d neighbours of %d rows among %d points exceed 2^31",
                k,
                rows,
                points.rows());
    }

    private static int withSpare(int neighbors, long candidates) {
        return (int) Math.min(candidates, (long) neighbors + SPARE);
    }

    /** @param order the row at each position of the candidates */
    private static Neighbors cosine(BestList found, int[] order, Options options, WorkerPool pool) {
        int k = options.neighbors();
        int rows = found.rows();
        int[] indices = new int[rows * k];
        float[] distances = new float[rows * k];
        pool.run(PairSearch.blocks(rows), (block, worker) -> {
            for (int i = PairSearch.from(block); i < PairSearch.to(block, rows); i++) {
                int to = order[i] * k;
                for (int rank = 0; rank < k; rank++) {
                    indices[to + rank] = found.number(i, rank);
                    // Rounding can make the cosine of a row and its copy greater than 1.
                    distances[to + rank] = Math.max(0, 1 - found.score(i, rank));
                }
            }
        });
        return new Neighbors(rows, k, indices, distances);
    }

    /**
     * Ranks the candidates by distances without cancellation. If rounding may have hidden points that are nearer by
     * more than a thousandth, the distances of all points are computed.
     *
     * @param order the row of the queries at each position of the candidates
     * @param exact distances of the original rows
     * @param rounding maximum error of a score
     * @param self 0 to leave out the row itself, else no row is left out
     */
    private static Neighbors euclidean(
            BestList found,
            int[] order,
            ExactDistances exact,
            double rounding,
            int self,
            Options options,
            WorkerPool pool) {
        int k = options.neighbors();
        int rows = found.rows();
        long candidates = exact.points() - (self == 0 ? 1 : 0);
        int[] indices = new int[rows * k];
        float[] distances = new float[rows * k];
        pool.run(PairSearch.blocks(rows), (block, worker) -> {
            BestList ranked = new BestList(1, found.count());
            for (int i = PairSearch.from(block); i < PairSearch.to(block, rows); i++) {
                ranked.clear();
                int row = order[i];
                for (int rank = 0; rank < found.count(); rank++) {
                    exact.offer(ranked, row, found.number(i, rank));
                }
                double squares = exact.scaledSquare(ranked.score(0, k - 1));
                // Twice, because a score is half of a squared distance.
                double beyond = -2.0 * found.score(i, found.count() - 1) - 2 * rounding;
                // No point is nearer than a copy of the row.
                boolean hidden = squares > 0 && beyond < squares && 2 * rounding > HIDDEN * squares;
                if (found.count() < candidates && hidden) {
                    ranked.clear();
                    for (int number = 0; number < exact.points(); number++) {
                        if (self != 0 || number != row) {
                            exact.offer(ranked, row, number);
                        }
                    }
                }
                for (int rank = 0; rank < k; rank++) {
                    indices[row * k + rank] = ranked.number(0, rank);
                    distances[row * k + rank] = exact.distance(ranked.score(0, rank));
                }
            }
        });
        return new Neighbors(rows, k, indices, distances);
    }
}
