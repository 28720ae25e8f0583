package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process for a small table uses plain loops, all others vectors. */
class SmallTablesTest {
    private static final String KERNELS = "io.heddle.internal.kernels.VectorKernels";

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        table("small.csv", 300);
        table("large.csv", 60_000);
        Files.write(folder.resolve("small.npy"), new byte[200]);
        Files.write(folder.resolve("large.heddle"), new byte[2_000_000]);
        Files.write(folder.resolve("small.heddle"), new byte[2_000]);
        Files.createDirectory(folder.resolve("folder.csv"));
    }

    private void table(String name, int rows) throws IOException {
        Files.writeString(
                folder.resolve(name),
                IntStream.range(0, rows)
                        .mapToObj(i -> i % 97 + "," + i % 89 + ".25,"
                                + (i % 2 == 0 ? "a class with a long name" : "another one"))
                        .collect(Collectors.joining("\n", "x,y,kind\n", "\n")));
    }

    private boolean small(String command) {
        String[] words = Arrays.stream(command.split(" "))
                .map(word -> word.contains(".") ? folder.resolve(word).toString() : word)
                .toArray(String[]::new);
        return SmallTables.areAll(HeddleCommand.commandLine(words).parseArgs(words));
    }

    @ParameterizedTest
    @CsvSource({
        "kmeans fit small.csv --clusters 3 --model m.heddle, true",
        "logistic train small.csv --label kind --test small.csv --model m.heddle, true",
        "predict small.heddle small.csv --out p.csv, true",
        "kmeans fit large.csv --clusters 3 --model m.heddle, false",
        "logistic train small.csv --label kind --test large.csv --model m.heddle, false",
        "predict large.heddle small.csv --out p.csv, false",
        "kmeans fit folder.csv --clusters 3 --model m.heddle, false",
        "kmeans fit missing.csv --clusters 3 --model m.heddle, false",
        "kmeans fit small.npy --clusters 3 --model m.heddle, false",
        "kmeans fit fashion-mnist --clusters 3 --model small.heddle, false",
        "logistic cv small.csv --label kind, false",
        "logistic path small.csv --label kind, false",
        "group small.csv --out groups, false",
        "run, false"
    })
    void onlyTablesAndModelsOfFewBytesAreSmall(String command, boolean expected) {
        assertThat(small(command)).isEqualTo(expected);
    }

    @Test
    void aProcessLoadsNoVectorKernelsForASmallTable() throws IOException, InterruptedException {
        assertThat(loaded("small.csv")).noneMatch(line -> line.contains(KERNELS));
        assertThat(loaded("large.csv")).anyMatch(line -> line.contains(KERNELS));
    }

    private List<String> loaded(String data) throws IOException, InterruptedException {
        Path classes = folder.resolve("classes");
        Path err = folder.resolve("err");
        try (HeddleProcess heddle = HeddleProcess.start(
                folder,
                err,
                List.of(),
                List.of("-Xmx512m", "-Xlog:class+load:file=" + classes),
                List.of("kmeans", "fit", data, "--drop", "kind", "--clusters", "3", "--model", "m.heddle"))) {
            assertThat(heddle.await()).as(Files.readString(err)).isZero();
        }
        assertThat(Files.readString(err)).doesNotContain("without SIMD");
        return Files.readAllLines(classes);
    }
}
