package io.heddle.examples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.Labels;
import io.heddle.data.array.Dtype;
import io.heddle.data.array.Idx;
import io.heddle.data.array.NpyArray;
import io.heddle.data.array.NpyLabels;
import io.heddle.data.array.NpyWriter;
import io.heddle.data.fashion.FashionMnist;
import io.heddle.data.fashion.ImageDataset;
import io.heddle.matrix.FloatMatrix;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
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
        try (FloatMatrix x = rows()) {
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

    private static FloatMatrix rows() {
        FloatMatrix x = FloatMatrix.allocate(300, 20);
        for (int i = 0; i < x.rows(); i++) {
            for (int j = 0; j < x.columns(); j++) {
                x.set(i, j, i + j / 32f);
            }
        }
        return x;
    }

    @Test
    void dataSource() throws IOException {
        Path file = Files.writeString(folder.resolve("flowers.csv"), "length,width,kind\n1.5,0.2,a\n4.5,1.5,b\n");
        // @start region="data-source"
        DataOptions options = DataOptions.defaults().withLabel("kind");
        try (DataSource data = DataSource.open(file.toString(), options, System.err::println);
                FloatMatrix x = data.read()) {
            Labels labels = data.labels().orElseThrow();
            String kind = labels.classNames().get(labels.values()[1]);
            // @end
            assertThat(x.get(1, 0)).isEqualTo(4.5f);
            assertThat(kind).isEqualTo("b");
        }
    }
}
