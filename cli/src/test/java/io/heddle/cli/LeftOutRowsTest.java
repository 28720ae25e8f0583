package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that rows keep the numbers of their file if others are left out, and missing values in new data. */
class LeftOutRowsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Path data;

    /** Two clusters. Rows 0, 1 and 12 have a missing value, and row 20 is far from all others. */
    @BeforeEach
    void write() throws IOException {
        StringBuilder rows = new StringBuilder("x,y,kind\n");
        for (int i = 0; i < 24; i++) {
            double x = i == 20 ? 900 : i % 2 * 50 + i / 10.0;
            rows.append("%s,%s,%s\n"
                    .formatted(i == 1 || i == 12 ? "" : x, i % 5, i == 0 ? "NA" : i % 2 == 0 ? "left" : "right"));
        }
        data = Files.writeString(folder.resolve("data.csv"), rows.toString());
    }

    private Invocation run(Object... words) {
        Invocation heddle = Invocation.of(words);
        assertThat(heddle.code()).as(heddle.err()).isZero();
        return heddle;
    }

    private List<String> column(String file, int place) throws IOException {
        return Files.readAllLines(folder.resolve("out").resolve(file)).stream()
                .skip(1)
                .map(line -> line.split(",")[place])
                .toList();
    }

    private Object[] catalogue(String command, Object... more) {
        List<Object> words = new ArrayList<>(List.of(command, data, "--label", "kind", "--missing", "drop-rows"));
        words.addAll(List.of("--missing-label", "drop-rows", "--out", folder.resolve("out")));
        words.addAll(List.of(more));
        return words.toArray();
    }

    @Test
    void groupsUseTheRowNumbersOfTheFile() throws IOException {
        Invocation heddle = run(catalogue("group", "--clusters", 2));
        assertThat(heddle.err()).contains("leaves out 1 of 24 rows without a label", "leaves out 2 of 23 rows");
        assertThat(column("assignments.csv", 0))
                .hasSize(21)
                .startsWith("2", "3")
                .contains("11", "13")
                .endsWith("23");
        List<String> clusters = column("assignments.csv", 1);
        String far = clusters.get(column("assignments.csv", 0).indexOf("20"));
        assertThat(clusters.stream().filter(far::equals)).hasSize(1);
    }

    @Test
    void neighboursAreRowsOfTheFile() throws IOException {
        JsonNode found = JSON.readTree(
                run(catalogue("similar", "--query", 13, "--top", 2, "--json")).out());
        assertThat(found.get("query").asText()).isEqualTo("row 13");
        // 13 is at (51.3, 3), 3 at (50.3, 3) and 23 at (52.3, 3); the others have another y.
        assertThat(List.of(
                        found.get("neighbours").get(0).get(0).asInt(),
                        found.get("neighbours").get(1).get(0).asInt()))
                .containsExactlyInAnyOrder(3, 23);
        Invocation gone = Invocation.of(catalogue("similar", "--query", 12, "--top", 1));
        assertThat(gone.code()).isEqualTo(2);
        assertThat(gone.err()).contains("--query 12: this row of data.csv was left out");
        Invocation beyond = Invocation.of(catalogue("similar", "--query", 24, "--top", 1));
        assertThat(beyond.err()).contains("rows are 0 to 23");
    }

    @Test
    void auditsUseTheRowNumbersOfTheFile() throws IOException {
        JsonNode found = JSON.readTree(run(catalogue("audit", "--folds", 2, "--neighbors", 3, "--json"))
                .out());
        assertThat(found.get("outliers").get(0).get("index").asInt()).isEqualTo(20);
        assertThat(column("outliers.csv", 0)).startsWith("20");
        Document page = Jsoup.parse(Files.readString(folder.resolve("out/index.html")));
        JsonNode shown = JSON.readTree(page.select("#chart-data").first().data());
        int outlier = shown.get("lists").get("outliers").get(0).get(0).asInt();
        assertThat(shown.get("rows").get(outlier).asInt()).isEqualTo(20);
    }

    @Test
    void predictionsUseTheRowNumbersOfTheFile() throws IOException {
        Path model = folder.resolve("m.heddle");
        run("train", data, "--label", "kind", "--missing", "median", "--missing-label", "drop-rows", "--model", model);
        Path out = folder.resolve("p.csv");
        run("predict", model, data, "--missing-label", "drop-rows", "--out", out);
        assertThat(Files.readAllLines(out)).hasSize(24).element(1).asString().startsWith("1,");
    }

    @Test
    void clustersOfNewRowsUseTheRowNumbersOfTheFile() throws IOException {
        Path model = folder.resolve("m.heddle");
        run("kmeans", "fit", data, "--drop", "kind", "--missing", "drop-rows", "--clusters", 2, "--model", model);
        Path fresh = Files.writeString(folder.resolve("new.csv"), "x,y,kind\n0,1,a\n1,1,NA\n900,2,b\n");
        Path out = folder.resolve("p.csv");
        Object[] words = {
            "kmeans", "predict", model, fresh, "--label", "kind", "--missing-label", "drop-rows", "--out", out
        };
        run(words);
        assertThat(Files.readAllLines(out))
                .satisfiesExactly(
                        head -> assertThat(head).isEqualTo("row,cluster"),
                        first -> assertThat(first).startsWith("0,"),
                        last -> assertThat(last).startsWith("2,"));
    }

    @Test
    void missingValuesOfNewDataAreRefusedOrFilledByTheMean() throws IOException {
        Path model = folder.resolve("m.heddle");
        Path train = Files.writeString(folder.resolve("train.csv"), "x,y,kind\n0,1,a\n1,2,a\n10,3,b\n13,6,b\n");
        run("logistic", "train", train, "--label", "kind", "--model", model);
        Path fresh = Files.writeString(folder.resolve("new.csv"), "x,y\n0,1\n,1\n12,\n,5\n");
        for (String command : List.of("predict", "logistic predict")) {
            List<Object> words = new ArrayList<>(List.of(command.split(" ")));
            words.addAll(List.of(model, fresh, "--out", folder.resolve("p.csv")));
            Invocation refused = Invocation.of(words.toArray());
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err())
                    .contains("'x' in 2 of 4 rows, first in row 1, 'y' in 1 of 4 rows, first in row 2")
                    .contains("--missing mean replaces them by the mean of the training rows");

            words.addAll(List.of("--missing", "mean"));
            assertThat(run(words.toArray()).err())
                    .contains("column 'x': the mean of the training rows replaces 2 missing values");
            List<String> filled = Files.readAllLines(folder.resolve("p.csv"));
            Files.writeString(fresh, "x,y\n0,1\n6,1\n12,3\n6,5\n");
            run(words.toArray());
            assertThat(Files.readAllLines(folder.resolve("p.csv"))).isEqualTo(filled);
            Files.writeString(fresh, "x,y\n0,1\n,1\n12,\n,5\n");
        }
        Files.writeString(train, "x,y,kind\n0,u,a\n1,v,a\n10,u,b\n13,v,b\n");
        run("logistic", "train", train, "--label", "kind", "--one-hot", "y", "--model", model);
        Invocation text =
                Invocation.of("predict", model, Files.writeString(fresh, "x,y\n0,\n"), "--out", folder.resolve("p"));
        assertThat(text.err()).contains("'y' in 1 of 1 rows", "train with --missing");
    }

    @Test
    void rowsOfZerosHaveNoCosine() throws IOException {
        Path model = folder.resolve("m.heddle");
        Path rows = Files.writeString(folder.resolve("rows.csv"), "x,y\n,1\n1,0\n1,2\n0,0\n3,1\n");
        Object[] fit = {
            "kmeans", "fit", rows, "--clusters", 2, "--distance", "cosine", "--missing", "drop-rows", "--model", model
        };
        Invocation refused = Invocation.of(fit);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("rows.csv, row 3 has only zeros");
        Files.writeString(rows, "x,y\n1,0\n1,2\n3,1\n");
        run(fit);
        Files.writeString(rows, "x,y\n1,0\n0,0\n3,1\n");
        for (String command : List.of("predict", "kmeans predict")) {
            List<Object> words = new ArrayList<>(List.of(command.split(" ")));
            words.addAll(List.of(model, rows, "--out", folder.resolve("p.csv")));
            Invocation heddle = Invocation.of(words.toArray());
            assertThat(heddle.code()).as(command).isEqualTo(2);
            assertThat(heddle.err()).contains("rows.csv, row 1 has only zeros");
        }
    }
}
