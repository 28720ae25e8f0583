package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a model keeps the mark between thousands of its training data. */
class ThousandsTest {
    @TempDir
    Path folder;

    @Test
    void aModelReadsNewDataLikeItsTrainingData() throws IOException {
        Path german = Files.writeString(folder.resolve("de.csv"), "x;kind\n1.234,5;a\n12;b\n-1.500;c\n2.000.000;a\n");
        Path plain = Files.writeString(folder.resolve("en.csv"), "x;kind\n1234.5;a\n12;b\n-1500;c\n2000000;a\n");
        Invocation refused = Invocation.of("train", german, "--label", "kind", "--model", folder.resolve("no"));
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.errorLines()).singleElement().asString().contains("--thousands");
        Invocation train =
                Invocation.of("train", german, "--label", "kind", "--thousands", ".", "--model", folder.resolve("de"));
        assertThat(train.code()).as(train.err()).isZero();
        Invocation.of("train", plain, "--label", "kind", "--model", folder.resolve("en"));
        Invocation predict =
                Invocation.of("predict", folder.resolve("de"), german, "--out", folder.resolve("de-out.csv"));
        assertThat(predict.code()).as(predict.err()).isZero();
        Invocation.of("predict", folder.resolve("en"), plain, "--out", folder.resolve("en-out.csv"));

        assertThat(folder.resolve("de-out.csv")).hasSameTextualContentAs(folder.resolve("en-out.csv"));
    }

    @Test
    void conversionsWriteNumbersWithoutMarks() throws IOException {
        Path german = Files.writeString(folder.resolve("de.csv"), "x;kind\n1.234,5;1.234\n12;b\n");
        Path made = folder.resolve("made.csv");
        Invocation convert = Invocation.of("data", "convert", german, made, "--thousands", ".");

        assertThat(convert.code()).as(convert.err()).isZero();
        assertThat(made).hasContent("x,kind\n1234.5,1.234\n12,b\n");
    }
}
