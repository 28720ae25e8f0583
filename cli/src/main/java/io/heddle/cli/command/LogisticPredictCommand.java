package io.heddle.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.heddle.cli.Version;
import io.heddle.cli.catalogue.RowNames;
import io.heddle.cli.models.Accuracy;
import io.heddle.cli.models.LabelledData;
import io.heddle.cli.models.ModelFiles;
import io.heddle.cli.models.ScoredRows;
import io.heddle.cli.options.CommonFlags;
import io.heddle.cli.options.DataFlags;
import io.heddle.cli.options.FillFlags;
import io.heddle.cli.output.OutputFile;
import io.heddle.data.Labels;
import io.heddle.matrix.FloatMatrix;
import io.heddle.model.SavedModel;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heddle logistic predict}: predicts the class of each row. */
@Command(
        name = "predict",
        description = {
            "Predicts the most probable class of each row. The CSV file has the columns label, probability_0, "
                    + "probability_1 ..., in the order of the model's classes, after the column id with --id or "
                    + "file for a folder of photos."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle logistic predict shop.heddle new.csv --out predicted.csv",
            "  heddle logistic predict fashion.heddle fashion-mnist:test --json"
        })
final class LogisticPredictCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "MODEL", description = "A file that 'heddle logistic train' wrote.")
    private Path model;

    @Parameters(index = "1", paramLabel = "DATA", description = DataFlags.DATA)
    private String data;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE.csv",
            description = "Output file of labels and probabilities.")
    private Path out;

    @Mixin
    private FillFlags fill;

    @Mixin
    private DataFlags flags;

    @Mixin
    private CommonFlags common;

    @Override
    public Integer call() throws IOException {
        common.begin();
        try (SavedModel saved = ModelFiles.read(model, SavedModel.Kind.LOGISTIC);
                OutputFile file = out == null ? null : OutputFile.open(out);
                LabelledData rows = LabelledData.forModel(saved, model, data, flags.options(), fill, common.err())) {
            List<String> classNames = ModelFiles.classNames(saved);
            try (FloatMatrix probabilities = ModelFiles.logistic(saved).probabilities(rows.rows())) {
                int[] predicted = ModelFiles.logistic(saved).predict(rows.rows());
                ObjectNode node = CommonFlags.object().put("rows", predicted.length);
                List<String> lines = new ArrayList<>();
                lines.add(CommonFlags.line("rows", predicted.length));
                Optional<Labels> truth = ModelFiles.truth(saved, rows.source(), flags.options(), common.err());
                double[] weights = rows.source().weights().orElse(null);
                Optional<Double> accuracy = truth.map(t -> Accuracy.of(predicted, t.values(), weights))
                        .filter(Double::isFinite);
                if (accuracy.isPresent()) {
                    node.put("accuracy", accuracy.get());
                    lines.add(CommonFlags.line(
                            "accuracy", "%.4f%s".formatted(accuracy.get(), ScoredRows.weighted(weights))));
                }
                if (file != null) {
                    write(file, classNames, predicted, probabilities, RowNames.of(rows.source()));
                    lines.add(CommonFlags.line("written", out));
                }
                common.result(node, lines);
            }
        }
        return 0;
    }

    private static void write(
            OutputFile file, List<String> classNames, int[] predicted, FloatMatrix probabilities, RowNames names)
            throws IOException {
        file.write(stream -> {
            Writer writer = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
            CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(writer);
            int classes = probabilities.columns();
            int first = names.present() ? 1 : 0;
            String[] fields = new String[first + 1 + classes];
            fields[0] = names.kind();
            fields[first] = "label";
            for (int c = 0; c < classes; c++) {
                fields[first + 1 + c] = "probability_" + c;
            }
            csv.writeRecord(fields);
            float[] row = new float[classes];
            for (int i = 0; i < predicted.length; i++) {
                probabilities.getRow(i, row);
                if (names.present()) {
                    fields[0] = names.of(i);
                }
                fields[first] = classNames.get(predicted[i]);
                for (int c = 0; c < classes; c++) {
                    fields[first + 1 + c] = Float.toString(row[c]);
                }
                csv.writeRecord(fields);
            }
            csv.flush();
        });
    }
}
