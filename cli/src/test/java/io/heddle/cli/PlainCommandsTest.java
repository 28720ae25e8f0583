package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.array.NpyArray;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the commands for tables, from the command line to the written files. */
@Tag("slow")
class PlainCommandsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static Path trees;
    private static Path images;

    /** Three kinds of trees by height and girth, separate except for some noise, and a column without information. */
    @BeforeAll
    static void write() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        StringBuilder text = new StringBuilder("height,girth,noise,kind\n");
        String[] kinds = {"ash", "elm", "oak"};
        for (int i = 0; i < 90; i++) {
            int kind = i % 3;
            text.append("%s,%s,%s,%s%n"
                    .formatted(
                            10 * kind + random.nextDouble(4),
                            5 - 2 * kind + random.nextDouble(1),
                            random.nextDouble(),
                            kinds[kind]));
        }
        trees = Files.writeString(shared.resolve("trees.csv"), text);
        images = Files.createDirectory(shared.resolve("images"));
        DrawnImages.write(images, 60, 20);
    }

    private static JsonNode json(Object... words) throws IOException {
        List<Object> all = new ArrayList<>(List.of(words));
        all.add("--json");
        Invocation heddle = Invocation.of(all.toArray());
        assertThat(heddle.code()).as(heddle.err()).isZero();
        JsonNode node = JSON.readTree(heddle.out());
        assertThat(heddle.out()).startsWith("{").endsWith("}\n");
        return node;
    }

    private static List<String> keys(JsonNode node) {
        List<String> keys = new ArrayList<>();
        node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    private void assertRefused(Invocation heddle, String... named) throws IOException {
        assertThat(heddle.code()).as(heddle.err()).isEqualTo(2);
        assertThat(heddle.out()).isEmpty();
        assertThat(heddle.errorsBesideProgress())
                .singleElement()
                .asString()
                .startsWith("heddle: ")
                .contains(named);
        assertThat(heddle.err()).doesNotContain("Exception");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).noneMatch(p -> p.getFileName().toString().endsWith(".part"));
        }
    }

    @Test
    void dataInfoDescribesTheData() throws IOException {
        JsonNode table = json("data", "info", trees, "--label", "kind");
        assertThat(keys(table))
                .containsExactly("rows", "columns", "dtype", "labels", "classes", "tableColumns", "needDecision");
        assertThat(table.get("rows").asInt()).isEqualTo(90);
        assertThat(table.get("columns").asInt()).isEqualTo(3);
        assertThat(table.get("dtype").asText()).isEqualTo("text");
        assertThat(table.get("labels").asBoolean()).isTrue();
        assertThat(table.get("classes").asInt()).isEqualTo(3);

        JsonNode pictures = json("data", "info", images + ":all");
        assertThat(pictures.get("rows").asInt()).isEqualTo(80);
        assertThat(pictures.get("dtype").asText()).isEqualTo("uint8");

        Invocation text = Invocation.of("data", "info", images);
        assertThat(text.out()).contains("rows                 60", "28 x 28, gray");
        assertThat(text.out().lines()).allSatisfy(l -> assertThat(l).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void convertsAndConvertsBack() throws IOException {
        Path npy = folder.resolve("pictures.npy");
        Path npz = folder.resolve("pictures.npz");
        Path csv = folder.resolve("pictures.csv");
        Path photos = folder.resolve("photos");
        for (Path out : List.of(npy, npz, csv, photos)) {
            JsonNode node = json("data", "convert", images, out, "--limit", 30);
            assertThat(node.get("rows").asInt()).isEqualTo(30);
        }
        try (NpyArray array = NpyArray.open(npy)) {
            assertThat(array.shape()).containsExactly(30, 28, 28);
            assertThat(array.dtype()).hasToString("uint8");
        }
        DataOptions plain = DataOptions.defaults();
        try (DataSource source = DataSource.open(images.toString(), plain, l -> {});
                FloatMatrix x = source.read();
                DataSource fromNpz = DataSource.open(npz.toString(), plain, l -> {});
                FloatMatrix z = fromNpz.read();
                DataSource fromCsv =
                        DataSource.open(csv.toString(), plain.withLabel("label").withScale(1.0 / 255), l -> {});
                FloatMatrix c = fromCsv.read();
                DataSource fromPhotos = DataSource.open(photos.toString(), plain, l -> {});
                FloatMatrix p = fromPhotos.read()) {
            assertThat(fromPhotos.images()).isEqualTo(source.images());
            for (int i = 0; i < 30; i++) {
                int label = source.labels().orElseThrow().values()[i];
                assertThat(fromNpz.labels().orElseThrow().values()[i]).isEqualTo(label);
                assertThat(fromNpz.labels().orElseThrow().classNames())
                        .isEqualTo(source.labels().orElseThrow().classNames());
                assertThat(fromCsv.labels()
                                .orElseThrow()
                                .classNames()
                                .get(fromCsv.labels().orElseThrow().values()[i]))
                        .isEqualTo(source.labels().orElseThrow().classNames().get(label));
                for (int j = 0; j < x.columns(); j += 5) {
                    assertThat(z.get(i, j)).isEqualTo(x.get(i, j));
                    assertThat(c.get(i, j)).isEqualTo(x.get(i, j));
                }
            }
            // Photos are sorted by class. The name of each file is the number of its row.
            for (int i = 0; i < 30; i++) {
                String name = fromPhotos.file(i).orElseThrow().getFileName().toString();
                int row = Integer.parseInt(name.substring(0, name.indexOf('.')));
                for (int j = 0; j < x.columns(); j++) {
                    assertThat(p.get(i, j)).isEqualTo(x.get(row, j));
                }
            }
        }
    }

    @Test
    void trainsAndPredictsWithClassNames() throws IOException {
        Path model = folder.resolve("trees.heddle");
        JsonNode trained = json(
                "logistic", "train", trees, "--label", "kind", "--lambda", "1e-3", "--l1-ratio", 1, "--model", model);
        assertThat(keys(trained))
                .containsExactly(
                        "objective",
                        "lambda",
                        "l1Ratio",
                        "grouped",
                        "accuracy",
                        "nonZeros",
                        "iterations",
                        "converged",
                        "certificate",
                        "seconds");
        assertThat(keys(trained.get("certificate"))).containsExactly("kind", "relative");
        assertThat(trained.get("accuracy").asDouble()).isEqualTo(1);
        assertThat(trained.get("lambda").asDouble()).isEqualTo(1e-3);
        assertThat(trained.get("certificate").get("relative").asDouble()).isBetween(0.0, 1e-2);

        Path out = folder.resolve("out.csv");
        Path bare = folder.resolve("bare.csv");
        json("data", "convert", trees, bare, "--drop", "kind");
        assertThat(keys(json("logistic", "predict", model, bare, "--out", out))).containsExactly("rows");
        List<String> lines = Files.readAllLines(out);
        assertThat(lines).hasSize(91);
        assertThat(lines.getFirst()).isEqualTo("label,probability_0,probability_1,probability_2");
        assertThat(lines.get(1)).startsWith("ash,0.9");
        assertThat(lines.get(2)).startsWith("elm,");
        assertThat(lines.get(3)).startsWith("oak,");

        JsonNode scored = json("logistic", "predict", model, trees, "--label", "kind");
        assertThat(keys(scored)).containsExactly("rows", "accuracy");
        assertThat(scored.get("accuracy").asDouble()).isEqualTo(1);

        JsonNode tested =
                json("logistic", "train", images, "--test", images + ":test", "--model", model, "--tolerance", "1e-3");
        assertThat(tested.get("accuracy").asDouble()).isGreaterThan(0.8);
    }

    @Test
    void weightsClassesEquallyIfRequested() throws IOException {
        // Two kinds that cannot be separated, one of them nine times as frequent.
        StringBuilder text = new StringBuilder("x,kind\n");
        for (int i = 0; i < 100; i++) {
            text.append("%d,%s%n".formatted(i * 37 % 7, i % 10 == 0 ? "rare" : "usual"));
        }
        Path table = Files.writeString(folder.resolve("rare.csv"), text);
        Path model = folder.resolve("rare.heddle");
        Path out = folder.resolve("out.csv");
        json(
                "logistic",
                "train",
                table,
                "--label",
                "kind",
                "--lambda",
                10,
                "--class-weight",
                "balanced",
                "--model",
                model);
        json("logistic", "predict", model, table, "--label", "kind", "--out", out);

        String[] fields = Files.readAllLines(out).get(5).split(",");
        assertThat(Double.parseDouble(fields[1])).isBetween(0.45, 0.55);
    }

    @ParameterizedTest
    @ValueSource(strings = {"path", "cv"})
    void findsAPenaltyWithoutTheNoiseColumn(String command) throws IOException {
        Path plot = folder.resolve("curve.svg");
        JsonNode found = json(
                "logistic", command, trees, "--label", "kind", "--lambdas", 6, "--l1-ratios", "0.5,1", "--plot", plot);
        assertThat(keys(found)).containsExactly("rows", "best", "grouped");
        assertThat(found.get("rows")).hasSize(12);
        assertThat(keys(found.get("best")))
                .containsExactly("lambda", "l1Ratio", "score", "standardError", "nonZeros", "converged");
        assertThat(found.get("rows").get(0).get("nonZeros").asInt())
                .as("at the largest lambda")
                .isZero();
        assertThat(found.get("best").get("score").asDouble()).isGreaterThan(0.9);
        assertThat(found.get("best").get("nonZeros").asInt()).isBetween(1, 6);
        assertThat(plot)
                .content()
                .startsWith("<svg")
                .contains("polyline", "l1Ratio 0.5")
                .endsWith("</svg>\n");

        Invocation text = Invocation.of("logistic", command, trees, "--label", "kind", "--lambdas", 3);
        assertThat(text.out()).contains("<- best", "one-standard-error rule");
        assertThat(text.out().lines()).allSatisfy(l -> assertThat(l).hasSizeLessThanOrEqualTo(80));
        assertThat(Invocation.of("logistic", command, trees, "--label", "kind", "--lambdas", 3)
                        .out())
                .as("the same result again")
                .isEqualTo(text.out());
    }

    @Test
    void crossValidationWritesTheModelOfItsPenalty() throws IOException {
        Path model = folder.resolve("best.heddle");
        json("logistic", "cv", trees, "--label", "kind", "--lambdas", 4, "--folds", 3, "--model", model);

        assertThat(json("logistic", "predict", model, trees, "--label", "kind")
                        .get("accuracy")
                        .asDouble())
                .isGreaterThan(0.9);
    }

    @Test
    void fitsComponentsAndTransforms() throws IOException {
        Path model = folder.resolve("pca.heddle");
        Path out = folder.resolve("z.npy");
        JsonNode fitted = json("pca", "fit", images, "--components", 4, "--whiten", "--model", model);
        assertThat(keys(fitted))
                .containsExactly("explainedVarianceRatio", "solver", "iterations", "converged", "seconds");
        assertThat(fitted.get("explainedVarianceRatio")).hasSize(4);

        JsonNode transformed = json("pca", "transform", model, images, "--out", out);
        assertThat(transformed.get("rows").asInt()).isEqualTo(60);
        try (NpyArray array = NpyArray.open(out);
                FloatMatrix z = array.read(0, 60, 1)) {
            assertThat(array.shape()).containsExactly(60, 4);
            double squares = 0;
            for (int i = 0; i < 60; i++) {
                squares += z.get(i, 0) * z.get(i, 0);
            }
            assertThat(squares / 59).isBetween(0.99, 1.01);
        }
    }

    @Test
    void scalesNewDataAsTheTrainingData() throws IOException {
        Path model = folder.resolve("scaled.heddle");
        Path one = folder.resolve("one.npy");
        Path two = folder.resolve("two.npy");
        json("pca", "fit", trees, "--label", "kind", "--scale", "1/4", "--components", 2, "--model", model);
        json("pca", "transform", model, trees, "--label", "kind", "--out", one);
        json("pca", "transform", model, trees, "--label", "kind", "--scale", "0.25", "--out", two);

        assertThat(one).hasSameBinaryContentAs(two);
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "lloyd", "mini-batch"})
    void groupsAndAssigns(String algorithm) throws IOException {
        Path model = folder.resolve("groups.heddle");
        Path out = folder.resolve("assigned.csv");
        JsonNode fitted = json(
                "kmeans", "fit", trees, "--drop", "kind", "--clusters", 3, "--algorithm", algorithm, "--model", model);
        assertThat(keys(fitted))
                .containsExactly(
                        "algorithm", "inertia", "iterations", "converged", "sizes", "emptyClusters", "seconds");
        assertThat(fitted.get("algorithm").asText()).isEqualTo(algorithm.equals("auto") ? "lloyd" : algorithm);
        assertThat(fitted.get("sizes")).extracting(JsonNode::asInt).containsExactly(30, 30, 30);

        json("kmeans", "predict", model, trees, "--drop", "kind", "--out", out);
        List<String> lines = Files.readAllLines(out);
        assertThat(lines).hasSize(91).startsWith("row,cluster");
        for (int i = 4; i < 91; i++) {
            assertThat(lines.get(i).split(",")[1])
                    .as("row %d", i)
                    .isEqualTo(lines.get(i - 3).split(",")[1]);
        }
    }

    @Test
    void writesFeaturesOfPhotos() throws IOException {
        Path photos = folder.resolve("photos");
        Path out = folder.resolve("features.npy");
        json("data", "convert", images, photos, "--limit", 5);
        JsonNode made = json("features", photos, "--encoder", "imagenet", "--precision", "float32", "--out", out);

        assertThat(keys(made)).containsExactly("rows", "dimensions", "imagesPerSecond");
        assertThat(made.get("rows").asInt()).isEqualTo(5);
        assertThat(made.get("dimensions").asInt()).isEqualTo(1280);
        try (NpyArray array = NpyArray.open(out)) {
            assertThat(array.shape()).containsExactly(5, 1280);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data                                               | a command is missing",
                "data info                                          | DATA",
                "data info nowhere.csv                              | there is no file or folder nowhere.csv",
                "data info TREES --label colour                     | no column 'colour'; its columns are height, girth",
                "kmeans fit TREES --clusters 2 --model OUT/m         | 1 of 4 columns need a decision: 'kind' holds text",
                "data info TREES --drop kind --scale 1/0            | a scale is a finite number",
                "data info TREES --drop kind --scale half           | --scale must be a number",
                "data info TREES --drop kind --resize big           | 'big' is not an image size",
                "data info TREES --drop kind --header perhaps       | --header must be yes or no",
                "data info TREES --drop kind --separator ,,         | --separator must be one character",
                "data info TREES --drop kind --threads 0            | --threads must be 1 to 1024",
                "data info TREES --lable kind                       | --lable",
                "data fetch mnist                                   | there is no data set 'mnist'",
                "data convert TREES OUT/t.xls --drop kind           | t.xls has no known output format",
                "data convert TREES OUT/none/t.npy --drop kind      | there is no folder",
                "data convert TREES OUT --drop kind                 | a file or folder of that name exists already",
                "data convert TREES OUT/photos --drop kind          | rows of values, not images",
                "logistic train TREES --label kind                  | --model",
                "logistic train TREES --drop kind --model OUT/m     | has no labels: name their column with --label",
                "logistic train TREES --label kind --model OUT      | it is a folder",
                "logistic train TREES --label kind --lambda -1 --model OUT/m   | lambda must be 0 or more",
                "logistic train TREES --label kind --l1-ratio 2 --model OUT/m  | l1Ratio must be between 0 and 1",
                "logistic train IMAGES --test TREES --model OUT/m   | columns that are not numeric: kind",
                "logistic predict TREES TREES --label kind          | trees.csv",
                "logistic cv TREES --label kind --folds 1           | at least 2 folds",
                "logistic cv TREES --label kind --folds 91          | cannot be split into 91 folds",
                "logistic cv TREES --label kind --lambdas 1         | 2 to 1000 lambdas",
                "logistic path TREES --label kind --lambda-ratio 1  | lambdaRatio must be above 0 and below 1",
                "logistic train TREES --label kind --class-weight heavy --model OUT/m  | 'heavy'",
                "pca fit TREES --drop kind --components 4 --model OUT/m  | 4",
                "pca fit TREES --drop kind --components 2 --solver qr --model OUT/m  | 'qr'",
                "kmeans fit TREES --drop kind --clusters 91 --model OUT/m   | 91",
                "kmeans fit TREES --drop kind --clusters 2 --algorithm elkan --model OUT/m  | auto, lloyd or mini-batch",
                "kmeans fit TREES --drop kind --clusters 2 --distance taxi --model OUT/m  | euclidean or cosine",
                "kmeans fit IMAGES --clusters 2 --weights w --model OUT/m  | --weights names the column 'w'",
                "pca fit TREES --drop kind --components much --model OUT/m  | a share of the variance between 0 and 1",
                "pca fit TREES --drop kind --components .9 --solver randomized --model OUT/m  | covariance solver",
                "features TREES --drop kind --out OUT/f.npy         | not images; set their size with --image-size",
            })
    void refusesInOneSentence(String line, String says) throws IOException {
        String[] words = line.replace("TREES", trees.toString())
                .replace("IMAGES", images.toString())
                .replace("OUT", folder.toString())
                .split(" +");

        assertRefused(Invocation.of((Object[]) words), says);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void refusesAModelOfAnotherKindOrForOtherData() throws IOException {
        Path model = folder.resolve("pca.heddle");
        json("pca", "fit", trees, "--drop", "kind", "--components", 2, "--model", model);

        assertRefused(
                Invocation.of("logistic", "predict", model, trees, "--label", "kind"), "of kind pca, not logistic");
        assertRefused(
                Invocation.of("pca", "transform", model, images, "--out", folder.resolve("z.npy")),
                "784 columns, but the model",
                "takes 3");
        assertThat(folder.resolve("z.npy")).doesNotExist();
    }

    @Test
    void keepsAnOlderFileAfterAFailure() throws IOException {
        Path model = Files.writeString(folder.resolve("m.heddle"), "older");

        assertRefused(Invocation.of("logistic", "train", trees, "--drop", "kind", "--model", model), "has no labels");
        assertThat(model).hasContent("older");
    }

    @Test
    void helpOfEveryCommandFitsAndHasExamples() {
        for (String line : List.of(
                "data info",
                "data fetch",
                "data convert",
                "logistic train",
                "logistic predict",
                "logistic path",
                "logistic cv",
                "pca fit",
                "pca transform",
                "kmeans fit",
                "kmeans predict",
                "features")) {
            Invocation heddle = Invocation.of((Object[]) (line + " --help").split(" "));
            assertThat(heddle.code()).isZero();
            assertThat(heddle.out()).contains("Examples:", "heddle " + line, "--json");
            assertThat(heddle.out().lines()).allSatisfy(l -> assertThat(l).hasSizeLessThanOrEqualTo(80));
        }
    }

    @Test
    void completionHasTheCommands() {
        Invocation heddle = Invocation.of("generate-completion");

        assertThat(heddle.code()).isZero();
        assertThat(heddle.out()).contains("complete", "logistic", "kmeans", "--l1-ratios");
    }

    @Test
    void theManualPageHasEveryCommandAndOption() {
        Invocation heddle = Invocation.of("generate-man");

        assertThat(heddle.code()).isZero();
        assertThat(heddle.out())
                .startsWith(".TH HEDDLE 1\n.SH NAME\n")
                .contains(".SS heddle logistic cv DATA [OPTIONS]", ".B \\-\\-folds F", "heddle data info products.csv");
        assertThat(heddle.out().lines())
                .noneMatch(l -> l.startsWith(".") && !l.matches("\\.(TH|SH|SS|TP|PP|B|nf|fi)( .*)?"));
    }
}
