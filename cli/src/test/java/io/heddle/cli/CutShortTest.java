package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.cli.terminal.Faults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests Ctrl-C and a full disk: a message, an exit code, and no incomplete file. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "signals and file size limits as Linux has them")
@Tag("slow")
class CutShortTest {
    // Processes inherit whether Ctrl-C is ignored, and Maven can have been started so.
    private static final List<String> INTERRUPTIBLE = List.of("env", "--default-signal=INT");
    // Maximum size of a file, in blocks of 1024 bytes.
    private static final List<String> FULL_DISK = List.of("bash", "-c", "ulimit -f 32; exec \"$@\"", "bash");

    private static final int CTRL_C = 130;

    @TempDir
    Path folder;

    @TempDir
    Path beside;

    @BeforeEach
    void write() throws IOException {
        StringBuilder text = new StringBuilder("a,b,c,label\n");
        for (int i = 0; i < 20_000; i++) {
            text.append(
                    "%d,%d,%d,%d%n".formatted(i * 7919 % 1000, i * 104729L % 1000, i * 1299709L % 1000, i * 31 % 7));
        }
        Files.writeString(folder.resolve("table.csv"), text);
    }

    private HeddleProcess start(List<String> before, String command) throws IOException {
        return HeddleProcess.start(folder, beside.resolve("err"), before, List.of(command.split(" ")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "logistic cv table.csv --label label --folds 500 --lambdas 1000 --tolerance 1e-9 --model m.heddle",
                "kmeans fit table.csv --drop label --clusters 2000 --algorithm lloyd --initializations 100 --model m.heddle",
            })
    void ctrlCLeavesNoFile(String command) throws IOException, InterruptedException {
        try (HeddleProcess heddle = start(INTERRUPTIBLE, command)) {
            heddle.awaitUnfinishedFile();
            assertThat(heddle.names())
                    .as("started, or printed: " + heddle.said())
                    .hasSize(2);
            heddle.signal("INT");

            assertThat(heddle.await()).isEqualTo(CTRL_C);
            assertThat(heddle.names()).containsExactly("table.csv");
            assertThat(heddle.said()).last().isEqualTo("heddle: interrupted; no unfinished files are left");
        }
    }

    @Test
    void ctrlCDuringAReportLeavesNoFolder() throws IOException, InterruptedException {
        String command = "group table.csv --label label --max-clusters 200 --out groups";
        try (HeddleProcess heddle = start(INTERRUPTIBLE, command)) {
            while (heddle.runs() && !heddle.names().contains("groups")) {
                Thread.sleep(20);
            }
            assertThat(heddle.runs())
                    .as("started, or printed: " + heddle.said())
                    .isTrue();
            heddle.signal("INT");

            assertThat(heddle.await()).isEqualTo(CTRL_C);
            assertThat(heddle.names()).containsExactly("table.csv");
        }
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
    void everySignalHasItsExitCode(String signal, int code) throws IOException, InterruptedException {
        String command = "kmeans fit table.csv --drop label --clusters 2000 --algorithm lloyd --initializations 100"
                + " --model m.heddle";
        List<String> before = List.of("env", "--default-signal=" + signal);
        try (HeddleProcess heddle = start(before, command)) {
            heddle.awaitUnfinishedFile();
            heddle.signal(signal);

            assertThat(heddle.await()).isEqualTo(code);
            assertThat(heddle.said()).containsExactly("heddle: interrupted; no unfinished files are left");
            assertThat(heddle.names()).containsExactly("table.csv");
        }
    }

    /** A program that was started with {@code nohup} must continue when the terminal closes. */
    @Test
    void anIgnoredSignalIsIgnored() throws IOException, InterruptedException {
        try (HeddleProcess heddle = start(
                List.of("env", "--ignore-signal=HUP"),
                "kmeans fit table.csv --drop label --clusters 9 --model m.heddle")) {
            heddle.awaitUnfinishedFile();
            heddle.signal("HUP");

            assertThat(heddle.await()).isZero();
            assertThat(heddle.names()).containsExactly("m.heddle", "table.csv");
        }
    }

    @Test
    void anInterruptedTrainingKeepsItsCheckpointAndSaysHowToContinue() throws IOException, InterruptedException {
        DrawnImages.write(folder, 64, 1);
        Files.delete(folder.resolve("table.csv"));
        List<String> before = heddleNames();
        String command = "encoder train . --teacher none --contrast 1 --layers 4@3/2 --epochs 10000 --batch 8"
                + " --precision float32 --out own.safetensors";
        try (HeddleProcess heddle = start(INTERRUPTIBLE, command)) {
            while (heddle.runs() && !heddle.names().contains("own.safetensors.checkpoint")) {
                Thread.sleep(20);
            }
            assertThat(heddle.runs()).as("trains, or printed: " + heddle.said()).isTrue();
            heddle.signal("INT");

            assertThat(heddle.await()).isEqualTo(CTRL_C);
            assertThat(heddle.said())
                    .last()
                    .isEqualTo("heddle: interrupted; continue from own.safetensors.checkpoint with --resume");
            assertThat(heddle.names())
                    .filteredOn(n -> !before.contains(n))
                    .containsExactly("own.safetensors.checkpoint");
        }
        try (HeddleProcess again = start(INTERRUPTIBLE, command + " --resume")) {
            while (again.runs() && again.said().isEmpty()) {
                Thread.sleep(20);
            }
            assertThat(again.said()).first().asString().contains("epoch ").doesNotContain("epoch 1 of");
        }
    }

    private List<String> heddleNames() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(p -> p.getFileName().toString()).toList();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data convert table.csv out.npy --label label",
                "data convert table.csv out.tsv --label label",
                "kmeans fit table.csv --drop label --clusters 3000 --algorithm mini-batch --model m.heddle",
                "group table.csv --label label --clusters 3 --out groups",
                "similar table.csv --label label --all --top 5 --out like",
            })
    void aFullDiskIsReportedAndLeavesNoFile(String command) throws IOException, InterruptedException {
        try (HeddleProcess heddle = start(FULL_DISK, command)) {
            int code = heddle.await();

            List<String> said = new ArrayList<>(heddle.said());
            assertThat(code).as(said.toString()).isEqualTo(Faults.FAILURE);
            assertThat(said)
                    .last()
                    .asString()
                    .startsWith("heddle: cannot write ")
                    .contains("File too large");
            assertThat(said).noneMatch(line -> line.contains("\tat ") || line.contains("Exception"));
            assertThat(heddle.names()).containsExactly("table.csv");
        }
    }
}
