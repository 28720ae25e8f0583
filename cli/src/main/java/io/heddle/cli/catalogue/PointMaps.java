package io.heddle.cli.catalogue;

import io.heddle.layout.NeighborLayout;
import io.heddle.matrix.FloatMatrix;
import io.heddle.neighbors.NearestNeighbors;
import io.heddle.neighbors.Neighbors;
import io.heddle.parallel.WorkerPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Places rows on a map: by their neighbours, and by their first two principal components.
 *
 * <p>At most {@link #MAXIMUM_POINTS} evenly spaced rows are laid out by their neighbours. Every other row is placed at
 * the nearest of them. {@link #MAXIMUM_PLACED} limits the time of the search.
 */
final class PointMaps {
    /** Maximum number of rows that are laid out by their neighbours. */
    static final int MAXIMUM_POINTS = 100_000;

    /** Maximum number of placed rows, in addition to the shown ones. A multiple of {@link #MAXIMUM_POINTS}. */
    static final int MAXIMUM_PLACED = 5 * MAXIMUM_POINTS;

    /** Number of neighbours per row for the layout. */
    static final int NEIGHBOURS = 15;

    /** Sets {@link #MAXIMUM_POINTS} to a smaller number, for tests. */
    private static final String POINTS_PROPERTY = "heddle.map.points";

    /** Minimum number of rows for a layout by neighbours. */
    private static final int FEW = 20;

    /** Number of rows per batch. */
    private static final int SLICE = 1 << 14;

    private final long seed;
    private final Watcher watcher;
    private final WorkerPool pool;
    private final int most = Integer.getInteger(POINTS_PROPERTY, MAXIMUM_POINTS);

    PointMaps(long seed, Watcher watcher, WorkerPool pool) {
        this.seed = seed;
        this.watcher = watcher;
        this.pool = pool;
    }

    /**
     * Returns the map of rows.
     *
     * @param features features of all rows, for the distances of neighbours
     * @param components principal components of the same rows, at least two columns
     * @param shown rows that are always points, ascending
     */
    PointMap of(FloatMatrix features, FloatMatrix components, int[] shown) {
        int n = Math.toIntExact(features.rows());
        return n > most
                ? sampled(features, components, shown)
                : whole(features, components, n >= FEW ? Optional.of(neighbours(features)) : Optional.empty());
    }

    /**
     * As above, with the neighbours of all rows.
     *
     * @param known neighbours by Euclidean distance; if empty, at most {@link #MAXIMUM_POINTS} rows are placed, by
     *     their components
     */
    PointMap of(FloatMatrix features, FloatMatrix components, Optional<Neighbors> known, int[] shown) {
        return features.rows() > most
                ? sampled(features, components, shown)
                : whole(features, components, features.rows() >= FEW ? known : Optional.empty());
    }

    private PointMap whole(FloatMatrix features, FloatMatrix components, Optional<Neighbors> near) {
        int[] rows = IntStream.range(0, Math.toIntExact(features.rows())).toArray();
        List<PointMap.Layout> layouts = new ArrayList<>();
        near.ifPresent(found -> {
            try (FloatMatrix map = layout(found, components)) {
                layouts.add(layout("neighbours", map, rows));
            }
        });
        layouts.add(layout("components", components, rows));
        return PointMap.of(rows, layouts);
    }

    private PointMap sampled(FloatMatrix features, FloatMatrix components, int[] shown) {
        int n = Math.toIntExact(features.rows());
        int[] sample = Spread.over(n, most);
        int[] points = union(sample, shown);
        int[] rows = union(Spread.over(n, MAXIMUM_PLACED), points);
        watcher.note(
                "the map counts %,d of the %,d rows; %,d of them are points".formatted(rows.length, n, points.length));
        List<PointMap.Layout> layouts = new ArrayList<>();
        try (FloatMatrix some = features.gather(sample);
                FloatMatrix start = components.gather(sample)) {
            int[] nearest = nearest(features, some, sample, rows);
            try (FloatMatrix map = layout(neighbours(some), start)) {
                layouts.add(layout("neighbours", map, nearest));
            }
        }
        layouts.add(layout("components", components, rows));
        int[] positions =
                IntStream.of(points).map(row -> Arrays.binarySearch(rows, row)).toArray();
        return new PointMap(rows, positions, layouts);
    }

    /** Returns for each row its own position in the sample, or that of the nearest sampled row. */
    private int[] nearest(FloatMatrix features, FloatMatrix some, int[] sample, int[] rows) {
        watcher.started("Nearest sampled rows");
        NearestNeighbors.Options one = NearestNeighbors.Options.defaults()
                .withMetric(NearestNeighbors.Metric.EUCLIDEAN)
                .withNeighbors(1);
        int[] nearest = new int[rows.length];
        int[] others = new int[rows.length];
        int rest = 0;
        for (int i = 0; i < rows.length; i++) {
            nearest[i] = Arrays.binarySearch(sample, rows[i]);
            if (nearest[i] < 0) {
                others[rest++] = i;
            }
        }
        for (int from = 0; from < rest; from += SLICE) {
            int[] slice = Arrays.copyOfRange(others, from, Math.min(rest, from + SLICE));
            int[] asked = IntStream.of(slice).map(i -> rows[i]).toArray();
            try (FloatMatrix queries = features.gather(asked)) {
                Neighbors found = NearestNeighbors.find(queries, some, one, pool);
                for (int i = 0; i < slice.length; i++) {
                    nearest[slice[i]] = found.index(i, 0);
                }
            }
            watcher.advanced(from + slice.length, rest, "");
        }
        return nearest;
    }

    private static int[] union(int[] some, int[] others) {
        return IntStream.concat(IntStream.of(some), IntStream.of(others))
                .sorted()
                .distinct()
                .toArray();
    }

    private FloatMatrix layout(Neighbors near, FloatMatrix start) {
        watcher.started("Map");
        NeighborLayout.Options options = NeighborLayout.Options.defaults()
                .withSeed(seed)
                .withProgress(p -> watcher.advanced(p.epoch(), p.epochs(), ""));
        return NeighborLayout.of(near, start, options, pool);
    }

    private Neighbors neighbours(FloatMatrix features) {
        watcher.started("Nearest neighbours");
        return NearestNeighbors.within(
                features,
                NearestNeighbors.Options.defaults()
                        .withMetric(NearestNeighbors.Metric.EUCLIDEAN)
                        .withNeighbors(NEIGHBOURS),
                pool);
    }

    /** Returns a layout whose coordinates are rows of a matrix. */
    private static PointMap.Layout layout(String id, FloatMatrix places, int[] at) {
        float[] x = new float[at.length];
        float[] y = new float[at.length];
        for (int i = 0; i < at.length; i++) {
            x[i] = places.get(at[i], 0);
            y[i] = places.columns() > 1 ? places.get(at[i], 1) : 0;
        }
        return new PointMap.Layout(id, x, y);
    }
}
