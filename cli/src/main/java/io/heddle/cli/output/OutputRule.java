package io.heddle.cli.output;

import io.heddle.cli.terminal.PlainText;
import io.heddle.cli.terminal.Terminal;
import io.heddle.files.AtomicFile;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The rule of outputs for all commands. An existing file is replaced and reported on standard error, unless
 * {@code --no-clobber} is set. The command's inputs are never replaced. Text can be written to standard output with the
 * name {@code -}.
 */
public final class OutputRule {
    private static final String NO_CLOBBER = "--no-clobber";
    private static final String QUIET = "--quiet";
    private static final String OPEN = "--open";
    private static final String STANDARD_OUTPUT = "-";
    private static final ScopedValue<OutputRule> CURRENT = ScopedValue.newInstance();

    // Names of the options for outputs.
    private static final Set<String> WRITTEN = Set.of("--out", "--model", "--plot", "--onnx");
    private static final Pattern FILES = Pattern.compile("FILE|DATA|MODEL|DIR|OUT");
    // Commands that write a page to their output folder.
    private static final Set<String> PAGED = Set.of("run", "group", "similar", "audit");
    private static final Pattern TEXT = Pattern.compile("\\.(csv|svg|json|txt)$");
    private static final Pattern EXTENSION = Pattern.compile(".+(\\.[A-Za-z]\\w*)");
    private static final Pattern READ_FROM_FOLDERS =
            Pattern.compile("(?i).*(\\.(png|jpe?g|jpe|gif|bmp|tiff?|webp|parquet|pq)|-ubyte(\\.gz)?)");
    private static final Pattern DESCRIPTOR_1 = Pattern.compile("/dev/stdout|/dev/fd/1|/proc/self/fd/1");

    private final CommandLine program;
    private final boolean noClobber;
    private final boolean json;
    private final boolean quiet;
    private final boolean open;
    private final List<Named> named;

    /**
     * A path on the command line.
     *
     * @param by its argument
     * @param path the path
     */
    private record Named(ArgSpec by, Path path) {}

    private OutputRule(
            CommandLine program, boolean noClobber, boolean json, boolean quiet, boolean open, List<Named> named) {
        this.program = program;
        this.noClobber = noClobber;
        this.json = json;
        this.quiet = quiet;
        this.open = open;
        this.named = named;
    }

    /**
     * Adds {@code --no-clobber} to all commands that write files, {@code --quiet} to all commands, and {@code --open}.
     */
    public static void addTo(CommandSpec command) {
        boolean writes = command.args().stream().anyMatch(OutputRule::isWritten);
        if (writes && command.findOption(NO_CLOBBER) == null) {
            command.addOption(OptionSpec.builder(NO_CLOBBER)
                    .type(boolean.class)
                    .description(
                            "Do not replace existing files. Default: they are replaced atomically when the new one "
                                    + "is complete, which is reported on standard error.")
                    .build());
        }
        if (PAGED.contains(command.name()) && command.findOption(OPEN) == null) {
            command.addOption(OptionSpec.builder(OPEN)
                    .type(boolean.class)
                    .description("Open the page in the browser when it is complete.")
                    .build());
        }
        if (command.parent() != null && !command.args().isEmpty() && command.findOption(QUIET) == null) {
            command.addOption(OptionSpec.builder("-q", QUIET)
                    .type(boolean.class)
                    .description("Print only errors on standard error.")
                    .build());
        }
        command.subcommands().values().forEach(sub -> addTo(sub.getCommandSpec()));
    }

    private static boolean isWritten(ArgSpec arg) {
        return arg instanceof OptionSpec option
                ? Stream.of(option.names()).anyMatch(WRITTEN::contains)
                : arg.paramLabel().startsWith("OUT");
    }

    /** Runs a command under the rule. */
    public static int execute(ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        List<Named> named = new ArrayList<>();
        for (ArgSpec arg : last.commandSpec().args()) {
            if (FILES.matcher(arg.paramLabel()).find()) {
                for (String value : arg.stringValues()) {
                    path(value).ifPresent(path -> named.add(new Named(arg, path)));
                }
            }
        }
        OutputRule rule = new OutputRule(
                parsed.commandSpec().commandLine(),
                last.hasMatchedOption(NO_CLOBBER),
                last.hasMatchedOption("--json"),
                last.hasMatchedOption(QUIET),
                last.hasMatchedOption(OPEN),
                named);
        boolean asked = last.isUsageHelpRequested() || last.isVersionHelpRequested();
        CommandLine command = last.commandSpec().commandLine();
        PrintWriter out = command.getOut();
        PrintStream err = System.err;
        try {
            // Errors go to the program's own writer.
            System.setErr(rule.quiet ? new PrintStream(OutputStream.nullOutputStream()) : PlainText.stream(err));
            // The help has picocli's colour codes, and JSON has its own escapes.
            if (!asked && !rule.json) {
                command.setOut(PlainText.writer(out));
            }
            int code = ScopedValue.where(CURRENT, rule).call(() -> new CommandLine.RunLast().execute(parsed));
            if (code == 0 && !asked && !rule.json && Terminal.current().columns() > 0) {
                NextStep.after(last).map(PlainText::of).ifPresent(System.err::println);
            }
            return code;
        } finally {
            command.setOut(out);
            System.setErr(err);
        }
    }

