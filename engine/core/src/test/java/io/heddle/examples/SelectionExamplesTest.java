package io.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import io.heddle.selection.Folds;
import io.heddle.selection.PathPoint;
import io.heddle.selection.PenaltySearch;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of {@code io.heddle.selection}. */
class SelectionExamplesTest {
    private final int[] labels = ExampleData.labels();

    @Test
    void folds() {
        // @start region="folds"
        Folds folds = Folds.stratified(labels, 5, 0);
        int[] train = folds.others(0);
        int[] test = folds.heldOut(0); // 0 to folds.count() - 1
        // @end
        assertThat(train.length + test.length).isEqualTo(labels.length);
    }

    @Test
    void penaltySearch() {
        try (FloatMatrix x = ExampleData.rows()) {
            // @start region="penalty-search"
            var options = LogisticRegression.Options.defaults().withTolerance(1e-3);
            var search = new PenaltySearch(10, 1e-3, List.of(1.0, 0.5), options, (done, total) -> {});
            List<PathPoint> points = search.crossValidate(x, labels, null, 5, 0, WorkerPool.shared());
            PathPoint best = PathPoint.best(points); // best.lambda(), best.l1Ratio()
            // @end
            assertThat(best.score()).isGreaterThan(0.9);
        }
    }
}
