package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests penalty factors of single columns with a table with a text column and one without names. */
class PenaltyFlagsTest {
    @TempDir
    private Path folder;

    private Path table;
    private Path model;

    @BeforeEach
    void make() throws IOException {
        Random random = new Random(4);
        StringBuilder csv = new StringBuilder("age,city,income,side\n");
        for (int i = 0; i < 300; i++) {
            double age = random.nextGaussian();
            double income = random.nextGaussian();
            String city = new String[] {"Bern", "Oslo", "Rome"}[random.nextInt(3)];
            boolean left = age + 0.5 * income + (city.equals("Rome") ? 1 : 0) + random.nextGaussian() > 0;
            csv.append("%s,%s,%s,%s%n".formatted(age, city, income, left ? "left" : "right"));
        }
        table = folder.resolve("table.csv");
        model = folder.resolve("m.heddle");
        Files.writeString(table, csv);
    }

    private Invocation train(String... more) {
        return train(0.5, more);
    }

    private Invocation train(double lambda, String... more) {
        Object[] args = new Object[11 + more.length];
        Object[] fixed = {
            "logistic",
            "train",
            table,
            "--label",
            "side",
            "--l1-ratio",
            1,
            "--lambda=" + lambda,
            "--model=" + model,
            "--json",
            "--auto"
        };
        System.arraycopy(fixed, 0, args, 0, fixed.length);
        System.arraycopy(more, 0, args, fixed.length, more.length);
        return Invocation.of(args);
    }

    private static JsonNode json(Invocation run) throws IOException {
        assertThat(run.code()).as(run.err()).isZero();
        return new ObjectMapper().readTree(run.out());
    }

    @Test
    void aColumnWithoutPenaltyKeepsItsWeights() throws IOException {
        assertThat(json(train()).get("nonZeros").asInt()).isZero();
        assertThat(json(train("--penalty-factor", "age=0")).get("nonZeros").asInt())
                .isEqualTo(2);
        JsonNode kept = json(Invocation.of("inspect", model, "--json"));
        assertThat(kept.get("options").get("penaltyFactor").asText()).isEqualTo("age=0");
        // A text column is three features here, and each has a weight for both classes.
        assertThat(json(train("--penalty-factor", "city=0")).get("nonZeros").asInt())
                .isEqualTo(6);
    }

