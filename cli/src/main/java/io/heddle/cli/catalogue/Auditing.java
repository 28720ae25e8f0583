package io.heddle.cli.catalogue;

import io.heddle.audit.LabelAudit;
import io.heddle.audit.LabelIssue;
import io.heddle.cli.data.DataSource;
import io.heddle.cli.data.Labels;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Features, principal components of an encoder's, cross-validated logistic regression. */
public final class Auditing {
    /** The likeliest errors, and the likeliest of each pair of labels, which the page shows. */
    private static final int SHOWN = 600;

    private static final int SHOWN_OF_PAIR = 12;

    /** Beyond this many classes the page has no table of pairs. */
    public static final int SHOWN_CLASSES = 20;

    private Auditing() {}

    /**
     * @param audit folds, rounds, cut, penalties and seed
     * @param components principal components of an encoder's features to keep
     * @param standardize whether columns of a table are brought to unit variance
     */
    public record Options(LabelAudit.Options audit, int components, boolean standardize) {
        public Options {
            InvalidInputException.require(components >= 1, "--components is 1 or more, not %d", components);
        }
    }

    /** Audits the labels of the data. */
    public static Audit of(DataSource data, EncoderChoice encoder, Options options, Watcher watcher, WorkerPool pool)
            throws IOException {
        long start = System.nanoTime();
        Labels labels = data.labels()
                .orElseThrow(() -> new InvalidInputException(
                        "%s has no labels to audit: --labels FILE or --label COLUMN says where they are"
                                .formatted(data.name())));
        Frequent frequent = Frequent.of(labels, options.audit().folds());
        int leftOut = labels.rows() - frequent.rows.length;
        if (leftOut > 0) {
            watcher.note("%s: left out %d rows of classes with fewer than %d"
                    .formatted(data.name(), leftOut, options.audit().folds()));
        }
        try (Features features = Features.open(data, encoder, watcher);
                FloatMatrix all = features.all();
                FloatMatrix rows = all.gather(frequent.rows);
                FloatMatrix x = prepare(rows, data, features, options, watcher, pool)) {
            watcher.started("Cross-validation");
            LabelAudit.Options settings =
                    options.audit().withProgress(p -> watcher.advanced(p.models(), p.most(), p.issues() + " found"));
            LabelAudit.Result result = LabelAudit.run(x, frequent.labels, settings, pool);
            List<LabelIssue> issues =
                    result.issues().stream().map(frequent::inAll).toList();

            watcher.started("Pictures");
            Gallery gallery = gallery(issues, labels.classes());
            int[] indices = issues.stream().mapToInt(LabelIssue::index).toArray();
            return new Audit(
                    data.name(),
                    frequent.rows.length,
                    features.description(),
                    labels,
                    leftOut,
                    result.accuracy(),
                    result.noise(),
                    result.lambda(),
                    result.rounds(),
                    issues,
                    gallery.develop(data),
                    FileNames.of(data, indices),
                    (System.nanoTime() - start) / 1e9);
        }
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
            Columns.of(x).standardize(x);
        }
        return x;
    }

    /**
     * The rows of classes that have enough of them, the classes numbered anew.
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
                    "an audit needs two classes with %d rows or more, but there are %d",
                    least,
                    names.length);
            int[] rows = IntStream.range(0, all.rows())
                    .filter(i -> sizes[all.values()[i]] >= least)
                    .toArray();
            int[] labels = Arrays.stream(rows)
                    .map(i -> Arrays.binarySearch(names, all.values()[i]))
                    .toArray();
            return new Frequent(rows, labels, names);
        }

        LabelIssue inAll(LabelIssue issue) {
            return new LabelIssue(rows[issue.index()], names[issue.given()], names[issue.suggested()], issue.margin());
        }
    }
}
