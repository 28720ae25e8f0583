package io.heddle.cli.catalogue;

import io.heddle.layout.NeighborLayout;
import io.heddle.matrix.FloatMatrix;
import io.heddle.neighbors.NearestNeighbors;
import io.heddle.neighbors.Neighbors;
import io.heddle.parallel.WorkerPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Places rows on a map: by their neighbours, and by their first two principal components. */
final class PointMaps {
    /** Maximum number of points on a page. */
    static final int MOST = 100_000;

    /** Neighbours by which a row is placed. */
    static final int NEIGHBOURS = 15;

    /** Rows below which a map by neighbours says nothing. */
    private static final int FEW = 20;

    private final long seed;
    private final Watcher watcher;
    private final WorkerPool pool;

    PointMaps(long seed, Watcher watcher, WorkerPool pool) {
        this.seed = seed;
        this.watcher = watcher;
        this.pool = pool;
    }

    /**
     * Returns the map of rows, of at most {@link #MOST}, evenly spaced.
     *
     * @param features of all rows, by which neighbours are compared
     * @param components of the same rows, two columns or more
     */
    PointMap of(FloatMatrix features, FloatMatrix components) {
        int n = Math.toIntExact(features.rows());
        int[] rows = Spread.over(n, MOST);
        if (n <= MOST) {
            return plane(rows, features, components, Optional.empty());
        }
        watcher.note("the map shows %,d of the %,d rows, evenly spaced".formatted(MOST, n));
        try (FloatMatrix some = features.gather(rows);
                FloatMatrix start = components.gather(rows)) {
            return plane(rows, some, start, Optional.empty());
        }
    }

    /**
     * As above, with the neighbours of all rows.
     *
     * @param known by Euclidean distance; where empty, rows are placed by their components only
     */
    PointMap of(FloatMatrix features, FloatMatrix components, Optional<Neighbors> known) {
        if (features.rows() > MOST) {
            return of(features, components);
        }
        int[] rows = Spread.over(Math.toIntExact(features.rows()), MOST);
        return known.isPresent()
                ? plane(rows, features, components, known)
                : new PointMap(rows, List.of(layout("components", components)));
    }

    private PointMap plane(int[] rows, FloatMatrix features, FloatMatrix components, Optional<Neighbors> known) {
        List<PointMap.Layout> layouts = new ArrayList<>();
        if (rows.length >= FEW) {
            Neighbors near = known.orElseGet(() -> neighbours(features));
            watcher.started("Map");
            NeighborLayout.Options options = NeighborLayout.Options.defaults()
                    .withSeed(seed)
                    .withProgress(p -> watcher.advanced(p.epoch(), p.epochs(), ""));
            try (FloatMatrix map = NeighborLayout.of(near, components, options, pool)) {
                layouts.add(layout("neighbours", map));
            }
        }
        layouts.add(layout("components", components));
        return new PointMap(rows, layouts);
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

    private static PointMap.Layout layout(String id, FloatMatrix places) {
        int n = Math.toIntExact(places.rows());
        float[] x = new float[n];
        float[] y = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = places.get(i, 0);
            y[i] = places.columns() > 1 ? places.get(i, 1) : 0;
        }
        return new PointMap.Layout(id, x, y);
    }
}
