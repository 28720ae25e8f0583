package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.LogisticRegression.Options;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogisticRegressionTest {
    /** Overlapping Gaussian classes: more rows than the solver's sample, so that the warm start runs too. */
    private static FloatMatrix blobs(int rows, int columns, int classes, int[] labels) {
        SplittableRandom random = new SplittableRandom(7);
        FloatMatrix x = FloatMatrix.allocate(rows, columns);
        for (int i = 0; i < rows; i++) {
            labels[i] = i % classes;
            for (int j = 0; j < columns; j++) {
                double centre = j % classes == labels[i] ? 1 : 0;
                x.set(i, j, (float) (centre + random.nextGaussian()));
            }
        }
        return x;
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"2, 1, 0", "2, 17, 0.5", "3, 15, 0", "10, 33, 0.5", "17, 16, 1", "33, 5, 0.5", "80, 8, 0.5", "80, 8, 0"
    })
    void solvesEveryShapeToItsTolerance(int classes, int columns, double l1Ratio) {
        int[] labels = new int[20_001];
        Options options =
                Options.defaults().withLambda(1e-3).withL1Ratio(l1Ratio).withTolerance(1e-4);
        try (FloatMatrix x = blobs(labels.length, columns, classes, labels);
                LogisticModel model = LogisticRegression.fit(x, labels, options)) {
            assertThat(model.certificate().relative()).isBetween(0.0, 1e-4);
            assertThat(model.classes()).isEqualTo(classes);
            assertThat(model.features()).isEqualTo(columns);
        }
    }

    @Test
    void objectiveIsThatOfTheReturnedWeights() {
        int[] labels = new int[500];
        try (FloatMatrix x = blobs(labels.length, 9, 4, labels);
                LogisticModel model = LogisticRegression.fit(
                        x, labels, Options.defaults().withLambda(0.01).withL1Ratio(0.3))) {
            double loss = 0;
            for (int i = 0; i < labels.length; i++) {
                double[] z = new double[4];
                double sum = 0;
                for (int c = 0; c < 4; c++) {
                    z[c] = model.intercepts()[c];
                    for (int j = 0; j < 9; j++) {
                        z[c] += (double) model.weights().get(c, j) * x.get(i, j);
                    }
                    sum += Math.exp(z[c]);
                }
                loss += Math.log(sum) - z[labels[i]];
            }
            double absolute = 0;
            double squares = 0;
            for (int c = 0; c < 4; c++) {
                for (int j = 0; j < 9; j++) {
                    double w = model.weights().get(c, j);
                    absolute += Math.abs(w);
                    squares += w * w;
                }
            }
            double expected = loss / labels.length + 0.01 * (0.3 * absolute + 0.35 * squares);
            assertThat(model.objective()).isCloseTo(expected, within(1e-6));
        }
    }

    @Test
    void probabilitiesSumToOneAndAgreeWithPredictions() {
        int[] labels = new int[300];
        try (FloatMatrix x = blobs(labels.length, 20, 5, labels);
                LogisticModel model = LogisticRegression.fit(x, labels, Options.defaults());
                FloatMatrix p = model.probabilities(x)) {
            int[] predicted = model.predict(x);
            for (int i = 0; i < labels.length; i++) {
                float sum = 0;
                for (int c = 0; c < 5; c++) {
                    sum += p.get(i, c);
                    assertThat(p.get(i, c)).isLessThanOrEqualTo(p.get(i, predicted[i]));
                }
                assertThat(sum).isCloseTo(1f, within(1e-6f));
            }
        }
    }

    /**
     * After two steps all probabilities are 0 or 1, where neither the gradient nor the Hessian of the loss shows a way
     * back.
     */
    @ParameterizedTest
    @CsvSource({"2, 1e-5", "2, 1e-7", "10, 1e-4", "10, 1e-6"})
    void convergesOnSeparableRowsWithAnL1Penalty(int columns, double lambda) {
        SplittableRandom random = new SplittableRandom(1);
        int[] labels = new int[200];
        try (FloatMatrix x = FloatMatrix.allocate(labels.length, columns)) {
            for (int i = 0; i < labels.length; i++) {
                labels[i] = i % 2;
                for (int j = 0; j < columns; j++) {
                    x.set(i, j, (float) (random.nextGaussian() + 8 * (j + 1) * labels[i]));
                }
            }
            Options options = Options.defaults().withLambda(lambda).withL1Ratio(1);
            try (LogisticModel model = LogisticRegression.fit(x, labels, options)) {
                assertThat(model.certificate().relative()).isLessThanOrEqualTo(options.tolerance());
            }
        }
    }

    @Test
    void withoutPenaltyItReportsTheViolation() {
        int[] labels = new int[400];
        Options options = Options.defaults().withLambda(0).withTolerance(1e-3);
        try (FloatMatrix x = blobs(labels.length, 3, 3, labels);
                LogisticModel model = LogisticRegression.fit(x, labels, options)) {
            assertThat(model.certificate().kind()).isEqualTo(Certificate.Kind.KKT_VIOLATION);
            assertThat(model.certificate().relative()).isBetween(0.0, 1e-3);
        }
    }

    @Test
    void aStrongPenaltyLeavesOnlyTheClassFrequencies() {
        int[] labels = {0, 0, 0, 1, 1, 2};
        Options options = Options.defaults().withLambda(10).withL1Ratio(1).withTolerance(1e-6);
        try (FloatMatrix x = FloatMatrix.copyOf(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3}, 6, 2);
                LogisticModel model = LogisticRegression.fit(x, labels, options);
                FloatMatrix p = model.probabilities(x)) {
            assertThat(model.nonZeros()).isZero();
            assertThat(p.get(0, 0)).isCloseTo(0.5f, within(1e-4f));
            assertThat(p.get(5, 1)).isCloseTo(1 / 3f, within(1e-4f));
            assertThat(p.get(3, 2)).isCloseTo(1 / 6f, within(1e-4f));
        }
    }

    @Test
    void reportedObjectivesNeverRiseBeyondRounding() {
        int[] labels = new int[20_000];
        List<Double> objectives = new ArrayList<>();
        Options options = Options.defaults()
                .withL1Ratio(0.5)
                .withTolerance(1e-6)
                .withProgress(p -> objectives.add(p.objective()));
        try (FloatMatrix x = blobs(labels.length, 30, 4, labels);
                LogisticModel model = LogisticRegression.fit(x, labels, options)) {
            assertThat(objectives).hasSize(model.iterations()).isNotEmpty();
            for (int i = 1; i < objectives.size(); i++) {
                assertThat(objectives.get(i)).isLessThanOrEqualTo(objectives.get(i - 1) * (1 + 1e-7));
            }
        }
    }

    @Test
    void refusesRowsOfAnotherWidth() {
        int[] labels = {0, 1, 0, 1};
        try (FloatMatrix x = FloatMatrix.copyOf(new float[] {0, 1, 0, 2}, 4, 1);
                FloatMatrix wide = FloatMatrix.allocate(1, 2);
                LogisticModel model = LogisticRegression.fit(x, labels, Options.defaults())) {
            assertThatThrownBy(() -> model.predict(wide))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("the data have 2 columns, but the model was fitted on 1");
        }
    }

    /** A million rows of results are 64 MB, which a failed call must free. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aFailedPredictionFreesItsMemory() throws IOException {
        int[] labels = {0, 1, 0, 1};
        FloatMatrix closed = FloatMatrix.allocate(1_000_000, 1);
        closed.close();
        try (FloatMatrix x = FloatMatrix.copyOf(new float[] {0, 1, 0, 2}, 4, 1);
                LogisticModel model = LogisticRegression.fit(x, labels, Options.defaults())) {
            long before = virtualPages();
            for (int i = 0; i < 40; i++) {
                assertThatThrownBy(() -> model.predict(closed)).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> model.probabilities(closed)).isInstanceOf(IllegalStateException.class);
            }
            assertThat(virtualPages() - before).isLessThan((1L << 30) / 4096);
        }
    }

    private static long virtualPages() throws IOException {
        return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[0]);
    }
}
