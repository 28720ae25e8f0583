package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the options and messages of kmeans fit and pca fit with a small CSV file. */
class FitCommandsTest {
    @TempDir
    private Path folder;

    private Path table;
    private Path model;

    @BeforeEach
    void make() throws IOException {
        Random random = new Random(4);
        StringBuilder csv = new StringBuilder("a,b,c,count\n");
        for (int i = 0; i < 200; i++) {
            double along = random.nextGaussian();
            csv.append(3 * along + 0.1 * random.nextGaussian()).append(',');
            csv.append(2000 * along + 10 * random.nextGaussian()).append(',');
            csv.append(random.nextGaussian())
                    .append(',')
                    .append(i < 100 ? 0 : 1)
                    .append('\n');
        }
        table = folder.resolve("table.csv");
        model = folder.resolve("m.heddle");
        Files.writeString(table, csv);
    }

    private static JsonNode json(Invocation run) throws IOException {
        assertThat(run.code()).as(run.err()).isZero();
        return new ObjectMapper().readTree(run.out());
    }

    @Test
    void kMeansReportsMissingConvergence() throws IOException {
        Invocation cut = Invocation.of(
                "kmeans",
                "fit",
                table,
                "--clusters",
                9,
                "--algorithm",
                "lloyd",
                "--max-iterations",
                1,
                "--model",
                model,
                "--json");
        assertThat(json(cut).get("converged").asBoolean()).isFalse();
        assertThat(cut.err()).contains("did not converge within --max-iterations 1: increase it");
        assertThat(Invocation.of("inspect", model).out()).contains("not converged");
        Invocation whole = Invocation.of(
                "kmeans", "fit", table, "--clusters", 3, "--algorithm", "lloyd", "--model", model, "--json");
        assertThat(json(whole).get("converged").asBoolean()).isTrue();
        assertThat(json(whole).get("emptyClusters")).isEmpty();
        assertThat(whole.err()).doesNotContain("converge");
    }

    @Test
    void kMeansNamesEmptyClusters() throws IOException {
        Files.writeString(table, "a,b\n" + "1,2\n5,6\n".repeat(10));
        Invocation run = Invocation.of(
                "kmeans", "fit", table, "--clusters", 4, "--algorithm", "lloyd", "--model", model, "--json");
        assertThat(json(run).get("emptyClusters")).hasSize(2);
        assertThat(run.err()).contains("2 of the clusters are empty: ");
    }

