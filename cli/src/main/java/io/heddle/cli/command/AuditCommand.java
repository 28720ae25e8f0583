package io.heddle.cli.command;

import io.heddle.Heddle;
import io.heddle.audit.LabelAudit;
import io.heddle.audit.LabelIssue;
import io.heddle.cli.Version;
import io.heddle.cli.catalogue.Audit;
import io.heddle.cli.catalogue.Auditing;
import io.heddle.cli.catalogue.EncoderChoice;
import io.heddle.cli.options.CatalogueFlags;
import io.heddle.cli.options.ColumnFlags;
import io.heddle.cli.options.DataFlags;
import io.heddle.cli.output.CatalogueReport;
import io.heddle.cli.report.AuditView;
import io.heddle.cli.report.CatalogueJson;
import io.heddle.cli.report.CatalogueTables;
import io.heddle.cli.report.Figures;
import io.heddle.data.DataSource;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code heddle audit}: finds labels that are probably wrong. */
@Command(
        name = "audit",
        description = {
            "Finds labels that are probably wrong, with models trained without the item; duplicates and near "
                    + "duplicates; and outliers. The labels are those of "
                    + "DATA, its sub-folders, --label or --labels. Writes index.html, issues.csv, "
                    + "duplicates.csv, outliers.csv and audit.json."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = AuditApplyCommand.class,
        customSynopsis = {
            "heddle audit [OPTIONS] DATA",
            "heddle audit apply [OPTIONS] DECISIONS DATA (--out DIR | --dry-run)"
        },
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle audit photos --resize 96x96 --out audit",
            "  heddle audit fashion-mnist --labels labels.csv --json",
            "  heddle audit products.csv --label category --standardize",
            "  heddle audit products.csv --label category --probabilities oof.npy"
        })
public final class AuditCommand implements Callable<Integer> {
    private static final int LINES = 10;
    /** Maximum number of values of a row on a line. */
    private static final int VALUES = 6;
    /** Margins are shown with three decimals. */
    private static final double MARGIN_STEPS = 1000;

    @Spec
    private CommandSpec spec;

    // Optional for picocli, because "audit apply" has its own argument.
    @Parameters(arity = "0..1", paramLabel = "DATA", description = DataFlags.DATA)
    private String data;

    @Option(
            names = "--cut",
            paramLabel = "C",
            defaultValue = "posterior",
            description = "posterior: another label is more probable under the estimated label noise; "
                    + "confident_joint: the rule of confident learning, which has more false positives if "
                    + "classes overlap. Default: ${DEFAULT-VALUE}.")
    private LabelAudit.Cut cut;

    @Option(
            names = "--folds",
            paramLabel = "F",
            defaultValue = "5",
            description = "Number of folds of the cross-validation. Default: ${DEFAULT-VALUE}.")
    private int folds;

    @Option(
            names = "--max-iterations",
            paramLabel = "I",
            defaultValue = "5",
            description =
                    "Maximum number of iterations, each trained without the issues of the previous one. Default: ${DEFAULT-VALUE}.")
    private int maxIterations;

    @Option(
            names = "--lambda",
            paramLabel = "L",
            description =
                    "L2 penalty of the classifier. Default: 0.1, 0.01, 0.001 or 0.0001, chosen by the likelihood of the "
                            + "out-of-fold labels.")
    private Double lambda;

    @Option(
            names = "--components",
            paramLabel = "C",
            defaultValue = "400",
            description = "Number of principal components of an encoder's features. Default: ${DEFAULT-VALUE}.")
    private int components;

    @Option(
            names = "--neighbors",
            paramLabel = "N",
            defaultValue = "10",
            description = "Number of nearest neighbours for finding duplicates and outliers; 0 for no search. "
                    + "Default: ${DEFAULT-VALUE}.")
    private int neighbors;

    @Option(
            names = "--probabilities",
            paramLabel = "FILE",
            description = "Use these out-of-fold class probabilities instead of training models: a CSV, "
                    + "NPY or Parquet file with a row for each row of DATA and a column for each class, named like the "
                    + "class or in the order of the classes. Neighbours are not searched then.")
    private Path probabilities;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            defaultValue = "heddle-audit",
            description = "Output folder of the page. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private ColumnFlags columns;

