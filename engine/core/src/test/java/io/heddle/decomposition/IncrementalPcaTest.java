package io.heddle.decomposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class IncrementalPcaTest {
    private static final int ROWS = 240;
    private static final int COLUMNS = 7;
    private static final int BATCH = 40;
    private static final int COMPONENTS = 3;

    /** The formula of streaming_reference.py. */
    private static FloatMatrix data() {
        FloatMatrix x = FloatMatrix.allocate(ROWS, COLUMNS);
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                double v =
                        Math.sin(0.37 * i * (j + 1)) + 0.5 * Math.cos(1.7 * i + j * j) * (j + 1) + i % 4 * (1 + j % 3);
                x.set(i, j, (float) v);
            }
        }
        return x;
    }

    private static double[] numbers(String line) {
        return Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    @Test
    void followsScikitLearnBatchByBatch() throws Exception {
        List<String> lines = Files.readAllLines(
                Path.of(getClass().getResource("incremental.txt").toURI()));
        IncrementalPca pca = IncrementalPca.of(COMPONENTS);
        try (FloatMatrix x = data()) {
            for (int from = 0; from < ROWS; from += BATCH) {
                pca.partialFit(x.rows(from, from + BATCH));
            }
        }
        assertThat(pca.rows()).isEqualTo(ROWS);
        try (PcaModel model = pca.model(false)) {
            for (int i = 0; i < COMPONENTS; i++) {
                double[] expected = numbers(lines.get(i));
                for (int j = 0; j < COLUMNS; j++) {
                    assertThat((double) model.components().get(i, j)).isEqualTo(expected[j], within(5e-6));
                }
            }
            double[] variance = numbers(lines.get(COMPONENTS));
            double[] ratio = numbers(lines.get(COMPONENTS + 1));
            double[] mean = numbers(lines.get(COMPONENTS + 2));
            for (int i = 0; i < COMPONENTS; i++) {
                assertThat(model.explainedVariance()[i]).isEqualTo(variance[i], within(2e-6 * variance[0]));
                assertThat(model.explainedVarianceRatio()[i]).isEqualTo(ratio[i], within(2e-6));
            }
            for (int j = 0; j < COLUMNS; j++) {
                assertThat((double) model.mean()[j]).isEqualTo(mean[j], within(1e-6));
            }
        }
    }

    /** With all components no variance is discarded; the last batches have fewer rows than columns. */
    @Test
    void withAllComponentsItIsThePcaOfAllRows() {
        IncrementalPca incremental = IncrementalPca.of(COLUMNS);
        try (FloatMatrix x = data();
                PcaModel whole = Pca.fit(x, Pca.Options.defaults().withComponents(COLUMNS))) {
            incremental.partialFit(x.rows(0, 100));
            incremental.partialFit(x.rows(100, 237));
            incremental.partialFit(x.rows(237, 239));
            incremental.partialFit(x.rows(239, ROWS));
            try (PcaModel model = incremental.model(false)) {
                for (int i = 0; i < COLUMNS; i++) {
                    assertThat(model.explainedVariance()[i])
                            .isEqualTo(whole.explainedVariance()[i], within(1e-5 * whole.explainedVariance()[0]));
                }
                assertThat(model.totalVariance())
                        .isEqualTo(whole.totalVariance(), within(1e-6 * whole.totalVariance()));
            }
        }
    }

    @Test
    void refusesInputThatDoesNotFit() {
        try (FloatMatrix x = data();
                FloatMatrix narrow = FloatMatrix.allocate(20, 4)) {
            IncrementalPca pca = IncrementalPca.of(5);
            assertThatThrownBy(() -> pca.model(false)).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> pca.partialFit(x.rows(0, 4)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("a batch of 4 rows is too small for 5 components");
            assertThatThrownBy(() -> pca.partialFit(narrow))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("incremental PCA cannot keep 5 components of 4 columns");
            pca.partialFit(x);
            x.set(3, 2, Float.NaN);
            assertThatThrownBy(() -> pca.partialFit(x)).isInstanceOf(InvalidInputException.class);
            assertThat(pca.rows()).isEqualTo(ROWS);
        }
    }

    @Test
    void goesOnFromAModelWhereTheBatchesEnded() {
        List<String> names = List.of("a", "b", "c", "d", "e", "f", "g");
        IncrementalPca whole = IncrementalPca.of(COMPONENTS);
        try (FloatMatrix x = data()) {
            whole.partialFit(x.rows(0, 100).withColumnNames(names));
            try (PcaModel first = whole.model(true)) {
                assertThat(first.whitening()).isEqualTo(0.5);
                IncrementalPca later = IncrementalPca.from(first);
                assertThat(later.rows()).isEqualTo(100);
                assertThatThrownBy(() -> later.partialFit(x.rows(100, 200).withColumnNames(names.reversed())))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining("column 0 of the data is 'g', but 'a' in the training data");
                later.partialFit(x.rows(100, ROWS));
                whole.partialFit(x.rows(100, ROWS));
                try (PcaModel expected = whole.model(false);
                        PcaModel found = later.model(false)) {
                    double bound = 1e-5 * expected.totalVariance();
                    assertThat(found.featureNames()).isEqualTo(names);
                    assertThat(found.rows()).isEqualTo(ROWS);
                    assertThat(found.whitening()).isZero();
                    assertThat(found.totalVariance()).isCloseTo(expected.totalVariance(), within(bound));
                    assertThat(found.explainedVariance()).containsExactly(expected.explainedVariance(), within(bound));
                    assertThat(found.exactMean()).containsExactly(expected.exactMean(), within(1e-5));
                    for (int i = 0; i < COMPONENTS; i++) {
                        for (int j = 0; j < COLUMNS; j++) {
                            assertThat(found.components().get(i, j))
                                    .isCloseTo(expected.components().get(i, j), within(1e-5f));
                        }
                    }
                }
            }
        }
    }

    @Test
    void refusesModelsItCannotGoOnFrom() {
        Pca.Options options = Pca.Options.defaults().withComponents(2).withStandardize(true);
        double[] variance = {0};
        try (FloatMatrix x = data();
                PcaModel standardized = Pca.fit(x, options);
                PcaModel ofOneRow = PcaModel.of(
                        FloatMatrix.allocate(1, 2), new float[2], variance, 0, 1, 0, Pca.Solver.COVARIANCE);
                PcaModel ofTwo = PcaModel.of(
                        FloatMatrix.allocate(1, 2), new float[2], variance, 0, 2, 0, Pca.Solver.COVARIANCE)) {
            assertThatThrownBy(() -> IncrementalPca.from(standardized))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("a model of standardized columns cannot be continued, because further rows would change"
                            + " the deviations");
            assertThatThrownBy(() -> IncrementalPca.from(ofOneRow))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("a model must have at least 2 rows to be continued, not 1");
            assertThat(IncrementalPca.from(ofTwo).rows()).isEqualTo(2);
        }
    }

    @Test
    void aVarianceNeedsTwoRows() {
        assertThatThrownBy(() -> IncrementalPca.of(0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("incremental PCA keeps at least 1 component, not 0");
        IncrementalPca pca = IncrementalPca.of(1);
        try (FloatMatrix x = FloatMatrix.copyOf(new float[] {1, 0, 3, 0}, 2, 2);
                FloatMatrix wide = FloatMatrix.allocate(1, 3)) {
            pca.partialFit(x.rows(0, 1));
            assertThatThrownBy(() -> pca.model(false))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("incremental PCA has seen 1 rows; a variance needs two");
            assertThatThrownBy(() -> pca.partialFit(wide))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("a batch of 3 columns does not fit those before of 2");
            pca.partialFit(x.rows(1, 2));
            try (PcaModel model = pca.model(false)) {
                assertThat(model.explainedVariance()[0]).isCloseTo(2, within(1e-6));
            }
        }
    }
}
