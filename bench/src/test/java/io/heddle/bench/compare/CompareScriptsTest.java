package io.heddle.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Runs the tests of the scripts, which need nothing but Python itself. */
class CompareScriptsTest {
    private record Run(int exit, String output) {}

    private static Run python(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "python3";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return new Run(-1, e.getMessage());
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    @Test
    void resultsAreKeptAfterTheirRun() throws IOException, InterruptedException {
        Run version = python("-c", "import sys; sys.exit(sys.version_info < (3, 11))");
        assumeTrue(version.exit == 0, "bench/compare needs Python 3.11");
        Run tests = python("-m", "unittest", "discover", "src/test/python");
        assertThat(tests.exit).as(tests.output).isZero();
        assertThat(tests.output).containsPattern("Ran [1-9][0-9]* tests");
    }
}
