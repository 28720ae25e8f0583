package io.heddle.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NeighborAuditTest {
    private static final int ROWS = 400;
    private static final int COLUMNS = 8;

    /** Gaussian rows far from the origin, where products of floats would cancel. */
    private static FloatMatrix rows(double offset) {
        SplittableRandom random = new SplittableRandom(3);
        FloatMatrix x = FloatMatrix.allocate(ROWS, COLUMNS);
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                x.set(i, j, (float) (offset + random.nextGaussian()));
            }
        }
        return x;
    }

    private static void copy(FloatMatrix x, int from, int to, double change) {
        for (int j = 0; j < COLUMNS; j++) {
            x.set(to, j, (float) (x.get(from, j) + (j == 0 ? change : 0)));
        }
    }

    @Test
    void findsCopiesAndNearCopiesAndNothingElse() {
        for (double offset : new double[] {0, 100}) {
            try (FloatMatrix x = rows(offset)) {
                copy(x, 3, 200, 0);
                copy(x, 3, 201, 0);
                copy(x, 50, 60, 0.01);
                NeighborAudit found = NeighborAudit.of(x, NeighborAudit.Options.defaults(), WorkerPool.shared());

                assertThat(found.duplicates()).hasSize(2);
                assertThat(found.duplicates().get(0).rows()).containsExactly(3, 200, 201);
                assertThat(found.duplicates().get(0).exact()).isTrue();
                assertThat(found.duplicates().get(1).rows()).containsExactly(50, 60);
                assertThat(found.duplicates().get(1).exact()).isFalse();
            }
        }
    }

    /** Copies form one set, and near copies are found, even if there are more copies than examined neighbours. */
    @Test
    void manyCopiesAreOneSet() {
        try (FloatMatrix x = rows(0)) {
            for (int i = 100; i < 350; i++) {
                copy(x, 3, i, 0);
            }
            copy(x, 50, 60, 0.01);
            NeighborAudit found = NeighborAudit.of(x, NeighborAudit.Options.defaults(), WorkerPool.shared());

            assertThat(found.duplicates()).hasSize(2);
            assertThat(found.duplicates().getFirst().rows()).hasSize(251);
            assertThat(found.duplicates().getFirst().exact()).isTrue();
        }
    }

    @Test
    void zerosOfEitherSignAreEqual() {
        try (FloatMatrix x = rows(0)) {
            x.set(3, 2, 0);
            copy(x, 3, 200, 0);
            x.set(200, 2, -0f);
            NeighborAudit found = NeighborAudit.of(x, NeighborAudit.Options.defaults(), WorkerPool.shared());

            assertThat(found.duplicates()).hasSize(1);
            assertThat(found.duplicates().getFirst().exact()).isTrue();
        }
    }

    @Test
    void findsOutliers() {
        try (FloatMatrix x = rows(0)) {
            for (int j = 0; j < COLUMNS; j++) {
                x.set(17, j, 9);
                x.set(90, j, -30);
            }
            NeighborAudit found = NeighborAudit.of(x, NeighborAudit.Options.defaults(), WorkerPool.shared());

            assertThat(found.outliers()).extracting(NeighborAudit.Outlier::row).containsExactly(90, 17);
            assertThat(found.outliers().getFirst().ratio()).isGreaterThan(10);
            assertThat(found.duplicates()).isEmpty();
        }
    }

    @Test
    void equalRowsAreOneSetWithoutOutliers() {
        try (FloatMatrix x = FloatMatrix.allocate(5, 2)) {
            NeighborAudit found = NeighborAudit.of(x, NeighborAudit.Options.defaults(), WorkerPool.shared());

            assertThat(found.duplicates()).singleElement().matches(set -> set.exact() && set.rows().length == 5);
            assertThat(found.outliers()).isEmpty();
        }
        try (FloatMatrix one = FloatMatrix.allocate(1, 2)) {
            assertThatThrownBy(() -> NeighborAudit.of(one, NeighborAudit.Options.defaults(), WorkerPool.shared()))
                    .isInstanceOf(InvalidInputException.class);
        }
    }

    @Test
    void probabilitiesAreChecked() {
        int[] labels = {0, 1};
        float[][] wrong = {{0.5f, 0.6f}, {1.1f, -0.1f}, {Float.NaN, 1}};
        for (float[] row : wrong) {
            try (FloatMatrix p = FloatMatrix.allocate(2, 2)) {
                p.setRow(0, new float[] {0.5f, 0.5f});
                p.setRow(1, row);
                assertThatThrownBy(() -> LabelAudit.ofProbabilities(p, labels, LabelAudit.Cut.POSTERIOR))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining("row 1");
            }
        }
    }
}
