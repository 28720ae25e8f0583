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
import java.util.zip.GZIPOutputStream;
import picocli.CommandLine;

/**
 * Runs the commands that are over before Java has warmed up, one after the other and without a word, so that Java can
 * keep what it learns by it in a cache that makes the next start quicker. The launcher runs it when it has built.
 */
final class Rehearsal {
    private static final int COLUMNS = 3;

    private Rehearsal() {}

    /** @param args the folder to put the files in that the commands are run on */
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
    }

    private static void run(String... args) {
        CommandLine line = Heddle.commandLine(args);
        line.setOut(new PrintWriter(OutputStream.nullOutputStream()));
        line.setErr(new PrintWriter(OutputStream.nullOutputStream()));
        Heddle.execute(line, args);
    }
}
