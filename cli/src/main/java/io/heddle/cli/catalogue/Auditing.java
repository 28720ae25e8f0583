package io.heddle.cli.catalogue;

import io.heddle.audit.LabelAudit;
import io.heddle.audit.LabelIssue;
import io.heddle.audit.NeighborAudit;
import io.heddle.data.ClassSizes;
import io.heddle.data.DataSource;
import io.heddle.data.Labels;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.neighbors.NearestNeighbors;
import io.heddle.neighbors.Neighbors;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Audits labels: computes features, reduces those of an encoder to principal components, and cross-validates a logistic
 * regression.
 */
public final class Auditing {
    /** Number of issues on the page, in total and per pair of labels. */
    private static final int SHOWN = 600;

    private static final int SHOWN_OF_PAIR = 12;

    /** Neighbours of a row on the page. */
    private static final int NEAREST = 5;

    /** Pictures on a page, after which neighbours are named only. */
    private static final int PICTURED_NEIGHBOURS = 2000;

    /** Number of sets of duplicates on the page. */
    public static final int SHOWN_SETS = 60;

    /** Number of rows per set of duplicates on the page. */
    public static final int SHOWN_OF_SET = 8;

    /** Number of outliers on the page. */
    public static final int SHOWN_OUTLIERS = 60;

    /** Maximum number of rows of the search, whose time grows with the square of the rows. */
    private static final int MOST_SEARCHED = 200_000;

    /** Maximum number of classes for a table of pairs on the page. */
    public static final int SHOWN_CLASSES = 20;

    private Auditing() {}

    /**
     * @param audit folds, iterations, cut, penalties and seed
     * @param components number of principal components of an encoder's features
     * @param standardize whether columns of a table are standardized
     * @param neighbors number of neighbours for duplicates and outliers; 0 for no search
     * @param probabilities out-of-fold class probabilities to use instead of trained models
     */
    public record Options(
            LabelAudit.Options audit,
            int components,
            boolean standardize,
            int neighbors,
            Optional<Path> probabilities) {
        public Options {
            InvalidInputException.require(components >= 1, "--components must be 1 or more, not %d", components);
            InvalidInputException.require(neighbors >= 0, "--neighbors must be 0 or more, not %d", neighbors);
        }
    }

    /** Audits the labels of the data. */
    public static Audit of(DataSource data, EncoderChoice encoder, Options options, Watcher watcher, WorkerPool pool)
            throws IOException {
        long start = System.nanoTime();
        Labels labels = data.labels()
                .orElseThrow(() -> new InvalidInputException(
                        "%s has no labels to audit: name them with --labels FILE or --label COLUMN"
                                .formatted(data.name())));
        return options.probabilities().isPresent()
                ? ofProbabilities(data, labels, options, watcher, start)
                : ofModels(data, labels, encoder, options, watcher, pool, start);
    }

    private static Audit ofProbabilities(DataSource data, Labels labels, Options options, Watcher watcher, long start)
            throws IOException {
        Path file = options.probabilities().orElseThrow();
        LabelAudit.Result result;
        try (FloatMatrix probabilities = ClassProbabilities.read(file, labels, watcher)) {
            result = LabelAudit.ofProbabilities(
                    probabilities, labels.values(), options.audit().cut());
        }
        String features = "probabilities of " + file.getFileName();
        return audit(
                data,
                features,
                labels,
                labels.rows(),
                result,
                result.issues(),
                Optional.empty(),
                Map.of(),
                watcher,
                start);
    }

