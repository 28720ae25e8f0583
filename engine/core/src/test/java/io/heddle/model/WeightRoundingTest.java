package io.heddle.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.matrix.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightRoundingTest {
    private static final int COLUMNS = 12;
    private static final int ROWS = 300;

    /** Columns around a distance from zero with deviations of 1, divided by that distance or by 1. */
    private static ColumnMap classifier(double distance, boolean byLargest, int columns) {
        Random random = new Random(4);
        double factor = byLargest ? 1 / (distance + 3) : 1 / 1.003;
        double[][] weights = new double[2][columns];
        double[] biases = new double[2];
        for (int j = 0; j < columns; j++) {
            weights[1][j] = random.nextGaussian() / factor;
            biases[1] -= weights[1][j] * distance * factor;
        }
        return ColumnMap.identity(columns)
                .times(new double[] {factor})
                .through(weights)
                .plus(biases);
    }

    private static List<String> notes(ColumnMap map) {
        List<String> notes = new ArrayList<>();
        List<Stage> stages = map.stages();
        WeightRounding.report(map, stages, notes::add);
        Pipeline.of(stages).close();
        return notes;
    }

    /** The estimate is between a tenth and ten times of the error of rows like those that the classifier is for. */
    @ParameterizedTest
    @CsvSource({"1e5, true", "1e6, true", "1e5, false", "1e6, false"})
    void theErrorIsEstimated(double distance, boolean byLargest) {
        ColumnMap map = classifier(distance, byLargest, COLUMNS);
        List<Stage> stages = map.stages();
        double estimate = WeightRounding.ofProbabilities(map, stages);
        Random random = new Random(5);
        double largest = 0;
        try (Pipeline pipeline = Pipeline.of(stages)) {
            float[] row = new float[COLUMNS];
            float[] found = new float[2];
            for (int i = 0; i < ROWS; i++) {
                double logit = map.biases()[1];
                for (int j = 0; j < COLUMNS; j++) {
                    row[j] = (float) (distance + random.nextGaussian());
                    logit += map.weights()[1][j] * map.factor()[j] * row[j];
                }
                pipeline.probabilities(row, found);
                largest = Math.max(largest, Math.abs(found[1] - 1 / (1 + Math.exp(-logit))));
            }
        }
        assertThat(estimate).isBetween(largest / 10, largest * 10);
        assertThat(notes(map)).hasSize(estimate > WeightRounding.NOTED ? 1 : 0);
    }

    @Test
    void aNoteNamesTheErrorOfManyFarColumns() {
        assertThat(notes(classifier(1e6, true, COLUMNS)))
                .singleElement()
                .asString()
                .startsWith("weights are stored as floats, so probabilities may be about 0.0")
                .endsWith("fit with a scaler that subtracts their means");
    }

    @ParameterizedTest
    @CsvSource({"1e6, true, 1", "1e6, false, 1", "100, true, 12", "100, false, 12", "2000, true, 12", "0, true, 2000"})
    void ordinaryClassifiersHaveNone(double distance, boolean byLargest, int columns) {
        assertThat(notes(classifier(distance, byLargest, columns))).isEmpty();
    }

    /** A single year among columns near zero: the border of the classes shows its distance. */
    @Test
    void oneFarColumnAmongOthersHasNone() {
        double[][] weights = new double[2][COLUMNS];
        Arrays.fill(weights[1], 0.7);
        weights[1][3] = 1.2345e5;
        ColumnMap map = ColumnMap.identity(COLUMNS)
                .times(new double[] {1 / 2030.0})
                .through(weights)
                .plus(new double[] {0, -1.2345e5 * 2_015 / 2_030});
        assertThat(notes(map)).isEmpty();
    }

    @Test
    void aClassifierWithoutDigitsIsRefused() {
        assertThatThrownBy(() -> notes(classifier(1e8, true, COLUMNS)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("Heddle stores weights as floats, which changes probabilities of this file by");
    }
}
