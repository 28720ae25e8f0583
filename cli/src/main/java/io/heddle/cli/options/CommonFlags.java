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

/** Common options of commands: {@code --json} and {@code --threads}. A picocli mixin. */
public final class CommonFlags {
    private static final int MAXIMUM_THREADS = 1024;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--json", description = "Print only JSON on standard output.")
    private boolean json;

    @Option(
            names = "--threads",
            paramLabel = "T",
            description = "Worker threads. Results do not depend on it. Default: one per processor.")
    private Integer threads;

    /** Sets the size of the shared pool; called before any work. */
    public void begin() {
        if (threads != null) {
            InvalidInputException.require(
                    threads >= 1 && threads <= MAXIMUM_THREADS,
                    "--threads must be 1 to %d, not %d",
                    MAXIMUM_THREADS,
                    threads);
            System.setProperty(WorkerPool.THREADS_PROPERTY, Integer.toString(threads));
        }
    }

    /** Returns whether the result is JSON. */
    boolean json() {
        return json;
    }

    /** Returns the stream for messages. */
    public PrintStream err() {
        return System.err;
    }

    /** Returns an empty object. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Prints the result on standard output, as JSON if requested, otherwise as lines of text. */
    public void result(ObjectNode node, List<String> lines) {
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.print(node.toPrettyString() + "\n");
        } else {
            lines.forEach(line -> out.println(PlainText.of(line)));
        }
        out.flush();
    }

    /** Returns a line of a result: name and value. */
    public static String line(String name, Object value) {
        return "%-20s %s".formatted(name, value);
    }
}
