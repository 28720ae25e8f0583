package io.heddle.cli.command;

import io.heddle.Heddle;
import io.heddle.cli.Version;
import io.heddle.cli.catalogue.EncoderChoice;
import io.heddle.cli.catalogue.Grouping;
import io.heddle.cli.catalogue.Groups;
import io.heddle.cli.options.CatalogueFlags;
import io.heddle.cli.options.ColumnFlags;
import io.heddle.cli.options.DataFlags;
import io.heddle.cli.output.CatalogueReport;
import io.heddle.cli.report.CatalogueJson;
import io.heddle.cli.report.CatalogueOrigin;
import io.heddle.cli.report.CatalogueTables;
import io.heddle.cli.report.Figures;
import io.heddle.cli.report.GroupView;
import io.heddle.data.DataSource;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code heddle group}: groups similar items. */
@Command(
        name = "group",
        description = {
            "Groups similar items: features, principal components, k-means. Without "
                    + "--clusters, the number of groups with the best silhouette is used. Writes index.html, "
                    + "assignments.csv and group.json."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = GroupApplyCommand.class,
        customSynopsis = {
            "heddle group [OPTIONS] DATA",
            "heddle group apply [OPTIONS] DECISIONS DATA --assignments FILE --out DIR"
        },
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle group photos --resize 96x96 --out groups",
            "  heddle group fashion-mnist:all --clusters 10",
            "  heddle group customers.csv --drop name,id --standardize --json"
        })
public final class GroupCommand implements Callable<Integer> {
    private static final int SIZES_SHOWN = 40;

    @Spec
    private CommandSpec spec;

    // Optional for picocli, because "group apply" has its own argument.
    @Parameters(arity = "0..1", paramLabel = "DATA", description = DataFlags.DATA)
    private String data;

    @Option(names = "--clusters", paramLabel = "K", description = "Number of groups. Default: by silhouette.")
    private Integer clusters;

    @Option(
            names = "--max-clusters",
            paramLabel = "K",
            defaultValue = "20",
            description = "Maximum number of groups to try without --clusters. Default: ${DEFAULT-VALUE}.")
    private int maximumClusters;

    @Option(
            names = "--components",
            paramLabel = "C",
            defaultValue = "50",
            description = "Number of principal components. Default: ${DEFAULT-VALUE}.")
    private int components;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            defaultValue = "heddle-group",
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
        Grouping.Options options = new Grouping.Options(
                clusters == null ? OptionalInt.empty() : OptionalInt.of(clusters),
                maximumClusters,
                components,
                flags.standardize(),
                flags.seed());
        EncoderChoice encoder = flags.encoder();
        WorkerPool pool = flags.pool();
        try (CatalogueReport report =
                        CatalogueReport.open(spec, out, System.err, "index.html", "assignments.csv", "group.json");
                DataSource source = report.read(
                        data, () -> columns.open(data, reading.options(), flags.preprocessing(), System.err))) {
            Heddle.startWarmUp(Heddle.Task.PCA, Heddle.Task.K_MEANS);
            Groups groups = Grouping.of(source, encoder, options, report, pool);
            String json = CatalogueJson.of(groups);
            report.add("group.json", json);
            report.add("assignments.csv", CatalogueTables.assignments(groups));
            report.add("index.html", GroupView.render(groups, origin(report)));
            report.finish(flags.json(), json, lines(groups));
            if (!groups.converged()) {
                System.err.println(
                        "k-means did not converge: the groups may change with more iterations; use fewer groups");
            }
            if (!flags.json()) {
                System.err.println("Next: decide on the page, export groups.csv, then heddle group apply");
            }
            return 0;
        }
    }

    private CatalogueOrigin origin(CatalogueReport report) {
        return report.origin(
                data,
                spec.subcommands().get("apply").getCommandSpec(),
                "groups.csv",
                List.of("--assignments", out.resolve("assignments.csv").toString()),
                "-grouped");
    }

    private static List<String> lines(Groups groups) {
        List<String> lines = new ArrayList<>();
        lines.add("%d groups, silhouette %s"
                .formatted(
                        groups.clusters(),
                        groups.silhouette().isPresent()
                                ? Figures.score(groups.silhouette().getAsDouble())
                                : "not defined"));
        lines.add("sizes " + KMeansFitCommand.shown(groups.sizes(), SIZES_SHOWN));
        if (!groups.empty().isEmpty()) {
            lines.add("empty groups, because there are fewer distinct rows:  "
                    + KMeansFitCommand.shown(
                            groups.empty().stream().mapToInt(i -> i).toArray(), SIZES_SHOWN));
        }
        return lines;
    }
}
