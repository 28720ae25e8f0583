package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogisticModelTest {
    private static final int FEATURES = 3;
    private static final List<String> NAMES = List.of("length", "width", "height");
    private static final Certificate CERTIFICATE = new Certificate(Certificate.Kind.DUALITY_GAP, 1e-5);

    private static LogisticModel model(int classes) {
        SplittableRandom random = new SplittableRandom(classes);
        FloatMatrix weights = FloatMatrix.allocate(classes, FEATURES).withColumnNames(NAMES);
        float[] intercepts = new float[classes];
        for (int c = 0; c < classes; c++) {
            for (int j = 0; j < FEATURES; j++) {
                weights.set(c, j, c == 1 && j == 1 ? 0 : (float) random.nextGaussian());
            }
            intercepts[c] = (float) random.nextGaussian();
        }
        return LogisticModel.of(weights, intercepts, 0.25, CERTIFICATE, true, 7, 21);
    }

    private static double[] probabilities(LogisticModel model, float[] row) {
        double[] e = new double[model.classes()];
        double sum = 0;
        for (int c = 0; c < e.length; c++) {
            double z = model.intercepts()[c];
            for (int j = 0; j < FEATURES; j++) {
                z += (double) model.weights().get(c, j) * row[j];
            }
            e[c] = Math.exp(z);
            sum += e[c];
        }
        for (int c = 0; c < e.length; c++) {
            e[c] /= sum;
        }
        return e;
    }

    private static int largest(double[] values) {
        return IntStream.range(0, values.length)
                .reduce((a, b) -> values[b] > values[a] ? b : a)
                .orElseThrow();
    }

    /** Few classes are multiplied row by row, many in blocks of rows. */
    @ParameterizedTest
    @ValueSource(ints = {2, 5, 40})
    void rowsInEachKindOfMemoryHaveTheSameProbabilities(int classes) {
        SplittableRandom random = new SplittableRandom(6);
        int rows = 300;
        try (LogisticModel model = model(classes);
                FloatMatrix x = FloatMatrix.allocate(rows, FEATURES)) {
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < FEATURES; j++) {
                    x.set(i, j, (float) random.nextGaussian());
                }
            }
            int[] labels = model.predict(x);
            float[] row = new float[FEATURES];
            float[] out = new float[classes];
            try (FloatMatrix p = model.probabilities(x)) {
                for (int i = 0; i < rows; i++) {
                    x.getRow(i, row);
                    double[] expected = probabilities(model, row);
                    model.probabilities(row, out);
                    for (int c = 0; c < classes; c++) {
                        assertThat((double) p.get(i, c)).isCloseTo(expected[c], within(1e-6));
                        assertThat((double) out[c]).isCloseTo(expected[c], within(1e-6));
                    }
                    assertThat(labels[i]).isEqualTo(largest(expected));
                }
            }
            float[] surrounded = {8, row[0], row[1], row[2], 8};
            int label = labels[rows - 1];
            assertThat(model.predict(row)).isEqualTo(label);
            assertThat(model.predict(MemorySegment.ofArray(row))).isEqualTo(label);
            assertThat(model.predict(MemorySegment.ofArray(surrounded), Float.BYTES))
                    .isEqualTo(label);
            assertThat(model.predict(FloatBuffer.wrap(surrounded, 1, FEATURES))).isEqualTo(label);

            float[] given = new float[classes];
            model.probabilities(MemorySegment.ofArray(row), MemorySegment.ofArray(given));
            assertThat(given).isEqualTo(out);
            float[] wider = new float[classes + 1];
            model.probabilities(
                    MemorySegment.ofArray(surrounded), Float.BYTES, MemorySegment.ofArray(wider), Float.BYTES);
            assertThat(Arrays.copyOfRange(wider, 1, classes + 1)).isEqualTo(out);
            // Another row leaves other values in the memory of the thread.
            model.probabilities(MemorySegment.ofArray(new float[FEATURES]), MemorySegment.ofArray(given));
            FloatBuffer buffer = FloatBuffer.allocate(classes + 1).position(1);
            model.probabilities(FloatBuffer.wrap(surrounded, 1, FEATURES), buffer);
            assertThat(buffer.array()).isEqualTo(wider);

            float[] logits = new float[classes];
            model.logits(row, logits);
            for (int c = 0; c < classes; c++) {
                assertThat((double) logits[c] - logits[0]).isCloseTo(Math.log(out[c] / out[0]), within(1e-4));
            }
        }
    }

    @Test
    void holdsItsParts() {
        try (LogisticModel model = model(5)) {
            assertThat(model.classes()).isEqualTo(5);
            assertThat(model.features()).isEqualTo(FEATURES);
            assertThat(model.inputs()).isEqualTo(FEATURES);
            assertThat(model.featureNames()).isEqualTo(NAMES);
            assertThat(model.nonZeros()).isEqualTo(14);
            assertThat(model.objective()).isEqualTo(0.25);
            assertThat(model.certificate()).isEqualTo(CERTIFICATE);
            assertThat(model.converged()).isTrue();
            assertThat(model.iterations()).isEqualTo(7);
            assertThat(model.passes()).isEqualTo(21);
        }
    }

    @Test
    void theFirstOfEquallyLargeClassesIsPredicted() {
        try (LogisticModel model = LogisticModel.of(
                        FloatMatrix.allocate(3, 1), new float[] {1, 2, 2}, 0, CERTIFICATE, true, 1, 1);
                FloatMatrix x = FloatMatrix.allocate(2, 1)) {
            assertThat(model.predict(x)).containsExactly(1, 1);
            assertThat(model.predict(new float[1])).isEqualTo(1);
        }
    }

    @Test
    void refusesPartsThatDoNotFit() {
        try (FloatMatrix one = FloatMatrix.allocate(1, 2);
                FloatMatrix two = FloatMatrix.allocate(2, 2)) {
            assertThatThrownBy(() -> LogisticModel.of(one, new float[1], 0, CERTIFICATE, true, 1, 1))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("1 rows of weights do not pair with 1 intercepts of two or more classes");
            assertThatThrownBy(() -> LogisticModel.of(two, new float[3], 0, CERTIFICATE, true, 1, 1))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("2 rows of weights do not pair with 3 intercepts of two or more classes");
        }
    }

    @Test
    void refusesRowsThatDoNotFit() {
        try (LogisticModel model = model(3);
                FloatMatrix x = FloatMatrix.allocate(200, FEATURES);
                FloatMatrix wide = FloatMatrix.allocate(2, 4)) {
            FloatMatrix renamed = x.withColumnNames(NAMES.reversed());
            assertThatThrownBy(() -> model.predict(renamed))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("column 0 of the data is 'height', but 'length' in the training data");
            assertThatThrownBy(() -> model.probabilities(wide))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("the data have 4 columns, but the model was fitted on 3");
            MemorySegment segment = MemorySegment.ofArray(new float[4]);
            assertThatThrownBy(() -> model.predict(segment))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("a row of 16 bytes does not fit a model of 3 floats");
            assertThatThrownBy(() -> model.probabilities(segment, segment))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("a row of 16 bytes does not fit a model of 3 floats");
            x.set(150, 1, Float.NaN);
            assertThatThrownBy(() -> model.predict(x))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("row 150: column 1 of the row is NaN");
        }
    }

    @Test
    void aClosedModelMapsNoRows() {
        LogisticModel model = model(2);
        model.predict(new float[FEATURES]);
        model.close();
        assertThatThrownBy(() -> model.predict(new float[FEATURES])).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(model::warmUp).isInstanceOf(IllegalStateException.class);
    }
}
