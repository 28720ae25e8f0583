package io.heddle.cli.command;

import io.heddle.Heddle;
import io.heddle.cli.Version;
import io.heddle.cli.options.EncoderName;
import io.heddle.cli.output.ClosingTable;
import io.heddle.cli.output.OutputRule;
import io.heddle.cli.output.TypedCommand;
import io.heddle.cli.report.Figures;
import io.heddle.cli.report.MetricsJson;
import io.heddle.cli.report.ReportFolder;
import io.heddle.cli.report.StudyPage;
import io.heddle.cli.study.ClusteringMethod;
import io.heddle.cli.study.StageTime;
import io.heddle.cli.study.Study;
import io.heddle.cli.study.StudyOptions;
import io.heddle.cli.study.StudyResult;
import io.heddle.cli.study.StudyStage;
import io.heddle.cli.terminal.Progress;
import io.heddle.cli.terminal.Terminal;
import io.heddle.cnn.Engine;
import io.heddle.cnn.Pooling;
import io.heddle.cnn.Precision;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code heddle run}: runs the study and writes the report. */
@Command(
        name = "run",
        description = {
            "Runs the Fashion-MNIST study: two linear classifiers on the pixels, and clusters of the features of an "
                    + "encoder. Writes index.html and metrics.json."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle run",
            "  heddle run --sample 3000 --out quick",
            "  heddle run --data ~/fashion-mnist --seed 7 --seeds 5",
            "  heddle run --json > metrics.json"
        })
public final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder with the four IDX files. Default: the usual places, then a download.")
    private Path data;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            defaultValue = "heddle-report",
            description = "Output folder of the report. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Option(
            names = "--sample",
            paramLabel = "N",
            description =
                    "Use N training images with the same share of each class, and N/6 test images. " + "Default: all.")
    private Integer sample;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Seed of all random numbers. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--seeds",
            paramLabel = "R",
            defaultValue = "1",
            description =
                    "Run each clustering with R seeds from S on and report the median too. Default: ${DEFAULT-VALUE}.")
    private int seeds;

    @Option(
            names = "--threads",
            paramLabel = "T",
            description = "Worker threads. Results do not depend on it. Default: one per processor.")
    private Integer threads;

    @Option(
            names = "--encoder",
            paramLabel = "NAME|FILE",
            description = "Encoder: fashion, imagenet, a file of \"heddle encoder "
                    + "train\", or a TorchScript file. TorchScript files are code: use only files that you trust. "
                    + "Default: fashion.")
    private String encoder = StudyOptions.defaults().encoder();

    @Option(
            names = "--precision",
            paramLabel = "P",
            defaultValue = "auto",
            description = "Arithmetic of the encoder: auto, float32 or bfloat16. Default: ${DEFAULT-VALUE}.")
    private Precision precision;

    @Option(
            names = "--engine",
            paramLabel = "E",
            defaultValue = "auto",
            description = "Engine of the encoder: java (Heddle's convolutions in float32), for fashion and "
                    + "files of \"heddle encoder train\"; pytorch, for all encoders; or auto, which is java if "
                    + "possible and the precision is not bfloat16. Default: ${DEFAULT-VALUE}.")
    private Engine engine;

    @Option(
            names = "--input-size",
            paramLabel = "S",
            description = "Side of the encoder's images in pixels, if no model.json next to model.pt defines it.")
    private Integer inputSize;

    @Option(
            names = "--clustering",
            paramLabel = "METHOD",
            defaultValue = "neighbors",
            description = "kmeans, or neighbors: k-means and neighbour clustering. " + "Default: ${DEFAULT-VALUE}.")
    private ClusteringMethod clustering;

    @Option(
            names = "--feature-classifier",
            paramLabel = "POOLING",
            arity = "0..1",
            fallbackValue = "grid",
            description = "Train a linear classifier on the encoder's features too: means over the whole image (mean), "
                    + "or also over windows of several layers (grid, only Heddle encoders). "
                    + "Default: none; grid if no pooling is named.")
    private Pooling featureClassifier;

    @Option(names = "--json", description = "Print only the content of metrics.json on standard output.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        StudyOptions options = options();
        EncoderName.require("--encoder", encoder);
        // Sets the size of the shared pool, which some steps use.
        options.threads().ifPresent(t -> System.setProperty(WorkerPool.THREADS_PROPERTY, Integer.toString(t)));
        OutputRule rule = OutputRule.current();
        List<Path> replaced = rule.admit(List.of(out.resolve("index.html"), out.resolve("metrics.json")));
        ReportFolder folder = ReportFolder.open(out);
        // Runs while data and encoder are read, which leaves a core idle.
        if (Runtime.getRuntime().availableProcessors() > 1) {
            Heddle.startWarmUp(Heddle.Task.LOGISTIC_REGRESSION);
        }
        PrintStream err = System.err;
        try (folder;
                Progress progress = new Progress(err, Terminal.current())) {
            StudyResult result = Study.run(options, progress);
            progress.started(StudyStage.REPORT);
            long start = System.nanoTime();
            String metrics = MetricsJson.of(result, Version.text());
            String page = StudyPage.render(result, Version.text(), TypedCommand.of(spec));
            folder.stage("metrics.json", metrics);
            folder.stage("index.html", page);
            folder.publish();
            double seconds = (System.nanoTime() - start) / 1e9;
            progress.finished(
                    new StageTime(StudyStage.REPORT, seconds, 0, "", "%.1f MB of page".formatted(page.length() / 1e6)));
            err.println();
            rule.replaced(replaced);
            ClosingTable.lines(result).forEach(err::println);
            err.println();
            progress.printBold("Done in %s: %s"
                    .formatted(Progress.plain(Figures.seconds(result.seconds() + seconds)), out.resolve("index.html")));
            rule.show(out.resolve("index.html"));
            if (json) {
                PrintWriter standardOutput = spec.commandLine().getOut();
                standardOutput.print(metrics);
                standardOutput.flush();
            }
            return 0;
        }
    }

    private StudyOptions options() {
        return new StudyOptions(
                Optional.ofNullable(data),
                sample == null ? OptionalInt.empty() : OptionalInt.of(sample),
                seed,
                seeds,
                threads == null ? OptionalInt.empty() : OptionalInt.of(threads),
                encoder,
                engine,
                precision,
                inputSize == null ? OptionalInt.empty() : OptionalInt.of(inputSize),
                clustering,
                Optional.ofNullable(featureClassifier));
    }
}
