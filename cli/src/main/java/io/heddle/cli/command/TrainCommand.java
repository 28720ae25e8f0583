package io.heddle.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.Version;
import io.heddle.cli.models.ClusteringAlgorithm;
import io.heddle.cli.models.LabelledData;
import io.heddle.cli.models.ModelFiles;
import io.heddle.cli.models.PipelineFit;
import io.heddle.cli.models.ScoredRows;
import io.heddle.cli.options.ColumnFlags;
import io.heddle.cli.options.CommonFlags;
import io.heddle.cli.options.DataFlags;
import io.heddle.cli.options.FitFlags;
import io.heddle.cli.options.PenaltyFlags;
import io.heddle.cli.options.WeightFlags;
import io.heddle.cli.output.OutputFile;
import io.heddle.cluster.KMeans;
import io.heddle.data.DataOptions;
import io.heddle.data.FeatureSource;
import io.heddle.data.Labels;
import io.heddle.decomposition.Pca;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.ModelFile;
import io.heddle.model.OnnxFile;
import io.heddle.model.Provenance;
import io.heddle.model.SavedModel;
import io.heddle.preprocessing.TablePreprocessor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heddle train}: fits preprocessing, principal components and a classifier or clusters as one model. */
@Command(
        name = "train",
        description = {
            "Fits a pipeline and writes it to one model file: preprocessing of a table's columns, principal components "
                    + "with --pca, and a classifier of the labels, or clusters with --clusters. 'heddle predict' "
                    + "applies the pipeline to other data, and --onnx writes it for other programs.",
            "The accuracy is that on the test data if there are any, otherwise that on the training data."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle train customers.csv --label churned --auto --model churn.heddle",
            "  heddle train products.csv --label kind --drop name --standardize --pca 20 \\",
            "      --model shop.heddle --onnx shop.onnx",
            "  heddle train customers.csv --auto --standardize --clusters 8 --model groups.heddle"
        })
public final class TrainCommand implements Callable<Integer> {
    private static final double TOLERANCE = 1e-4;

    @Parameters(paramLabel = "DATA", description = DataFlags.DATA)
    private String data;

    @Option(names = "--model", paramLabel = "FILE", required = true, description = "Output file of the model.")
    private Path model;

    @Option(names = "--onnx", paramLabel = "FILE.onnx", description = "Output file of the model as ONNX.")
    private Path onnx;

    @Option(names = "--pca", paramLabel = "K", description = "Number of principal components. Default: none.")
    private Integer components;

    @Option(names = "--whiten", description = "Scale the components to unit variance.")
    private boolean whiten;

    @Option(
            names = "--clusters",
            paramLabel = "K",
            description =
                    "Fit this number of clusters by k-means instead of a classifier: Lloyd's for up to 16,384 rows, "
                            + "mini-batches for more.")
    private Integer clusters;

    @Option(
            names = "--lambda",
            paramLabel = "L",
            defaultValue = "1e-4",
            description = "Weight of the classifier's penalty, relative to the mean loss of the rows. Default: "
                    + "${DEFAULT-VALUE}.")
    private double lambda;

    @Option(
            names = "--l1-ratio",
            paramLabel = "R",
            defaultValue = "0",
            description = "Share of the L1 norm in the penalty, 0 (ridge) to 1 (lasso). Default: ${DEFAULT-VALUE}.")
    private double l1Ratio;

    @Option(names = "--test", paramLabel = "DATA", description = "Data to test the classifier on.")
    private String test;

    @Mixin
    private FitFlags fit;

