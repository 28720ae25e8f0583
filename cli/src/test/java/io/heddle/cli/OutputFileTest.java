package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.data.DataFormatException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
    @TempDir
    Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(p -> p.getFileName().toString()).toList();
        }
    }

    @Test
    void appearsWholeOrNotAtAll() throws IOException {
        Path target = Files.writeString(folder.resolve("a.txt"), "older");
        try (OutputFile file = OutputFile.open(target)) {
            assertThatThrownBy(() -> file.write(out -> {
                        out.write(new byte[100_000]);
                        throw new IOException("No space left on device");
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("cannot write %s: No space left on device", target);
            assertThatThrownBy(() -> file.write(out -> {
                        throw new DataFormatException("photo.png is damaged");
                    }))
                    .hasMessage("photo.png is damaged");
            assertThat(target).hasContent("older");
        }
        assertThat(names()).containsExactly("a.txt");
        try (OutputFile file = OutputFile.open(target)) {
            file.write(out -> out.write("newer".getBytes()));
        }
        assertThat(target).hasContent("newer");
        assertThat(names()).containsExactly("a.txt");
    }

    /** What Ctrl-C does to a process, but for the signal's number. */
    @Test
    void isClearedAwayWhereTheProcessIsEnded() throws IOException, InterruptedException {
        Path table = folder.resolve("table.csv");
        StringBuilder text = new StringBuilder("a,b,label\n");
        for (int i = 0; i < 3_000; i++) {
            text.append("%d,%d,%d%n".formatted(i * 7919 % 1000, i * 104729 % 1000, i * 31 % 7));
        }
        Files.writeString(table, text);
        String classPath = Stream.of("java.class.path", "jdk.module.path")
                .map(System::getProperty)
                .filter(path -> path != null)
                .flatMap(path -> Stream.of(path.split(File.pathSeparator)))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-Xmx512m",
                        "-cp",
                        classPath,
                        "io.heddle.cli.Heddle",
                        "logistic",
                        "cv",
                        "table.csv",
                        "--label",
                        "label",
                        "--folds",
                        "500",
                        "--lambdas",
                        "1000",
                        "--tolerance",
                        "1e-9",
                        "--model",
                        "m.heddle")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            while (process.isAlive() && names().size() < 2) {
                Thread.sleep(20);
            }
            assertThat(names()).as("begun").hasSize(2).anyMatch(n -> n.endsWith(".part"));
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isNotZero();
            assertThat(names()).containsExactly("table.csv");
        } finally {
            process.destroyForcibly();
        }
    }
}