    private static Audit ofModels(
            DataSource data,
            Labels labels,
            EncoderChoice encoder,
            Options options,
            Watcher watcher,
            WorkerPool pool,
            long start)
            throws IOException {
        Frequent frequent = Frequent.of(labels, options.audit().folds());
        if (frequent.rows.length < labels.rows()) {
            watcher.note("%s: left out %d rows of classes with fewer than %d: %s"
                    .formatted(
                            data.name(),
                            labels.rows() - frequent.rows.length,
                            options.audit().folds(),
                            ClassSizes.of(labels).below(options.audit().folds())));
        }
        try (Features features = Features.openForClassifiers(data, encoder, watcher);
                FloatMatrix all = features.all();
                FloatMatrix rows = all.gather(frequent.rows);
                FloatMatrix x = prepare(rows, data, features, options, watcher, pool)) {
            watcher.started("Cross-validation");
            LabelAudit.Options settings =
                    options.audit().withProgress(p -> watcher.advanced(p.models(), p.maximum(), p.issues() + " found"));
            LabelAudit.Result result = LabelAudit.run(x, frequent.labels, settings, pool);
            if (!result.converged()) {
                watcher.note(
                        "some models of the cross-validation did not converge, so the result may differ from that of"
                                + " converged models; increase --lambda"
                                + (options.standardize() || features.encoded() ? "" : ", or add --standardize"));
            }
            List<LabelIssue> issues =
                    result.issues().stream().map(frequent::inAll).toList();
            Optional<NeighborAudit> neighbors =
                    neighbors(x, options, watcher, pool).map(frequent::inAll);
            Map<Integer, int[]> nearest =
                    neighbors.isPresent() ? nearest(x, frequent, issues, neighbors.get(), pool) : Map.of();
            return audit(
                    data,
                    features.description(),
                    labels,
                    frequent.rows.length,
                    result,
                    issues,
                    neighbors,
                    nearest,
                    watcher,
                    start);
        }
    }

    /** The rows most like each of those that the page shows, by which people judge its label. */
    private static Map<Integer, int[]> nearest(
            FloatMatrix x, Frequent frequent, List<LabelIssue> issues, NeighborAudit found, WorkerPool pool) {
        int[] shown = IntStream.concat(
                        issues.stream().limit(SHOWN).mapToInt(LabelIssue::index),
                        found.outliers().stream().limit(SHOWN_OUTLIERS).mapToInt(NeighborAudit.Outlier::row))
                .distinct()
                .toArray();
        int count = (int) Math.min(NEAREST, x.rows() - 1);
        Map<Integer, int[]> nearest = new HashMap<>();
        if (shown.length == 0 || count < 1) {
            return nearest;
        }
        int[] places = Arrays.stream(shown)
                .map(row -> Arrays.binarySearch(frequent.rows, row))
                .toArray();
        try (FloatMatrix queries = x.gather(places)) {
            Neighbors near = NearestNeighbors.find(
                    queries,
                    x,
                    NearestNeighbors.Options.defaults()
                            .withMetric(NearestNeighbors.Metric.EUCLIDEAN)
                            .withNeighbors(count + 1),
                    pool);
            for (int i = 0; i < shown.length; i++) {
                int query = i;
                nearest.put(
                        shown[i],
                        IntStream.rangeClosed(0, count)
                                .map(rank -> frequent.rows[near.index(query, rank)])
                                .filter(row -> row != shown[query])
                                .limit(count)
                                .toArray());
            }
        }
        return nearest;
    }

    private static Optional<NeighborAudit> neighbors(FloatMatrix x, Options options, Watcher watcher, WorkerPool pool) {
        if (options.neighbors() == 0) {
            return Optional.empty();
        }
        if (x.rows() > MOST_SEARCHED) {
            watcher.note("duplicates and outliers are not searched among more than %,d rows".formatted(MOST_SEARCHED));
            return Optional.empty();
        }
        watcher.started("Duplicates and outliers");
        NeighborAudit.Options defaults = NeighborAudit.Options.defaults();
        return Optional.of(NeighborAudit.of(
                x,
                new NeighborAudit.Options(options.neighbors(), defaults.duplicateRatio(), defaults.outlierRatio()),
                pool));
    }

