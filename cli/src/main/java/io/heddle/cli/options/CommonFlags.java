package io.heddle.cli.options;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.terminal.PlainText;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What commands have in common: {@code --json} and {@code --threads}, and where results go. A picocli mixin. */
public final class CommonFlags {
    private static final int MOST_THREADS = 1024;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--json", description = "Print the result as JSON, and nothing else, on standard output.")
    private boolean json;

    @Option(
            names = "--threads",
            paramLabel = "T",
            description = "Worker threads. Results do not depend on it. Default: one a processor.")
    private Integer threads;

    /** Sizes the pool that every step shares; called before any work is done. */
    public void begin() {
        if (threads != null) {
            InvalidInputException.require(
                    threads >= 1 && threads <= MOST_THREADS,
                    "--threads lies between 1 and %d, not at %d",
                    MOST_THREADS,
                    threads);
            System.setProperty(WorkerPool.THREADS_PROPERTY, Integer.toString(threads));
        }
    }

    /** Whether the result goes to a program. */
    boolean json() {
        return json;
    }

    /** The stream for messages. */
    public PrintStream err() {
        return System.err;
    }

    /** An empty object to fill. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Prints the result on standard output: as JSON where that was asked for, else as lines of text. */
    public void result(ObjectNode node, List<String> lines) {
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.print(node.toPrettyString() + "\n");
        } else {
            lines.forEach(line -> out.println(PlainText.of(line)));
        }
        out.flush();
    }

    /** A line of a result: what it is, then its value. */
    public static String line(String name, Object value) {
        return "%-20s %s".formatted(name, value);
    }
}
