package io.heddle.cli.terminal;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into one sentence on standard error and an exit code. */
public final class Faults {
    /** A fault of Heddle's own. */
    public static final int OURS = 1;

    /** A fault in what the user gave. */
    public static final int USERS = 2;

    private Faults() {}

    /** An option or argument that cannot be understood. */
    public static int parameter(ParameterException e, String[] args) {
        CommandLine line = e.getCommandLine();
        StringBuilder hint = new StringBuilder();
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            hint.append("did you mean ")
                    .append(unmatched.getSuggestions().getFirst())
                    .append("? ");
        }
        hint.append("see ").append(line.getCommandSpec().qualifiedName()).append(" --help");
        tell(line.getErr(), oneLine(e.getMessage()) + " (" + hint + ")");
        return USERS;
    }

    /** A fault on the way. */
    public static int told(Throwable fault, CommandLine line, boolean stacktrace) {
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
            case IOException e -> ours(err, oneLine(e.getMessage() == null ? e.toString() : e.getMessage()));
            case OutOfMemoryError e ->
                ours(
                        err,
                        "not enough memory (" + oneLine(e.getMessage())
                                + "); fewer rows, or smaller photos, need less");
            default ->
                isLostFile(fault)
                        ? user(
                                err,
                                "a data file was shortened, or its disk failed, while it was in use; run again when nothing writes to it")
                        : ours(
                                err,
                                "a fault in Heddle itself: " + oneLine(fault.toString())
                                        + " (--stacktrace shows where)");
        };
    }

    /** The error of the JVM when a page of a mapped file cannot be read. */
    private static boolean isLostFile(Throwable fault) {
        return fault instanceof InternalError
                && fault.getMessage() != null
                && fault.getMessage().contains("unsafe memory access");
    }

    private static int user(PrintWriter err, String sentence) {
        tell(err, sentence);
        return USERS;
    }

    private static int ours(PrintWriter err, String sentence) {
        tell(err, sentence);
        return OURS;
    }

    private static void tell(PrintWriter err, String sentence) {
        err.println("heddle: " + PlainText.of(sentence));
        err.flush();
    }

    private static String oneLine(String message) {
        return message == null ? "no message" : message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
