package io.heddle.cli.catalogue;

import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.data.DataSource;
import io.heddle.decomposition.RowNormalizer;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.metrics.ClusteringScores;
import io.heddle.metrics.Silhouette;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Groups rows: features, principal components, k-means. */
public final class Grouping {
    private static final int SHOWN = 2400;
    /** Maximum number of values of a table on the page. */
    private static final int SHOWN_VALUES = 40_000;

    private static final int MINIMUM_SHOWN_OF_GROUP = 24;
    /** Number of sampled rows for the comparison of numbers of groups. */
    private static final int TRIED_ROWS = 10_000;

    private static final int MINIMUM_CLUSTERS = 2;
    /** Less than any silhouette. */
    private static final double WORST = -2;

    private final Options options;
    private final Watcher watcher;
    private final WorkerPool pool;

    /**
     * @param clusters number of groups; empty to choose by silhouette
     * @param maximumClusters maximum number of groups to try
     * @param components number of principal components
     * @param standardize whether columns of a table are standardized
     */
    public record Options(OptionalInt clusters, int maximumClusters, int components, boolean standardize, long seed) {
        public Options {
            InvalidInputException.require(
                    clusters.isEmpty() || clusters.getAsInt() >= MINIMUM_CLUSTERS,
                    "--clusters must be %d or more, not %d",
                    MINIMUM_CLUSTERS,
                    clusters.orElse(0));
            InvalidInputException.require(
                    maximumClusters >= MINIMUM_CLUSTERS,
                    "--max-clusters must be %d or more, not %d",
                    MINIMUM_CLUSTERS,
                    maximumClusters);
            InvalidInputException.require(components >= 1, "--components must be 1 or more, not %d", components);
        }
    }

    private Grouping(Options options, Watcher watcher, WorkerPool pool) {
        this.options = options;
        this.watcher = watcher;
        this.pool = pool;
    }

    /** Groups the rows of the data. */
    public static Groups of(DataSource data, EncoderChoice encoder, Options options, Watcher watcher, WorkerPool pool)
            throws IOException {
        return new Grouping(options, watcher, pool).run(data, encoder);
    }

    private Groups run(DataSource data, EncoderChoice encoder) throws IOException {
        long start = System.nanoTime();
        int least = options.clusters().orElse(MINIMUM_CLUSTERS)
                + (options.clusters().isEmpty() ? 1 : 0);
        InvalidInputException.require(
                data.rows() >= least,
                "cannot make %,d groups of the %,d rows of %s%s",
                options.clusters().orElse(MINIMUM_CLUSTERS),
                data.rows(),
                data.name(),
                options.clusters().isPresent() ? "" : " and compare numbers of groups: --clusters names one");
        try (Features features = Features.open(data, encoder, watcher);
                FloatMatrix x = features.all()) {
            if (options.standardize() && data.images().isEmpty()) {
                ColumnScaling.of(x).standardize(x);
            }
            watcher.started("Principal components");
            try (Reduced reduced = Reduced.of(x, options.components(), options.seed(), pool)) {
                InvalidInputException.require(
                        varies(reduced.rows()), "all rows of %s are equal: there is nothing to group", data.name());
                // Copied before the rows are scaled, because the map shows the unscaled components.
                try (FloatMatrix leading = reduced.leading()) {
                    if (features.encoded()) {
                        RowNormalizer.normalize(reduced.rows(), pool);
                    }
                    return cluster(data, features, x.columns(), reduced, leading, start);
                }
            }
        }
    }

    private static boolean varies(FloatMatrix rows) {
        for (long i = 1; i < rows.rows(); i++) {
            if (rows.get(i, 0) != rows.get(0, 0)) {
                return true;
            }
        }
        return false;
    }

    private Groups cluster(
            DataSource data, Features features, int dimensions, Reduced reduced, FloatMatrix leading, long start)
            throws IOException {
        FloatMatrix rows = reduced.rows();
        List<Groups.Tried> tried = options.clusters().isPresent() ? List.of() : tryNumbers(rows);
        int clusters = options.clusters().orElseGet(() -> best(tried));
        watcher.started("K-means");
        try (KMeansModel model = fit(rows, clusters)) {
            int[] assignments = model.labels();
            int[] sizes = new int[clusters];
            for (int c : assignments) {
                sizes[c]++;
            }
            float[] distances = distances(rows, model);
            watcher.started("Silhouette");
            List<String> unscored = new ArrayList<>();
            OptionalDouble silhouette = silhouette(rows, assignments, unscored);
            Optional<ClusteringScores> scores = scores(data, assignments, unscored);
            unscored.forEach(watcher::note);
            int[] shown = shown(assignments, sizes, listed(data));
            PointMap plane = new PointMaps(options.seed(), watcher, pool).of(rows, leading, shown);
            watcher.started("Pictures");
            Gallery gallery = new Gallery();
            gallery.addAll(shown);
            Pictures pictures = gallery.develop(data);
            return new Groups(
                    data.name(),
                    features.description(),
                    dimensions,
                    rows.columns(),
                    reduced.explained(),
                    silhouette,
                    unscored,
                    model.converged(),
                    assignments,
                    distances,
                    sizes,
                    tried,
                    data.labels(),
                    scores,
                    pictures,
                    plane,
                    GroupTraits.of(data, assignments, clusters),
                    data.sha256(),
                    RowNames.of(data),
                    (System.nanoTime() - start) / 1e9);
        }
    }

