package io.heddle.cli;

import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.matrix.FloatMatrix;
import io.heddle.model.ModelFile;
import io.heddle.model.Provenance;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import picocli.CommandLine;

/**
 * Runs short commands without output, one after the other, and the study on a few random images. Java records the
 * loaded classes in an archive that makes later starts faster. The launcher runs this after a build.
 */
final class ArchiveRun {
    private static final int COLUMNS = 3;
    private static final int SIDE = 28;
    private static final int CLASSES = 10;
    private static final int TRAIN = 600;
    private static final int TEST = 100;

    private ArchiveRun() {}

    /** @param args the folder for the input files of the commands; then optionally "study" */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        Path table = folder.resolve("table.csv");
        Files.writeString(table, "width,height,depth,kind\n1,2,3,a\n4.5,6,7,b\n");
        Path images = folder.resolve("images-idx3-ubyte.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(images))) {
            out.write(new byte[] {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 10, 20, 30, 40});
        }
        Path model = folder.resolve("model.heddle");
        try (FloatMatrix components = FloatMatrix.allocate(1, COLUMNS)) {
            components.set(0, 0, 1);
            PcaModel axis =
                    PcaModel.of(components, new float[COLUMNS], new double[] {1}, 2, 2, 0, Pca.Solver.COVARIANCE);
            ModelFile.write(model, axis, Provenance.now());
        }
        run("--help");
        run("run", "--help");
        run("group", "--no-such-option");
        run("no-such-command");
        run("data", "info", table.toString(), "--label", "kind");
        run("data", "info", table.toString());
        run("data", "info", images.toString(), "--json");
        run("inspect", model.toString());
        run("inspect", model.toString(), "--json");
        if (args.length > 1 && args[1].equals("study")) {
            write(folder, "train", TRAIN);
            write(folder, "t10k", TEST);
            run(
                    "run",
                    "--data",
                    folder.toString(),
                    "--out",
                    folder.resolve("report").toString());
        }
    }

    /** Writes both files of a part of a data set, in the layout of Fashion-MNIST. */
    private static void write(Path folder, String part, int count) throws IOException {
        byte[] pixels = new byte[count * SIDE * SIDE];
        new Random(count).nextBytes(pixels);
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) (i % CLASSES);
        }
        byte high = (byte) (count >> Byte.SIZE);
        pack(
                folder.resolve(part + "-images-idx3-ubyte.gz"),
                pixels,
                0,
                0,
                8,
                3,
                0,
                0,
                high,
                count,
                0,
                0,
                0,
                SIDE,
                0,
                0,
                0,
                SIDE);
        pack(folder.resolve(part + "-labels-idx1-ubyte.gz"), labels, 0, 0, 8, 1, 0, 0, high, count);
    }

    private static void pack(Path file, byte[] content, int... header) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            for (int b : header) {
                out.write(b);
            }
            out.write(content);
        }
    }

    private static void run(String... args) {
        CommandLine line = HeddleCommand.commandLine(args);
        line.setOut(new PrintWriter(OutputStream.nullOutputStream()));
        line.setErr(new PrintWriter(OutputStream.nullOutputStream()));
        HeddleCommand.execute(line, args);
    }
}
