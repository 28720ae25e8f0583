package io.heddle.cli;

import io.heddle.cli.data.DataSource;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code heddle data info}: what is in a file or folder. */
@Command(
        name = "info",
        description = "Says what data hold: rows, columns, type, labels and classes.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle data info fashion-mnist",
            "  heddle data info products.csv --label category",
            "  heddle data info photos/ --resize 96x96 --json"
        })
final class DataInfoCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DATA", description = DataFlags.DATA)
    private String data;

    @Mixin
    private DataFlags flags;

    @Mixin
    private CommonFlags common;

    @Override
    public Integer call() throws IOException {
        common.begin();
        try (Activity activity = Activity.start(common.err(), "Reading " + data);
                DataSource source = flags.open(data, common.err())) {
            source.verify();
            activity.close();
            common.result(DataSummaryLines.json(source), DataSummaryLines.text(source));
        }
        return 0;
    }
}
