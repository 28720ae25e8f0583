package io.heddle.cli.command;

import io.heddle.cli.Version;
import io.heddle.cli.models.Convergence;
import io.heddle.cli.models.LabelledData;
import io.heddle.cli.models.ScoredRows;
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
import io.heddle.data.DataOptions;
import io.heddle.data.Labels;
import io.heddle.linear.LogisticRegression;
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

/** {@code heddle logistic path}: accuracy and number of weights by penalty. */
@Command(
        name = "path",
        description = {
            "Fits for decreasing lambda and shows the accuracy and the number of weights. The score is the accuracy "
                    + "on the test data or, without them, on the training data. The latter is not an "
                    + "estimate for new data; use 'heddle logistic cv' for that."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle logistic path products.csv --label category",
            "  heddle logistic path fashion-mnist --test fashion-mnist:test \\",
            "      --l1-ratios 0.5,1 --lambdas 10 --plot path.svg"
        })
final class LogisticPathCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DATA", description = DataFlags.DATA)
    private String data;

    @Option(names = "--test", paramLabel = "DATA", description = "Data to score on.")
    private String test;

    @Option(names = "--test-labels", paramLabel = "FILE", description = "Labels of the test data.")
    private Path testLabels;

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
        DataOptions reading = weights.reading(flags.options());
        try (OutputFile plot = search.plot() == null ? null : OutputFile.open(search.plot());
                LabelledData train = LabelledData.read(data, reading, columns, common.err())) {
            double[] counted = weights.of(train.source());
            Labels labels = train.requireClasses(counted);
            ClassSizes sizes = ClassSizes.of(labels);
            if (sizes.anyBelow(2)) {
                common.err().println("the score is unreliable for classes with one row:  " + sizes.below(2));
            }
            LogisticRegression.Options each = penalty.apply(search.options(fit, labels.classNames()), train.source());
            List<PathPoint> points;
            try (ScoredRows scored = test == null
                    ? ScoredRows.training(train, labels, counted)
                    : ScoredRows.test(test, train, labels, columns.reading(reading), testLabels, common.err())) {
                points = paths(each, train, labels, counted, scored);
            }
            PathResult result = new PathResult(points, penalty.grouped());
            Convergence.report(result.unfinished(), result.size(), each, common.err());
            if (plot != null) {
                result.plot(plot);
            }
            common.result(result.json(), result.lines());
        }
        return 0;
    }

    private List<PathPoint> paths(
            LogisticRegression.Options each, LabelledData train, Labels labels, double[] counted, ScoredRows scored) {
        try (Activity activity = Activity.start(common.err(), "Path")) {
            return train.naming(() -> search.search(each, activity)
                    .paths(
                            train.rows(),
                            labels.values(),
                            counted,
                            scored.rows(),
                            scored.labels().values(),
                            scored.weights(),
                            WorkerPool.shared()));
        }
    }
}
