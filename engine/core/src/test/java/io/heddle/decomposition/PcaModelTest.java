package io.heddle.decomposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.decomposition.Pca.Options;
import io.heddle.decomposition.Pca.Solver;
import io.heddle.decomposition.PcaModel.Fit;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.matrix.ScaledColumns;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PcaModelTest {
    private static final int COLUMNS = 3;
    private static final List<String> NAMES = List.of("length", "width", "height");

    /** 40 × 3, with names. */
    private static FloatMatrix data(double offset, double magnitude) {
        SplittableRandom random = new SplittableRandom(4);
        FloatMatrix x = FloatMatrix.allocate(40, COLUMNS).withColumnNames(NAMES);
        for (int i = 0; i < 40; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                x.set(i, j, (float) (magnitude * (offset + (j + 1) * random.nextGaussian())));
            }
        }
        return x;
    }

    private static float[] row(FloatMatrix x, int i) {
        float[] row = new float[x.columns()];
        x.getRow(i, row);
        return row;
    }

    /** Ordinary columns, columns far from zero, and columns outside the range in which float products are accurate. */
    @ParameterizedTest
    @CsvSource({"0, 1", "3e4, 1", "2, 1e-30"})
    void rowsInEachKindOfMemoryHaveTheSameCoordinates(double offset, double magnitude) {
        Options options = Options.defaults().withComponents(2).withWhitening(0.25);
        try (FloatMatrix x = data(offset, magnitude);
                PcaModel model = Pca.fit(x, options);
                Arena arena = Arena.ofConfined()) {
            float[] expected = new float[2];
            float[] row = row(x, 7);
            model.transform(row, expected);
            for (int i = 0; i < 2; i++) {
                double sum = 0;
                for (int j = 0; j < COLUMNS; j++) {
                    sum += (row[j] - model.exactMean()[j]) * model.components().get(i, j);
                }
                assertThat((double) expected[i]).isCloseTo(sum * model.scale(i), within(1e-5 * Math.sqrt(magnitude)));
            }

            float[] out = new float[2];
            model.transform(MemorySegment.ofArray(row), MemorySegment.ofArray(out));
            assertThat(out).isEqualTo(expected);

            float[] rows = {9, 9, row[0], row[1], row[2], 9};
            float[] outs = {9, 0, 0, 9};
            model.transform(MemorySegment.ofArray(rows), 2 * Float.BYTES, MemorySegment.ofArray(outs), Float.BYTES);
            assertThat(outs).containsExactly(9, expected[0], expected[1], 9);

            // Another row leaves other values in the memory of the thread.
            model.transform(MemorySegment.ofArray(row(x, 3)), MemorySegment.ofArray(out));
            FloatBuffer to = FloatBuffer.wrap(new float[] {9, 0, 0, 9}).position(1);
            model.transform(FloatBuffer.wrap(rows, 2, COLUMNS), to);
            assertThat(to.array()).isEqualTo(outs);
            assertThat(to.position()).isEqualTo(1);

            MemorySegment off = arena.allocateFrom(ValueLayout.JAVA_FLOAT, row);
            model.transform(off, MemorySegment.ofArray(out));
            for (int i = 0; i < 2; i++) {
                assertThat(out[i]).isCloseTo(expected[i], within(1e-6f * Math.abs(expected[i])));
            }
            assertThatThrownBy(() -> model.transform(MemorySegment.ofArray(rows), MemorySegment.ofArray(outs)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("a row of 24 bytes does not fit a model of 3 floats");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aModelOfItsPartsIsTheSame(boolean standardize) {
        Options options = Options.defaults()
                .withComponents(2)
                .withStandardize(standardize)
                .withSolver(Solver.RANDOMIZED)
                .withPowerIterations(2)
                .withWhitening(1);
        try (FloatMatrix x = data(5, 1);
                PcaModel model = Pca.fit(x, options);
                PcaModel again = PcaModel.of(
                        model.components().copy(),
                        model.exactMean(),
                        model.deviations(),
                        model.explainedVariance(),
                        model.totalVariance(),
                        model.rows(),
                        model.whitening(),
                        new Fit(model.solver(), model.iterations(), model.converged()));
                FloatMatrix z = model.transform(x);
                FloatMatrix same = again.transform(x)) {
            assertThat(same.segment().mismatch(z.segment())).isEqualTo(-1);
            assertThat(again.totalVariance()).isCloseTo(model.totalVariance(), within(1e-12));
            assertThat(again.deviations()).isEqualTo(model.deviations());
            assertThat(again.deviations()).hasSize(standardize ? COLUMNS : 0);
            assertThat(again.singularValues()).isEqualTo(model.singularValues());
            assertThat(again.rows()).isEqualTo(40);
            assertThat(again.solver()).isEqualTo(Solver.RANDOMIZED);
            assertThat(again.iterations()).isEqualTo(3);
            assertThat(again.whitening()).isEqualTo(1);
            assertThat(again.inputs()).isEqualTo(COLUMNS);
            assertThat(again.outputs()).isEqualTo(2);
            assertThat(again.featureNames()).isEqualTo(NAMES);
            assertThat(again).hasToString("PcaModel[2 components of 3 columns, RANDOMIZED]");
            for (int i = 0; i < 2; i++) {
                double scale = 1 / model.explainedVariance()[i];
                assertThat(again.scale(i)).isCloseTo(scale, within(1e-12 * scale));
            }
        }
    }

    @Test
    void takesMeansInFloat() {
        float[] mean = {1, -2};
        try (FloatMatrix x = FloatMatrix.copyOf(new float[] {2, 4}, 1, 2);
                PcaModel model = PcaModel.of(
                        FloatMatrix.copyOf(new float[] {0, 1}, 1, 2), mean, new double[] {4}, 6, 3, 0, Solver.AUTO);
                FloatMatrix z = model.transform(x)) {
            assertThat(z.get(0, 0)).isEqualTo(6);
            assertThat(model.mean()).isEqualTo(mean);
            assertThat(model.exactMean()).containsExactly(1, -2);
            assertThat(model.totalVariance()).isEqualTo(6);
            assertThat(model.noiseVariance()).isEqualTo(2);
            assertThat(model.iterations()).isZero();
            assertThat(model.converged()).isTrue();
        }
    }

    private static void refused(String message, int means, double[] deviations, int variances, double whitening) {
        Fit fit = new Fit(Solver.COVARIANCE, 1, true);
        try (FloatMatrix components = FloatMatrix.allocate(2, COLUMNS)) {
            assertThatThrownBy(() -> PcaModel.of(
                            components, new double[means], deviations, new double[variances], 1, 5, whitening, fit))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage(message);
        }
    }

    @Test
    void refusesPartsThatDoNotFit() {
        double[] ones = {1, 1, 1};
        refused("components of 2 x 3 do not fit 2 variances, 4 means and 0 deviations", 4, new double[0], 2, 0);
        refused("components of 2 x 3 do not fit 1 variances, 3 means and 3 deviations", 3, ones, 1, 0);
        refused("components of 2 x 3 do not fit 2 variances, 3 means and 2 deviations", 3, new double[2], 2, 0);
        refused("whitening must be between 0 and 1, not 1.5", 3, ones, 2, 1.5);
        refused("whitening must be between 0 and 1, not -0.5", 3, ones, 2, -0.5);
        for (double wrong : new double[] {0, -1, Double.POSITIVE_INFINITY}) {
            String message = "the deviation of a column must be a finite number above 0, not " + wrong;
            refused(message, 3, new double[] {1, wrong, 1}, 2, 0);
        }
    }

    @Test
    void refusesOtherColumnsAndValuesThatAreNotFinite() {
        try (FloatMatrix x = data(0, 1);
                PcaModel model = Pca.fit(x, Options.defaults().withComponents(2));
                FloatMatrix coordinates = FloatMatrix.copyOf(new float[] {1, Float.NaN}, 1, 2)) {
            FloatMatrix renamed = x.withColumnNames(List.of("length", "height", "width"));
            assertThatThrownBy(() -> model.transform(renamed))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("column 1 of the data is 'height', but 'width' in the training data");
            assertThatThrownBy(() -> model.inverseTransform(coordinates))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("the coordinates holds NaN in row 0, column 1");
            x.set(2, 1, Float.NaN);
            assertThatThrownBy(() -> model.transform(x))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("NaN in row 2, column 1");
        }
    }

    @Test
    void aClosedModelMapsNoRows() {
        try (FloatMatrix x = data(0, 1);
                PcaModel model = Pca.fit(x, Options.defaults().withComponents(2))) {
            float[] out = new float[2];
            model.transform(row(x, 0), out);
            model.close();
            assertThatThrownBy(() -> model.transform(row(x, 0), out)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(model::warmUp).isInstanceOf(IllegalStateException.class);
        }
    }

    private static double scale(double variance, double mean) {
        Scaling scaling = new Scaling(new double[] {mean, 0}, null, 2);
        Pca.Subspace found = new Pca.Subspace(new double[] {2 * variance}, new double[] {1, 0}, 1, true);
        try (PcaModel model = PcaModel.of(found, scaling, List.of(), 3, 0.5, Solver.COVARIANCE)) {
            return model.scale(0);
        }
    }

    /** Noise: a millionth of the total deviation, here 1, or 2⁻²² of the length of the weighted mean. */
    @Test
    void aDeviationWithinNoiseIsNotAmplified() {
        assertThat(scale(4, 0)).isEqualTo(0.5);
        assertThat(scale(1.2e-12, 0)).isCloseTo(1 / Math.sqrt(1.2e-12), within(1e-3));
        assertThat(scale(0.8e-12, 0)).isZero();
        assertThat(scale(0x1p-22, 1000)).isEqualTo(0x1p11);
        assertThat(scale(0x1p-26, 1000)).isZero();
    }

    /** The constant is a billion times the deviation of the others, but it is exact. */
    @Test
    void aConstantColumnLeavesTheOthersTheirWhitenedCoordinates() {
        SplittableRandom random = new SplittableRandom(9);
        try (FloatMatrix x = FloatMatrix.allocate(100, 4)) {
            for (int i = 0; i < 100; i++) {
                x.set(i, 0, 1e-3f);
                for (int j = 1; j < 4; j++) {
                    x.set(i, j, (float) (1e-12 * random.nextGaussian()));
                }
            }
            for (Solver solver : Solver.values()) {
                Options options =
                        Options.defaults().withComponents(4).withWhiten(true).withSolver(solver);
                try (PcaModel model = Pca.fit(x, options);
                        FloatMatrix z = model.transform(x)) {
                    for (int c = 0; c < 3; c++) {
                        double squares = 0;
                        for (int i = 0; i < 100; i++) {
                            squares += Math.pow(z.get(i, c), 2);
                        }
                        assertThat(squares / 99).isCloseTo(1, within(1e-3));
                    }
                    // The direction of the constant.
                    assertThat(model.scale(3)).isZero();
                }
            }
        }
    }

    @Test
    void zerosHaveNoWhitenedCoordinates() {
        try (FloatMatrix x = FloatMatrix.allocate(5, 2);
                PcaModel model = Pca.fit(x, Options.defaults().withComponents(1).withWhiten(true))) {
            assertThat(model.scale(0)).isZero();
        }
    }

    @Test
    void theFirstOfTheLargestWeightsIsPositive() {
        Scaling scaling = new Scaling(new double[2], null, 1);
        Pca.Subspace found = new Pca.Subspace(new double[] {1, 0}, new double[] {-0.6, 0.6, 0.6, -0.8}, 1, true);
        try (PcaModel model = PcaModel.of(found, scaling, List.of(), 3, 0, Solver.COVARIANCE)) {
            assertThat(row(model.components(), 0)).containsExactly(0.6f, -0.6f);
            assertThat(row(model.components(), 1)).containsExactly(-0.6f, 0.8f);
        }
    }

    /** The variance of the data, or its inverse, has no float. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-25, 1e25})
    void theInverseOfFullWhiteningHoldsOutsideTheRangeOfFloat(double magnitude) {
        Options options = Options.defaults().withComponents(2).withWhitening(1);
        try (FloatMatrix x = ScaledColumns.of(magnitude);
                PcaModel model = Pca.fit(x, options);
                FloatMatrix z = model.transform(x);
                FloatMatrix back = model.inverseTransform(z)) {
            for (int i = 0; i < x.rows(); i++) {
                for (int j = 0; j < 2; j++) {
                    assertThat((double) back.get(i, j)).isCloseTo(x.get(i, j), within(1e-5 * magnitude));
                }
            }
        }
    }
}
