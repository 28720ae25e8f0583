package io.heddle.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.Version;
import io.heddle.cli.catalogue.EncodedImages;
import io.heddle.cli.catalogue.RowNames;
import io.heddle.cli.models.Accuracy;
import io.heddle.cli.models.ModelEncoder;
import io.heddle.cli.models.ModelFiles;
import io.heddle.cli.models.Predictions;
import io.heddle.cli.models.ScoredRows;
import io.heddle.cli.models.ZeroRows;
import io.heddle.cli.options.ColumnNames;
import io.heddle.cli.options.CommonFlags;
import io.heddle.cli.options.DataFlags;
import io.heddle.cli.options.EncoderName;
import io.heddle.cli.options.FillFlags;
import io.heddle.cli.output.OutputFile;
import io.heddle.cli.terminal.Activity;
import io.heddle.cli.terminal.PlainText;
import io.heddle.cluster.KMeans;
import io.heddle.cnn.Encoder;
import io.heddle.cnn.Engine;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.Labels;
import io.heddle.matrix.FloatMatrix;
import io.heddle.model.ModelFile;
import io.heddle.model.SavedModel;
import io.heddle.model.Stage;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code heddle predict}: applies a model to data and writes a CSV file. */
@Command(
        name = "predict",
        description = {
            "Applies a model to data and writes a CSV file with a line for each row: the class or cluster, or the "
                    + "coordinates along the components. Rows are processed in blocks.",
            "The columns are row, the number of the row in its file, counted from 0; file for a folder of photos, relative "
                    + "to it, or id with --id; then the result.",
            "For a model that takes features of an encoder, DATA are images, which are encoded first, or features. "
                    + "An encoder inside the model file is used automatically."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle predict classifier.safetensors fashion-mnist:test --out labels.csv",
            "  heddle predict classifier.safetensors new.csv --out labels.csv --details",
            "  heddle predict behind-encoder.safetensors photos/ --resize 96x96 --out labels.csv"
        })
public final class PredictCommand implements Callable<Integer> {
    /** Number of floats per block. */
    private static final long BLOCK_FLOATS = 16L << 20;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL", description = "Model file.")
    private Path file;

