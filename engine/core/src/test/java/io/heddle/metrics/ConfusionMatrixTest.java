package io.heddle.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfusionMatrixTest {
    private static final double TOLERANCE = 1e-14;

    static List<ReferenceCase> cases() throws IOException {
        return ReferenceCase.read("confusion.txt");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithScikitLearn(ReferenceCase reference) {
        int classes = (int) reference.score("classes");
        ConfusionMatrix matrix = ConfusionMatrix.of(reference.truth(), reference.other(), classes);

        assertThat(matrix.accuracy()).isCloseTo(reference.score("accuracy"), within(TOLERANCE));
        assertScores(matrix.macro(), reference, "macro");
        assertScores(matrix.weighted(), reference, "weighted");
        for (int c = 0; c < classes; c++) {
            assertScores(
                    new ConfusionMatrix.Scores(matrix.precision(c), matrix.recall(c), matrix.f1(c)),
                    reference,
                    Integer.toString(c));
            assertThat((double) matrix.support(c)).isEqualTo(reference.score(c + ".support"));
        }
    }

    private static void assertScores(ConfusionMatrix.Scores scores, ReferenceCase reference, String prefix) {
        assertThat(scores.precision()).isCloseTo(reference.score(prefix + ".precision"), within(TOLERANCE));
        assertThat(scores.recall()).isCloseTo(reference.score(prefix + ".recall"), within(TOLERANCE));
        assertThat(scores.f1()).isCloseTo(reference.score(prefix + ".f1"), within(TOLERANCE));
    }

    @Test
    void countsTrueAgainstPredicted() {
        ConfusionMatrix matrix = ConfusionMatrix.of(new int[] {0, 0, 1, 2, 2}, new int[] {0, 1, 1, 0, 2}, 3);
        assertThat(matrix.count(0, 1)).isEqualTo(1);
        assertThat(matrix.count(1, 0)).isZero();
        assertThat(matrix.count(2, 0)).isEqualTo(1);
        assertThat(matrix.total()).isEqualTo(5);
        assertThat(matrix.classes()).isEqualTo(3);
    }

    @Test
    void refusesInvalidLabels() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> ConfusionMatrix.of(new int[] {0, 1, 3}, new int[] {0, 1, 2}, 3))
                .withMessage("the true label at index 2 is 3, outside 0 to 2");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> ConfusionMatrix.of(new int[] {0, 1}, new int[] {0, -1}, 3))
                .withMessage("the predicted label at index 1 is -1, outside 0 to 2");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> ConfusionMatrix.of(new int[] {0, 1}, new int[] {0}, 3))
                .withMessage("there are 2 true labels, but 1 predicted labels");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> ConfusionMatrix.of(new int[0], new int[0], 3))
                .withMessage("scores of 0 labels are not defined");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> ConfusionMatrix.of(new int[1], new int[1], 0))
                .withMessageContaining("not 0");
    }

    @Test
    void refusesClassesThatDoNotExist() {
        ConfusionMatrix matrix = ConfusionMatrix.of(new int[] {0, 1}, new int[] {0, 1}, 2);
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> matrix.count(0, 2));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> matrix.precision(-1));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> matrix.support(2));
    }
}
