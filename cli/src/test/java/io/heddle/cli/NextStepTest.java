package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the last line of a command on a terminal, and that the suggested command runs. */
class NextStepTest {
    private static final String TERMINAL = "heddle.columns";
    private static final Path FLOWERS = Path.of("../docs/examples/flowers.csv");

    @TempDir
    Path folder;

    @AfterEach
    void leaveTheTerminal() {
        System.clearProperty(TERMINAL);
    }

    private static Invocation run(Object... words) {
        Invocation heddle = Invocation.of(words);
        assertThat(heddle.code()).as(heddle.err()).isZero();
        return heddle;
    }

    private static String next(Object... words) {
        System.setProperty(TERMINAL, "30");
        String last = run(words).errorLines().getLast();
        assertThat(last).startsWith("Next: ");
        return last.substring("Next: ".length());
    }

    /** Runs the suggested command with the flowers as data and with its output in the folder. */
    private String follow(String step) {
        List<Object> words = new ArrayList<>();
        for (String word : step.split(" ")) {
            boolean output = word.matches("predicted.csv|clusters.csv|components.npy|model.heddle");
            words.add(word.equals("DATA") ? FLOWERS : output ? folder.resolve(word) : word);
        }
        assertThat(words.removeFirst()).isEqualTo("heddle");
        if (words.getFirst().equals("group")) {
            words.addAll(List.of("--out", folder.resolve("groups")));
        }
        return next(words.toArray());
    }

    @Test
    void aTableSuggestsAModelItsPredictionsAndItsWeights() {
        String train = next("data", "info", FLOWERS, "--label", "species");
        assertThat(train).isEqualTo("heddle train %s --label species --model model.heddle".formatted(FLOWERS));
        String predict = follow(train);
        assertThat(predict).endsWith("model.heddle DATA --out predicted.csv");
        String inspect = follow(predict);
        assertThat(inspect).startsWith("heddle inspect ");
        assertThat(follow(inspect)).startsWith("heddle predict ");
        assertThat(next("export", "onnx", folder.resolve("model.heddle"), folder.resolve("model.onnx")))
                .startsWith("load ")
                .endsWith("model.onnx with ONNX Runtime");
    }

    @Test
    void penaltiesSuggestAModel() {
        Object[] few = {"--label", "species", "--lambdas", 2};
        String search = next("logistic", "path", FLOWERS, few[0], few[1], few[2], few[3]);
        assertThat(search).isEqualTo("heddle logistic cv %s --label species".formatted(FLOWERS));
        assertThat(next("logistic", "cv", FLOWERS, few[0], few[1], few[2], few[3], "--folds", 2))
                .contains("--model FILE");
        Path model = folder.resolve("flowers.heddle");
        String predict = next("logistic", "train", FLOWERS, few[0], few[1], "--model", model);
        assertThat(predict).isEqualTo("heddle predict %s DATA --out predicted.csv".formatted(model));
        assertThat(next("logistic", "predict", model, FLOWERS)).contains("--out FILE.csv");
    }

    @Test
    void componentsAndClustersSuggestTheirRows() {
        Path pca = folder.resolve("pca.heddle");
        String transform = next("pca", "fit", FLOWERS, "--drop", "species", "--components", 2, "--model", pca);
        assertThat(transform).endsWith("DATA --out components.npy");
        String group = follow(transform);
        assertThat(group).startsWith("heddle group ").endsWith("components.npy");
        assertThat(follow(group)).endsWith("heddle group apply");
        Path clusters = folder.resolve("clusters.heddle");
        String predict = next("kmeans", "fit", FLOWERS, "--drop", "species", "--clusters", 3, "--model", clusters);
        assertThat(follow(predict)).isEqualTo("heddle inspect " + clusters);
        Path copy = folder.resolve("copy.npz");
        assertThat(next("data", "convert", FLOWERS, copy, "--label", "species")).isEqualTo("heddle data info " + copy);
    }

    @Test
    void aPageIsOpened() {
        Path out = folder.resolve("similar");
        assertThat(next("similar", FLOWERS, "--label", "species", "--query", 3, "--out", out))
                .isEqualTo("open %s/index.html in a browser; --open does that".formatted(out));
    }

    @Test
    void programsAndFilesGetNoSuggestion() {
        Invocation piped = run("data", "info", FLOWERS);
        System.setProperty(TERMINAL, "30");
        Invocation json = run("data", "info", FLOWERS, "--json");
        Invocation quiet = run("data", "info", FLOWERS, "-q");
        Invocation help = run("data", "info", "--help");
        Invocation groups =
                run("group", FLOWERS, "--clusters", 2, "--drop", "species", "--json", "--out", folder.resolve("g"));

        for (Invocation heddle : List.of(piped, json, quiet, help, groups)) {
            assertThat(heddle.out() + heddle.err()).doesNotContain("Next: ");
        }
    }
}
