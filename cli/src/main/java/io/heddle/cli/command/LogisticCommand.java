package io.heddle.cli.command;

import io.heddle.cli.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code heddle logistic}: multinomial logistic regression. */
@Command(
        name = "logistic",
        description = "Classifies rows by multinomial logistic regression with L2, L1 or elastic-net penalty.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            LogisticTrainCommand.class,
            LogisticPredictCommand.class,
            LogisticPathCommand.class,
            LogisticCrossValidateCommand.class
        },
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle logistic train products.csv --label category --model shop.heddle",
            "  heddle logistic predict shop.heddle new.csv --out predicted.csv",
            "  heddle logistic cv products.csv --label category --l1-ratios 0,0.5,1"
        })
public final class LogisticCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing, for example: heddle logistic train DATA --label COLUMN --model FILE");
    }
}
