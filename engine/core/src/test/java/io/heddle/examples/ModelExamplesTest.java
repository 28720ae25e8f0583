package io.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.decomposition.Pca;
import io.heddle.encoder.EmbeddedEncoder;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import io.heddle.model.ImageScaling;
import io.heddle.model.ModelFile;
import io.heddle.model.OnnxFile;
import io.heddle.model.Pipeline;
import io.heddle.model.Provenance;
import io.heddle.model.SavedModel;
import io.heddle.model.Stage;
import io.heddle.model.TablePipeline;
import io.heddle.model.TensorSet;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import io.heddle.preprocessing.TablePreprocessor;
import io.heddle.preprocessing.Treatment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of {@code io.heddle.model}. */
class ModelExamplesTest {
    @TempDir
    private Path folder;

    private final int[] labels = ExampleData.labels();

    @Test
    void modelFile() throws IOException {
        Path file = folder.resolve("classifier.safetensors");
        try (FloatMatrix x = ExampleData.rows();
                LogisticModel model = LogisticRegression.fit(x, labels, LogisticRegression.Options.defaults())) {
            float[] row = new float[x.columns()];
            // @start region="model-file"
            ModelFile.write(file, model, Provenance.now().withSeed(7));
            try (SavedModel saved = ModelFile.read(file)) {
                LogisticModel same = saved.logistic();
                int label = saved.pipeline().predict(row);
                // @end
                assertThat(label).isEqualTo(same.predict(row)).isEqualTo(model.predict(row));
            }
        }
    }

    @Test
    void tablePipeline() {
        List<Column> columns = List.of(Column.number("time"), Column.category("shop", List.of("north", "south")));
        int[] kinds = {0, 0, 1, 1};
        try (Table table = Table.builder(2)
                .add(1_700_000_000, 0)
                .add(1_700_000_060, 0)
                .add(1_700_009_000, 0)
                .add(1_700_009_060, 1)
                .build(columns)) {
            // @start region="table-pipeline"
            TablePreprocessor preprocessor = TablePreprocessor.fit(
                    table, TablePreprocessor.Options.defaults().withTreatment("shop", Treatment.oneHot()));
            try (FloatMatrix features = preprocessor.transform(table)) {
                var classifier = LogisticRegression.fit(features, kinds, LogisticRegression.Options.defaults());
                try (TablePipeline pipeline = TablePipeline.of(preprocessor, Stage.of(classifier))) {
                    int[] predicted = pipeline.predict(table); // or any table with these columns
                    // @end
                    assertThat(predicted).isEqualTo(kinds);
                }
            }
        }
    }

    @Test
    void pipeline() {
        try (FloatMatrix x = ExampleData.rows()) {
            byte[] pixels = new byte[x.columns()];
            // @start region="pipeline"
            var pca = Pca.fit(x, Pca.Options.defaults().withComponents(2));
            try (FloatMatrix coordinates = pca.transform(x)) {
                var classifier = LogisticRegression.fit(coordinates, labels, LogisticRegression.Options.defaults());
                try (Pipeline pipeline = Pipeline.of(Stage.pixels(20), Stage.of(pca), Stage.of(classifier))) {
                    pipeline.warmUp();
                    int label = pipeline.predictBytes(pixels);
                    // @end
                    assertThat(label).isBetween(0, 2);
                }
            }
        }
    }

    @Test
    void provenance() {
        String sha256 = "0123456789abcdef".repeat(4);
        // @start region="provenance"
        Provenance provenance = Provenance.now()
                .withData(sha256)
                .withOption("lambda", "1.0E-4")
                .withSeed(7)
                .withClassNames(List.of("shirt", "bag", "boot"));
        // @end
        assertThat(provenance.seed()).contains(7L);
    }

    @Test
    void onnx() throws IOException {
        Path file = folder.resolve("classifier.onnx");
        try (FloatMatrix x = ExampleData.rows();
                LogisticModel model = LogisticRegression.fit(x, labels, LogisticRegression.Options.defaults())) {
            // @start region="onnx"
            OnnxFile.write(file, model, Map.of("author", "me"));
            try (SavedModel read = OnnxFile.read(file)) {
                int label = read.pipeline().predict(new float[x.columns()]);
            }
            // @end
            assertThat(file).isNotEmptyFile();
        }
    }

    @Test
    void onnxNetwork() throws Exception {
        Path file = Path.of(OnnxFile.class.getResource("networks/lenet.onnx").toURI());
        // @start region="onnx-network"
        ImageScaling scaling = new ImageScaling(List.of(0.286), List.of(0.353)); // as in the training program
        try (SavedModel network = OnnxFile.read(file, Optional.of(scaling))) {
            TensorSet encoder = network.encoder().orElseThrow(); // all layers but the last
            int classes = network.logistic().classes(); // the last one
            // @end
            assertThat(encoder.floats("input.shift")).containsExactly(0.286f);
            assertThat(classes).isEqualTo(10);
        }
    }

    @Test
    void tensorSet() throws IOException {
        byte[] file = EmbeddedEncoder.FASHION.file();
        // @start region="tensor-set"
        TensorSet tensors = TensorSet.parse(file, "fashion");
        String layers = tensors.metadata().get("layers");
        float[] biases = tensors.floats("layers.0.bias");
        // @end
        assertThat(layers).startsWith("32@5/2");
        assertThat(biases).hasSize(32);
        assertThat(tensors.shape("layers.0.weight")).isEqualTo(List.of(32L, 1L, 5L, 5L));
    }
}
