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
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

    /** Maximum number of pictures on a page; further neighbours are listed by name. */
    private static final int PICTURED_NEIGHBOURS = 2000;

    /** Number of sets of duplicates on the page. */
    public static final int SHOWN_SETS = 60;

    /** Number of rows per set of duplicates on the page. */
    public static final int SHOWN_OF_SET = 8;

    /** Number of outliers on the page. */
    public static final int SHOWN_OUTLIERS = 60;

    /** Maximum number of rows for the search, because its time grows with the square of the rows. */
    private static final int MAXIMUM_SEARCHED = 200_000;

    /** Number of labels just below the cut on the page. */
    private static final int SHOWN_NEAR_MISSES = 40;

    /** Models that turn less than this share of the wrong guesses of the largest class into agreement are guessing. */
    private static final double GUESSING = 0.25;

    /** Maximum difference between the probabilities of the given and the suggested label of a near miss. */
    private static final double NEAR_MISS = 0.5;

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
                result.rivals(),
                Optional.empty(),
                Map.of(),
                PointMap.NONE,
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
        if (frequent.rows().length < labels.rows()) {
            watcher.note("%s: left out %d rows of classes with fewer than %d: %s"
                    .formatted(
                            data.name(),
                            labels.rows() - frequent.rows().length,
                            options.audit().folds(),
                            ClassSizes.of(labels).below(options.audit().folds())));
        }
        try (Features features = Features.openForClassifiers(data, encoder, watcher);
                FloatMatrix all = features.all();
                FloatMatrix rows = all.gather(frequent.rows());
                FloatMatrix x = prepare(rows, data, features, options, watcher, pool)) {
            watcher.started("Cross-validation");
            LabelAudit.Options settings =
                    options.audit().withProgress(p -> watcher.advanced(p.models(), p.maximum(), p.issues() + " found"));
            LabelAudit.Result result = LabelAudit.run(x, frequent.labels(), settings, pool);
            if (!result.converged()) {
                watcher.note(
                        "some models of the cross-validation did not converge, so the result may differ from that of"
                                + " converged models; increase --lambda"
                                + (options.standardize() || features.encoded() ? "" : ", or add --standardize"));
            }
            noteGuessing(result, frequent.labels(), options.standardize() || features.encoded(), watcher);
            List<LabelIssue> issues =
                    result.issues().stream().map(frequent::inAll).toList();
            List<LabelIssue> rivals =
                    result.rivals().stream().map(frequent::inAll).toList();
            Optional<Neighbors> near = near(x, options, watcher, pool);
            Optional<NeighborAudit> neighbors = near.map(found -> NeighborAudit.of(
                            x, found, NeighborAudit.Options.defaults().withNeighbors(options.neighbors()), pool))
                    .map(frequent::inAll);
            Map<Integer, int[]> nearest = neighbors.isPresent()
                    ? nearest(
                            near.get(),
                            frequent,
                            Stream.concat(issues.stream().limit(SHOWN), nearMisses(issues, rivals).stream())
                                    .toList(),
                            neighbors.get())
                    : Map.of();
            int[] shown = points(issues, nearMisses(issues, rivals), neighbors)
                    .map(frequent::place)
                    .sorted()
                    .toArray();
            PointMap plane = frequent.inAll(plane(x, features, near, shown, options, watcher, pool));
            return audit(
                    data,
                    features.description(),
                    labels,
                    frequent.rows().length,
                    result,
                    issues,
                    rivals,
                    neighbors,
                    nearest,
                    plane,
                    watcher,
                    start);
        }
    }

    /** Notes that models which are hardly better than a guess find hardly any wrong label. */
    private static void noteGuessing(LabelAudit.Result result, int[] labels, boolean scaled, Watcher watcher) {
        int[] counts = new int[Arrays.stream(labels).max().orElseThrow() + 1];
        Arrays.stream(labels).forEach(label -> counts[label]++);
        double largest = (double) Arrays.stream(counts).max().orElseThrow() / labels.length;
        if (result.accuracy() < largest + GUESSING * (1 - largest)) {
            watcher.note(
                    "the models agree with only %.1f %% of the labels, and the largest class has %.1f %%: they are hardly better than a guess, so wrong labels are missed and correct ones may be reported%s"
                            .formatted(
                                    100 * result.accuracy(),
                                    100 * largest,
                                    scaled ? "" : "; columns in different units need --standardize"));
        }
    }

    /** Returns the nearest rows of each shown row, which help a reader to judge its label. */
    private static Map<Integer, int[]> nearest(
            Neighbors near, Frequent frequent, List<LabelIssue> listed, NeighborAudit found) {
        int[] shown = IntStream.concat(
                        listed.stream().mapToInt(LabelIssue::index),
                        found.outliers().stream().limit(SHOWN_OUTLIERS).mapToInt(NeighborAudit.Outlier::row))
                .distinct()
                .toArray();
        int count = Math.min(NEAREST, near.count());
        Map<Integer, int[]> nearest = new HashMap<>();
        for (int row : shown) {
            int place = frequent.place(row);
            nearest.put(
                    row,
                    IntStream.range(0, count)
                            .map(rank -> frequent.rows()[near.index(place, rank)])
                            .toArray());
        }
        return nearest;
    }

    /** Searches once for the neighbours that duplicates, outliers, the page and the map use. */
    private static Optional<Neighbors> near(FloatMatrix x, Options options, Watcher watcher, WorkerPool pool) {
        if (options.neighbors() == 0) {
            return Optional.empty();
        }
        if (x.rows() > MAXIMUM_SEARCHED) {
            watcher.note(
                    "duplicates and outliers are not searched among more than %,d rows".formatted(MAXIMUM_SEARCHED));
            return Optional.empty();
        }
        InvalidInputException.require(x.rows() >= 2, "an audit by neighbours needs 2 rows or more, not %d", x.rows());
        watcher.started("Duplicates and outliers");
        int count = (int) Math.min(Math.max(options.neighbors(), PointMaps.NEIGHBOURS), x.rows() - 1);
        return Optional.of(NearestNeighbors.within(
                x,
                NearestNeighbors.Options.defaults()
                        .withMetric(NearestNeighbors.Metric.EUCLIDEAN)
                        .withNeighbors(count),
                pool));
    }

    /** Returns the rows that the page lists. The map must contain them as points. */
    private static IntStream points(
            List<LabelIssue> issues, List<LabelIssue> nearMisses, Optional<NeighborAudit> found) {
        IntStream labels = Stream.concat(issues.stream(), nearMisses.stream()).mapToInt(LabelIssue::index);
        IntStream sets = found.map(NeighborAudit::duplicates).orElse(List.of()).stream()
                .limit(SHOWN_SETS)
                .flatMapToInt(set -> IntStream.of(set.rows()).limit(SHOWN_OF_SET));
        IntStream outliers = found.map(NeighborAudit::outliers).orElse(List.of()).stream()
                .limit(SHOWN_OUTLIERS)
                .mapToInt(NeighborAudit.Outlier::row);
        return IntStream.concat(labels, IntStream.concat(sets, outliers)).distinct();
    }

    /** Returns the map of the audited rows; without neighbours it has only the layout of the components. */
    private static PointMap plane(
            FloatMatrix x,
            Features features,
            Optional<Neighbors> near,
            int[] shown,
            Options options,
            Watcher watcher,
            WorkerPool pool) {
        PointMaps planes = new PointMaps(options.audit().seed(), watcher, pool);
        if (features.encoded()) {
            return planes.of(x, x, near, shown);
        }
        try (Reduced components = Reduced.of(x, 2, options.audit().seed(), pool)) {
            return planes.of(x, components.rows(), near, shown);
        }
    }

    /** Returns the labels just below the cut, most probable errors first. */
    private static List<LabelIssue> nearMisses(List<LabelIssue> issues, List<LabelIssue> rivals) {
        Set<Integer> found = issues.stream().map(LabelIssue::index).collect(Collectors.toSet());
        return rivals.stream()
                .filter(i -> i.margin() > -NEAR_MISS && !found.contains(i.index()))
                .sorted(Comparator.comparingDouble(LabelIssue::margin)
                        .reversed()
                        .thenComparingInt(LabelIssue::index))
                .limit(SHOWN_NEAR_MISSES)
                .toList();
    }

    private static Audit audit(
            DataSource data,
            String features,
            Labels labels,
            int audited,
            LabelAudit.Result result,
            List<LabelIssue> issues,
            List<LabelIssue> rivals,
            Optional<NeighborAudit> neighbors,
            Map<Integer, int[]> nearest,
            PointMap plane,
            Watcher watcher,
            long start)
            throws IOException {
        watcher.started("Hash of the data");
        String hash = data.sha256();
        watcher.started("Pictures");
        Gallery gallery = gallery(issues, labels.classes());
        List<LabelIssue> nearMisses = nearMisses(issues, rivals);
        nearMisses.forEach(i -> gallery.add(i.index()));
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
                nearMisses,
                rivals,
                neighbors,
                nearest,
                plane,
                hash,
                gallery.develop(data),
                RowNames.of(data),
                (System.nanoTime() - start) / 1e9);
    }

    /** Adds pictures of the neighbours, up to the maximum number of the page. */
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
}
