package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.cli.command.KMeansCommand;
import io.heddle.cli.terminal.Faults;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Tests the rule for the outputs of all commands. */
class OutputRuleTest {
    @TempDir
    Path folder;

    private Path table;

    @BeforeEach
    void write() throws IOException {
        StringBuilder text = new StringBuilder("a,b,kind\n");
        for (int i = 0; i < 40; i++) {
            text.append("%d,%d,%s%n".formatted(i * 7 % 11, i % 2 * 10 + i % 3, i % 2 == 0 ? "even" : "odd"));
        }
        table = Files.writeString(folder.resolve("f.csv"), text);
    }

    private Invocation run(String line) {
        return Invocation.of((Object[]) line.replace("@", folder + "/").split(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "features @f.csv --drop kind --out @x.csv  .npy",
                "features @f.csv --drop kind --out @x.npz  .npy",
                "logistic path @f.csv --label kind --lambdas 2 --plot @x.png  .svg",
                "train @f.csv --label kind --model @m.heddle --onnx @x.heddle  .onnx",
                "pca transform @pca.heddle @f.csv --drop kind --out @x.csv  .npy",
                "kmeans predict @kmeans.heddle @f.csv --drop kind --out @x.csv.gz  .csv",
            })
    void anExtensionOfAnotherFormatIsRefused(String line) {
        run("pca fit @f.csv --drop kind --components 1 --model @pca.heddle");
        run("kmeans fit @f.csv --drop kind --clusters 2 --model @kmeans.heddle");
        String[] parts = line.split("  ");
        Invocation refused = run(parts[0]);

        assertThat(refused.code()).as(refused.err()).isEqualTo(2);
        assertThat(refused.errorLines()).last().asString().contains("is written as " + parts[1]);
        assertThat(folder)
                .isDirectoryNotContaining(file -> file.getFileName().toString().startsWith("x."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"predicted", "predicted.CSV", "predicted-0.5"})
    void otherNamesAreWritten(String name) {
        run("kmeans fit @f.csv --drop kind --clusters 2 --model @kmeans.heddle");
        Invocation predicted = run("kmeans predict @kmeans.heddle @f.csv --drop kind --out @" + name);

        assertThat(predicted.code()).as(predicted.err()).isZero();
        assertThat(folder.resolve(name)).isNotEmptyFile();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kmeans fit @f.csv --drop kind --clusters 2 --model @f.csv",
                "kmeans fit @f.csv --drop kind --clusters 2 --model=@./f.csv",
                "kmeans fit @f.csv --drop kind --clusters 2 --model @soft",
                "kmeans fit @f.csv --drop kind --clusters 2 --model @hard",
                "kmeans fit @soft --drop kind --clusters 2 --model @hard",
                "pca fit @f.csv --drop kind --components 1 --model @f.csv",
                "logistic train @f.csv --label kind --model @f.csv",
                "logistic cv @f.csv --label kind --folds 2 --lambdas 2 --model @f.csv",
                "logistic cv @f.csv --label kind --folds 2 --lambdas 2 --plot @f.csv",
                "logistic path @f.csv --label kind --lambdas 2 --plot @f.csv",
                "logistic train @hard --label kind --test @f.csv --model @f.csv",
                "data convert @f.csv @f.csv --label kind",
                "encoder train @f.csv --image-size 1x2 --drop kind --out @f.csv",
                "features @f.csv --drop kind --image-size 1x2 --out @f.csv",
            })
    void anInputIsNeverReplaced(String line) throws IOException {
        String before = Files.readString(table);
        Files.createSymbolicLink(folder.resolve("soft"), table);
        Files.createLink(folder.resolve("hard"), table);

        Invocation run = run(line);

        assertThat(run.code()).as(run.err()).isEqualTo(Faults.INPUT_ERROR);
        assertThat(run.errorsBesideProgress())
                .singleElement()
                .asString()
                .contains("it is used twice on the command line");
        assertThat(table).hasContent(before);
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("f.csv", "soft", "hard");
    }

    @Test
    void nothingIsWrittenOverTheModelThatPredicts() throws IOException {
        assertThat(run("kmeans fit @f.csv --drop kind --clusters 2 --model @m.heddle")
                        .code())
                .isZero();
        byte[] model = Files.readAllBytes(folder.resolve("m.heddle"));
        for (String line : List.of(
                "kmeans predict @m.heddle @f.csv --drop kind --out @m.heddle",
                "predict @m.heddle @f.csv --drop kind --out @m.heddle",
                "export onnx @m.heddle @m.heddle")) {
            assertThat(run(line).code()).as(line).isEqualTo(Faults.INPUT_ERROR);
            assertThat(folder.resolve("m.heddle")).hasBinaryContent(model);
        }
    }

    @Test
    void twoOutputsAreTwoFiles() {
        Invocation run = run("logistic cv @f.csv --label kind --folds 2 --lambdas 2 --plot @x --model @x");

        assertThat(run.code()).isEqualTo(Faults.INPUT_ERROR);
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void aColumnCanHaveTheNameOfAnOutput() {
        assertThat(run("logistic train @f.csv --label kind --drop a --model kind")
                        .err())
                .doesNotContain("something else");
        Path.of("kind").toFile().delete();
    }

    @Test
    void aPhotoOfTheInputFolderIsNotReplaced() throws IOException {
        Path photos = Files.createDirectory(folder.resolve("photos"));
        DrawnImages.write(photos, 4, 1);
        Path photo;
        try (var all = Files.walk(photos)) {
            photo = all.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        byte[] before = Files.readAllBytes(photo);

        Invocation run = Invocation.of("features", photos, "--out", photo);

        assertThat(run.code()).isEqualTo(Faults.INPUT_ERROR);
        assertThat(run.err()).contains("it is a file of the input folder");
        assertThat(photo).hasBinaryContent(before);
    }

    @Test
    void replacingIsReportedAndCanBeRefused() throws IOException {
        String fit = "kmeans fit @f.csv --drop kind --clusters 2 --model @m.heddle";
        assertThat(run(fit).err()).doesNotContain("replaced");
        byte[] first = Files.readAllBytes(folder.resolve("m.heddle"));

        Invocation refused = run(fit + " --seed 7 --no-clobber");
        assertThat(refused.code()).isEqualTo(Faults.INPUT_ERROR);
        assertThat(refused.err()).contains("m.heddle exists and --no-clobber is set");
        assertThat(folder.resolve("m.heddle")).hasBinaryContent(first);

        Invocation again = run(fit);
        assertThat(again.code()).isZero();
        assertThat(again.err()).contains("replaced " + folder.resolve("m.heddle"));

        String group = "group @f.csv --label kind --clusters 2 --out @groups";
        assertThat(run(group).err()).doesNotContain("replaced");
        assertThat(run(group + " --no-clobber").code()).isEqualTo(Faults.INPUT_ERROR);
        assertThat(run(group).err()).contains("replaced " + folder.resolve("groups/index.html") + ", ");
    }

    @Test
    void aReportDoesNotReplaceItsInput() throws IOException {
        Path input =
                Files.copy(table, Files.createDirectory(folder.resolve("dir")).resolve("assignments.csv"));
        Invocation run = run("group @dir/assignments.csv --label kind --clusters 2 --out @dir");

        assertThat(run.code()).isEqualTo(Faults.INPUT_ERROR);
        assertThat(input).hasSameTextualContentAs(table);
    }

    /** New commands follow the rule too, because outputs are recognized by the names of their arguments. */
    @Test
    void everyCommandWithOutputsHasNoClobber() {
        List<String> without = new ArrayList<>();
        List<String> with = new ArrayList<>();
        visit(HeddleCommand.commandLine().getCommandSpec(), with, without);

        assertThat(with)
                .contains("run", "group", "similar", "audit", "convert", "train", "fit", "cv", "path", "predict");
        assertThat(without)
                .containsExactlyInAnyOrder(
                        "heddle",
                        "data",
                        "fetch",
                        "info",
                        "logistic",
                        "pca",
                        "kmeans",
                        "inspect",
                        "export",
                        "import",
                        "encoder",
                        "show",
                        "generate-completion",
                        "generate-man");
        assertThat(new CommandLine(new KMeansCommand()).getSubcommands()).containsKey("fit");
        assertThat(Invocation.of("kmeans", "fit", "--help").out())
                .contains("--no-clobber", "Do not replace existing files");
    }

    private static void visit(CommandSpec command, List<String> with, List<String> without) {
        (command.findOption("--no-clobber") == null ? without : with).add(command.name());
        command.subcommands().values().forEach(sub -> visit(sub.getCommandSpec(), with, without));
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "devices")
    void devicesAreNotReplaced() throws IOException {
        Path sink = Files.createSymbolicLink(folder.resolve("sink"), Path.of("/dev/null"));
        Invocation fit = run("kmeans fit @f.csv --drop kind --clusters 2 --model @sink");
        assertThat(fit.code()).as(fit.err()).isZero();
        assertThat(sink).isSymbolicLink();
        assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();

        Invocation full = run("kmeans fit @f.csv --drop kind --clusters 2 --model /dev/full");
        assertThat(full.code()).isEqualTo(Faults.FAILURE);
        assertThat(full.err()).contains("cannot write /dev/full: No space left on device");
    }

    @Test
    void aFullDiskIsNamedByEveryWriter() {
        run("kmeans fit @f.csv --drop kind --clusters 2 --model @m.heddle");
        Invocation export = run("export onnx @m.heddle /dev/full");
        assertThat(export.code()).isEqualTo(Faults.FAILURE);
        assertThat(export.err()).contains("cannot write /dev/full");
        Invocation convert = run("data convert @f.csv /dev/full/x.npy");
        assertThat(convert.code()).isEqualTo(Faults.INPUT_ERROR);
    }

    @Test
    void aDashWritesTextToStandardOutput() {
        run("kmeans fit @f.csv --drop kind --clusters 2 --model @m.heddle");
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
            Invocation run = run("kmeans predict @m.heddle @f.csv --drop kind --out -");
            assertThat(run.code()).as(run.err()).isZero();
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).contains("rows");
        } finally {
            System.setOut(before);
        }
        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .hasSize(41)
                .first()
                .isEqualTo("row,cluster");
        assertThat(Path.of("-")).doesNotExist();

        Invocation json = run("kmeans predict @m.heddle @f.csv --drop kind --out - --json");
        assertThat(json.code()).isEqualTo(Faults.INPUT_ERROR);
        Invocation model = run("kmeans fit @f.csv --drop kind --clusters 2 --model -");
        assertThat(model.code()).isEqualTo(Faults.INPUT_ERROR);
        assertThat(model.err()).contains("the output is not text");
    }

    /**
     * Opening one would block until another process writes to it. Only tables are read from pipes, see
     * docs/data-formats.md.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "inspect @pipe",
                "import onnx @pipe @m.heddle",
                "export onnx @pipe @m.onnx",
                "predict @pipe @f.csv --out @p.csv",
                "kmeans predict @pipe @f.csv --out @p.csv",
                "encoder show @pipe",
                "logistic train @f.csv --labels @pipe --model @m.heddle",
            })
    @EnabledOnOs(value = OS.LINUX, disabledReason = "mkfifo")
    @Timeout(60)
    void aPipeIsRefusedAsModelAndLabels(String line) throws IOException, InterruptedException {
        new ProcessBuilder("mkfifo", folder.resolve("pipe").toString()).start().waitFor();

        Invocation run = run(line);

        assertThat(run.code()).as(run.err()).isEqualTo(Faults.INPUT_ERROR);
        assertThat(run.err()).contains("pipe");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "mkfifo")
    @Timeout(60)
    void aPipeIsWrittenAndKept() throws Exception {
        Path pipe = folder.resolve("pipe");
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
        CompletableFuture<byte[]> read = CompletableFuture.supplyAsync(() -> {
            try {
                return Files.readAllBytes(pipe);
            } catch (IOException e) {
                return new byte[0];
            }
        });
        Invocation run = run("kmeans fit @f.csv --drop kind --clusters 2 --model @pipe");

        assertThat(run.code()).as(run.err()).isZero();
        Path copy = Files.write(folder.resolve("copy"), read.get(30, TimeUnit.SECONDS));
        assertThat(Invocation.of("inspect", copy).code()).isZero();
        assertThat(pipe).matches(p -> Files.exists(p) && !Files.isRegularFile(p));
    }
}