    @Mixin
    private PenaltyFlags penalty;

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
        InvalidInputException.require(
                clusters == null || test == null, "--test is for classifiers; clusters have no accuracy");
        InvalidInputException.require(components != null || !whiten, "--whiten is for components: add --pca K");
        InvalidInputException.require(
                !penalty.namesColumns() || components == null,
                "--penalty-factor names columns, but with --pca the features are components: leave out one of"
                        + " the two");
        InvalidInputException.require(
                !penalty.given() || clusters == null,
                "%s is for classifiers; clusters have no penalty",
                penalty.flag());
        penalty.check(l1Ratio, "--l1-ratio");
        LogisticRegression.Options given =
                fit.options(TOLERANCE).withLambda(lambda).withL1Ratio(l1Ratio);
        DataOptions reading = weights.reading(flags.options());
        // Columns of a table are standardized by the preprocessing, others by a separate stage.
        boolean standardize = given.standardize();
        TablePreprocessor.Options preprocessing =
                TablePreprocessor.Options.defaults().withStandardize(standardize);
        try (OutputFile file = OutputFile.open(model);
                OutputFile exported = onnx == null ? null : OutputFile.open(onnx);
                LabelledData train = LabelledData.read(data, reading, columns, preprocessing, common.err())) {
            double[] counted = weights.of(train.source());
            Optional<Labels> labels =
                    clusters == null ? Optional.of(train.requireClasses(counted, common.err())) : Optional.empty();
            LogisticRegression.Options options = labels.isEmpty()
                    ? given
                    : penalty.apply(fit.weighing(given, labels.get().classNames()), train.source());
            KMeans.Algorithm algorithm = ClusteringAlgorithm.of(
                    ClusteringAlgorithm.AUTO, train.rows().rows());
            Provenance origin = ModelFiles.provenance(train.source(), reading);
            long start = System.nanoTime();
            try (ScoredRows scored = labels.isEmpty() ? null : scored(train, labels.get(), counted, reading);
                    PipelineFit fitted = PipelineFit.of(
                            train.rows(),
                            counted,
                            standardize && !(train.source() instanceof FeatureSource),
                            Optional.ofNullable(components).map(k -> Pca.Options.defaults()
                                    .withComponents(k)
                                    .withWhiten(whiten)
                                    .withSeed(options.seed())),
                            common.err())) {
                if (clusters == null) {
                    fitted.classify(labels.get(), options.withStandardize(false));
                } else {
                    fitted.cluster(clusters, algorithm, options.seed());
                }
                double seconds = (System.nanoTime() - start) / 1e9;
                Provenance provenance = provenance(origin, labels, options, algorithm);
                file.produce(path -> ModelFiles.write(path, train.source(), fitted.stages(), provenance));
                printResult(fitted, train, Optional.ofNullable(scored), exported, seconds);
            }
        }
        return 0;
    }

    private Provenance provenance(
            Provenance origin,
            Optional<Labels> labels,
            LogisticRegression.Options options,
            KMeans.Algorithm algorithm) {
        Provenance p =
                origin.withSeed(options.seed()).withOption("standardize", Boolean.toString(options.standardize()));
        if (components != null) {
            p = p.withOption("components", Integer.toString(components)).withOption("whiten", Boolean.toString(whiten));
        }
        if (labels.isEmpty()) {
            return p.withOption("clusters", Integer.toString(clusters))
                    .withOption("algorithm", ClusteringAlgorithm.name(algorithm));
        }
        return penalty.record(p)
                .withClassNames(labels.get().classNames())
                .withOption("lambda", Double.toString(lambda))
                .withOption("l1Ratio", Double.toString(l1Ratio))
                .withOption("tolerance", Double.toString(options.tolerance()))
                .withOption("classWeight", fit.classWeight());
    }

    private ScoredRows scored(LabelledData train, Labels labels, double[] counted, DataOptions reading)
            throws IOException {
        return test == null
                ? ScoredRows.training(train, labels, counted)
                : ScoredRows.test(test, train, labels, columns.reading(reading), null, common.err());
    }

    /** The file is read again, so that the written model is tested and exported. */
    private void printResult(
            PipelineFit fitted, LabelledData train, Optional<ScoredRows> scored, OutputFile exported, double seconds)
            throws IOException {
        ObjectNode node = CommonFlags.object();
        List<String> lines = new ArrayList<>();
        try (SavedModel saved = ModelFile.read(model)) {
            if (train.source() instanceof FeatureSource features) {
                lines.add(CommonFlags.line(
                        "columns",
                        "%d, which give %d features"
                                .formatted(features.preprocessor().columns().size(), features.columns())));
            }
            node.put("features", train.rows().columns());
            if (scored.isPresent()) {
                double accuracy = scored.get()
                        .accuracy(saved.featurePipeline().predict(scored.get().rows()));
                node.put("accuracy", accuracy);
                lines.add(CommonFlags.line("accuracy", scored.get().accuracyText(accuracy)));
            }
            fitted.describe(node, lines);
            if (exported != null) {
                exported.produce(path -> OnnxFile.write(path, saved));
            }
        }
        node.put("seconds", seconds);
        lines.add(CommonFlags.line("seconds", "%.2f".formatted(seconds)));
        lines.add(CommonFlags.line("model", model));
        if (onnx != null) {
            lines.add(CommonFlags.line("ONNX", onnx));
        }
        common.result(node, lines);
    }
}