    private static Optional<Path> path(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** Returns the rule of the running command; without one, everything may be written. */
    public static OutputRule current() {
        return CURRENT.orElse(new OutputRule(null, false, false, false, false, List.of()));
    }

    /**
     * Returns whether an output is standard output. Then lines of text are printed on standard error.
     *
     * @throws InvalidInputException if it is not text, or standard output is used for JSON
     */
    boolean toStandardOutput(Path target) {
        boolean dash = target.toString().equals(STANDARD_OUTPUT);
        if (!dash && !DESCRIPTOR_1.matcher(target.toString()).matches()) {
            return false;
        }
        boolean text = named.stream()
                .filter(n -> n.path().equals(target) && isWritten(n.by()))
                .anyMatch(n -> TEXT.matcher(n.by().paramLabel()).find());
        InvalidInputException.require(
                !dash || text, "cannot write to standard output: the output is not text; name a file");
        InvalidInputException.require(
                !json, "--json and %s would both write to standard output; name a file or leave out --json", target);
        if (program != null) {
            program.setOut(program.getErr());
        }
        return dash;
    }

    /**
     * Checks a file before it is written.
     *
     * @return whether an existing file will be replaced
     * @throws InvalidInputException if it is one of the inputs, exists and may not be replaced, or has the extension of
     *     another format than the command writes
     */
    public boolean admit(Path target) {
        // Pipes and devices are written to and not replaced.
        if (AtomicFile.isStream(target)) {
            return false;
        }
        requireNoInput(target);
        requireExtension(target);
        boolean exists = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
        InvalidInputException.require(
                !exists || !noClobber, "%s exists and --no-clobber is set; name another output", target);
        return exists;
    }

    /** As {@link #admit(Path)}, for several files; returns those that will be replaced. */
    public List<Path> admit(List<Path> targets) {
        return targets.stream().filter(this::admit).toList();
    }

    /** Reports the replaced files. */
    public void replaced(List<Path> files) {
        if (!files.isEmpty() && program != null && !quiet) {
            program.getErr()
                    .println(PlainText.of("replaced "
                            + String.join(
                                    ", ", files.stream().map(Path::toString).toList())));
            program.getErr().flush();
        }
    }

    /** Opens a page that was written, if {@code --open} is set. */
    public void show(Path page) {
        if (open && program != null) {
            String fault = PageOpener.ofSystem().open(page);
            if (!fault.isEmpty()) {
                program.getErr().println(PlainText.of(fault));
                program.getErr().flush();
            }
        }
    }

    private void requireNoInput(Path target) {
        boolean own = named.stream().anyMatch(n -> isWritten(n.by()) && n.path().equals(target));
        int allowed = own ? 1 : 0;
        for (Named n : named) {
            if (isSame(n.path(), target)) {
                InvalidInputException.require(
                        allowed-- > 0,
                        "cannot write %s: it is used twice on the command line; name another file",
                        target);
            }
            InvalidInputException.require(
                    isWritten(n.by()) || !isPartOf(target, n.path()),
                    "cannot write %s: it is a file of the input folder %s; name another file",
                    target,
                    n.path());
        }
    }

    /** Refuses an extension other than that of the argument's label, such as {@code FILE.csv}. */
    private void requireExtension(Path target) {
        for (Named n : named) {
            if (isWritten(n.by()) && n.path().equals(target)) {
                Optional<String> written = extension(n.by().paramLabel());
                Optional<String> given = extension(target.getFileName().toString());
                InvalidInputException.require(
                        written.isEmpty() || given.isEmpty() || given.get().equalsIgnoreCase(written.get()),
                        "cannot write %s: this file is written as %s; use that extension or none",
                        target,
                        written.orElse(""));
            }
        }
    }

    private static Optional<String> extension(String name) {
        Matcher matcher = EXTENSION.matcher(name);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return one.toAbsolutePath()
                            .normalize()
                            .equals(other.toAbsolutePath().normalize())
                    || Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other);
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns whether a file that would be replaced is in an input folder. */
    private static boolean isPartOf(Path target, Path folder) {
        if (!READ_FROM_FOLDERS.matcher(target.getFileName().toString()).matches() || !Files.exists(target)) {
            return false;
        }
        try {
            return Files.isDirectory(folder) && target.toRealPath().startsWith(folder.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }
}