    @Test
    void kMeansReadsRowWeightsFromAColumn() throws IOException {
        Invocation run = Invocation.of(
                "kmeans", "fit", table, "--clusters", 2, "--weights", "count", "--model", model, "--json");
        JsonNode counted = json(run);
        JsonNode inspected = json(Invocation.of("inspect", model, "--json"));
        assertThat(inspected.get("inputs").asInt()).isEqualTo(3);
        // Rows of weight zero are assigned, but do not change the inertia.
        JsonNode all = json(
                Invocation.of("kmeans", "fit", table, "--clusters", 2, "--drop", "count", "--model", model, "--json"));
        assertThat(counted.get("inertia").asDouble())
                .isLessThan(0.8 * all.get("inertia").asDouble());
        assertThat(counted.get("sizes").get(0).asInt()
                        + counted.get("sizes").get(1).asInt())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"16384, lloyd", "16385, mini-batch"})
    void kMeansChoosesItsAlgorithmByTheNumberOfRows(int rows, String algorithm) throws IOException {
        Path numbers = folder.resolve("numbers.csv");
        Files.writeString(
                numbers,
                IntStream.range(0, rows)
                        .mapToObj(i -> Integer.toString(i % 100))
                        .collect(Collectors.joining("\n", "x\n", "\n")));
        assertThat(json(Invocation.of("kmeans", "fit", numbers, "--clusters", 2, "--model", model, "--json"))
                        .get("algorithm")
                        .asText())
                .isEqualTo(algorithm);
        Invocation train = Invocation.of("train", numbers, "--clusters", 2, "--model", model);
        assertThat(train.code()).as(train.err()).isZero();
        assertThat(Invocation.of("inspect", model).out()).contains("option algorithm     " + algorithm);
    }

    @Test
    void kMeansByTheCosine() throws IOException {
        JsonNode run = json(Invocation.of(
                "kmeans",
                "fit",
                table,
                "--clusters",
                2,
                "--drop",
                "count",
                "--distance",
                "cosine",
                "--model",
                model,
                "--json"));
        // At most 2 − 2 · cosine per row.
        assertThat(run.get("inertia").asDouble()).isBetween(0.0, 400.0);
        JsonNode stages = json(Invocation.of("inspect", model, "--json")).get("stages");
        assertThat(stages.get(stages.size() - 1).get("distance").asText()).isEqualTo("cosine");
        Path out = folder.resolve("clusters.csv");
        assertThat(Invocation.of("kmeans", "predict", model, table, "--out", out)
                        .code())
                .isZero();
        assertThat(Files.readAllLines(out)).hasSize(201);
    }

    /** Two directions, near and far from zero, so the mean of a column is not meaningful. */
    @Test
    void theCosineUsesRowsWithoutCentring() throws IOException {
        Path directions =
                Files.writeString(folder.resolve("directions.csv"), "a,b\n1,1\n10,10\n100,100\n1,2\n10,20\n100,200\n");
        JsonNode run = json(Invocation.of(
                "kmeans", "fit", directions, "--clusters", 2, "--distance", "cosine", "--model", model, "--json"));

        assertThat(run.get("inertia").asDouble()).isLessThan(1e-9);
        Path out = folder.resolve("clusters.csv");
        assertThat(Invocation.of("kmeans", "predict", model, directions, "--out", out)
                        .code())
                .isZero();
        List<String> lines = Files.readAllLines(out);
        assertThat(lines).first().isEqualTo("row,cluster");
        List<String> clusters = lines.stream().map(line -> line.split(",")[1]).toList();
        assertThat(clusters.get(1)).isEqualTo(clusters.get(2)).isEqualTo(clusters.get(3));
        assertThat(clusters.get(4)).isEqualTo(clusters.get(5)).isEqualTo(clusters.get(6));
    }

    @Test
    void pcaAcceptsAShareOfTheVarianceAndStandardizes() throws IOException {
        JsonNode plain = json(Invocation.of(
                "pca", "fit", table, "--drop", "count", "--components", 0.95, "--model", model, "--json"));
        assertThat(plain.get("explainedVarianceRatio")).hasSize(1);
        assertThat(plain.get("converged").asBoolean()).isTrue();
        JsonNode standardized = json(Invocation.of(
                "pca",
                "fit",
                table,
                "--drop",
                "count",
                "--components",
                "0.95",
                "--standardize",
                "--model",
                model,
                "--json"));
        assertThat(standardized.get("explainedVarianceRatio")).hasSize(2);
        assertThat(standardized.get("explainedVarianceRatio").get(0).asDouble()).isCloseTo(2 / 3d, within(0.05));
        assertThat(Invocation.of("inspect", model).out()).contains("standardized");
    }

    @Test
    void columnsOutOfTheRangeOfFloatAreNamed() throws IOException {
        StringBuilder rows = new StringBuilder("width,length,kind\n");
        for (int i = 0; i < 40; i++) {
            rows.append("%d,%de-40,%s\n".formatted(i % 7, i % 5 + i % 2, i % 2 == 0 ? "a" : "b"));
        }
        Path small = Files.writeString(folder.resolve("small.csv"), rows.toString());
        String[] commands = {"logistic train --model " + model, "logistic cv", "logistic path"};
        for (String command : commands) {
            List<Object> words = new ArrayList<>(List.of((Object[]) command.split(" ")));
            words.addAll(List.of(small, "--label", "kind", "--standardize"));
            Invocation run = Invocation.of(words.toArray());
            assertThat(run.code()).as(command).isEqualTo(2);
            assertThat(run.err()).contains("column 'length' has a standard deviation of about");
        }
        Path large =
                Files.writeString(folder.resolve("large.csv"), rows.toString().replace("e-40", "e39"));
        Invocation run =
                Invocation.of("logistic", "train", large, "--label", "kind", "--standardize", "--model", model);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("column 'length'", "convert the column to another unit");
    }
}
