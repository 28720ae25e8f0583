package io.heddle.cli;

import java.io.PrintWriter;
import java.util.Locale;
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
        subcommands = {
            RunCommand.class,
            GroupCommand.class,
            SimilarCommand.class,
            AuditCommand.class,
            DataCommand.class,
            LogisticCommand.class,
            PcaCommand.class,
            KMeansCommand.class,
            FeaturesCommand.class,
            PredictCommand.class,
            InspectCommand.class,
            ExportCommand.class,
            EncoderCommand.class,
            AutoComplete.GenerateCompletion.class,
            ManualPage.class
        },
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
            "130 Ctrl-C."
        })
public final class Heddle implements Runnable {
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

    /** The program as picocli runs it, with its own way of telling faults. */
    static CommandLine commandLine() {
        Heddle heddle = new Heddle();
        CommandLine line = new CommandLine(heddle);
        line.setParameterExceptionHandler(Faults::parameter);
        line.setExecutionExceptionHandler((e, command, parsed) -> Faults.told(e, command, heddle.stacktrace));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line;
    }

    /** Runs the program and ends the process with its exit code. */
    public static void main(String[] args) {
        Terminal.adoptStandardError();
        // It speaks English, so its numbers do too.
        Locale.setDefault(Locale.ROOT);
        CommandLine line = commandLine();
        line.setOut(new PrintWriter(System.out, true));
        line.setErr(new PrintWriter(System.err, true));
        Thread farewell = new Thread(Heddle::tellOfInterruption, "heddle-farewell");
        Runtime.getRuntime().addShutdownHook(farewell);
        int code = execute(line, args);
        try {
            Runtime.getRuntime().removeShutdownHook(farewell);
        } catch (IllegalStateException e) {
            // Ctrl-C has come a moment before the end.
        }
        System.exit(code);
    }

    /** What is said where Ctrl-C ends the process; the exit code is then the signal's, as shells expect it. */
    private static void tellOfInterruption() {
        if (Terminal.current().live()) {
            // The line of progress, or the terminal's own ^C, stands there.
            System.err.println();
        }
        System.err.println("heddle: interrupted; nothing is left half-written");
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
