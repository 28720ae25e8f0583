package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.data.array.Dtype;
import io.heddle.data.array.NpyWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests predictions for tables without column names, whose columns are matched by their number. */
class TablesWithoutNamesTest {
    @TempDir
    Path folder;

    private Path model;
    private Path out;

    @BeforeEach
    void nameTheFiles() {
        model = folder.resolve("model.heddle");
        out = folder.resolve("out.csv");
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private Path array(String name, double[]... rows) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream stream = Files.newOutputStream(file)) {
            NpyWriter.header(Dtype.FLOAT64, new long[] {rows.length, rows[0].length}, stream);
            for (int i = 0; i < rows.length; i++) {
                NpyWriter.row(rows[i], Dtype.FLOAT64, i, stream);
            }
        }
        return file;
    }

    private static Invocation run(Object... words) {
        Invocation heddle = Invocation.of(words);
        assertThat(heddle.code()).as(heddle.err()).isZero();
        return heddle;
    }

    private Invocation refused(Path data) {
        Invocation heddle = Invocation.of("predict", model, data, "--out", out);
        assertThat(heddle.code()).as(heddle.err()).isEqualTo(2);
        assertThat(out).doesNotExist();
        return heddle;
    }

    @Test
    void anArrayOfAnotherWidthIsRefused() throws IOException {
        Path array = array("x.npy", new double[] {0, 10}, new double[] {6, 0});
        run("logistic", "train", array, "--labels", file("y.txt", "p\nq\n"), "--model", model);
        Path wide = array("wide.npy", new double[] {0, 10, 1}, new double[] {6, 0, 1});

        assertThat(refused(wide).err()).contains("wide.npy has 3 columns, but the model", "takes 2");
        run("predict", model, array, "--out", out);
        assertThat(Files.readAllLines(out)).containsExactly("row,label,class", "0,0,p", "1,1,q");
    }

    @Test
    void aFileMayHaveTheFeaturesOnly() throws IOException {
        Path train = file("train.csv", "u,0,10\nu,1,12\nv,5,1\nv,6,0\n");
        run("logistic", "train", train, "--label", 1, "--model", model);
        assertThat(refused(file("narrow.csv", "0\n6\n")).err()).contains("no column of values left");

        Invocation heddle = run("predict", model, file("new.csv", "0,10\n6,0\n"), "--out", out);
        assertThat(heddle.err()).contains("its 2 columns are all read as values, because the model takes 2");
        assertThat(Files.readAllLines(out)).containsExactly("row,label,class", "0,0,u", "1,1,v");
        Invocation same = run("predict", model, train, "--out", out);
        assertThat(same.out()).contains("accuracy 1.0");
        assertThat(same.err()).doesNotContain("read as values");
    }

    @Test
    void rowsWithoutTheLabelAreRefusedWithTheColumnsThatWereLeftOut() throws IOException {
        Path train = file("train.csv", "r,0,u,10,1\ns,1,u,12,2\nt,5,v,1,1\nw,6,v,0,2\n");
        run("logistic", "train", train, "--id", 1, "--label", 3, "--model", model);

        assertThat(refused(file("new.csv", "x,0,10,1\ny,6,0,2\n")).err())
                .contains(
                        "new.csv has no column names and 4 columns: without 3 (label), 1 (id), as in the training data, 2 are left, but the model takes 3")
                .contains("or from the 3 features only");
        Path last = file("last.csv", "r,0,10,1,u\ns,1,12,2,u\nt,5,1,1,v\nw,6,0,2,v\n");
        run("logistic", "train", last, "--id", 1, "--label", 5, "--model", model);
        assertThat(run("predict", model, file("new.csv", "x,0,10,1\ny,6,0,2\n"), "--out", out)
                        .err())
                .contains("no column 5 of the training data: column 1 (id) is not a feature, and the other 3 are");
    }
}
