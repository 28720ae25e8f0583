package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.heddle.data.array.NpyWriter;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests tables with named columns of all kinds, from training to predictions for other files. */
class TableCommandsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SHOP = """
            number,city,age,born,ok,score,churned
            A-1,Rome,31,1990-01-02,true,1.5,yes
            A-2,Oslo,,1991-03-04,false,2.5,no
            A-3,Rome,44,1985-07-08,true,,no
            A-4,Bonn,27,1999-11-30,true,3.5,yes
            A-5,,35,2001-02-28,false,0.5,no
            A-6,Oslo,61,1970-06-15,true,9.5,yes
            """;

    @TempDir
    private Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static Invocation run(Object... words) {
        Invocation heddle = Invocation.of(words);
        assertThat(heddle.code()).as(heddle.err()).isZero();
        return heddle;
    }

    private static JsonNode json(Object... words) throws IOException {
        List<Object> all = new ArrayList<>(List.of(words));
        all.add("--json");
        return JSON.readTree(run(all.toArray()).out());
    }

    private static void assertRefused(Invocation heddle, String... parts) {
        assertThat(heddle.code()).as(heddle.err()).isEqualTo(2);
        assertThat(heddle.errorsBesideProgress().getLast())
                .startsWith("heddle: ")
                .contains(parts);
        assertThat(heddle.err()).doesNotContain("\tat ");
    }

    private Path model() {
        return folder.resolve("model.heddle");
    }

    private Path out() {
        return folder.resolve("out.csv");
    }

    private List<String> predicted(Path data, Object... more) throws IOException {
        List<Object> words = new ArrayList<>(List.of("predict", model(), data, "--out", out()));
        words.addAll(List.of(more));
        run(words.toArray());
        return Files.readAllLines(out());
    }

    /** As floats, these times would be equal or 128 seconds apart. */
    @Test
    void learnsFromUnixTimes() throws IOException {
        Path times = file("times.csv", """
                time,x,kind
                1700000000,0,a
                1700000600,1,b
                1700001200,0,c
                1700001800,1,a
                1700000300,4,b
                1700000900,5,b
                1700001500,4,b
                1700002100,9,c
                """);
        JsonNode plain = json("logistic", "train", times, "--label", "kind", "--model", model());
        assertThat(plain.get("objective").asDouble()).isEqualTo(0.6935, within(2e-4));
        assertThat(plain.get("accuracy").asDouble()).isEqualTo(0.75);
        StringBuilder hour = new StringBuilder("time,kind\n");
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            int second = random.nextInt(3600);
            hour.append("%d,%s%n"
                    .formatted(1_700_000_000 + second, second + 300 * random.nextGaussian() < 1800 ? "am" : "pm"));
        }
        Path hours = file("hours.csv", hour.toString());
        assertThat(json("logistic", "train", hours, "--label", "kind", "--standardize", "--model", model())
                        .get("accuracy")
                        .asDouble())
                .isGreaterThan(0.88);
        assertThat(json("logistic", "predict", model(), hours).get("accuracy").asDouble())
                .isGreaterThan(0.88);
    }

    @Test
    void clustersAndComponentsOfUnixTimes() throws IOException {
        StringBuilder text = new StringBuilder("time,x\n");
        for (int i = 0; i < 60; i++) {
            text.append("%d.%d,%d%n".formatted(1_700_000_000 + 40 * (i % 3), i % 10, i % 2));
        }
        Path times = file("times.csv", text.toString());
        JsonNode clusters = json(
                "kmeans",
                "fit",
                times,
                "--clusters",
                3,
                "--algorithm",
                "lloyd",
                "--initializations",
                5,
                "--model",
                model());
        assertThat(clusters.get("sizes")).allMatch(size -> size.asInt() == 20);
        run("kmeans", "predict", model(), times, "--out", out());
        List<String> found = Files.readAllLines(out()).stream()
                .map(line -> line.split(",")[1])
                .toList();
        for (int i = 0; i < 57; i++) {
            assertThat(found.get(1 + i)).isEqualTo(found.get(1 + i % 3));
        }
        JsonNode components = json("pca", "fit", times, "--components", 1, "--model", model());
        // Components of 40, 0 and −40 with some tenths in addition to 0 and 1.
        assertThat(components.get("explainedVarianceRatio").get(0).asDouble()).isGreaterThan(0.999);
    }

    @Test
    void columnsInAnotherOrderGiveTheSameAnswer() throws IOException {
        Path train = file("ab.csv", "a,b,kind\n0,10,u\n1,12,u\n5,1,v\n6,0,v\n");
        Path turned = file("ba.csv", "b,a\n10,0\n12,1\n1,5\n0,6\n");
        Path more = file("more.csv", "b,extra,kind,a\n10,x,u,0\n12,y,u,1\n1,z,v,5\n0,,v,6\n");
        run("logistic", "train", train, "--label", "kind", "--model", model());
        List<String> own = predicted(train, "--details");
        assertThat(own.get(1)).startsWith("0,0,u,");
        assertThat(own.get(4)).startsWith("3,1,v,");
        assertThat(predicted(turned, "--details")).isEqualTo(own);
        Invocation extra = run("predict", model(), more, "--out", out(), "--details");
        assertThat(extra.err()).contains("more.csv: ignores the column extra, which");
        assertThat(extra.out()).contains("accuracy 1.0000");
        assertThat(Files.readAllLines(out())).isEqualTo(own);
        assertRefused(
                Invocation.of("predict", model(), file("a.csv", "a,c\n1,2\n"), "--out", out()),
                "a.csv has no column 'b', which",
                "its columns are a, c");
        assertThat(json("logistic", "train", train, "--label", "kind", "--test", more, "--model", model())
                        .get("accuracy")
                        .asDouble())
                .isEqualTo(1);
    }

    @Test
    void clustersAndComponentsMatchByNameToo() throws IOException {
        Path train = file("ab.csv", "a,b\n0,10\n1,12\n5,1\n6,0\n");
        Path turned = file("ba.csv", "b,a\n10,0\n12,1\n1,5\n0,6\n");
        run("kmeans", "fit", train, "--clusters", 2, "--model", model());
        run("kmeans", "predict", model(), train, "--out", out());
        List<String> own = Files.readAllLines(out());
        run("kmeans", "predict", model(), turned, "--out", out());
        assertThat(Files.readAllLines(out())).isEqualTo(own);
        Path coordinates = folder.resolve("c.npy");
        Path others = folder.resolve("d.npy");
        run("pca", "fit", train, "--components", 2, "--model", model());
        run("pca", "transform", model(), train, "--out", coordinates);
        run("pca", "transform", model(), turned, "--out", others);
        assertThat(others).hasSameBinaryContentAs(coordinates);
        Path similar = folder.resolve("similar");
        run("similar", train, "--query", turned, "--top", 1, "--out", similar);
        assertThat(Files.readAllLines(similar.resolve("neighbours.csv")).subList(1, 5))
                .extracting(line -> line.split(",")[2])
                .containsExactly("0", "1", "2", "3");
    }

    @Test
    void namesAllColumnsThatNeedADecisionAtOnce() throws IOException {
        Path shop = file("shop.csv", SHOP);
        Invocation heddle =
                Invocation.of("logistic", "train", shop, "--label", "churned", "--drop", "number", "--model", model());
        assertRefused(
                heddle,
                "shop.csv: 4 of 5 columns need a decision",
                "'city' holds text (3 distinct) and is missing in 1 of 6 rows",
                "'age' is missing in 1 of 6 rows",
                "'born' holds dates",
                "--one-hot city --missing city=category --missing age=median --dates born=days --missing score=median");
        Invocation copied = run(
                "logistic",
                "train",
                shop,
                "--label",
                "churned",
                "--drop",
                "number",
                "--one-hot",
                "city",
                "--missing",
                "city=category",
                "--missing",
                "age=median",
                "--dates",
                "born=days",
                "--missing",
                "score=median",
                "--model",
                model());
        List<String> own = predicted(shop, "--details");
        Invocation auto =
                run("logistic", "train", shop, "--label", "churned", "--drop", "number", "--auto", "--model", model());
        assertThat(auto.err()).contains("shop.csv: --auto uses --one-hot city");
        assertThat(predicted(shop, "--details")).isEqualTo(own);
        assertThat(copied.out()).contains("accuracy");
    }

    /** No option is repeated: neither the roles of columns nor those for reading the file. */
    @Test
    void theTrainingFileCanBePredictedAsItIs() throws IOException {
        Path shop = file("shop.txt", SHOP.replace(',', '|'));
        run(
                "logistic",
                "train",
                shop,
                "--label",
                "churned",
                "--id",
                "number",
                "--auto",
                "--separator",
                "|",
                "--scale",
                "0.5",
                "--model",
                model());
        Invocation predicted = run("predict", model(), shop, "--out", out());
        assertThat(predicted.out()).contains("6 rows, accuracy 1.0000");
        assertThat(Files.readAllLines(out())).startsWith("row,id,label,class", "0,A-1,1,yes", "1,A-2,0,no");
        assertThat(json("logistic", "predict", model(), shop, "--out", out())
                        .get("accuracy")
                        .asDouble())
                .isEqualTo(1);
        assertThat(Files.readAllLines(out()).get(3)).startsWith("A-3,no,");
    }

    @Test
    void unknownCategoriesAndMissingValuesAreReported() throws IOException {
        Path shop = file("shop.csv", SHOP);
        run("logistic", "train", shop, "--label", "churned", "--drop", "number,born", "--auto", "--model", model());
        Path other = file("new.csv", "city,age,ok,score\nKyiv,20,true,1\n,,false,\n");
        Invocation heddle = run("predict", model(), other, "--out", out());
        assertThat(heddle.err()).contains("new.csv, column 'city': 'Kyiv' is no category");
        assertRefused(
                Invocation.of("predict", model(), file("gap.csv", "city,age,ok,score\nRome,1,,2\n"), "--out", out()),
                "'ok' in 1 of 1 rows, first in row 0");
        assertRefused(
                Invocation.of(
                        "predict", model(), file("text.csv", "city,age,ok,score\nRome,old,true,2\n"), "--out", out()),
                "text.csv, column 'age' holds text such as 'old', but the model takes numbers there");
    }

    /** As doubles, two identifiers are equal. */
    @Test
    void roundedIdentifiersAreReported() throws IOException {
        Path ids = file(
                "ids.csv", "x,kind\n9007199254740993,a\n9007199254740992,b\n9007199254740993,a\n9007199254740992,b\n");
        String warning = "ids.csv: column 'x' holds whole numbers above 2^53";
        assertThat(run("logistic", "train", ids, "--label", "kind", "--model", model())
                        .err())
                .contains(warning);
        assertThat(run("data", "info", ids).err()).contains(warning);
        run("data", "convert", ids, out());
        assertThat(out()).hasSameTextualContentAs(ids);
        assertThat(run("logistic", "train", ids, "--label", "kind", "--one-hot", "x", "--model", model())
                        .err())
                .doesNotContain(warning);
    }

    @Test
    void columnsThatCountTheRowsAreReported() throws IOException {
        Path counted = file(
                "counted.csv",
                IntStream.range(0, 12)
                        .mapToObj(i -> "%d,%d,%d,%s".formatted(1000 + i, i * i, i / 11 + i, i % 2 == 0 ? "a" : "b"))
                        .collect(Collectors.joining("\n", "row id,x,y,kind\n", "\n")));
        String note = "counted.csv: column 'row id' counts the rows and is used as a feature; --id 'row id' or --drop";
        for (Invocation heddle : List.of(
                run("logistic", "train", counted, "--label", "kind", "--model", model()),
                run("kmeans", "fit", counted, "--drop", "kind", "--clusters", 2, "--model", model()),
                run("data", "info", counted))) {
            assertThat(heddle.err()).containsOnlyOnce("counts the rows").contains(note);
        }
        assertThat(run("data", "info", counted, "--id", "row id").err()).doesNotContain("counts the rows");
        Path few = file("few.csv", "id,kind\n1,a\n2,b\n3,a\n");
        assertThat(run("data", "info", few).err()).doesNotContain("counts the rows");
    }

    /** Labels that are not classes of the model give no accuracy. */
    @Test
    void labelsThatCannotBeScoredAreReported() throws IOException {
        run("logistic", "train", file("train.csv", "x,kind\n1,a\n2,b\n"), "--label", "kind", "--model", model());
        Path other = file("other.csv", "x,kind\n1,A\n2,b\n");
        assertThat(run("predict", model(), other, "--out", out()).err())
                .contains("other.csv: no accuracy, because the model has no class A; its classes are a, b");
    }

    @Test
    void rowsCanBeLeftOut() throws IOException {
        Path shop = file("shop.csv", SHOP);
        Invocation heddle = run(
                "logistic",
                "train",
                shop,
                "--label",
                "churned",
                "--drop",
                "number,born",
                "--one-hot",
                "city",
                "--missing",
                "age=drop-rows",
                "--missing",
                "score=median",
                "--missing",
                "city=category",
                "--model",
                model());
        assertThat(heddle.err()).contains("shop.csv: leaves out 1 of 6 rows with missing values");
        assertThat(json("inspect", model()).get("columns").get(1).get("missing").asText())
                .isEqualTo("drop-rows");
        assertRefused(
                Invocation.of("predict", model(), shop, "--out", out()),
                "'age' in 1 of 6 rows, first in row 1; --missing mean");
    }

    @Test
    void inspectPrintsWeightsByNameInTheUnitsOfTheColumns() throws IOException {
        StringBuilder text = new StringBuilder("time,shop,kind\n");
        Random random = new Random(2);
        for (int i = 0; i < 200; i++) {
            double hours = random.nextDouble(10);
            text.append("%.3f,%s,%s%n"
                    .formatted(1e6 + hours, i % 2 == 0 ? "n" : "s", hours + random.nextGaussian() > 5 ? "b" : "a"));
        }
        Path data = file("times.csv", text.toString());
        run("logistic", "train", data, "--label", "kind", "--one-hot", "shop", "--lambda", "1e-3", "--model", model());
        JsonNode coefficients = json("inspect", model()).get("coefficients");
        JsonNode features = coefficients.get("features");
        assertThat(features).extracting(f -> f.get("name").asText()).containsExactly("time", "shop=n", "shop=s");
        double weight = features.get(0).get("weights").get(1).asDouble();
        assertThat(weight).isPositive();
        Path one = file("one.csv", "time,shop\n1000005,n\n");
        run("logistic", "predict", model(), one, "--out", out());
        double probability = Double.parseDouble(Files.readAllLines(out()).get(1).split(",")[2]);
        double[] logits = new double[2];
        for (int c = 0; c < 2; c++) {
            logits[c] = coefficients.get("intercepts").get(c).asDouble()
                    + 1_000_005 * features.get(0).get("weights").get(c).asDouble()
                    + features.get(1).get("weights").get(c).asDouble();
        }
        assertThat(1 / (1 + Math.exp(logits[0] - logits[1]))).isEqualTo(probability, within(1e-4));
        assertThat(run("inspect", model()).out())
                .contains("weights in the units of the columns", "shop=n", "label column         kind");
    }

    @Test
    void dataInfoListsEveryColumnAndRefusesNone() throws IOException {
        Path shop = file("shop.csv", SHOP);
        JsonNode info = json("data", "info", shop);
        JsonNode columns = info.get("tableColumns");
        assertThat(columns)
                .extracting(c -> c.get("type").asText())
                .containsExactly("text", "text", "number", "date", "boolean", "number", "boolean");
        assertThat(columns.get(2).get("missing").asInt()).isEqualTo(1);
        assertThat(columns.get(2).get("minimum").asDouble()).isEqualTo(27);
        assertThat(columns.get(2).get("maximum").asDouble()).isEqualTo(61);
        assertThat(columns.get(1).get("distinct").asInt()).isEqualTo(3);
        assertThat(info.get("needDecision"))
                .extracting(JsonNode::asText)
                .containsExactly("number", "city", "age", "born", "score");
        String text = run("data", "info", shop).out();
        assertThat(text).contains("born     date", "1970-06-15 to 2001-02-28", "16.7 %", "--dates born=days");
        assertThat(run("data", "info", shop, "--label", "city").out()).contains("not every row has a label");
        assertRefused(Invocation.of("data", "info", shop, "--label", "nothing"), "has no column 'nothing'");
    }

    @Test
    void controlCharactersOfFilesDoNotReachTheTerminal() throws IOException {
        Path evil = file("evil.csv", "\u001b[31mred\u0007,kind\n1,\u001b]0;pwn\u0007\n2,b\n");
        assertThat(run("data", "info", evil, "--label", "kind").out())
                .contains("\\u001b[31mred\\u0007")
                .doesNotContain("\u001b", "\u0007");
        run("logistic", "train", evil, "--label", "kind", "--model", model());
        assertThat(run("inspect", model()).out()).doesNotContain("\u001b", "\u0007");
        Invocation missing = Invocation.of("predict", model(), file("n.csv", "x\n1\n"), "--out", out());
        assertRefused(missing, "\\u001b[31mred");
        assertThat(missing.err()).doesNotContain("\u001b[31m", "\u0007");
    }

    @Test
    void arraysHaveNoNamesToCheck() throws IOException {
        Path table = file("t.csv", "a,b,kind\n0,10,u\n1,12,u\n5,1,v\n6,0,v\n");
        run("logistic", "train", table, "--label", "kind", "--model", model());
        Path array = folder.resolve("x.npy");
        try (FloatMatrix x = FloatMatrix.copyOf(new float[] {0, 10, 6, 0}, 2, 2);
                OutputStream stream = Files.newOutputStream(array)) {
            NpyWriter.write(x, stream);
        }
        Invocation heddle = run("predict", model(), array, "--out", out());
        assertThat(heddle.err())
                .contains("x.npy: columns are matched by their order", "whether they are a, b cannot be checked");
        assertThat(Files.readAllLines(out())).containsExactly("row,label,class", "0,0,u", "1,1,v");
        run("logistic", "train", array, "--labels", file("y.txt", "p\nq\n"), "--model", model());
        Invocation positional = run("predict", model(), table, "--drop", "kind", "--out", out());
        assertThat(positional.err()).contains("has no column names", "cannot be checked");
        assertThat(Files.readAllLines(out()).get(1)).isEqualTo("0,0,p");
    }

    @Test
    void aDamagedOptionOfAModelIsReported() throws IOException {
        Path train = file("ab.csv", "a,kind\n0,u\n6,v\n");
        run("logistic", "train", train, "--label", "kind", "--model", model());
        io.heddle.model.Provenance provenance;
        try (io.heddle.model.SavedModel saved = io.heddle.model.ModelFile.read(model())) {
            provenance = saved.provenance().withOption("scale", "abc");
            Path damaged = folder.resolve("damaged.heddle");
            io.heddle.model.ModelFile.write(damaged, saved.tables().orElseThrow(), provenance);
            assertRefused(
                    Invocation.of("predict", damaged, train, "--out", out()), "is damaged: its option scale is 'abc'");
        }
    }

    @Test
    void trainFitsAPipelineAndExportsIt() throws IOException {
        Path shop = file("shop.csv", SHOP);
        Path onnx = folder.resolve("model.onnx");
        JsonNode trained = json(
                "train",
                shop,
                "--label",
                "churned",
                "--id",
                "number",
                "--auto",
                "--standardize",
                "--pca",
                3,
                "--model",
                model(),
                "--onnx",
                onnx);
        assertThat(trained.get("features").asInt()).isEqualTo(8);
        assertThat(trained.get("components").asInt()).isEqualTo(3);
        assertThat(trained.get("converged").asBoolean()).isTrue();
        assertThat(Files.size(onnx)).isGreaterThan(500);
        Invocation predicted = run("predict", model(), shop, "--out", out());
        assertThat(predicted.out())
                .contains("accuracy %.4f".formatted(trained.get("accuracy").asDouble()));
        assertThat(json("inspect", model()).get("stages"))
                .extracting(s -> s.get("kind").asText())
                .containsExactly("pca", "logistic");
        run("train", shop, "--drop", "churned", "--id", "number", "--auto", "--clusters", 2, "--model", model());
        assertThat(predicted(shop, "--details").getFirst()).isEqualTo("row,id,label,distance 0,distance 1");
    }
}
