package io.heddle.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.Version;
import io.heddle.cli.catalogue.RowNames;
import io.heddle.cli.models.LabelledData;
import io.heddle.cli.models.ModelFiles;
import io.heddle.cli.models.Predictions;
import io.heddle.cli.models.ZeroRows;
import io.heddle.cli.options.CommonFlags;
import io.heddle.cli.options.DataFlags;
import io.heddle.cli.options.FillFlags;
import io.heddle.cli.output.OutputFile;
import io.heddle.cluster.KMeans;
import io.heddle.model.SavedModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heddle kmeans predict}: finds the nearest centre of each row. */
@Command(
        name = "predict",
        description =
                "Finds the nearest centre of each row. The CSV file has the columns row, the number of the row in its file, "
                        + "counted from 0, file for a folder of photos, id with --id, and cluster, counted from 0.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {"  heddle kmeans predict groups.heddle new.csv --out assigned.csv"})
final class KMeansPredictCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "MODEL", description = "A file that 'heddle kmeans fit' wrote.")
    private Path model;

    @Parameters(index = "1", paramLabel = "DATA", description = DataFlags.DATA)
    private String data;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE.csv",
            required = true,
            description = "Output file of the clusters.")
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
        try (SavedModel saved = ModelFiles.read(model, SavedModel.Kind.K_MEANS);
                OutputFile file = OutputFile.open(out);
                LabelledData rows = LabelledData.forModel(saved, model, data, flags.options(), fill, common.err())) {
            if (ModelFiles.kMeans(saved).distance() == KMeans.Distance.COSINE) {
                ZeroRows.refuse(rows.source(), rows.rows(), 0);
            }
            int[] labels = ModelFiles.kMeans(saved).predict(rows.rows());
            file.write(stream -> {
                RowNames names = RowNames.of(rows.source());
                StringBuilder text =
                        new StringBuilder(names.present() ? "row," + names.kind() + ",cluster\n" : "row,cluster\n");
                for (int i = 0; i < labels.length; i++) {
                    text.append(names.number(i)).append(',');
                    if (names.present()) {
                        text.append(Predictions.quoted(names.of(i))).append(',');
                    }
                    text.append(labels[i]).append('\n');
                }
                stream.write(text.toString().getBytes(StandardCharsets.UTF_8));
            });
            int[] sizes = KMeansFitCommand.sizes(
                    labels, (int) ModelFiles.kMeans(saved).centroids().rows());
            ObjectNode node = CommonFlags.object().put("rows", labels.length);
            ArrayNode array = node.putArray("sizes");
            Arrays.stream(sizes).forEach(array::add);
            common.result(
                    node,
                    List.of(
                            CommonFlags.line("rows", labels.length),
                            KMeansFitCommand.sizesLine(sizes),
                            CommonFlags.line("written", out)));
        }
        return 0;
    }
}
