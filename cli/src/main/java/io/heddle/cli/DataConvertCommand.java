package io.heddle.cli;

import io.heddle.cli.data.DataOptions;
import io.heddle.cli.data.DataSource;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heddle data convert}: writes data in another format. */
@Command(
        name = "convert",
        description = {
            "Writes data in another format, which OUT's ending names: .npy (values), .npz (values x, labels y), .csv or "
                    + ".tsv (values, labels in a column 'label'), or a folder of PNG files, with a sub-folder for each "
                    + "class, where OUT has no ending. Bytes stay bytes unless --scale is given, doubles stay doubles, and "
                    + "text, dates and missing values stay in .csv and .tsv. What could not be read back as it is, is "
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

    @Override
    public Integer call() throws IOException {
        common.begin();
        InvalidInputException.require(limit == null || limit >= 1, "--limit is at least 1, not %s", limit);
        Conversion.Format format = Conversion.Format.of(out);
        InvalidInputException.require(
                format != Conversion.Format.PHOTOS || Files.notExists(out),
                "cannot write %s: there is something of that name already",
                out);
        DataOptions options = flags.options();
        if (options.scale().isEmpty()) {
            options = options.withScale(1);
        }
        try (Activity activity = Activity.start(common.err(), "Converting " + data);
                DataSource source = DataSource.open(data, options, common.err()::println)) {
            long rows = limit == null ? source.rows() : Math.min(limit, source.rows());
            Conversion conversion =
                    new Conversion(source, rows, flags.options().scale().isEmpty(), format, activity);
            if (!source.isWide()) {
                // Wide arrays are refused where a value is rounded.
                source.table().ifPresent(table -> RoundedWholes.note(source.name(), table, common.err()));
            }
            conversion.write(out);
            activity.close();
            common.result(
                    DataSummaryLines.json(source).put("rows", rows),
                    DataSummaryLines.converted(source, rows, out, conversion.labelName()));
        }
        return 0;
    }
}
