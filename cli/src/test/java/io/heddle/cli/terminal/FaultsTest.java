package io.heddle.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.heddle.matrix.ByteMatrix;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class FaultsTest {
    @TempDir
    Path folder;

    @Test
    void aFileShortenedInUseIsAnErrorOfTheUser() throws IOException {
        Path file = Files.write(folder.resolve("x"), new byte[100_000]);
        Throwable fault;
        try (ByteMatrix x = ByteMatrix.map(file, 0, 100, 1000, 1f);
                FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(10);
            fault = catchThrowable(() -> x.get(99, 999));
        }
        StringWriter err = new StringWriter();
        CommandLine line = new CommandLine(CommandSpec.create()).setErr(new PrintWriter(err));
        assertThat(Faults.execution(fault, line, false)).isEqualTo(Faults.INPUT_ERROR);
        assertThat(err)
                .hasToString(
                        "heddle: a data file was shortened, or its disk failed, while it was read; run again when no process"
                                + " writes to it\n");
    }

    @Test
    void dataLargerThanTheMemoryAreAnErrorOfTheUser() {
        StringWriter err = new StringWriter();
        CommandLine line = new CommandLine(CommandSpec.create()).setErr(new PrintWriter(err));
        Throwable fault = new OutOfMemoryError("87 MB outside of the heap are needed, and 76 MB are free");
        assertThat(Faults.execution(fault, line, false)).isEqualTo(Faults.INPUT_ERROR);
        assertThat(err)
                .hasToString("heddle: not enough memory (87 MB outside of the heap are needed, and 76 MB are free);"
                        + " use fewer rows or smaller photos\n");
    }
}
