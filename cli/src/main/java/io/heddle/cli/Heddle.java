package io.heddle.cli;

import io.heddle.cli.command.AuditCommand;
import io.heddle.cli.command.DataCommand;
import io.heddle.cli.command.EncoderCommand;
import io.heddle.cli.command.ExportCommand;
import io.heddle.cli.command.FeaturesCommand;
import io.heddle.cli.command.GroupCommand;
import io.heddle.cli.command.ImportCommand;
import io.heddle.cli.command.InspectCommand;
import io.heddle.cli.command.KMeansCommand;
import io.heddle.cli.command.LogisticCommand;
import io.heddle.cli.command.PcaCommand;
import io.heddle.cli.command.PredictCommand;
import io.heddle.cli.command.RunCommand;
import io.heddle.cli.command.SimilarCommand;
import io.heddle.cli.command.TrainCommand;
import io.heddle.cli.output.OutputRule;
import io.heddle.cli.terminal.Faults;
import io.heddle.cli.terminal.Interruption;
import io.heddle.cli.terminal.Terminal;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code heddle} program. */
@Command(
        name = "heddle",
        description = "Classical machine learning and image clustering in pure Java, on SIMD and off-heap memory.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle run                         the whole study, report in heddle-report/",
            "  heddle run --sample 3000           a quick look",
            "  heddle run --json > metrics.json   figures for another program",
            "  heddle group photos                like items together",
            "  heddle audit photos                labels that look wrong",
            "  heddle data info products.csv      what is in a file",
            "  source <(heddle generate-completion)   completion in bash and zsh",
            "",
            "Exit codes: 0 done, 1 a fault of Heddle's, 2 a fault in what it was given,",
            "or Ctrl-C."
        })
public final class Heddle implements Runnable {
    /** Every command, in the order of the help; what has none of these names is a mistake, or an option. */
    private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

    /** Those that tell of all the others. */
    private static final Set<String> ABOUT_ALL = Set.of("generate-completion", "generate-man");

    static {
        COMMANDS.put("run", RunCommand.class);
        COMMANDS.put("group", GroupCommand.class);
        COMMANDS.put("similar", SimilarCommand.class);
        COMMANDS.put("audit", AuditCommand.class);
        COMMANDS.put("data", DataCommand.class);
        COMMANDS.put("train", TrainCommand.class);
        COMMANDS.put("logistic", LogisticCommand.class);
        COMMANDS.put("pca", PcaCommand.class);
        COMMANDS.put("kmeans", KMeansCommand.class);
        COMMANDS.put("features", FeaturesCommand.class);
        COMMANDS.put("predict", PredictCommand.class);
        COMMANDS.put("inspect", InspectCommand.class);
        COMMANDS.put("export", ExportCommand.class);
        COMMANDS.put("import", ImportCommand.class);
        COMMANDS.put("encoder", EncoderCommand.class);
        COMMANDS.put("generate-completion", AutoComplete.GenerateCompletion.class);
        COMMANDS.put("generate-man", ManualPage.class);
    }

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--stacktrace",
            hidden = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "On a fault, show where it happened.")
    private boolean stacktrace;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing, for example: heddle run");
    }

    /**
     * The program as picocli runs it, with its own way of telling faults.
     *
     * @param args what it will be run with: where they begin with a command, picocli need not get to know the others,
     *     which takes it longer than all else before the command begins
     */
    static CommandLine commandLine(String... args) {
        Heddle heddle = new Heddle();
        CommandLine line = new CommandLine(heddle);
        String first = args.length == 0 ? "" : args[0];
        if (COMMANDS.containsKey(first) && !ABOUT_ALL.contains(first)) {
            line.addSubcommand(first, COMMANDS.get(first));
        } else {
            COMMANDS.forEach(line::addSubcommand);
        }
        OutputRule.addTo(line.getCommandSpec());
        line.setExecutionStrategy(OutputRule::execute);
        line.setParameterExceptionHandler(Faults::parameter);
        line.setExecutionExceptionHandler((e, command, parsed) -> Faults.told(e, command, heddle.stacktrace));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line;
    }

    /** Runs the program and ends the process with its exit code. */
    public static void main(String[] args) {
        Terminal.adoptStandardError();
        Interruption.watch();
        // It speaks English, so its numbers do too.
        Locale.setDefault(Locale.ROOT);
        CommandLine line = commandLine(args);
        line.setOut(new PrintWriter(System.out, true));
        line.setErr(new PrintWriter(System.err, true));
        System.exit(execute(line, args));
    }

    /** Runs a command; also what is thrown past picocli, such as a want of memory, ends in one sentence. */
    static int execute(CommandLine line, String... args) {
        try {
            return line.execute(args);
        } catch (Error e) {
            return Faults.told(e, line, line.<Heddle>getCommand().stacktrace);
        }
    }
}
