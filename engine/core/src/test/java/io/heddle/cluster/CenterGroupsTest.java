package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.matrix.FloatMatrix;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CenterGroupsTest {
    /** One group for each 6 centres, rounded up to a multiple of 16, at most 64. */
    @ParameterizedTest
    @CsvSource({"1, 1", "5, 5", "16, 16", "95, 16", "96, 32", "191, 32", "192, 48", "288, 64", "1000, 64"})
    void centersHaveANumberOfGroups(int centers, int groups) {
        try (FloatMatrix x = random(centers)) {
            assertThat(CenterGroups.sort(x).count()).isEqualTo(groups);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 120})
    void groupsAreContiguousAndTheOriginalOrderIsRestored(int k) {
        try (FloatMatrix x = random(k);
                FloatMatrix before = x.copy()) {
            CenterGroups groups = CenterGroups.sort(x);
            assertThat(groups.from(0)).isZero();
            assertThat(groups.to(groups.count() - 1)).isEqualTo(k);
            for (int g = 0; g < groups.count(); g++) {
                assertThat(groups.to(g)).as("no group is empty").isGreaterThan(groups.from(g));
                for (int j = groups.from(g); j < groups.to(g); j++) {
                    assertThat(groups.groupOf(j)).isEqualTo(g);
                }
            }
            int[] labels = new int[k];
            float[][] sorted = new float[k][];
            for (int j = 0; j < k; j++) {
                labels[j] = j;
                sorted[j] = row(x, j);
            }
            groups.restore(x, labels);
            for (int j = 0; j < k; j++) {
                assertThat(row(x, j)).isEqualTo(row(before, j));
                assertThat(row(before, labels[j]))
                        .as("a label follows its centre")
                        .isEqualTo(sorted[j]);
            }
        }
    }

    /** Equal centres: each pivot starts a group of its own. */
    @ParameterizedTest
    @ValueSource(ints = {2, 7, 16})
    void equalCentersLeaveNoGroupEmpty(int k) {
        try (FloatMatrix x = FloatMatrix.allocate(k, 3)) {
            x.set(k - 1, 0, 1);
            CenterGroups groups = CenterGroups.sort(x);
            assertThat(groups.from(0)).isZero();
            assertThat(groups.to(groups.count() - 1)).isEqualTo(k);
        }
    }

    private static float[] row(FloatMatrix x, int row) {
        float[] values = new float[x.columns()];
        x.getRow(row, values);
        return values;
    }

    private static FloatMatrix random(int k) {
        SplittableRandom random = new SplittableRandom(k);
        FloatMatrix x = FloatMatrix.allocate(k, 5);
        for (int j = 0; j < k; j++) {
            for (int c = 0; c < 5; c++) {
                x.set(j, c, (float) random.nextGaussian());
            }
        }
        return x;
    }
}
