package io.heddle.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.Version;
import io.heddle.cli.models.ClusteringAlgorithm;
import io.heddle.cli.models.Convergence;
import io.heddle.cli.models.KMeansSteps;
import io.heddle.cli.models.LabelledData;
import io.heddle.cli.models.ModelFiles;
import io.heddle.cli.models.ZeroRows;
import io.heddle.cli.options.ColumnFlags;
import io.heddle.cli.options.CommonFlags;
import io.heddle.cli.options.DataFlags;
import io.heddle.cli.options.WeightFlags;
import io.heddle.cli.output.OutputFile;
import io.heddle.cli.terminal.Activity;
import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.Provenance;
import io.heddle.model.Stage;
import io.heddle.parallel.WorkerPool;
import io.heddle.preprocessing.TablePreprocessor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heddle kmeans fit}: fits k-means and writes the model. */
@Command(
        name = "fit",
        description = "Fits k-means and writes the centres to a model file.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle kmeans fit table.csv --clusters 8 --model groups.heddle",
            "  heddle kmeans fit x.npy --clusters 100 --algorithm lloyd --seed 7 \\",
            "      --model groups.heddle --json",
            "  heddle kmeans fit texts.parquet --clusters 20 --distance cosine \\",
            "      --weights visits --model topics.heddle"
        })
final class KMeansFitCommand implements Callable<Integer> {
    private static final int SIZES_SHOWN = 12;

    @Parameters(paramLabel = "DATA", description = DataFlags.DATA)
    private String data;

    @Option(names = "--clusters", paramLabel = "K", required = true, description = "Number of clusters.")
    private int clusters;

    @Option(names = "--model", paramLabel = "FILE", required = true, description = "Output file of the model.")
    private Path model;

    @Option(
            names = "--algorithm",
            paramLabel = "A",
            defaultValue = ClusteringAlgorithm.AUTO,
            description = "lloyd, mini-batch, or auto: lloyd for up to 16,384 rows, mini-batch for more. Default: "
                    + "${DEFAULT-VALUE}.")
    private String algorithm;

    @Option(
            names = "--distance",
            paramLabel = "D",
            defaultValue = "euclidean",
            description = "euclidean, or cosine: rows and centres at unit length. Default: ${DEFAULT-VALUE}.")
    private String distance;

    @Option(
            names = "--max-iterations",
            paramLabel = "N",
            defaultValue = "300",
            description = "Maximum number of passes over the data. Default: ${DEFAULT-VALUE}.")
    private int maxIterations;

    @Option(
            names = "--initializations",
            paramLabel = "N",
            defaultValue = "1",
            description = "Number of initializations to try. Default: ${DEFAULT-VALUE}.")
    private int initializations;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "0", description = "Seed. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Mixin
    private WeightFlags weights;

    @Mixin
    private ColumnFlags columns;

    @Mixin
    private DataFlags flags;

    @Mixin
    private CommonFlags common;

    @Override
    public Integer call() throws IOException {
        common.begin();
        // The name is checked before the data are read.
        ClusteringAlgorithm.of(algorithm, 0);
        KMeans.Options given = KMeans.Options.defaults()
                .withClusters(clusters)
                .withDistance(distance(distance))
                .withMaxIterations(maxIterations)
                .withInitializations(initializations)
                .withSeed(seed);
        DataOptions reading = weights.reading(flags.options());
        try (OutputFile file = OutputFile.open(model);
                DataSource source = LabelledData.open(data, reading, columns, preparation(given), common.err());
                DataMatrix rows = source.matrix()) {
            KMeans.Options options = given.withAlgorithm(ClusteringAlgorithm.of(algorithm, rows.rows()));
            Provenance origin = ModelFiles.provenance(source, reading);
            double[] counted = weights.of(source);
            if (options.distance() == KMeans.Distance.COSINE) {
                ZeroRows.refuse(source, rows, 0);
            }
            long start = System.nanoTime();
            try (KMeansModel fitted = fit(rows, counted, options)) {
                double seconds = (System.nanoTime() - start) / 1e9;
                Provenance provenance = origin.withSeed(seed)
                        .withOption("clusters", Integer.toString(clusters))
                        .withOption("algorithm", ClusteringAlgorithm.name(options.algorithm()))
                        .withOption("distance", distance);
                file.produce(path -> ModelFiles.write(path, source, List.of(Stage.of(fitted)), provenance));
                int[] sizes = sizes(fitted.labels(), clusters);
                Convergence.report(fitted, maxIterations, common.err());
                String used = ClusteringAlgorithm.name(options.algorithm());
                common.result(json(fitted, used, sizes, seconds), lines(fitted, used, sizes, seconds));
            }
        }
        return 0;
    }

    /** The mean is not subtracted for the cosine distance, which depends on the origin. */
    private static TablePreprocessor.Options preparation(KMeans.Options options) {
        return TablePreprocessor.Options.defaults().withCenter(options.distance() != KMeans.Distance.COSINE);
    }

    private static KMeans.Distance distance(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "euclidean" -> KMeans.Distance.EUCLIDEAN;
            case "cosine" -> KMeans.Distance.COSINE;
            default ->
                throw new InvalidInputException("--distance must be euclidean or cosine, not '%s'".formatted(name));
        };
    }

    private KMeansModel fit(DataMatrix rows, double[] counted, KMeans.Options options) {
        try (Activity activity = Activity.start(common.err(), "k-means")) {
            KMeans.Options watched = options.withProgress(new KMeansSteps(options, rows.rows(), activity));
            return counted == null
                    ? KMeans.fit(rows, watched)
                    : KMeans.fit(rows, counted, watched, WorkerPool.shared());
        }
    }

    static int[] sizes(int[] labels, int clusters) {
        int[] sizes = new int[clusters];
        for (int label : labels) {
            sizes[label]++;
        }
        return sizes;
    }

    private static ObjectNode json(KMeansModel fitted, String used, int[] sizes, double seconds) {
        ObjectNode node = CommonFlags.object()
                .put("algorithm", used)
                .put("inertia", fitted.inertia())
                .put("iterations", fitted.iterations())
                .put("converged", fitted.converged());
        ArrayNode array = node.putArray("sizes");
        Arrays.stream(sizes).forEach(array::add);
        ArrayNode empty = node.putArray("emptyClusters");
        Arrays.stream(fitted.emptyClusters()).forEach(empty::add);
        return node.put("seconds", seconds);
    }

    static String sizesLine(int[] sizes) {
        return CommonFlags.line("sizes", shown(sizes, SIZES_SHOWN));
    }

    /** Returns the first numbers of a list, and how many others there are. */
    static String shown(int[] numbers, int most) {
        String shown =
                Arrays.stream(numbers).limit(most).mapToObj(Integer::toString).collect(Collectors.joining(" "));
        return numbers.length <= most ? shown : "%s and %d more".formatted(shown, numbers.length - most);
    }

    private List<String> lines(KMeansModel fitted, String used, int[] sizes, double seconds) {
        return List.of(
                CommonFlags.line("algorithm", used),
                CommonFlags.line("inertia", "%.7g".formatted(fitted.inertia())),
                CommonFlags.line("iterations", fitted.iterations()),
                CommonFlags.line("converged", fitted.converged() ? "yes" : "no"),
                sizesLine(sizes),
                CommonFlags.line("seconds", "%.2f".formatted(seconds)),
                CommonFlags.line("model", model));
    }
}
