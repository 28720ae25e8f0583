package io.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.cluster.KMeans;
import io.heddle.decomposition.Pca;
import io.heddle.estimator.Classifier;
import io.heddle.estimator.Clusterer;
import io.heddle.estimator.FittedModel;
import io.heddle.estimator.Transformer;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of {@code io.heddle.estimator}. */
class EstimatorExamplesTest {
    private final int[] labels = ExampleData.labels();

    @Test
    void fittedModel() {
        try (FloatMatrix x = ExampleData.rows()) {
            // @start region="fitted-model"
            try (FittedModel model = Pca.fit(x, Pca.Options.defaults().withComponents(3))) {
                boolean optimum = model.converged();
                int columns = model.inputs();
                // @end
                assertThat(optimum).isTrue();
                assertThat(columns).isEqualTo(x.columns());
            }
        }
    }

    @Test
    void classifier() {
        try (FloatMatrix x = ExampleData.rows()) {
            // @start region="classifier"
            try (Classifier model = LogisticRegression.fit(x, labels, LogisticRegression.Options.defaults())) {
                int[] classes = model.predict(x);
                double accuracy = model.score(x, labels);
                // @end
                assertThat(classes).isEqualTo(labels);
                assertThat(accuracy).isEqualTo(1);
                assertThatThrownBy(() -> model.score(x, new int[3])).isInstanceOf(InvalidInputException.class);
            }
        }
    }

    @Test
    void clusterer() {
        try (FloatMatrix x = ExampleData.rows()) {
            // @start region="clusterer"
            try (Clusterer model = KMeans.fit(x, KMeans.Options.defaults().withClusters(3))) {
                int[] clusters = model.predict(x);
                // @end
                assertThat(clusters).isEqualTo(model.labels());
            }
        }
    }

    @Test
    void transformer() {
        try (FloatMatrix x = ExampleData.rows()) {
            // @start region="transformer"
            try (Transformer model = Pca.fit(x, Pca.Options.defaults().withComponents(3));
                    FloatMatrix coordinates = model.transform(x)) { // 300 × 3
                // @end
                assertThat(coordinates.columns()).isEqualTo(model.outputs());
            }
        }
    }

    /** More rows than one block has. */
    @Test
    void bytesGiveTheAnswersOfFloats(@TempDir Path folder) throws IOException {
        int rows = 20_000;
        byte[] bytes = new byte[rows * 3];
        new Random(3).nextBytes(bytes);
        Path file = Files.write(folder.resolve("bytes"), bytes);
        int[] classes = new int[rows];
        Arrays.setAll(classes, i -> (bytes[3 * i] & 0xff) / 128);
        try (ByteMatrix x = ByteMatrix.open(file, 0, rows, 3, 1 / 255f);
                FloatMatrix floats = FloatMatrix.allocate(rows, 3)) {
            for (int i = 0; i < rows; i++) {
                x.copyRow(i, floats, i);
            }
            try (Classifier classifier =
                            LogisticRegression.fit(floats, classes, LogisticRegression.Options.defaults());
                    Clusterer clusterer =
                            KMeans.fit(floats, KMeans.Options.defaults().withClusters(3));
                    Transformer transformer =
                            Pca.fit(floats, Pca.Options.defaults().withComponents(2));
                    FloatMatrix expected = transformer.transform(floats);
                    FloatMatrix found = transformer.transform(x);
                    FloatMatrix p = classifier.probabilities(x)) {
                assertThat(classifier.predict(x)).isEqualTo(classifier.predict(floats));
                assertThat(clusterer.predict(x)).isEqualTo(clusterer.predict(floats));
                assertThat(p.rows()).isEqualTo(rows);
                for (int i = 0; i < rows; i++) {
                    assertThat(found.get(i, 1)).isEqualTo(expected.get(i, 1));
                }
            }
        }
    }
}
