package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.FeatureTransform.Scaling;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassColumnsTest {
    /** (x − shift) · scale · weight in double, at coordinates of the second class. */
    private static void gathers(TrainingRows rows, int[] coordinates, float weight) {
        int width = rows.width();
        FeatureTransform t = rows.transform();
        try (ExactLoss loss = ExactLoss.of(rows, SmallRows.POOL);
                FloatMatrix scratch = FloatMatrix.allocate(1, width - 1);
                FloatMatrix out = FloatMatrix.allocate(3, coordinates.length)) {
            ClassColumns columns = new ClassColumns(loss, coordinates);
            assertThat(columns.size()).isEqualTo(coordinates.length);
            columns.gather(7, weight, out, 1, scratch);
            rows.x().copyRow(7, scratch, 0);
            for (int i = 0; i < coordinates.length; i++) {
                int j = coordinates[i] % width;
                double plain = j == width - 1 ? t.constant() : (scratch.get(0, j) - t.shift()[j]) * t.scale()[j];
                double expected = weight * plain;
                assertThat((double) out.get(1, i))
                        .as("column %d", j)
                        .isCloseTo(expected, within(1e-6 * Math.abs(expected) + 1e-7));
                assertThat(out.get(0, i)).isZero();
            }
        }
    }

    @Test
    void columnsOfAClassAreTransformed() {
        try (SmallRows small = new SmallRows(20, 4, 3)) {
            gathers(small.rows, new int[] {5, 6, 8}, 1);
            gathers(small.rows, new int[] {5, 8, 9}, -0.75f);
            gathers(small.rows, new int[] {9}, 2);
        }
        try (SmallRows without = new SmallRows(20, 4, 3, Scaling.STANDARDIZE, false, false)) {
            gathers(without.rows, new int[] {5, 7, 9}, 1);
        }
    }

    /** A scale of 1e36 times a difference of 1e-36: in float the scale would be inexact, or infinite. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-36, 1e-40, 1e33})
    void scalesOutsideTheRangeOfFloatAreApplied(double magnitude) {
        try (SmallRows small = new SmallRows(20, 2, 2)) {
            for (int i = 0; i < 20; i++) {
                small.x.set(i, 0, (float) (magnitude * (1 + i % 4)));
            }
            FeatureTransform t = new FeatureTransform(
                    new double[] {(float) magnitude, 0},
                    new double[] {1 / magnitude, 0},
                    new double[] {1, 1},
                    1,
                    false);
            gathers(new TrainingRows(small.x, small.rows.labels(), null, 2, t), new int[] {3, 4, 5}, 1);
        }
    }

    @Test
    void bytesAreCopiedThroughTheScratchRow() {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment bytes = arena.allocate(30);
            for (int i = 0; i < 30; i++) {
                bytes.set(ValueLayout.JAVA_BYTE, i, (byte) (9 * i));
            }
            ByteMatrix x = ByteMatrix.wrap(bytes, 10, 3, 1 / 255f);
            FeatureTransform t = FeatureTransform.of(x, null, Scaling.STANDARDIZE, true, 0, SmallRows.POOL);
            int[] labels = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
            gathers(new TrainingRows(x, labels, null, 2, t), new int[] {4, 6, 7}, 0.5f);
        }
    }
}
