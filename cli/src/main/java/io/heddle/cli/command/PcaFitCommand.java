package io.heddle.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.Version;
import io.heddle.cli.models.Convergence;
import io.heddle.cli.models.LabelledData;
import io.heddle.cli.models.ModelFiles;
import io.heddle.cli.options.ColumnFlags;
import io.heddle.cli.options.CommonFlags;
import io.heddle.cli.options.DataFlags;
import io.heddle.cli.output.OutputFile;
import io.heddle.cli.report.Figures;
import io.heddle.cli.terminal.Activity;
import io.heddle.cli.terminal.Progress;
import io.heddle.data.DataSource;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.Provenance;
import io.heddle.model.Stage;
import io.heddle.preprocessing.TablePreprocessor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heddle pca fit}: computes principal components and writes the model. */
@Command(
        name = "fit",
        description = "Computes the principal components of data and writes them to a model file.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle pca fit table.npy --components 20 --model pca.heddle",
            "  heddle pca fit fashion-mnist --components 50 --whiten --model pca.heddle",
            "  heddle pca fit table.csv --components 0.95 --standardize --model pca.heddle"
        })
final class PcaFitCommand implements Callable<Integer> {
    private static final int SHOWN = 10;

    @Parameters(paramLabel = "DATA", description = DataFlags.DATA)
    private String data;

    @Option(
            names = "--components",
            paramLabel = "K",
            required = true,
            description =
                    "Number of components; or a number between 0 and 1, such as 0.95: the smallest number that explains more than "
                            + "this share of the variance.")
    private String components;

    @Option(names = "--model", paramLabel = "FILE", required = true, description = "Output file of the model.")
    private Path model;

    @Option(
            names = "--solver",
            paramLabel = "S",
            defaultValue = "auto",
            description = "auto, randomized or covariance. Default: ${DEFAULT-VALUE}.")
    private Pca.Solver solver;

    @Option(
            names = "--standardize",
            description = "Divide columns by their standard deviations first; the model still takes the data as they "
                    + "are.")
    private boolean standardize;

    @Option(names = "--whiten", description = "Scale coordinates to unit variance.")
    private boolean whiten;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "0", description = "Seed. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Mixin
    private ColumnFlags columns;

    @Mixin
    private DataFlags flags;

    @Mixin
    private CommonFlags common;

    @Override
    public Integer call() throws IOException {
        common.begin();
        Pca.Options options = sized(Pca.Options.defaults().withSolver(solver), components)
                .withStandardize(standardize)
                .withWhiten(whiten)
                .withSeed(seed);
        try (OutputFile file = OutputFile.open(model);
                DataSource source = LabelledData.open(
                        data, flags.options(), columns, TablePreprocessor.Options.defaults(), common.err());
                DataMatrix rows = source.matrix()) {
            Provenance origin = ModelFiles.provenance(source, flags.options());
            long start = System.nanoTime();
            try (PcaModel fitted = fit(rows, options)) {
                double seconds = (System.nanoTime() - start) / 1e9;
                Provenance provenance = origin.withSeed(seed)
                        .withOption("components", components)
                        .withOption("standardize", Boolean.toString(standardize))
                        .withOption("whiten", Boolean.toString(whiten));
                file.produce(path -> ModelFiles.write(path, source, List.of(Stage.of(fitted)), provenance));
                Convergence.report(fitted, common.err());
                common.result(json(fitted, seconds), lines(fitted, seconds));
            }
        }
        return 0;
    }

    /** Parses a number of components or a share of the variance. */
    private static Pca.Options sized(Pca.Options options, String components) {
        try {
            double value = Double.parseDouble(components.strip());
            if (value > 0 && value < 1) {
                return options.withExplainedVariance(value);
            }
            return options.withComponents(Integer.parseInt(components.strip()));
        } catch (NumberFormatException e) {
            throw new InvalidInputException(
                    "--components must be a whole number, or a share of the variance between 0 and 1, not '%s'"
                            .formatted(components));
        }
    }

    private PcaModel fit(DataMatrix rows, Pca.Options options) {
        try (Activity activity = Activity.start(common.err(), "PCA")) {
            return Pca.fit(
                    rows,
                    options.withProgress(p -> activity.advancedAtMost(
                            p.pass(),
                            p.maximumPasses(),
                            "pass %d, explains %s"
                                    .formatted(
                                            p.pass(), Progress.plain(Figures.percent(p.explainedVarianceRatio()))))));
        }
    }

    private static ObjectNode json(PcaModel fitted, double seconds) {
        ObjectNode node = CommonFlags.object();
        ArrayNode ratios = node.putArray("explainedVarianceRatio");
        for (double ratio : fitted.explainedVarianceRatio()) {
            ratios.add(ratio);
        }
        return node.put("solver", fitted.solver().name().toLowerCase(Locale.ROOT))
                .put("iterations", fitted.iterations())
                .put("converged", fitted.converged())
                .put("seconds", seconds);
    }

    private List<String> lines(PcaModel fitted, double seconds) {
        double[] ratios = fitted.explainedVarianceRatio();
        double sum = 0;
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < ratios.length; i++) {
            sum += ratios[i];
            if (i < SHOWN) {
                lines.add(CommonFlags.line(
                        "component " + (i + 1), "%.4f of the variance, %.4f so far".formatted(ratios[i], sum)));
            }
        }
        lines.add(CommonFlags.line("all " + ratios.length, "%.4f of the variance".formatted(sum)));
        lines.add(CommonFlags.line("solver", fitted.solver().name().toLowerCase(Locale.ROOT)));
        lines.add(CommonFlags.line("converged", fitted.converged() ? "yes" : "no"));
        lines.add(CommonFlags.line("seconds", "%.2f".formatted(seconds)));
        lines.add(CommonFlags.line("model", model));
        return lines;
    }
}
