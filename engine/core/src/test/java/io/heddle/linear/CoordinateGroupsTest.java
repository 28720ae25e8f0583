package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoordinateGroupsTest {
    private static int[] range(int from, int to) {
        return IntStream.range(from, to).toArray();
    }

    /** Divisions depend on the shape only. */
    private static void withLoss(int columns, int classes, Consumer<Loss> test) {
        try (SmallRows small = new SmallRows(classes, columns, classes);
                ExactLoss loss = ExactLoss.of(small.rows, SmallRows.POOL)) {
            test.accept(loss);
        }
    }

    /** 4,224 coordinates of 64 classes at most are coupled. */
    @Test
    void couplesAllClassesUpToALimit() {
        withLoss(65, 64, loss -> {
            int[] all = range(0, 64 * 66);
            assertThat(CoordinateGroups.of(all, loss)).containsExactly(all);
        });
        withLoss(66, 64, loss -> {
            List<int[]> groups = CoordinateGroups.of(range(0, 64 * 67), loss);
            assertThat(groups).hasSize(64);
            assertThat(groups.get(63)).isEqualTo(range(63 * 67, 64 * 67));
        });
        withLoss(1, 65, loss -> {
            List<int[]> groups = CoordinateGroups.of(range(0, 130), loss);
            assertThat(groups).hasSize(65);
            assertThat(groups.getFirst()).isEqualTo(new int[] {0, 1});
        });
    }

    @Test
    void dividesByClass() {
        int[] some = {1, 3, 4, 5, 12, 13};
        assertThat(CoordinateGroups.byClass(some, 4))
                .containsExactly(new int[] {1, 3}, new int[] {4, 5}, new int[] {12, 13});
    }

    /** At most 4,224 coordinates, and 2²⁶ floats of all groups together. */
    @ParameterizedTest
    @CsvSource({"2, 5000, 4224", "2, 10000, 3355", "1, 4224, 4224", "4, 20000, 838"})
    void dividesALargeClass(int classes, int width, int piece) {
        List<int[]> groups = CoordinateGroups.byClass(range(0, classes * width), width);
        int from = 0;
        for (int[] group : groups) {
            int to = Math.min(from + piece, (from / width + 1) * width);
            assertThat(group).isEqualTo(range(from, to));
            from = to;
        }
        assertThat(from).isEqualTo(classes * width);
    }

    @Test
    void holdsWholeColumnsInOneGroup() {
        withLoss(9, 3, loss -> assertThat(CoordinateGroups.byColumns(new int[] {2, 7, 9}, loss))
                .containsExactly(new int[] {2, 7, 9, 12, 17, 19, 22, 27, 29}));
        // 2,112 columns are the limit.
        withLoss(2_112, 2, loss -> assertThat(CoordinateGroups.byColumns(range(0, 2_112), loss))
                .hasSize(1));
    }

    @Test
    void dividesColumnsIntoAsFewGroupsAsPossible() {
        withLoss(3_000, 2, loss -> {
            List<int[]> groups = CoordinateGroups.byColumns(range(0, 3_000), loss);
            int[] first = Arrays.copyOf(range(0, 2_112), 4_224);
            System.arraycopy(range(3_001, 3_001 + 2_112), 0, first, 2_112, 2_112);
            int[] second = Arrays.copyOf(range(2_112, 3_000), 2 * 888);
            System.arraycopy(range(3_001 + 2_112, 6_001), 0, second, 888, 888);
            assertThat(groups).containsExactly(first, second);
        });
    }
}
