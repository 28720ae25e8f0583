package io.heddle.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;

/**
 * The result of the program, run inside this process.
 *
 * @param code exit code
 * @param out all of standard output
 * @param err all of standard error
 */
record Invocation(int code, String out, String err) {
    static Invocation of(Object... args) {
        StringWriter out = new StringWriter();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream before = System.err;
        try (PrintStream captured = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            System.setErr(captured);
            String[] words = List.of(args).stream().map(Object::toString).toArray(String[]::new);
            CommandLine line = HeddleCommand.commandLine(words);
            line.setOut(new PrintWriter(out, true));
            line.setErr(new PrintWriter(captured, true, StandardCharsets.UTF_8));
            int code = HeddleCommand.execute(line, words);
            return new Invocation(code, out.toString(), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setErr(before);
        }
    }

    /** Standard error without the progress messages of a slow machine. */
    List<String> errorsBesideProgress() {
        return err.lines()
                .filter(l -> !l.matches("\\S.*  \\d+:\\d\\d(, at most .* left)?(  .*)?|\\S.* \\[=* *\\] .*"))
                .toList();
    }

    List<String> errorLines() {
        return err.lines().toList();
    }
}
