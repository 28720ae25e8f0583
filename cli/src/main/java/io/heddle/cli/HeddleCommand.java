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
import io.heddle.cli.options.RepeatedOptions;
import io.heddle.cli.output.OutputRule;
import io.heddle.cli.terminal.Faults;
import io.heddle.cli.terminal.Interruption;
import io.heddle.cli.terminal.Terminal;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
            "  heddle run --sample 3000           a short run",
            "  heddle run --json > metrics.json   results for another program",
            "  heddle group photos                groups of similar items",
            "  heddle audit photos                labels that are probably wrong",
            "  heddle data info products.csv      the content of a file",
            "  heddle help audit                  options and examples of a command",
            "  source <(heddle generate-completion)   completion in bash and zsh",
            "",
            "Exit codes: 0 success, 1 an error in Heddle, 2 an error in the input,",
            "130 Ctrl-C."
        })
public final class HeddleCommand implements Runnable {
    /** All commands, in the order of the help. */
    private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

    private static final String HELP = "help";

    /** Commands that need all other commands to be registered. */
    private static final Set<String> NEEDS_ALL_COMMANDS = Set.of("generate-completion", "generate-man");

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
            description = "Show the stack trace of an error.")
    private boolean stacktrace;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing, for example: heddle run");
    }

    /**
     * Returns the picocli command line with Heddle's error messages.
     *
     * @param args the arguments; if they start with a command, only this command is registered, because registering all
     *     of them takes most of the start time
     */
    static CommandLine commandLine(String... args) {
        HeddleCommand heddle = new HeddleCommand();
        CommandLine line = new CommandLine(heddle);
        String first = args.length == 0 ? "" : args[0];
        if (COMMANDS.containsKey(first) && !NEEDS_ALL_COMMANDS.contains(first)) {
            line.addSubcommand(first, COMMANDS.get(first));
        } else {
            COMMANDS.forEach(line::addSubcommand);
        }
        RepeatedOptions.addTo(line);
        OutputRule.addTo(line.getCommandSpec());
        HelpLayout.addTo(line);
        line.setExecutionStrategy(OutputRule::execute);
        line.setParameterExceptionHandler(Faults::parameter);
        line.setExecutionExceptionHandler((e, command, parsed) -> Faults.execution(e, command, heddle.stacktrace));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line;
    }

    /** Runs the program and ends the process with its exit code. */
    public static void main(String[] args) {
        Terminal.adoptStandardError();
        Interruption.watch();
        // The messages are in English, so numbers use the English format.
        Locale.setDefault(Locale.ROOT);
        CommandLine line = commandLine(args);
        line.setExecutionStrategy(parsed -> {
            SmallTables.chooseKernels(parsed);
            return OutputRule.execute(parsed);
        });
        line.setOut(new PrintWriter(System.out, true));
        line.setErr(new PrintWriter(System.err, true));
        System.exit(execute(line, args));
    }

    private static boolean isUnknown(String word) {
        return !word.startsWith("-") && !COMMANDS.containsKey(word);
    }

    /** Shows the help if there are no arguments, and replaces {@code help data info} by {@code data info --help}. */
    private static String[] asked(String[] args) {
        if (args.length > 0 && !args[0].equals(HELP)) {
            return args;
        }
        List<String> words = new ArrayList<>(List.of(args).subList(Math.min(1, args.length), args.length));
        words.removeIf(word -> word.startsWith("-"));
        words.add("--help");
        return words.toArray(String[]::new);
    }

    /** Runs a command. Errors that picocli does not handle, such as missing memory, also end in one sentence. */
    static int execute(CommandLine line, String... args) {
        try {
            String[] words = asked(args);
            if (isUnknown(words[0])) {
                return Faults.user(line.getErr(), UnknownCommand.sentence(words[0], COMMANDS.keySet()));
            }
            return line.execute(words);
        } catch (Error e) {
            return Faults.execution(e, line, line.<HeddleCommand>getCommand().stacktrace);
        }
    }
}
