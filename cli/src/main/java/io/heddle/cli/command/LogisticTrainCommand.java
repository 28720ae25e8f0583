package io.heddle.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.Version;
import io.heddle.cli.models.Convergence;
import io.heddle.cli.models.LabelledData;
import io.heddle.cli.models.ModelFiles;
import io.heddle.cli.models.ScoredRows;
import io.heddle.cli.options.ColumnFlags;
import io.heddle.cli.options.CommonFlags;
import io.heddle.cli.options.DataFlags;
import io.heddle.cli.options.FitFlags;
import io.heddle.cli.options.PenaltyFlags;
import io.heddle.cli.options.WeightFlags;
import io.heddle.cli.output.OutputFile;
import io.heddle.cli.terminal.Activity;
import io.heddle.data.DataOptions;
import io.heddle.data.Labels;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.model.Provenance;
import io.heddle.model.Stage;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heddle logistic train}: fits a classifier and writes the model. */
@Command(
        name = "train",
        description = {
            "Fits a classifier and writes it to a model file. The accuracy is that on the test data if there are any, "
                    + "otherwise that on the training data."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle logistic train products.csv --label category --model shop.heddle",
            "  heddle logistic train customers.csv --label churned --id number --auto \\",
            "      --model churn.heddle",
            "  heddle logistic train fashion-mnist --test fashion-mnist:test \\",
            "      --lambda 1e-4 --l1-ratio 0.5 --model fashion.heddle --json",
            "  heddle logistic train x.npy --labels y.npy --standardize --model m.heddle",
            "  heddle logistic train patients.csv --label outcome --l1-ratio 1 \\",
            "      --lambda 0.01 --penalty-factor age=0,weight=2 --model outcome.heddle",
            "  heddle logistic train genes.csv --label tissue --l1-ratio 1 --grouped \\",
            "      --lambda 0.02 --model tissue.heddle",
            "  heddle logistic train visits.csv --label bought --weights visits \\",
            "      --class-weight yes=5 --model visits.heddle"
        })
final class LogisticTrainCommand implements Callable<Integer> {
    private static final double TOLERANCE = 1e-4;

    @Parameters(paramLabel = "DATA", description = DataFlags.DATA)
    private String data;

    @Option(names = "--model", paramLabel = "FILE", required = true, description = "Output file of the model.")
    private Path model;

    @Option(
            names = "--lambda",
            paramLabel = "L",
            defaultValue = "1e-4",
            description = "Weight of the penalty, relative to the mean loss of the rows. Default: ${DEFAULT-VALUE}.")
    private double lambda;

    @Option(
            names = "--l1-ratio",
            paramLabel = "R",
            defaultValue = "0",
            description = "Share of the L1 norm in the penalty, 0 (ridge) to 1 (lasso). Default: ${DEFAULT-VALUE}.")
    private double l1Ratio;

    @Option(names = "--test", paramLabel = "DATA", description = "Data to test the model on.")
    private String test;

    @Option(names = "--test-labels", paramLabel = "FILE", description = "Labels of the test data.")
    private Path testLabels;

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
        penalty.check(l1Ratio, "--l1-ratio");
        LogisticRegression.Options given =
                fit.options(TOLERANCE).withLambda(lambda).withL1Ratio(l1Ratio);
        DataOptions reading = weights.reading(flags.options());
        try (OutputFile file = OutputFile.open(model);
                LabelledData train = LabelledData.read(data, reading, columns, common.err())) {
            double[] counted = weights.of(train.source());
            Labels labels = train.requireClasses(counted, common.err());
            LogisticRegression.Options options =
                    penalty.apply(fit.weighing(given, labels.classNames()), train.source());
            Provenance origin = ModelFiles.provenance(train.source(), reading);
            try (ScoredRows scored = scored(train, labels, counted, reading)) {
                long start = System.nanoTime();
                try (LogisticModel fitted = fit(train, labels, counted, options)) {
                    double seconds = (System.nanoTime() - start) / 1e9;
                    double accuracy = scored.accuracy(fitted.predict(scored.rows()));
                    Provenance provenance = penalty.record(origin)
                            .withClassNames(labels.classNames())
                            .withSeed(options.seed())
                            .withOption("lambda", Double.toString(lambda))
                            .withOption("l1Ratio", Double.toString(l1Ratio))
                            .withOption("tolerance", Double.toString(options.tolerance()))
                            .withOption("standardize", Boolean.toString(options.standardize()))
                            .withOption("classWeight", fit.classWeight());
                    Convergence.report(fitted, options, common.err());
                    file.produce(path -> ModelFiles.write(path, train.source(), List.of(Stage.of(fitted)), provenance));
                    common.result(
                            json(fitted, accuracy, seconds), lines(fitted, scored.accuracyText(accuracy), seconds));
                }
            }
        }
        return 0;
    }

    private ScoredRows scored(LabelledData train, Labels labels, double[] counted, DataOptions reading)
            throws IOException {
        return test == null
                ? ScoredRows.training(train, labels, counted)
                : ScoredRows.test(test, train, labels, columns.reading(reading), testLabels, common.err());
    }

    private LogisticModel fit(LabelledData train, Labels labels, double[] counted, LogisticRegression.Options options) {
        try (Activity activity = Activity.start(common.err(), "Logistic regression")) {
            return train.naming(() -> LogisticRegression.fit(
                    train.rows(),
                    labels.values(),
                    counted,
                    options.withProgress(p -> activity.advanced(
                            Convergence.percent(p, options),
                            Convergence.PERCENT,
                            "iteration %d, gap %.1e".formatted(p.iteration(), p.certificate()))),
                    WorkerPool.shared()));
        }
    }

    private ObjectNode json(LogisticModel fitted, double accuracy, double seconds) {
        ObjectNode node = CommonFlags.object()
                .put("objective", fitted.objective())
                .put("lambda", lambda)
                .put("l1Ratio", l1Ratio)
                .put("grouped", penalty.grouped())
                .put("accuracy", accuracy)
                .put("nonZeros", fitted.nonZeros())
                .put("iterations", fitted.iterations())
                .put("converged", fitted.converged());
        node.putObject("certificate")
                .put("kind", fitted.certificate().kind().name())
                .put("relative", fitted.certificate().relative());
        return node.put("seconds", seconds);
    }

    private List<String> lines(LogisticModel fitted, String accuracy, double seconds) {
        long all = fitted.weights().rows() * fitted.weights().columns();
        return List.of(
                CommonFlags.line("accuracy", accuracy),
                CommonFlags.line("objective", "%.7g".formatted(fitted.objective())),
                CommonFlags.line(
                        "penalty",
                        "lambda %s, l1Ratio %s%s".formatted(lambda, l1Ratio, penalty.grouped() ? ", grouped" : "")),
                CommonFlags.line("weights", "%d of %d are not zero".formatted(fitted.nonZeros(), all)),
                CommonFlags.line("iterations", fitted.iterations() + (fitted.converged() ? "" : ", not converged")),
                CommonFlags.line(
                        "certificate",
                        "%s %.1e"
                                .formatted(
                                        fitted.certificate()
                                                .kind()
                                                .name()
                                                .toLowerCase(Locale.ROOT)
                                                .replace('_', ' '),
                                        fitted.certificate().relative())),
                CommonFlags.line("seconds", "%.2f".formatted(seconds)),
                CommonFlags.line("model", model));
    }
}
