package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassesOfOneRowTest {
    private static final String NOTE = "1 class has one row, which may be no class, such as a last line of totals: ";

    @TempDir
    private Path folder;

    private Invocation train(String command, int rows, String last) throws IOException {
        Path table = folder.resolve("table.csv");
        Files.writeString(
                table,
                IntStream.range(0, rows)
                        .mapToObj(i -> (i % 2 == 0 ? "north," : "south,") + i % 7 + ".5")
                        .collect(Collectors.joining("\n", "region,sales\n", "\n" + last)));
        Path model = folder.resolve("model.heddle");
        String given = command + " " + table + " --label region --model " + model;
        return Invocation.of((Object[]) given.split(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"train", "logistic train"})
    void aLineOfTotalsIsNamed(String command) throws IOException {
        Invocation run = train(command, 40, "Total,140\n");
        assertThat(run.code()).isZero();
        assertThat(run.err()).contains(NOTE + "class 'Total' has 1 row");
    }

    @Test
    void otherTablesHaveNoNote() throws IOException {
        assertThat(train("train", 40, "").err()).doesNotContain("one row");
        assertThat(train("train", 10, "Total,140\n").err()).doesNotContain("one row");
    }
}
