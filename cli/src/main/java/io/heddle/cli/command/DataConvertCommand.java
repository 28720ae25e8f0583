package io.heddle.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.Version;
import io.heddle.cli.models.Conversion;
import io.heddle.cli.options.CommonFlags;
import io.heddle.cli.options.DataFlags;
import io.heddle.cli.output.DataSummaryLines;
import io.heddle.cli.terminal.Activity;
import io.heddle.cli.terminal.PlainText;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.matrix.InvalidInputException;
import io.heddle.preprocessing.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heddle data convert}: writes data in another format. */
@Command(
        name = "convert",
        description = {
            "Writes data in the format of OUT's extension: .npy (values), .npz (values x, labels y), .csv or "
                    + ".tsv (values, labels in a column 'label'), or a folder of PNG files, with a sub-folder for each "
                    + "class, if OUT has no extension. Bytes stay bytes unless --scale is set, doubles stay doubles, and "
                    + "text, dates and missing values are kept in .csv and .tsv. Values that could not be read back are "
                    + "refused."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle data convert products.parquet products.npy",
            "  heddle data convert products.csv products.npz --label category",
            "  heddle data convert fashion-mnist:test photos --limit 1000"
        })
final class DataConvertCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DATA", description = DataFlags.DATA)
    private String data;

    @Parameters(index = "1", paramLabel = "OUT", description = "File or folder to write.")
    private Path out;

    @Option(names = "--limit", paramLabel = "N", description = "Only the first N rows. Default: all.")
    private Long limit;

    @Mixin
    private DataFlags flags;

    @Mixin
    private CommonFlags common;

    /** Columns of whole numbers to read as text. */
    private Set<String> asText = Set.of();

    /** Opens the data. If the output is text, columns of whole numbers that doubles round are read as text. */
    private DataSource open(DataOptions options, Conversion.Format format) throws IOException {
        Consumer<String> notes = PlainText.notes(common.err());
        DataSource source = DataSource.open(data, options, notes);
        try {
            Set<String> rounded = source.rounded();
            if (rounded.isEmpty()
                    || !format.isText()
                    || source.isWide()
                    || source.fields().isPresent()) {
                return source;
            }
            source.close();
            asText = rounded;
            Map<String, Column.Kind> kinds = new HashMap<>(options.roles().kinds());
            rounded.forEach(name -> kinds.put(name, Column.Kind.CATEGORY));
            // The notes were reported already.
            return DataSource.open(data, options.withRoles(options.roles().withKinds(kinds)), note -> {});
        } catch (IOException | RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    @Override
    public Integer call() throws IOException {
        common.begin();
        InvalidInputException.require(limit == null || limit >= 1, "--limit must be at least 1, not %s", limit);
        Conversion.Format format = Conversion.Format.of(out);
        InvalidInputException.require(
                format != Conversion.Format.PHOTOS || Files.notExists(out),
                "cannot write %s: a file or folder of that name exists already",
                out);
        DataOptions options = flags.options();
        if (options.scale().isEmpty()) {
            options = options.withScale(1);
        }
        try (Activity activity = Activity.start(common.err(), "Converting " + data);
                DataSource source = open(options, format)) {
            long rows = limit == null ? source.rows() : Math.min(limit, source.rows());
            Conversion conversion =
                    new Conversion(source, rows, flags.options().scale().isEmpty(), format, activity);
            conversion.write(out);
            activity.close();
            conversion.noteOtherKinds(asText, PlainText.notes(common.err()));
            boolean labelled = format.holdsLabels() && source.labels().isPresent();
            ObjectNode json = DataSummaryLines.json(source).put("rows", rows);
            if (!labelled) {
                json.put("labels", false).put("classes", 0);
            }
            common.result(
                    json, DataSummaryLines.converted(source, rows, out, format.holdsLabels(), conversion.labelName()));
        }
        return 0;
    }
}