    @Parameters(index = "1", paramLabel = "DATA", description = DataFlags.DATA)
    private String data;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE.csv",
            required = true,
            description = "File to write.")
    private Path out;

    @Option(
            names = "--details",
            description = "Add a column with the probability of each class, or the distance to each cluster.")
    private boolean details;

    @Option(
            names = "--encoder",
            paramLabel = "NAME|FILE",
            description = "The encoder of the model, if it is a file. It must be the encoder that the "
                    + "model was trained with. TorchScript files are code: use only files that you trust.")
    private String encoder;

    @Option(
            names = "--engine",
            paramLabel = "E",
            defaultValue = "auto",
            description = "Engine of the encoder: java (Heddle's convolutions), pytorch, or auto, which is "
                    + "java if possible. Default: ${DEFAULT-VALUE}.")
    private Engine engine;

    @Mixin
    private FillFlags fill;

    @Mixin
    private DataFlags flags;

    @Option(names = "--json", description = "Print only JSON on standard output.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        PrintStream err = System.err;
        if (encoder != null) {
            EncoderName.require("--encoder", encoder);
        }
        try (OutputFile target = OutputFile.open(out);
                SavedModel model = ModelFile.read(file);
                Activity activity = Activity.start(err, "Predicting " + data);
                DataSource source = open(model, err)) {
            Optional<Encoder> network =
                    new ModelEncoder(model, file, engine).open(source, Optional.ofNullable(encoder), err::println);
            if (network.isPresent()) {
                try (Encoder opened = network.get()) {
                    write(target, model, source, activity, new Encoded(source, opened));
                }
            } else {
                write(target, model, source, activity, new Plain(source));
            }
        }
        return 0;
    }

    /** Read like the training data; images are not converted. */
    private DataSource open(SavedModel model, PrintStream err) throws IOException {
        DataOptions given = flags.options();
        boolean encoded = ModelEncoder.usesEncoder(model);
        return encoded
                ? DataSource.open(data, ModelFiles.withoutLabelsToo(given), PlainText.notes(err))
                : ModelFiles.open(model, file, data, given, fill, err);
    }

    /** Reads the inputs of the model in blocks. */
    private sealed interface Rows {
        long block();

        /** Returns the inputs, which the caller closes. */
        FloatMatrix read(long from, long to) throws IOException;
    }

    private record Plain(DataSource source) implements Rows {
        @Override
        public long block() {
            return Math.max(1, BLOCK_FLOATS / source.columns());
        }

        @Override
        public FloatMatrix read(long from, long to) throws IOException {
            return source.read(from, to);
        }
    }

    private record Encoded(DataSource source, Encoder encoder) implements Rows {
        @Override
        public long block() {
            return EncodedImages.block(source, encoder);
        }

        @Override
        public FloatMatrix read(long from, long to) throws IOException {
            try (FloatMatrix images = source.read(from, to)) {
                return EncodedImages.of(images, EncodedImages.requireImages(source), encoder, p -> {});
            }
        }
    }

    private void write(OutputFile target, SavedModel model, DataSource source, Activity activity, Rows input)
            throws IOException {
        Predictions predictions = new Predictions(model, details, RowNames.of(source), source::fileRow);
        Optional<Labels> truth = known(model, source);
        double[] weights = truth.isPresent() ? source.weights().orElse(null) : null;
        int[] predicted = truth.map(t -> new int[t.rows()]).orElse(null);
        long block = input.block();
        // Without stages before the clusters, the cosine is that of the input rows.
        boolean cosine = model.stages().size() == 1
                && model.stages().getLast() instanceof Stage.Clusters clusters
                && clusters.model().distance() == KMeans.Distance.COSINE;
        target.write(stream -> {
            PrintStream csv = new PrintStream(stream, false, StandardCharsets.UTF_8);
            csv.print(predictions.header() + "\n");
            for (long from = 0; from < source.rows(); from += block) {
                long to = Math.min(source.rows(), from + block);
                try (FloatMatrix rows = input.read(from, to)) {
                    if (cosine) {
                        ZeroRows.refuse(source, rows, from);
                    }
                    int[] labels = predictions.write(rows, from, csv);
                    if (predicted != null) {
                        System.arraycopy(labels, 0, predicted, (int) from, labels.length);
                    }
                }
                activity.advanced(to, source.rows(), "");
            }
            csv.flush();
            if (csv.checkError()) {
                throw new IOException("cannot write " + out + ": the disk is full or damaged");
            }
        });
        activity.close();
        printResult(
                source.rows(),
                truth.map(t -> Accuracy.of(predicted, t.values(), weights)).filter(Double::isFinite),
                ScoredRows.weighted(weights));
    }

    /**
     * Returns the true classes as numbers of the model. Returns none and reports it if the model does not have a class.
     */
    private static Optional<Labels> known(SavedModel model, DataSource source) throws IOException {
        if (!Predictions.hasClasses(model) || source.labels().isEmpty()) {
            return Optional.empty();
        }
        Labels labels = source.labels().get();
        List<String> names = model.provenance().classNames();
        if (names.isEmpty()) {
            return labels.classes() <= model.featurePipeline().outputs() ? Optional.of(labels) : Optional.empty();
        }
        // Labels that differ from the model's class names cannot be scored.
        List<String> unknown = labels.unknownTo(names);
        if (!unknown.isEmpty()) {
            PlainText.notes(System.err)
                    .accept("%s: no accuracy, because the model has no class %s; its classes are %s"
                            .formatted(source.name(), ColumnNames.list(unknown), ColumnNames.list(names)));
            return Optional.empty();
        }
        return Optional.of(labels.alignedTo(names, source.name()));
    }

    private void printResult(long rows, Optional<Double> accuracy, String weighted) throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        if (json) {
            ObjectNode node = CommonFlags.object().put("rows", rows).put("out", out.toString());
            node.put("accuracy", accuracy.orElse(null));
            print.print(node.toPrettyString() + "\n");
        } else {
            print.println("%s: %d rows%s"
                    .formatted(
                            out,
                            rows,
                            accuracy.map(a -> ", accuracy %.4f%s".formatted(a, weighted))
                                    .orElse("")));
        }
        print.flush();
    }
}
