package io.heddle.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.heddle.model.ModelFile;
import io.heddle.model.OnnxFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A command with outputs, for tests that kill it.
 *
 * @param name name of its row in the table
 * @param older arguments of the run that writes the earlier outputs; empty if there must be none
 * @param newer arguments of the run that is killed
 * @param report whether its files are one report, so that files of two runs are never together
 */
record KilledCommand(String name, String older, String newer, boolean report) {
    /** Names of outputs from which a later run can resume. */
    private static final List<String> RESUMABLE = List.of(".checkpoint", ".teacher");

    private static KilledCommand of(String name, String command, String older, String newer) {
        return new KilledCommand(name, command.formatted(older), command.formatted(newer), false);
    }

    private static KilledCommand report(String name, String command, String older, String newer) {
        return new KilledCommand(name, command.formatted(older), command.formatted(newer), true);
    }

    /** Every command that writes, on the inputs of {@link KillCampaign}. */
    static List<KilledCommand> all() {
        return List.of(
                of(
                        "logistic train",
                        "logistic train ../in/table.csv --label label --lambda %s --model m.heddle",
                        "1e-2",
                        "1e-3"),
                of("kmeans fit", "kmeans fit ../in/table.csv --drop label --clusters %s --model m.heddle", "3", "4"),
                of("pca fit", "pca fit ../in/table.csv --drop label --components %s --model m.heddle", "2", "3"),
                of(
                        "train --onnx",
                        "train ../in/table.csv --label label --lambda %s --model m.heddle --onnx m.onnx",
                        "1e-2",
                        "1e-3"),
                of(
                        "encoder train",
                        "encoder train ../in/images --teacher none --contrast 1 --layers 4@3/2 --epochs %s --batch 8"
                                + " --precision float32 --out own.safetensors",
                        "2",
                        "3"),
                of("data convert, NPY", "data convert ../in/table.csv out.npy --drop label --limit %s", "900", "2000"),
                of("data convert, NPZ", "data convert ../in/table.csv out.npz --label label --limit %s", "900", "2000"),
                of("data convert, CSV", "data convert ../in/table.csv out.tsv --label label --limit %s", "900", "2000"),
                new KilledCommand("data convert, photos", "", "data convert ../in/images out --limit 200", false),
                report("group", "group ../in/table.csv --label label --clusters %s --out groups", "3", "4"),
                report("audit", "audit ../in/table.csv --label label --seed %s --out audit", "1", "2"),
                report("similar", "similar ../in/table.csv --label label --all --top %s --out like", "4", "5"),
                report("run", "run --data ../in/images --seed %s --threads 2 --out report", "1", "2"),
                of("features", "features ../in/images --encoder fashion --pooling %s --out f.npy", "mean", "grid"),
                of("predict", "predict ../in/%s.heddle ../in/table.csv --out labels.csv", "older", "newer"),
                of("export onnx", "export onnx ../in/%s.heddle out.onnx", "older", "newer"),
                of("import onnx", "import onnx ../in/%s.onnx out.heddle", "older", "newer"));
    }

    /** Returns whether a killed run may leave this file, for example a checkpoint. */
    static boolean isResumable(String file) {
        return RESUMABLE.stream().anyMatch(file::endsWith);
    }

    /** Returns whether a file that differs from the older one is a complete new one. */
    static boolean isWhole(String name, byte[] found, byte[] expected, Path scratch) throws IOException {
        if (Arrays.equals(found, expected)) {
            return true;
        }
        // These contain the time of their creation or its duration.
        Path file = Files.write(scratch, found);
        try {
            if (name.endsWith(".heddle")) {
                // Its checksum includes every byte.
                ModelFile.read(file).close();
                return found.length == expected.length;
            } else if (name.endsWith(".json")) {
                return new ObjectMapper().readTree(found).isObject();
            } else if (name.endsWith(".html")) {
                return new String(found, 0, found.length, StandardCharsets.UTF_8)
                        .strip()
                        .endsWith("</html>");
            } else if (name.endsWith(".onnx")) {
                OnnxFile.read(file).close();
                return found.length == expected.length;
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }
}
