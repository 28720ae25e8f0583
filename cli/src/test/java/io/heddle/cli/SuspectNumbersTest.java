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
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the notes about numbers that are probably no measurements. */
class SuspectNumbersTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "PassengerId!1 3 4 7 9 12 13 20 21 22!column 'PassengerId' has another whole number in each row",
                "user id!9 8 7 6 5 4 3 2 1 0!column 'user id' has another whole number in each row",
                "Zip Code!10115 94043 94043 80331 10001 20095 50667 60311 1067 4109!column 'Zip Code' is read as numbers; if they are codes, --one-hot 'Zip Code'",
                "zip!10115.5 94043 94043 80331 10001 20095 50667 60311 1067 4109!",
                "zipper!10115 94043 94043 80331 10001 20095 50667 60311 1067 4109!",
                "bid!1 3 4 7 9 12 13 20 21 22!",
                "user_id!1 1 3 4 7 9 12 13 20 21!",
                "id!1.5 3 4 7 9 12 13 20 21 22!",
                "when!20240229 20231231 20240101 20240102 20240103 20240104 20240105 20240106 20240107 20240108!numbers such as 20240229; if they are dates",
                "when!20240229 20231331 20240101 20240102 20240103 20240104 20240105 20240106 20240107 20240108!",
                "month!202311 202312 202401 202402 202403 202404 202405 202406 202407 202408!numbers such as 202311; if they are months, write them like 2024-02-01",
                "month!202313 202312 202401 202402 202403 202404 202405 202406 202407 202408!",
                "price!180001 180001 180001 180001 180001 180001 180001 180001 180001 180001!",
                "created_at!1700000000 1700000100 1700001000 1700002000 1700000000 1700000000 1700000000 1700000000 1700000000 1700000000!numbers such as 1700000000; if they are seconds since 1970, write them like 2024-02-29T12:00:00",
                "account!1700000000 1700000100 1700001000 1700002000 1700000000 1700000000 1700000000 1700000000 1700000000 1700000000!",
                "x!1700000000123 1700000100123 1700001000123 1700002000123 1700000000123 1700000000123 1700000000123 1700000000123 1700000000123 1700000000123!if they are milliseconds since 1970",
                "x!4006381333931 4006381333931 1700001000123 1700002000123 1700000000123 1700000000123 1700000000123 1700000000123 1700000000123 1700000000123!",
                "age!5 -999 17 3 4000 -999 2 1 8 9!numbers with -999; if -999 means that a value is missing",
                "age!1 99 3 4 99 2 5 1 2 1!numbers with 99; if 99 means",
                "age!1 99 3 4 2 2 5 1 2 1!",
                "age!51 99 3 4 99 62 5 1 2 1!",
                "age!-3 -9 3 4 -9 2 5 1 2 1!",
                "age!-9 -9 -9 -9 -9 -9 -9 -9 -9 5!",
                "age!99 99 99 99 99 99 99 99 99 99!"
            })
    void numbersThatAreProbablyNoMeasurementsAreReported(String name, String numbers, String note) throws IOException {
        String[] values = numbers.split(" ");
        Path file = Files.writeString(
                folder.resolve("t.csv"),
                IntStream.range(0, values.length)
                        .mapToObj(i -> "%s,%d,%s".formatted(values[i], i * i % 7, i % 2 == 0 ? "a" : "b"))
                        .collect(Collectors.joining("\n", name + ",y,kind\n", "\n")));
        Invocation info = Invocation.of("data", "info", file, "--label", "kind");
        Invocation train =
                Invocation.of("train", file, "--label", "kind", "--model", folder.resolve("m"), "--standardize");

        assertThat(train.code()).as(train.err()).isZero();
        if (note == null) {
            assertThat(info.err() + train.err()).doesNotContain("column");
        } else {
            assertThat(info.err()).containsOnlyOnce(note);
            assertThat(train.err()).containsOnlyOnce(note);
        }
    }

    /** Two hyphens would end the options, so the advice puts them in double quotes. */
    @Test
    void theAdviceForHyphensBesideNumbersWorks() throws IOException {
        Path file = Files.writeString(folder.resolve("t.csv"), "a,b,kind\n1,2,x\n--,3,y\n2,1,x\n4,2,y\n");
        Path model = folder.resolve("m");
        String advice = "--missing-text '\"--\"'";

        Invocation plain = Invocation.of("train", file, "--label", "kind", "--model", model, "--auto");
        assertThat(plain.err()).contains("column 'a' is read as text: it holds '--' beside numbers (" + advice);

        Invocation advised =
                Invocation.of("train", file, "--label", "kind", "--model", model, "--auto", "--missing-text", "\"--\"");
        assertThat(advised.code()).as(advised.err()).isZero();
        assertThat(advised.err()).contains("--auto uses --missing a=median").doesNotContain("as text");
    }
}
