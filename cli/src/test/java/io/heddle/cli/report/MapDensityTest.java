package io.heddle.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MapDensityTest {
    private static final int LAST = 0xffff;
    // Three rows in the first cell, the second one at its upper edge; one row right of them, one in the last cell.
    private static final MapDensity DENSITY =
            new MapDensity(new int[] {0, 255, 7, 256, LAST}, new int[] {0, 255, 9, 0, LAST});

    @Test
    void countsTheRowsOfEachCell() {
        int[] counts = DENSITY.counts();

        assertThat(counts).hasSize(MapDensity.SIDE * MapDensity.SIDE);
        assertThat(counts[0]).isEqualTo(3);
        assertThat(counts[1]).isEqualTo(1);
        assertThat(counts[counts.length - 1]).isEqualTo(1);
        assertThat(Arrays.stream(counts).sum()).isEqualTo(5);
    }

    @Test
    void findsTheMostFrequentKindOfEachCell() {
        int[] most = DENSITY.mostFrequent(new int[] {4, 2, 2, 4, Packed.NONE});

        assertThat(most[0]).isEqualTo(2);
        assertThat(most[1]).isEqualTo(4);
        assertThat(most[2]).isEqualTo(Packed.NONE);
        assertThat(most[most.length - 1]).isEqualTo(Packed.NONE);
        // Of equally frequent kinds, the lower one is found.
        assertThat(DENSITY.mostFrequent(new int[] {9, 5, 7, 0, 0})[0]).isEqualTo(5);
    }

    @Test
    void averagesTheValuesOfEachCell() {
        double[] means = DENSITY.means(new double[] {1, 2, Double.NaN, 7, Double.NaN});

        assertThat(means[0]).isEqualTo(1.5);
        assertThat(means[1]).isEqualTo(7);
        assertThat(means[2]).isNaN();
        assertThat(means[means.length - 1]).isNaN();
    }
}
