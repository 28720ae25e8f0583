package io.heddle.cli.command;

import io.heddle.cli.Version;
import io.heddle.cli.options.DataFlags;
import io.heddle.cli.options.EncoderName;
import io.heddle.cli.output.OutputFile;
import io.heddle.cli.terminal.Interruption;
import io.heddle.cli.terminal.Terminal;
import io.heddle.cli.terminal.TrainingProgress;
import io.heddle.cnn.EncoderTraining;
import io.heddle.cnn.Precision;
import io.heddle.cnn.TrainingOptions;
import io.heddle.data.DataSource;
import io.heddle.data.ImageShape;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heddle encoder train}: trains a small network on images without labels. */
@Command(
        name = "train",
        description = {
            "Trains a small network on images without labels: to predict a teacher's features, to distinguish "
                    + "views of an image from those of others, or both. Writes a safetensors file."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle encoder train fashion-mnist:all --out fashion.safetensors",
            "  heddle encoder train images-idx3-ubyte.gz --teacher none --out own.safetensors",
            "  heddle run --encoder fashion.safetensors"
        })
final class EncoderTrainCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DATA", description = DataFlags.DATA)
    private String data;

    @Mixin
    private DataFlags flags;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            required = true,
            description = "The encoder to write. FILE.checkpoint contains the state after each epoch.")
    private Path out;

    @Option(
            names = "--teacher",
            paramLabel = "NAME|FILE",
            description = "Encoder that is the teacher, or none. Default: ${DEFAULT-VALUE}.",
            defaultValue = "imagenet")
    private String teacher;

    @Option(
            names = "--distill",
            paramLabel = "W",
            description = "Weight of the distillation loss. Default: ${DEFAULT-VALUE}.")
    private double distill = TrainingOptions.defaults().teaching().weight();

    @Option(
            names = "--components",
            paramLabel = "C",
            description =
                    "Number of principal components of the teacher's features in the targets. Default: ${DEFAULT-VALUE}.")
    private int components = TrainingOptions.defaults().teaching().components();

    @Option(
            names = "--smooth",
            paramLabel = "N",
            description = "Number of iterations that average the target of an image with those of its nearest "
                    + "neighbours. Default: ${DEFAULT-VALUE}.")
    private int smooth = TrainingOptions.defaults().teaching().smoothing();

    @Option(
            names = "--augment",
            description = "Shift and mirror images at random; the teacher encodes mirror images too.")
    private boolean augment;

    @Option(
            names = "--contrast",
            paramLabel = "W",
            description = "Weight of the contrastive loss, 0 for none. Default: ${DEFAULT-VALUE}.")
    private double contrast = TrainingOptions.defaults().contrastWeight();

    @Option(
            names = "--layers",
            paramLabel = "L",
            description = "Layers of the network: channels@kernel/stride. Default: ${DEFAULT-VALUE}.")
    private String layers = TrainingOptions.DEFAULT_LAYERS;

    @Option(names = "--epochs", paramLabel = "N", description = "Number of epochs. Default: ${DEFAULT-VALUE}.")
    private int epochs = TrainingOptions.defaults().schedule().epochs();

    @Option(names = "--batch", paramLabel = "B", description = "Images per step. Default: ${DEFAULT-VALUE}.")
    private int batch = TrainingOptions.defaults().schedule().batchSize();

    @Option(
            names = "--learning-rate",
            paramLabel = "R",
            description = "Maximum learning rate. Default: ${DEFAULT-VALUE}.")
    private double learningRate = TrainingOptions.defaults().schedule().learningRate();

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Seed of all random numbers. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--precision",
            paramLabel = "P",
            defaultValue = "auto",
            description = "Arithmetic of the convolutions: auto, float32 or bfloat16. Default: ${DEFAULT-VALUE}.")
    private Precision precision;

    @Option(
            names = "--threads",
            paramLabel = "T",
            description = "Worker threads. Results do not depend on it. Default: one per processor.")
    private Integer threads;

    @Option(names = "--resume", description = "Continue from FILE.checkpoint, with the same data and options.")
    private boolean resume;

    @Override
    public Integer call() throws IOException {
        if (!teacher.equals("none")) {
            EncoderName.require("--teacher", teacher);
        }
        TrainingOptions options = TrainingOptions.defaults()
                .withTeaching(new TrainingOptions.Teaching(
                        teacher.equals("none") ? Optional.empty() : Optional.of(teacher),
                        distill,
                        components,
                        smooth,
                        augment))
                .withContrastWeight(contrast)
                .withLayers(layers)
                .withSchedule(new TrainingOptions.Schedule(epochs, batch, learningRate))
                .withSeed(seed)
                .withPrecision(precision);
        if (threads != null) {
            InvalidInputException.require(threads >= 1, "--threads must be at least 1, not %d", threads);
            System.setProperty(WorkerPool.THREADS_PROPERTY, Integer.toString(threads));
        }
        PrintStream err = System.err;
        long start = System.nanoTime();
        // The training writes the file atomically. This checks the permission before the training.
        try (OutputFile target = OutputFile.open(out);
                DataSource source = flags.open(data, err)) {
            ImageShape shape = source.images()
                    .orElseThrow(() -> new InvalidInputException(
                            "%s has no images: set the size of its rows with --image-size".formatted(data)));
            InvalidInputException.require(
                    shape.channels() == 1,
                    "an encoder is trained on gray images, but %s has %d channels: use --gray for photos",
                    data,
                    shape.channels());
            Interruption.leaves(this::left);
            try (FloatMatrix images = source.read();
                    TrainingProgress progress = new TrainingProgress(err, Terminal.current(), options)) {
                target.produce(path -> EncoderTraining.train(
                        images,
                        shape.width(),
                        shape.height(),
                        options,
                        path,
                        resume,
                        Map.of("heddle", Version.text()),
                        WorkerPool.shared(),
                        progress));
            }
        }
        err.println("Done in %.0f s: %s (%.1f MB)"
                .formatted((System.nanoTime() - start) / 1e9, out, Files.size(out) / 1e6));
        return 0;
    }

    /** Returns what an interruption leaves: the last checkpoint, which was written atomically. */
    private String left() {
        Path checkpoint = EncoderTraining.checkpointOf(out);
        return Files.exists(checkpoint)
                ? "continue from %s with --resume".formatted(checkpoint)
                : "no unfinished files are left";
    }
}
