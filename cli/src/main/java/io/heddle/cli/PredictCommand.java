package io.heddle.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.data.DataSource;
import io.heddle.cli.data.Labels;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.ModelFile;
import io.heddle.model.SavedModel;
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

/** {@code heddle predict}: what a saved model says of data, row by row, as a CSV file. */
@Command(
        name = "predict",
        description = {
            "Applies a saved model to data and writes a CSV file with a line for each row: the class or cluster, or the "
                    + "coordinates along the components. Rows are read and written a few at a time."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle predict classifier.safetensors fashion-mnist:test --out labels.csv",
            "  heddle predict classifier.safetensors new.csv --out labels.csv --details"
        })
final class PredictCommand implements Callable<Integer> {
    /** Floats read at a time. */
    private static final long BLOCK_FLOATS = 16L << 20;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL", description = "Model file.")
    private Path file;

    @Parameters(index = "1", paramLabel = "DATA", description = DataFlags.DATA)
    private String data;

    @Option(names = "--out", paramLabel = "FILE.csv", required = true, description = "File to write.")
    private Path out;

    @Option(
            names = "--details",
            description = "A column more for each class, with its probability, or cluster, with the distance to it.")
    private boolean details;

    @Mixin
    private DataFlags flags;

    @Option(names = "--json", description = "Print the result as JSON, and nothing else, on standard output.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        PrintStream err = System.err;
        try (OutputFile target = OutputFile.open(out);
                SavedModel model = ModelFile.read(file);
                Activity activity = Activity.start(err, "Predicting " + data);
                DataSource source = flags.open(data, err)) {
            requireFit(model, source);
            Predictions predictions = new Predictions(model, details);
            Optional<Labels> truth = known(model, source);
            long[] right = new long[1];
            long block = Math.max(1, BLOCK_FLOATS / source.columns());
            target.write(stream -> {
                PrintStream csv = new PrintStream(stream, false, StandardCharsets.UTF_8);
                csv.print(predictions.header() + "\n");
                for (long from = 0; from < source.rows(); from += block) {
                    long to = Math.min(source.rows(), from + block);
                    try (FloatMatrix rows = source.read(from, to)) {
                        right[0] += predictions.write(rows, from, truth, csv);
                    }
                    activity.advanced(to, source.rows(), "");
                }
                csv.flush();
                if (csv.checkError()) {
                    throw new IOException("cannot write " + out + ": no room, or the disk has a fault");
                }
            });
            activity.close();
            tell(source.rows(), truth.map(t -> (double) right[0] / source.rows()));
        }
        return 0;
    }

    private void requireFit(SavedModel model, DataSource source) {
        int inputs = model.pipeline().inputs();
        if (source.columns() != inputs && model.provenance().encoder().isPresent()) {
            throw new InvalidInputException(
                    "%s takes %d features of the encoder %s, but %s has rows of %d values: make features of them first"
                            .formatted(
                                    file,
                                    inputs,
                                    model.provenance().encoder().get().name(),
                                    source.name(),
                                    source.columns()));
        }
        InvalidInputException.require(
                source.columns() == inputs,
                "%s takes rows of %d values, but %s has rows of %d",
                file,
                inputs,
                source.name(),
                source.columns());
    }

    /** The true classes as the model counts them, where it has classes and all their names are known to it. */
    private static Optional<Labels> known(SavedModel model, DataSource source) {
        List<String> names = model.provenance().classNames();
        return source.labels()
                .filter(labels -> Predictions.hasClasses(model)
                        && (names.isEmpty()
                                ? labels.classNames().size() <= model.pipeline().outputs()
                                : names.containsAll(labels.classNames())))
                .map(labels -> names.isEmpty() ? labels : aligned(labels, names));
    }

    private static Labels aligned(Labels labels, List<String> names) {
        int[] values = labels.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = names.indexOf(labels.classNames().get(values[i]));
        }
        return new Labels(values, names);
    }

    private void tell(long rows, Optional<Double> accuracy) throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        if (json) {
            ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            ObjectNode node = mapper.createObjectNode().put("rows", rows).put("out", out.toString());
            node.put("accuracy", accuracy.orElse(null));
            print.print(mapper.writeValueAsString(node) + "\n");
        } else {
            print.println("%s: %d rows%s"
                    .formatted(
                            out,
                            rows,
                            accuracy.map(a -> ", accuracy %.4f".formatted(a)).orElse("")));
        }
        print.flush();
    }
}
