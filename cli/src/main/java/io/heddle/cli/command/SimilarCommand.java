package io.heddle.cli.command;

import io.heddle.Heddle;
import io.heddle.cli.Version;
import io.heddle.cli.catalogue.EncoderChoice;
import io.heddle.cli.catalogue.Searching;
import io.heddle.cli.catalogue.Similar;
import io.heddle.cli.models.ModelFiles;
import io.heddle.cli.options.CatalogueFlags;
import io.heddle.cli.options.ColumnFlags;
import io.heddle.cli.options.DataFlags;
import io.heddle.cli.output.CatalogueReport;
import io.heddle.cli.report.CatalogueJson;
import io.heddle.cli.report.CatalogueTables;
import io.heddle.cli.report.Figures;
import io.heddle.cli.report.SimilarView;
import io.heddle.data.DataSource;
import io.heddle.matrix.InvalidInputException;
import io.heddle.neighbors.NearestNeighbors.Metric;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code heddle similar}: finds similar items. */
@Command(
        name = "similar",
        description = {
            "Finds the items most similar to a given one, or to each item, by an exact search of the "
                    + "features. Writes index.html, neighbours.csv and similar.json."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle similar photos --resize 96x96 --query new.jpg --top 12",
            "  heddle similar fashion-mnist --query 0 --top 5 --json",
            "  heddle similar fashion-mnist:all --all --top 10 --out neighbours"
        })
public final class SimilarCommand implements Callable<Integer> {
    private static final int LINES = 10;
    /** Maximum number of values of a row on a line. */
    private static final int VALUES = 6;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DATA", description = DataFlags.DATA)
    private String data;

    /** The query is a row or all rows. */
    static final class What {
        @Option(
                names = "--query",
                paramLabel = "INDEX|FILE",
                description = "A row of DATA, from 0 on; a photo; or a file with the same number of columns.")
        private String query;

        @Option(names = "--all", description = "All rows of DATA, each compared with the others. The default.")
        private boolean all;
    }

    @ArgGroup(exclusive = true)
    private What what;

    @Option(
            names = "--top",
            paramLabel = "K",
            defaultValue = "10",
            description = "Number of neighbours. Default: ${DEFAULT-VALUE}.")
    private int top;

    @Option(
            names = "--metric",
            paramLabel = "M",
            description = "cosine, or euclidean with similarity 1 / (1 + distance). Default: cosine for images, "
                    + "euclidean for tables.")
    private Metric metric;

    @Option(
            names = "--components",
            paramLabel = "C",
            defaultValue = "100",
            description = "Number of principal components of an encoder's features; 0 for unchanged features. "
                    + "Default: ${DEFAULT-VALUE}.")
    private int components;

    @Option(
            names = "--pixels",
            paramLabel = "W",
            description = "Weight of the coarse pixels of an image (gray, 32 pixels per side) relative to the "
                    + "encoder's features. Default: 1 for images of up to 64 pixels per side, otherwise 0.")
    private Double pixels;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            defaultValue = "heddle-similar",
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
        String query = what == null ? null : what.query;
        boolean index = query != null && query.matches("-?\\d+");
        Searching.Options options = new Searching.Options(
                index ? OptionalInt.of(row(query)) : OptionalInt.empty(),
                query == null || index ? Optional.empty() : Optional.of(Path.of(query)),
                top,
                Optional.ofNullable(metric),
                components,
                pixels == null ? OptionalDouble.empty() : OptionalDouble.of(pixels),
                flags.standardize(),
                columns.reading(reading.options()),
                flags.seed());
        EncoderChoice encoder = flags.encoder();
        WorkerPool pool = flags.pool();
        try (CatalogueReport report =
                        CatalogueReport.open(spec, out, System.err, "index.html", "neighbours.csv", "similar.json");
                DataSource source = report.read(
                        data,
                        () -> columns.open(
                                data,
                                ModelFiles.withoutLabelsToo(reading.options()),
                                // Cosines depend on the origin, but standardized columns are always centred.
                                flags.preprocessing().withCenter(flags.standardize() || metric != Metric.COSINE),
                                System.err))) {
            Heddle.startWarmUp(Heddle.Task.NEAREST_NEIGHBORS);
            Similar similar = Searching.of(source, encoder, options, report, pool);
            String json = CatalogueJson.of(similar);
            report.add("similar.json", json);
            report.add("neighbours.csv", CatalogueTables.neighbors(similar));
            report.add("index.html", SimilarView.render(similar, report.origin()));
            report.finish(flags.json(), json, lines(similar));
            return 0;
        }
    }

    private static int row(String query) {
        try {
            return Integer.parseInt(query);
        } catch (NumberFormatException e) {
            throw new InvalidInputException("--query %s is not a row: the number is too large".formatted(query));
        }
    }

    /**
     * Returns two blanks and the description of a row: its file or ID, otherwise its values. Empty for an image without
     * a name.
     */
    private static String known(Similar similar, int row) {
        String name = similar.names().of(row);
        String known = name.isEmpty() ? similar.pictures().brief(row, VALUES) : name;
        return known.isEmpty() ? "" : "  " + known;
    }

    private static List<String> lines(Similar similar) {
        List<String> lines = new ArrayList<>();
        if (similar.queries().length > 1) {
            lines.add("%s neighbours of each of %s rows"
                    .formatted(similar.top(), Figures.count(similar.queries().length)));
        } else {
            int query = similar.queries()[0];
            lines.add("similar to %s:%s".formatted(similar.place(), query < 0 ? "" : known(similar, query)));
            for (int rank = 0; rank < Math.min(LINES, similar.top()); rank++) {
                int row = similar.neighbor(0, rank);
                String label = similar.labels()
                        .map(l -> "  " + l.classNames().get(l.values()[row]))
                        .orElse("");
                String name = known(similar, row);
                lines.add("  row %-8d %s%s%s"
                        .formatted(
                                similar.names().number(row), Figures.score(similar.similarity(0, rank)), label, name));
            }
        }
        if (similar.sameLabel().length > 0) {
            lines.add(Figures.percent(similar.meanSameLabel()) + " of the neighbours have the label of their query");
        }
        return lines;
    }
}
