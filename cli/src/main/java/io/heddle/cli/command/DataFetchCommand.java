package io.heddle.cli.command;

import io.heddle.cli.Version;
import io.heddle.cli.options.CommonFlags;
import io.heddle.cli.output.DataSummaryLines;
import io.heddle.cli.terminal.Activity;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code heddle data fetch}: downloads a data set. */
@Command(
        name = "fetch",
        description = {
            "Downloads a data set and verifies its published checksums. If it exists already, reports its folder."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {"  heddle data fetch", "  heddle data fetch fashion-mnist --json"})
final class DataFetchCommand implements Callable<Integer> {
    private static final String NAME = "fashion-mnist";

    @Parameters(paramLabel = "NAME", defaultValue = NAME, description = "The data set. Default: ${DEFAULT-VALUE}.")
    private String name;

    @Mixin
    private CommonFlags common;

    @Override
    public Integer call() throws IOException {
        common.begin();
        InvalidInputException.require(name.equals(NAME), "there is no data set '%s'; the only one is %s", name, NAME);
        try (Activity activity = Activity.start(common.err(), "Fetching " + name);
                DataSource source = DataSource.open(name + ":all", DataOptions.defaults(), common.err()::println)) {
            activity.close();
            common.result(DataSummaryLines.json(source), DataSummaryLines.text(source));
        }
        return 0;
    }
}
