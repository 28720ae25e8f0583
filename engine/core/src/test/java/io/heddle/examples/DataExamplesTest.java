package io.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.heddle.data.AtomicFile;
import io.heddle.data.AtomicFolder;
import io.heddle.data.DataFormatException;
import io.heddle.data.Dtype;
import io.heddle.data.FashionMnist;
import io.heddle.data.Idx;
import io.heddle.data.ImageDataset;
import io.heddle.data.NpyArray;
import io.heddle.data.NpyLabels;
import io.heddle.data.NpyWriter;
import io.heddle.matrix.FloatMatrix;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of {@code io.heddle.data}. */
class DataExamplesTest {
    @TempDir
    private Path folder;

    @Test
    void fashionMnist() throws IOException {
        assumeTrue(Files.isDirectory(FashionMnist.Options.defaults().system()), "dataset-fashion-mnist is missing");
        // @start region="fashion-mnist"
        try (ImageDataset data = FashionMnist.load(Optional.empty(), System.err::println);
                ImageDataset some = data.sample(1_000, 100, 7)) {
            String name = data.classNames().get(data.trainLabels()[0]);
            long rows = some.trainImages().rows();
            // @end
            assertThat(name).isEqualTo("Ankle boot");
            assertThat(rows).isEqualTo(1_000);
        }
    }

    @Test
    void idx() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(new byte[] {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 51, 102, -1, 0, 0, 0, 0});
        Path file = Files.write(folder.resolve("images-idx3-ubyte"), bytes.toByteArray());
        // @start region="idx"
        try (FloatMatrix images = Idx.readImages(file, 1 / 255f)) {
            float pixel = images.get(0, 3); // of 0 to 1
            // @end
            assertThat(pixel).isEqualTo(1);
        }
    }

    @Test
    void npy() throws IOException {
        Path file = folder.resolve("features.npy");
        try (FloatMatrix x = ExampleData.rows()) {
            // @start region="npy-writer"
            try (OutputStream out = Files.newOutputStream(file)) {
                NpyWriter.write(x, out);
            }
            // @end
            // @start region="npy-array"
            try (NpyArray array = NpyArray.open(file);
                    FloatMatrix rows = array.read(0, array.rows(), 1f)) {
                Dtype type = array.dtype(); // FLOAT32
                // @end
                assertThat(rows.get(7, 3)).isEqualTo(x.get(7, 3));
                assertThat(type.bytes()).isEqualTo(4);
            }
        }
    }

    @Test
    void npyLabels() throws IOException {
        Path file = folder.resolve("labels.npy");
        try (OutputStream out = Files.newOutputStream(file)) {
            NpyWriter.write(new int[] {4, -1}, out);
        }
        // @start region="npy-labels"
        try (NpyLabels labels = NpyLabels.open(file)) {
            String label = labels.get(1);
            // @end
            assertThat(label).isEqualTo("-1");
            assertThat(labels.size()).isEqualTo(2);
        }
    }

    @Test
    void dataFormat() throws IOException {
        Path file = Files.writeString(folder.resolve("labels"), "no labels");
        String sentence = "";
        // @start region="data-format"
        try {
            Idx.readLabels(file);
        } catch (DataFormatException e) {
            sentence = e.getMessage(); // names the file and what is wrong with it
        }
        // @end
        assertThat(sentence).contains(file.toString());
    }

    @Test
    void atomicFile() throws IOException {
        Path file = folder.resolve("report.txt");
        byte[] report = "60,000 rows".getBytes(StandardCharsets.UTF_8);
        // @start region="atomic-file"
        try (AtomicFile out = AtomicFile.open(file)) { // fails here where there is no permission
            out.write(channel -> channel.write(ByteBuffer.wrap(report)));
            out.commit(); // now it is there, whole
        }
        // @end
        assertThat(file).hasBinaryContent(report);
    }

    @Test
    void atomicFolder() throws IOException {
        Path target = folder.resolve("parts");
        // @start region="atomic-folder"
        try (AtomicFolder out = AtomicFolder.open(target)) {
            Files.writeString(out.part().resolve("0.csv"), "a,b\n1,2\n");
            Files.writeString(out.part().resolve("1.csv"), "a,b\n3,4\n");
            out.commit(); // now both are there
        }
        // @end
        assertThat(target.toFile().list()).containsExactlyInAnyOrder("0.csv", "1.csv");
    }
}