    /** An undefined score does not discard the result; the reason is reported instead. */
    private static Optional<ClusteringScores> scores(DataSource data, int[] assignments, List<String> unscored) {
        try {
            return data.labels().map(labels -> ClusteringScores.of(labels.values(), assignments));
        } catch (InvalidInputException e) {
            unscored.add("no scores against the labels: " + e.getMessage());
            return Optional.empty();
        }
    }

    private List<Groups.Tried> tryNumbers(FloatMatrix rows) {
        watcher.started("Number of groups");
        int n = Math.toIntExact(rows.rows());
        List<Groups.Tried> tried = new ArrayList<>();
        int most = Math.min(options.maximumClusters(), Math.min(n, TRIED_ROWS) - 1);
        try (FloatMatrix sample = rows.gather(Spread.over(n, TRIED_ROWS))) {
            for (int k = MINIMUM_CLUSTERS; k <= most; k++) {
                try (KMeansModel model = fit(sample, k)) {
                    tried.add(new Groups.Tried(k, silhouette(sample, model.labels(), new ArrayList<>())));
                }
                watcher.advanced(k - MINIMUM_CLUSTERS + 1L, most - MINIMUM_CLUSTERS + 1L, k + " groups");
            }
        }
        return tried;
    }

    /** Returns the number with the best silhouette; the smallest number if none is defined. */
    private static int best(List<Groups.Tried> tried) {
        Groups.Tried best = tried.getFirst();
        for (Groups.Tried t : tried) {
            if (t.silhouette().orElse(WORST) > best.silhouette().orElse(WORST)) {
                best = t;
            }
        }
        return best.clusters();
    }

    private KMeansModel fit(FloatMatrix rows, int clusters) {
        return KMeans.fit(
                rows,
                KMeans.Options.defaults()
                        .withAlgorithm(KMeans.Algorithm.LLOYD)
                        .withClusters(clusters)
                        .withSeed(options.seed()),
                pool);
    }

    /** Undefined if all sampled rows are in one group, for example if the other contains only an outlier. */
    private OptionalDouble silhouette(FloatMatrix rows, int[] clusters, List<String> unscored) {
        try {
            return OptionalDouble.of(Silhouette.score(
                    rows, clusters, Silhouette.Options.defaults().withSeed(options.seed()), pool));
        } catch (InvalidInputException e) {
            unscored.add("no silhouette: " + e.getMessage());
            return OptionalDouble.empty();
        }
    }

    private static float[] distances(FloatMatrix rows, KMeansModel model) {
        int[] clusters = model.labels();
        float[] distances = new float[clusters.length];
        float[] row = new float[rows.columns()];
        float[] centroid = new float[rows.columns()];
        for (int i = 0; i < clusters.length; i++) {
            rows.getRow(i, row);
            model.centroids().getRow(clusters[i], centroid);
            double sum = 0;
            for (int j = 0; j < row.length; j++) {
                double difference = row[j] - centroid[j];
                sum += difference * difference;
            }
            distances[i] = (float) Math.sqrt(sum);
        }
        return distances;
    }

    /** Returns the number of rows on the page, fewer for a table of many columns. */
    private static int listed(DataSource data) {
        int columns = Math.min(data.columns(), RowValues.MAXIMUM_COLUMNS);
        return data.images().isPresent() ? SHOWN : Math.min(SHOWN, SHOWN_VALUES / columns);
    }

    /** Returns evenly spaced rows and some more of groups with few rows. */
    private static int[] shown(int[] assignments, int[] sizes, int most) {
        boolean[] chosen = new boolean[assignments.length];
        int[] counts = new int[sizes.length];
        for (int i : Spread.over(assignments.length, most)) {
            chosen[i] = true;
            counts[assignments[i]]++;
        }
        for (int i = 0; i < assignments.length; i++) {
            if (!chosen[i] && counts[assignments[i]] < MINIMUM_SHOWN_OF_GROUP) {
                chosen[i] = true;
                counts[assignments[i]]++;
            }
        }
        int[] rows = new int[assignments.length];
        int next = 0;
        for (int i = 0; i < chosen.length; i++) {
            if (chosen[i]) {
                rows[next++] = i;
            }
        }
        return Arrays.copyOf(rows, next);
    }
}