    @Mixin
    private DataFlags reading;

    @Mixin
    private CatalogueFlags flags;

    @Override
    public Integer call() throws IOException {
        if (data == null) {
            throw new ParameterException(spec.commandLine(), "Missing required parameter: 'DATA'");
        }
        LabelAudit.Options audit = LabelAudit.Options.defaults()
                .withCut(cut)
                .withFolds(folds)
                .withMaxIterations(maxIterations)
                .withSeed(flags.seed());
        if (lambda != null) {
            audit = audit.withLambdas(List.of(lambda));
        }
        Auditing.Options options = new Auditing.Options(
                audit, components, flags.standardize(), neighbors, Optional.ofNullable(probabilities));
        EncoderChoice encoder = flags.encoder();
        WorkerPool pool = flags.pool();
        try (CatalogueReport report = CatalogueReport.open(
                        spec,
                        out,
                        System.err,
                        "index.html",
                        "issues.csv",
                        "duplicates.csv",
                        "outliers.csv",
                        "audit.json");
                DataSource source = report.read(
                        data, () -> columns.open(data, reading.options(), flags.preprocessing(), System.err))) {
            Heddle.startWarmUp(Heddle.Task.LOGISTIC_REGRESSION, Heddle.Task.NEAREST_NEIGHBORS);
            Audit found = Auditing.of(source, encoder, options, report, pool);
            String json = CatalogueJson.of(found);
            report.add("audit.json", json);
            report.add("issues.csv", CatalogueTables.issues(found));
            report.add("duplicates.csv", CatalogueTables.duplicates(found));
            report.add("outliers.csv", CatalogueTables.outliers(found));
            report.add(
                    "index.html",
                    AuditView.render(found, report.origin(data, apply(), "decisions.csv", List.of(), "-cleaned")));
            report.finish(flags.json(), json, lines(found));
            if (!flags.json()) {
                System.err.println(
                        found.issues().isEmpty()
                                ? "Next: look at the page, which has near misses, duplicates and outliers"
                                : "Next: decide on the page, export decisions.csv, then heddle audit apply");
            }
            return 0;
        }
    }

    /** Returns the description of a row: its file or ID, otherwise its values. */
    private static String known(Audit found, int row) {
        String name = found.names().of(row);
        return name.isEmpty() ? found.pictures().brief(row, VALUES) : name;
    }

    private CommandSpec apply() {
        return spec.subcommands().get("apply").getCommandSpec();
    }

    private static List<String> lines(Audit found) {
        List<String> lines = new ArrayList<>();
        lines.add("%s of %s labels are probably wrong"
                .formatted(Figures.count(found.issues().size()), Figures.count(found.rows())));
        List<String> names = found.labels().classNames();
        // Sorted by the rounded margin. Rows with the same rounded margin keep their order.
        List<LabelIssue> shown = found.issues().stream()
                .sorted(Comparator.comparingDouble((LabelIssue i) -> -Math.round(MARGIN_STEPS * i.margin()))
                        .thenComparingInt(LabelIssue::index))
                .limit(LINES)
                .toList();
        for (LabelIssue i : shown) {
            lines.add("  row %-8d %s -> %s  %s  %s"
                    .formatted(
                            found.names().number(i.index()),
                            names.get(i.given()),
                            names.get(i.suggested()),
                            Figures.score(i.margin()),
                            known(found, i.index()))
                    .stripTrailing());
        }
        if (found.issues().size() > LINES) {
            lines.add("  and more in issues.csv");
        }
        found.neighbors().ifPresent(n -> {
            lines.add("%s of duplicates or near duplicates, %s with different labels"
                    .formatted(Figures.plural(n.duplicates().size(), "set", "sets"), found.conflicting()));
            lines.add("%s far from all others"
                    .formatted(Figures.plural(n.outliers().size(), "row", "rows")));
        });
        return lines;
    }
}