    private static Audit audit(
            DataSource data,
            String features,
            Labels labels,
            int audited,
            LabelAudit.Result result,
            List<LabelIssue> issues,
            Optional<NeighborAudit> neighbors,
            Map<Integer, int[]> nearest,
            Watcher watcher,
            long start)
            throws IOException {
        watcher.started("Hash of the data");
        String hash = data.sha256();
        watcher.started("Pictures");
        Gallery gallery = gallery(issues, labels.classes());
        neighbors.ifPresent(found -> addTo(gallery, found));
        addNearest(gallery, nearest, data);
        return new Audit(
                data.name(),
                audited,
                features,
                labels,
                labels.rows() - audited,
                result.accuracy(),
                result.noise(),
                result.lambda(),
                result.iterations(),
                result.converged(),
                issues,
                neighbors,
                nearest,
                hash,
                gallery.develop(data),
                RowNames.of(data),
                (System.nanoTime() - start) / 1e9);
    }

    /** Pictures of the neighbours, for as many rows as a page has room for. */
    private static void addNearest(Gallery gallery, Map<Integer, int[]> nearest, DataSource data) {
        int most = data.images().isPresent() ? PICTURED_NEIGHBOURS : Integer.MAX_VALUE;
        for (int row : gallery.rows()) {
            for (int near : nearest.getOrDefault(row, new int[0])) {
                if (gallery.contains(near) || gallery.size() < most) {
                    gallery.add(near);
                }
            }
        }
    }

    private static void addTo(Gallery gallery, NeighborAudit found) {
        found.duplicates().stream()
                .limit(SHOWN_SETS)
                .forEach(set -> gallery.addAll(Arrays.copyOf(set.rows(), Math.min(set.rows().length, SHOWN_OF_SET))));
        found.outliers().stream().limit(SHOWN_OUTLIERS).forEach(o -> gallery.add(o.row()));
    }

    private static Gallery gallery(List<LabelIssue> issues, int classes) {
        Gallery gallery = new Gallery();
        issues.stream().limit(SHOWN).forEach(i -> gallery.add(i.index()));
        if (classes <= SHOWN_CLASSES) {
            int[][] counts = new int[classes][classes];
            for (LabelIssue i : issues) {
                if (counts[i.given()][i.suggested()]++ < SHOWN_OF_PAIR) {
                    gallery.add(i.index());
                }
            }
        }
        return gallery;
    }

    private static FloatMatrix prepare(
            FloatMatrix rows, DataSource data, Features features, Options options, Watcher watcher, WorkerPool pool) {
        if (features.encoded()) {
            watcher.started("Principal components");
            return Reduced.of(rows, options.components(), options.audit().seed(), pool)
                    .rows();
        }
        FloatMatrix x = rows.copy();
        if (options.standardize() && data.images().isEmpty()) {
            ColumnScaling.of(x).standardize(x);
        }
        return x;
    }

    /**
     * Selects the rows of classes with enough rows and renumbers the classes.
     *
     * @param names the old number of each class
     */
    private record Frequent(int[] rows, int[] labels, int[] names) {
        static Frequent of(Labels all, int least) {
            int[] sizes = new int[all.classes()];
            for (int label : all.values()) {
                sizes[label]++;
            }
            int[] names = IntStream.range(0, sizes.length)
                    .filter(c -> sizes[c] >= least)
                    .toArray();
            InvalidInputException.require(
                    names.length >= 2,
                    "an audit needs two classes with %d rows or more, but there are %d: %s",
                    least,
                    names.length,
                    ClassSizes.of(all).below(least));
            int[] rows = IntStream.range(0, all.rows())
                    .filter(i -> sizes[all.values()[i]] >= least)
                    .toArray();
            int[] labels = Arrays.stream(rows)
                    .map(i -> Arrays.binarySearch(names, all.values()[i]))
                    .toArray();
            return new Frequent(rows, labels, names);
        }

        NeighborAudit inAll(NeighborAudit found) {
            return new NeighborAudit(
                    found.duplicates().stream()
                            .map(set -> new NeighborAudit.DuplicateSet(
                                    Arrays.stream(set.rows()).map(i -> rows[i]).toArray(), set.exact()))
                            .toList(),
                    found.outliers().stream()
                            .map(o -> new NeighborAudit.Outlier(rows[o.row()], o.ratio()))
                            .toList());
        }

        LabelIssue inAll(LabelIssue issue) {
            return new LabelIssue(rows[issue.index()], names[issue.given()], names[issue.suggested()], issue.margin());
        }
    }
}
