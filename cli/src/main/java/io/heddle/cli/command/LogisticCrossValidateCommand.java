package io.heddle.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.Version;
import io.heddle.cli.models.Convergence;
import io.heddle.cli.models.LabelledData;
import io.heddle.cli.models.ModelFiles;
import io.heddle.cli.options.ColumnFlags;
import io.heddle.cli.options.CommonFlags;
import io.heddle.cli.options.DataFlags;
import io.heddle.cli.options.FitFlags;
import io.heddle.cli.options.PenaltyFlags;
import io.heddle.cli.options.SearchFlags;
import io.heddle.cli.options.WeightFlags;
import io.heddle.cli.output.OutputFile;
import io.heddle.cli.output.PathResult;
import io.heddle.cli.terminal.Activity;
import io.heddle.data.ClassSizes;
import io.heddle.data.Labels;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.Provenance;
import io.heddle.model.Stage;
import io.heddle.parallel.WorkerPool;
import io.heddle.selection.PathPoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heddle logistic cv}: chooses the penalty by cross-validation. */
@Command(
        name = "cv",
        description = {
            "Chooses the penalty by cross-validation: the fewest weights, then the largest lambda, with a score within "
                    + "one standard error of the best. With --model, a model with this penalty is fitted on all rows."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle logistic cv products.csv --label category",
            "  heddle logistic cv products.csv --label category --folds 10 \\",
            "      --l1-ratios 0,0.5,1 --plot cv.svg --model shop.heddle"
        })
final class LogisticCrossValidateCommand implements Callable<Integer> {
    private static final double TOLERANCE = 1e-4;

    @Parameters(paramLabel = "DATA", description = DataFlags.DATA)
    private String data;

    @Option(
            names = "--folds",
            paramLabel = "F",
            defaultValue = "5",
            description = "Number of folds. Default: ${DEFAULT-VALUE}.")
    private int folds;

    @Option(names = "--model", paramLabel = "FILE", description = "Output file of the model with the best penalty.")
    private Path model;

    @Mixin
    private SearchFlags search;

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
        search.check(fit, penalty);
        InvalidInputException.require(folds >= 2, "cross-validation needs at least 2 folds, not %d", folds);
        try (OutputFile plot = search.plot() == null ? null : OutputFile.open(search.plot());
                OutputFile file = model == null ? null : OutputFile.open(model);
                LabelledData rows = LabelledData.read(data, weights.reading(flags.options()), columns, common.err())) {
            double[] counted = weights.of(rows.source());
            Labels labels = rows.requireClasses(counted);
            requireTwoOfEach(labels);
            LogisticRegression.Options each = penalty.apply(search.options(fit, labels.classNames()), rows.source());
            Provenance origin =
                    file == null ? null : ModelFiles.provenance(rows.source(), weights.reading(flags.options()));
            List<PathPoint> points;
            try (Activity activity = Activity.start(common.err(), "Cross-validation")) {
                points = rows.naming(() -> search.search(each, activity)
                        .crossValidate(rows.rows(), labels.values(), counted, folds, fit.seed(), WorkerPool.shared()));
            }
            PathResult result = new PathResult(points, penalty.grouped());
            Convergence.report(result.unfinished(), result.size(), each, common.err());
            ObjectNode node = result.json();
            if (file != null) {
                node.put("converged", write(file, rows, labels, result.best(), origin));
            }
            if (plot != null) {
                result.plot(plot);
            }
            common.result(node, result.lines());
        }
        return 0;
    }

    /** Refuses a class with one row before the work, because it cannot be in both the training and the test rows. */
    private void requireTwoOfEach(Labels labels) {
        ClassSizes sizes = ClassSizes.of(labels);
        InvalidInputException.require(
                !sizes.anyBelow(2),
                "%s; cross-validation needs at least 2 rows of each class: leave these rows out",
                sizes.below(2));
        // More folds than rows are refused by the split.
        if (sizes.anyBelow(folds) && folds <= labels.rows()) {
            common.err()
                    .println("some of the %d folds do not score every class: %s".formatted(folds, sizes.below(folds)));
        }
    }

    /** @return whether the fit of the written model converged */
    private boolean write(OutputFile file, LabelledData rows, Labels labels, PathPoint best, Provenance origin)
            throws IOException {
        LogisticRegression.Options options = penalty.apply(
                        fit.weighing(fit.options(TOLERANCE), labels.classNames()), rows.source())
                .withLambda(best.lambda())
                .withL1Ratio(best.l1Ratio());
        Provenance provenance = penalty.record(origin)
                .withClassNames(labels.classNames())
                .withSeed(options.seed())
                .withOption("lambda", Double.toString(best.lambda()))
                .withOption("l1Ratio", Double.toString(best.l1Ratio()))
                .withOption("tolerance", Double.toString(options.tolerance()))
                .withOption("standardize", Boolean.toString(options.standardize()))
                .withOption("classWeight", fit.classWeight())
                .withOption("folds", Integer.toString(folds));
        try (Activity activity = Activity.start(common.err(), "Logistic regression");
                LogisticModel fitted = fit(rows, labels, options)) {
            activity.close();
            Convergence.report(fitted, options, common.err());
            file.produce(path -> ModelFiles.write(path, rows.source(), List.of(Stage.of(fitted)), provenance));
            return fitted.converged();
        }
    }

    private LogisticModel fit(LabelledData rows, Labels labels, LogisticRegression.Options options) throws IOException {
        double[] counted = weights.of(rows.source());
        return rows.naming(
                () -> LogisticRegression.fit(rows.rows(), labels.values(), counted, options, WorkerPool.shared()));
    }
}
