package io.heddle.cli.command;

import io.heddle.cli.Version;
import io.heddle.cli.catalogue.EncodedImages;
import io.heddle.cli.options.CommonFlags;
import io.heddle.cli.options.DataFlags;
import io.heddle.cli.options.EncoderName;
import io.heddle.cli.output.OutputFile;
import io.heddle.cli.terminal.Activity;
import io.heddle.cnn.Encoder;
import io.heddle.cnn.Engine;
import io.heddle.cnn.Pooling;
import io.heddle.cnn.Precision;
import io.heddle.data.DataSource;
import io.heddle.data.array.NpyWriter;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heddle features}: computes image features. */
@Command(
        name = "features",
        description = {
            "Computes features of images with an encoder: a row of float32 for each image. Photos are read in "
                    + "blocks, so that a folder may be larger than the memory."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle features fashion-mnist:all --encoder fashion --pooling grid --out features.npy",
            "  heddle features photos/ --resize 96x96 --out features.npy",
            "  heddle features fashion-mnist:all --encoder imagenet --out features.npy"
        })
public final class FeaturesCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DATA", description = DataFlags.DATA)
    private String data;

    @Option(
            names = "--encoder",
            paramLabel = "NAME|FILE",
            defaultValue = "imagenet",
            description = "Encoder: the name of an embedded one, or a file. TorchScript files are code: "
                    + "use only files that you trust. Default: ${DEFAULT-VALUE}.")
    private String encoder;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE.npy",
            required = true,
            description = "Output file of the features.")
    private Path out;

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
            names = "--pooling",
            paramLabel = "P",
            defaultValue = "mean",
            description = "mean: over the whole image. grid: in addition, over 2 x 2 windows of the last three layers, "
                    + "for linear classifiers; only Heddle encoders. Default: ${DEFAULT-VALUE}.")
    private Pooling pooling;

    @Mixin
    private DataFlags flags;

    @Mixin
    private CommonFlags common;

    @Override
    public Integer call() throws IOException {
        common.begin();
        EncoderName.require("--encoder", encoder);
        Encoder.Options options = Encoder.Options.defaults()
                .withEngine(engine)
                .withPrecision(precision)
                .withPooling(pooling)
                .withLog(common.err()::println);
        if (inputSize != null) {
            options = options.withInputSize(inputSize);
        }
        try (OutputFile file = OutputFile.open(out);
                DataSource source = images();
                Encoder network = Encoder.open(encoder, options)) {
            long start = System.nanoTime();
            try (FloatMatrix features = encode(source, network)) {
                double rate = features.rows() / ((System.nanoTime() - start) / 1e9);
                file.write(stream -> NpyWriter.write(features, stream));
                common.result(
                        CommonFlags.object()
                                .put("rows", features.rows())
                                .put("dimensions", features.columns())
                                .put("imagesPerSecond", rate),
                        List.of(
                                CommonFlags.line("rows", features.rows()),
                                CommonFlags.line("dimensions", features.columns()),
                                CommonFlags.line("images per second", "%.0f".formatted(rate)),
                                CommonFlags.line("written", out)));
            }
        }
        return 0;
    }

    /** Opened before the encoder, which takes longer. */
    private DataSource images() throws IOException {
        DataSource source = flags.open(data, common.err());
        try {
            EncodedImages.requireImages(source);
            return source;
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private FloatMatrix encode(DataSource source, Encoder network) throws IOException {
        try (Activity activity = Activity.start(common.err(), "Features")) {
            return EncodedImages.of(
                    source, network, p -> activity.advanced(p.done(), p.total(), "%d images".formatted(p.done())));
        }
    }
}
