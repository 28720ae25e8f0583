package io.heddle.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PenaltySearchTest {
    private static final int ROWS = 60;
    private static final int[] LABELS = IntStream.range(0, ROWS).map(i -> i % 3).toArray();

    private static FloatMatrix data() {
        SplittableRandom random = new SplittableRandom(1);
        FloatMatrix x = FloatMatrix.allocate(ROWS, 4);
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < 4; j++) {
                x.set(i, j, (float) ((j + 1) * random.nextGaussian() + (j == LABELS[i] ? 3 : 0)));
            }
        }
        return x;
    }

    @Test
    void choosesByTheOneStandardErrorRule() {
        PathPoint sparse = new PathPoint(0.1, 1, 0.90, 0.02, 5, true);
        PathPoint top = new PathPoint(0.01, 1, 0.93, 0.03, 50, true);
        PathPoint bad = new PathPoint(1, 1, 0.5, 0.5, 0, true);
        PathPoint strongRidge = new PathPoint(0.2, 0, 0.91, 0.02, 90, true);

        assertThat(PathPoint.best(List.of(bad, sparse, top, strongRidge))).isEqualTo(sparse);
        assertThat(PathPoint.best(List.of(bad, top, strongRidge)))
                .as("minimum number of weights")
                .isEqualTo(top);
        PathPoint weakRidge = new PathPoint(0.02, 0, 0.92, 0.02, 90, true);
        assertThat(PathPoint.best(List.of(bad, weakRidge, strongRidge)))
                .as("then the maximum penalty")
                .isEqualTo(strongRidge);
    }

    @Test
    void reportsEachFitDuringThePath() {
        List<String> heard = new ArrayList<>();
        LogisticRegression.Options options = LogisticRegression.Options.defaults()
                .withTolerance(1e-3)
                .withProgress(p -> {
                    if (!heard.isEmpty() && !heard.getLast().equals("round")) {
                        heard.add("round");
                    }
                });
        PenaltySearch search = new PenaltySearch(
                4, 1e-3, List.of(1.0, 0.5), options, (done, total) -> heard.add(done + " of " + total));
        try (FloatMatrix x = data()) {
            search.paths(x, LABELS, null, x, LABELS, null, WorkerPool.shared());
        }

        assertThat(heard.stream().filter(word -> !word.equals("round")))
                .containsExactly("1 of 8", "2 of 8", "3 of 8", "4 of 8", "5 of 8", "6 of 8", "7 of 8", "8 of 8");
        assertThat(heard.subList(heard.indexOf("2 of 8"), heard.indexOf("4 of 8")))
                .as("between two fits of one path")
                .contains("round");
    }

    @Test
    void foldsSplitEveryClassEvenly() {
        Folds folds = Folds.stratified(LABELS, 5, 9);
        int[] seen = new int[ROWS];
        for (int f = 0; f < 5; f++) {
            int[] held = folds.heldOut(f);
            assertThat(held).hasSize(12);
            for (int c = 0; c < 3; c++) {
                int label = c;
                assertThat(Arrays.stream(held).filter(i -> LABELS[i] == label)).hasSize(4);
            }
            assertThat(folds.others(f)).hasSize(48).doesNotContain(held);
            Arrays.stream(held).forEach(i -> seen[i]++);
        }
        assertThat(seen).containsOnly(1);
        assertThat(Folds.stratified(LABELS, 5, 9).heldOut(2)).isEqualTo(folds.heldOut(2));
        assertThat(Folds.stratified(LABELS, 5, 10).heldOut(2)).isNotEqualTo(folds.heldOut(2));
        assertThatThrownBy(() -> Folds.stratified(LABELS, 61, 0)).hasMessageContaining("61 folds");
    }

    @Test
    void crossValidationScoresRowsThatTheFitHasNotSeen() {
        int[] shuffled = LABELS.clone();
        SplittableRandom random = new SplittableRandom(4);
        for (int i = ROWS - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = shuffled[i];
            shuffled[i] = shuffled[j];
            shuffled[j] = swapped;
        }
        PenaltySearch search = new PenaltySearch(
                4, 1e-4, List.of(1.0), LogisticRegression.Options.defaults().withTolerance(1e-3), (done, total) -> {});
        try (FloatMatrix x = data()) {
            List<PathPoint> told = search.paths(x, shuffled, null, x, shuffled, null, WorkerPool.shared());
            List<PathPoint> honest = search.crossValidate(x, shuffled, null, 5, 0, WorkerPool.shared());
            // Random labels can be memorized, but not predicted.
            assertThat(told.getLast().score()).isGreaterThan(honest.getLast().score());
            assertThat(honest.getLast().score()).isLessThan(0.55);
            assertThat(honest)
                    .extracting(PathPoint::nonZeros)
                    .isEqualTo(told.stream().map(PathPoint::nonZeros).toList());
        }
    }

    @Test
    void refusesTestRowsThatCannotBeScored() {
        refused("there are 30 labels for 60 test rows", Arrays.copyOf(LABELS, 30), null);
        refused("there are 90 labels for 60 test rows", new int[90], null);
        refused("there are 5 weights for 60 test rows", LABELS, new double[5]);
        refused("the weights of all 60 test rows are 0, so there is no row to score", LABELS, new double[ROWS]);
        double[] weights = new double[ROWS];
        weights[2] = -1;
        refused("the weight of test row 2 is -1.0; weights are finite numbers of 0 or more", LABELS, weights);
        weights[2] = Double.NaN;
        refused("the weight of test row 2 is NaN; weights are finite numbers of 0 or more", LABELS, weights);
        try (FloatMatrix x = data();
                FloatMatrix none = FloatMatrix.allocate(0, 4)) {
            assertThatThrownBy(() -> search().paths(x, LABELS, null, none, new int[0], null, WorkerPool.shared()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("there are no test rows, so there is nothing to score");
        }
    }

    private static PenaltySearch search() {
        return new PenaltySearch(2, 0.1, List.of(0.5), LogisticRegression.Options.defaults(), (done, total) -> {});
    }

    private static void refused(String message, int[] testLabels, double[] testWeights) {
        try (FloatMatrix x = data()) {
            assertThatThrownBy(() -> search().paths(x, LABELS, null, x, testLabels, testWeights, WorkerPool.shared()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage(message);
        }
    }
}
