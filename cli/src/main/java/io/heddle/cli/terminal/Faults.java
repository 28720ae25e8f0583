package io.heddle.cli.terminal;

import io.heddle.data.rows.NearestWord;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Prints an error as one sentence on standard error and returns an exit code. */
public final class Faults {
    /** Exit code of an error in Heddle. */
    public static final int FAILURE = 1;

    /** Exit code of an error in the input. */
    public static final int INPUT_ERROR = 2;

    private Faults() {}

    /** Handles an invalid option or argument. */
    public static int parameter(ParameterException e, String[] args) {
        CommandLine line = e.getCommandLine();
        String sentence = oneLine(e.getMessage());
        if (e instanceof UnmatchedArgumentException unmatched) {
            sentence = unmatched(unmatched.getUnmatched().getFirst(), line.getCommandSpec());
        }
        print(
                line.getErr(),
                "%s (see %s --help)".formatted(sentence, line.getCommandSpec().qualifiedName()));
        return INPUT_ERROR;
    }

    private static String unmatched(String word, CommandSpec command) {
        String typed = word.replaceFirst("=.*", "");
        boolean option = typed.startsWith("-") && typed.length() > 1;
        Set<String> known =
                option ? command.optionsMap().keySet() : command.subcommands().keySet();
        String meant = NearestWord.to(typed, known)
                .or(() -> option ? ofCommands(typed, command) : Optional.empty())
                .map(near -> ". Did you mean %s?".formatted(near))
                .orElse("");
        return option
                ? "unknown option %s%s".formatted(typed, meant)
                : "unexpected argument '%s'%s".formatted(word, meant);
    }

    /** Returns a similar option of a subcommand, with the name of the subcommand. */
    private static Optional<String> ofCommands(String typed, CommandSpec command) {
        Map<String, String> options = new LinkedHashMap<>();
        for (CommandLine line : command.subcommands().values()) {
            CommandSpec sub = line.getCommandSpec();
            sub.optionsMap().keySet().forEach(name -> options.putIfAbsent(name, sub.qualifiedName()));
        }
        return NearestWord.to(typed, options.keySet()).map(near -> options.get(near) + " " + near);
    }

    /** Handles an error during a command. */
    public static int execution(Throwable fault, CommandLine line, boolean stacktrace) {
        PrintWriter err = line.getErr();
        if (stacktrace) {
            fault.printStackTrace(err);
        }
        return switch (fault) {
            case InvalidInputException e -> user(err, e.getMessage());
            case DataFormatException e -> user(err, e.getMessage());
            case NoSuchFileException e -> user(err, e.getFile() + ": no such file or folder");
            case AccessDeniedException e -> user(err, e.getFile() + ": no permission");
            case FileSystemException e -> user(err, oneLine(e.getMessage()));
            case IOException e -> failure(err, oneLine(e.getMessage() == null ? e.toString() : e.getMessage()));
            case OutOfMemoryError e ->
                user(err, "not enough memory (" + oneLine(e.getMessage()) + "); use fewer rows or smaller photos");
            default ->
                isLostFile(fault)
                        ? user(
                                err,
                                "a data file was shortened, or its disk failed, while it was read; run again when no process writes to it")
                        : failure(
                                err,
                                "an error in Heddle:  " + oneLine(fault.toString()) + " (--stacktrace shows where)");
        };
    }

    /** Returns whether this is the JVM's error for an unreadable page of a mapped file. */
    private static boolean isLostFile(Throwable fault) {
        return fault instanceof InternalError
                && fault.getMessage() != null
                && fault.getMessage().contains("unsafe memory access");
    }

    /** Prints an error in the input, and returns its exit code. */
    public static int user(PrintWriter err, String sentence) {
        print(err, sentence);
        return INPUT_ERROR;
    }

    private static int failure(PrintWriter err, String sentence) {
        print(err, sentence);
        return FAILURE;
    }

    private static void print(PrintWriter err, String sentence) {
        err.println("heddle: " + PlainText.of(sentence));
        err.flush();
    }

    private static String oneLine(String message) {
        return message == null ? "no message" : message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
