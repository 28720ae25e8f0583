package io.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.decomposition.IncrementalPca;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.decomposition.RowNormalizer;
import io.heddle.matrix.FloatMatrix;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of {@code io.heddle.decomposition}. */
class DecompositionExamplesTest {
    @Test
    void pca() {
        try (FloatMatrix x = ExampleData.rows()) {
            // @start region="pca"
            try (PcaModel pca = Pca.fit(x, Pca.Options.defaults().withComponents(2));
                    FloatMatrix z = pca.transform(x)) {
                double explained = Arrays.stream(pca.explainedVarianceRatio()).sum();
                // @end
                assertThat(explained).isBetween(0.9, 1.0);
                assertThat(z.columns()).isEqualTo(2);
            }
        }
    }

    @Test
    void pcaModel() {
        try (FloatMatrix x = ExampleData.rows();
                PcaModel pca = Pca.fit(x, Pca.Options.defaults().withComponents(2))) {
            // @start region="pca-model"
            float[] row = new float[x.columns()];
            x.getRow(0, row);
            float[] coordinates = new float[2];
            pca.transform(row, coordinates); // one row, on the calling thread, without allocation
            try (FloatMatrix z = pca.transform(x);
                    FloatMatrix back = pca.inverseTransform(z)) {
                float reconstructed = back.get(0, 5);
                // @end
                assertThat(coordinates[0]).isEqualTo(z.get(0, 0), within(1e-5f));
                assertThat(reconstructed).isEqualTo(row[5], within(0.3f));
            }
        }
    }

    @Test
    void incrementalPca() {
        try (FloatMatrix x = ExampleData.rows()) {
            List<FloatMatrix> batches = List.of(x.rows(0, 100), x.rows(100, 200), x.rows(200, 300));
            // @start region="incremental-pca"
            IncrementalPca pca = IncrementalPca.of(2);
            for (FloatMatrix batch : batches) {
                pca.partialFit(batch);
            }
            try (PcaModel model = pca.model(false);
                    FloatMatrix z = model.transform(x)) {
                // @end
                assertThat(z.rows()).isEqualTo(300);
            }
        }
    }

    @Test
    void rowNormalizer() {
        // @start region="row-normalizer"
        try (FloatMatrix x = FloatMatrix.copyOf(new float[] {3, 4}, 1, 2)) {
            RowNormalizer.normalize(x); // 0.6, 0.8
            // @end
            assertThat(x.get(0, 0)).isEqualTo(0.6f, within(1e-6f));
        }
    }
}