    @Test
    void columnsWithoutNamesAreNumbers() throws IOException {
        StringBuilder numbers = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            numbers.append("%d,%d,%d%n".formatted(i % 7, i * i % 5, i % 2));
        }
        Path plain = folder.resolve("plain.csv");
        Files.writeString(plain, numbers.toString());
        Path values = folder.resolve("values.npy");
        assertThat(Invocation.of("data", "convert", plain, values).code()).isZero();
        Path labels = folder.resolve("labels.npy");
        Files.writeString(folder.resolve("labels.csv"), "0\n1\n".repeat(50));
        assertThat(Invocation.of("data", "convert", folder.resolve("labels.csv"), labels)
                        .code())
                .isZero();
        Invocation run = Invocation.of(
                "logistic", "train", values, "--labels", labels, "--penalty-factor", "4=0", "--model", model);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--penalty-factor names the column '4'").contains("1, 2, 3");
    }

    @Test
    void refusesUnknownColumnsAndInvalidFactors() {
        Invocation unknown = train("--penalty-factor", "height=0");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.errorsBesideProgress())
                .containsExactly(
                        "table.csv: --auto uses --one-hot city",
                        "heddle: --penalty-factor names the column 'height', but the features are the columns age,"
                                + " city, income");
        Invocation negative = train("--penalty-factor", "age=-1");
        assertThat(negative.code()).isEqualTo(2);
        assertThat(negative.err())
                .contains("--penalty-factor of the column 'age' must be a number of 0 or more, as in age=2, not '-1'");
        assertThat(train("--penalty-factor", "age").err()).contains("--penalty-factor must be COLUMN=F,... as in");
        assertThat(train("--penalty-factor", "age=1,age=2").err()).contains("names the column 'age' twice");
    }

    @Test
    void aPipelineHasPenaltyFactorsOnlyForColumns() throws IOException {
        Invocation run = Invocation.of(
                "train",
                table,
                "--auto",
                "--label",
                "side",
                "--penalty-factor",
                "age=0",
                "--l1-ratio",
                1,
                "--lambda",
                0.5,
                "--model",
                model,
                "--json");
        assertThat(json(run).get("nonZeros").asInt()).isEqualTo(2);
        Invocation components = Invocation.of(
                "train", table, "--auto", "--label", "side", "--penalty-factor", "age=0", "--pca", 2, "--model", model);
        assertThat(components.code()).isEqualTo(2);
        assertThat(components.err()).contains("with --pca the features are components");
        Invocation clusters =
                Invocation.of("train", table, "--auto", "--clusters", 2, "--penalty-factor", "age=0", "--model", model);
        assertThat(clusters.code()).isEqualTo(2);
        assertThat(clusters.err()).contains("clusters have no penalty");
    }

    @Tag("slow")
    @Test
    void pathsAndCrossValidationStartAtTheUnpenalisedColumns() throws IOException {
        for (String command : new String[] {"path", "cv"}) {
            JsonNode rows = json(Invocation.of(
                            "logistic",
                            command,
                            table,
                            "--auto",
                            "--label",
                            "side",
                            "--lambdas",
                            3,
                            "--penalty-factor",
                            "age=0",
                            "--json"))
                    .get("rows");
            assertThat(rows.get(0).get("nonZeros").asInt()).isEqualTo(2);
            assertThat(rows.get(2).get("nonZeros").asInt()).isGreaterThan(2);
        }
    }

    @Tag("slow")
    @Test
    void groupedColumnsHaveWeightsInAllClassesOrInNone() throws IOException {
        JsonNode single = json(train(0.05));
        assertThat(single.get("grouped").asBoolean()).isFalse();
        JsonNode grouped = json(train(0.05, "--grouped", "--penalty-factor", "age=0.1"));
        assertThat(grouped.get("grouped").asBoolean()).isTrue();
        assertThat(grouped.get("nonZeros").asInt()).isPositive().matches(n -> n % 2 == 0, "two classes");
        assertThat(grouped.get("converged").asBoolean()).isTrue();
        assertThat(json(Invocation.of("inspect", model, "--json"))
                        .get("options")
                        .get("grouped")
                        .asText())
                .isEqualTo("true");
        for (String command : new String[] {"path", "cv"}) {
            Object[] words = {"logistic", command, table, "--auto", "--label", "side", "--lambdas", 3};
            JsonNode found = json(Invocation.of(with(words, "--grouped", "--json")));
            assertThat(found.get("grouped").asBoolean()).isTrue();
            JsonNode rows = found.get("rows");
            assertThat(rows.get(0).get("nonZeros").asInt()).isZero();
            assertThat(rows.get(2).get("nonZeros").asInt()).isBetween(6, 10).matches(n -> n % 2 == 0, "two classes");
            assertThat(json(Invocation.of(with(words, "--json"))).get("grouped").asBoolean())
                    .isFalse();
            assertThat(Invocation.of(with(words, "--grouped")).out().strip()).endsWith("l1Ratio 1.0, grouped");
        }
    }

    private static Object[] with(Object[] words, Object... more) {
        return Stream.concat(Arrays.stream(words), Arrays.stream(more)).toArray();
    }

    @Test
    void refusesGroupsWithoutANorm() {
        for (String[] args : new String[][] {
            {"logistic", "train", "--l1-ratio=0", "--model=" + model},
            {"train", "--model=" + model},
            {"logistic", "path", "--l1-ratios=0"},
            {"logistic", "cv", "--l1-ratios=0"}
        }) {
            Object[] all = Arrays.copyOf(args, args.length + 5, Object[].class);
            Object[] more = {table, "--auto", "--label", "side", "--grouped"};
            System.arraycopy(more, 0, all, args.length, more.length);
            Invocation run = Invocation.of(all);
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains("--grouped has no effect without a share of the L1 norm: add --l1-ratio");
        }
        Invocation clusters = Invocation.of(
                "train", table, "--auto", "--clusters", 2, "--grouped", "--l1-ratio", 1, "--model", model);
        assertThat(clusters.code()).isEqualTo(2);
        assertThat(clusters.err()).contains("--grouped is for classifiers; clusters have no penalty");
    }
}
