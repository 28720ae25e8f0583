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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the rows of scores: they are weighted, and checked before the training. */
class ScoredRowsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The last row cannot be predicted correctly, and its weight is that of six other rows. */
    private static final String WEIGHTED = """
            x,n,kind
            0,1,a
            1,1,a
            0,1,a
            10,1,b
            11,1,b
            10,1,b
            10,6,a
            """;

    @TempDir
    Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Path model() {
        return folder.resolve("m.heddle");
    }

    private static JsonNode json(Object... words) throws IOException {
        List<Object> all = new ArrayList<>(List.of(words));
        all.add("--json");
        Invocation heddle = Invocation.of(all.toArray());
        assertThat(heddle.code()).as(heddle.err()).isZero();
        return JSON.readTree(heddle.out());
    }

    private static void assertRefused(Invocation heddle, String... parts) {
        assertThat(heddle.code()).as(heddle.err()).isEqualTo(2);
        assertThat(heddle.errorsBesideProgress().getLast())
                .startsWith("heddle: ")
                .contains(parts);
    }

    @ParameterizedTest
    @ValueSource(strings = {"logistic train", "train"})
    void theAccuracyIsWeighted(String command) throws IOException {
        Path data = file("data.csv", WEIGHTED);
        List<Object> words = new ArrayList<>(List.of(command.split(" ")));
        words.addAll(List.of(data, "--label", "kind", "--model", model(), "--drop", "n"));
        double plain = json(words.toArray()).get("accuracy").asDouble();
        assertThat(plain).isEqualTo(6 / 7d, within(1e-12));

        words.set(words.indexOf("--drop"), "--weights");
        Invocation scored = Invocation.of(words.toArray());
        assertThat(scored.out()).contains("on the training data, weighted");
        // With these weights the row of large weight is right, and the two rows of class b near it are wrong.
        assertThat(json(words.toArray()).get("accuracy").asDouble()).isEqualTo(10 / 12d, within(1e-12));
        Path out = folder.resolve("out.csv");
        assertThat(json("predict", model(), data, "--out", out).get("accuracy").asDouble())
                .isEqualTo(10 / 12d, within(1e-12));

        Path test = file("test.csv", "x,n,kind\n0,3,a\n0,1,b\n");
        words.addAll(List.of("--test", test));
        assertThat(json(words.toArray()).get("accuracy").asDouble()).isEqualTo(.75, within(1e-12));
        file("test.csv", "x,kind\n0,a\n0,b\n");
        Invocation unweighted = Invocation.of(words.toArray());
        assertThat(unweighted.err()).contains("test.csv has no column 'n'", "equal weights");
        assertThat(unweighted.out()).contains("0.5000 on the test data").doesNotContain("weighted");
    }

    @Test
    void pathsAndCrossValidationUseWeights() throws IOException {
        StringBuilder rows = new StringBuilder("x,n,kind\n");
        for (int i = 0; i < 40; i++) {
            // One row in four is of the other class and has weight zero.
            boolean odd = i % 4 == 3;
            boolean left = i % 2 == 0;
            rows.append("%d,%d,%s\n".formatted(left ? i : 100 + i, odd ? 0 : 1, left ^ odd ? "a" : "b"));
        }
        Path data = file("data.csv", rows.toString());
        for (String command : List.of("path", "cv")) {
            JsonNode weighted = json("logistic", command, data, "--label", "kind", "--weights", "n");
            JsonNode plain = json("logistic", command, data, "--label", "kind", "--drop", "n");
            assertThat(weighted.get("best").get("score").asDouble()).as(command).isEqualTo(1);
            assertThat(plain.get("best").get("score").asDouble()).as(command).isLessThan(.9);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"logistic train", "train"})
    void wrongTestDataAreRefusedBeforeTheTraining(String command) throws IOException {
        Path data = file("data.csv", WEIGHTED);
        Files.writeString(model(), "an older model");
        for (String[] wrong : new String[][] {
            {"y,kind\n1,a\n", "has no column 'x'"},
            {"x,kind\n1,c\n", "label 'c', which is not one of a, b"},
            {"x\n1\n", "no labels"},
            {"x,kind\nhot,a\n", "holds text such as 'hot'"}
        }) {
            List<Object> words = new ArrayList<>(List.of(command.split(" ")));
            words.addAll(List.of(data, "--drop", "n", "--label", "kind", "--model", model(), "--test"));
            words.add(file("test.csv", wrong[0]));
            assertRefused(Invocation.of(words.toArray()), "test.csv", wrong[1]);
            assertThat(model()).hasContent("an older model");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"logistic train", "logistic path", "logistic cv", "train"})
    void oneClassIsNamed(String command) throws IOException {
        Path data = file("data.csv", "x,n,kind\n1,1,cat\n2,1,cat\n3,0,dog\n4,0,dog\n");
        List<Object> words = new ArrayList<>(List.of(command.split(" ")));
        words.addAll(List.of(data, "--label", "kind"));
        if (command.endsWith("train")) {
            words.addAll(List.of("--model", model()));
        }
        words.addAll(List.of("--weights", "n"));
        assertRefused(Invocation.of(words.toArray()), "all rows with a weight above 0 are of the class 'cat'");
        file("data.csv", "x,n,kind\n1,1,cat\n2,1,cat\n");
        assertRefused(Invocation.of(words.toArray()), "data.csv", "of the class 'cat'");
    }

    /** The classes of a model are found in other data in every spelling of a number or boolean. */
    @Test
    void classesAreTheSameInEverySpelling() throws IOException {
        Path train = file("train.csv", "x,kind\n0,1.0\n1,1\n10,2\n11,2.0\n");
        JsonNode fitted = json("logistic", "train", train, "--label", "kind", "--model", model());
        assertThat(fitted.get("accuracy").asDouble()).isEqualTo(1);
        assertThat(Invocation.of("inspect", model()).out()).contains("1, 2");
        Path other = file("other.csv", "x,kind\n0,1e0\n11,2.00\n");
        assertThat(json("predict", model(), other, "--out", folder.resolve("out.csv"))
                        .get("accuracy")
                        .asDouble())
                .isEqualTo(1);

        // Codes are not indices of classes: 1 is not the second of 01 and 02.
        file("train.csv", "x,kind\n0,01\n1,01\n10,02\n11,02\n");
        json("logistic", "train", train, "--label", "kind", "--model", model());
        file("other.csv", "x,kind\n0,1\n11,0\n");
        assertRefused(
                Invocation.of("logistic", "predict", model(), other, "--label", "kind"),
                "label '1', which is not one of 01, 02");
    }
}
