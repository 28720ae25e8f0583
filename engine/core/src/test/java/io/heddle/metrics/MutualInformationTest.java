package io.heddle.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MutualInformationTest {
    @Provide
    Arbitrary<int[]> sixLabels() {
        return Arbitraries.integers().between(0, 3).array(int[].class).ofSize(6);
    }

    @Property(tries = 100)
    void expectationIsTheMeanOverAllPermutations(
            @ForAll("sixLabels") int[] truth, @ForAll("sixLabels") int[] clusters) {
        double[] sumAndCount = new double[2];
        permute(truth, clusters.clone(), 0, sumAndCount);
        double expected =
                MutualInformation.of(ContingencyTable.of(truth, clusters)).expected();
        assertThat(expected).isCloseTo(sumAndCount[0] / sumAndCount[1], within(1e-13));
    }

    private static void permute(int[] truth, int[] clusters, int fixed, double[] sumAndCount) {
        if (fixed == clusters.length) {
            sumAndCount[0] +=
                    MutualInformation.of(ContingencyTable.of(truth, clusters)).information();
            sumAndCount[1]++;
        }
        for (int i = fixed; i < clusters.length; i++) {
            swap(clusters, fixed, i);
            permute(truth, clusters, fixed + 1, sumAndCount);
            swap(clusters, fixed, i);
        }
    }

    private static void swap(int[] a, int i, int j) {
        int t = a[i];
        a[i] = a[j];
        a[j] = t;
    }

    @Test
    void computesTheInformationOfAFairCoin() {
        int[] coin = {0, 1, 0, 1};
        MutualInformation itself = MutualInformation.of(ContingencyTable.of(coin, coin));
        assertThat(itself.information()).isCloseTo(Math.log(2), within(1e-15));
        assertThat(itself.classEntropy()).isCloseTo(Math.log(2), within(1e-15));
        MutualInformation other = MutualInformation.of(ContingencyTable.of(coin, new int[] {0, 0, 1, 1}));
        assertThat(other.information()).isZero();
        assertThat(other.normalized()).isZero();
    }

    @Test
    void isAccurateForMillionsOfPoints() {
        // Cells of ½, ¼ and ¼. The expectation is (classes − 1) (clusters − 1) / (2n) to first order.
        int n = 10_000_000;
        int[] truth = new int[n];
        int[] clusters = new int[n];
        for (int i = 0; i < n; i++) {
            truth[i] = i & 1;
            clusters[i] = (i & 3) == 3 ? 0 : i & 1;
        }
        MutualInformation information = MutualInformation.of(ContingencyTable.of(truth, clusters));
        assertThat(information.expected()).isCloseTo(1 / (2.0 * n), within(1e-3 / n));
        double exact = Math.log(2) / 4 + Math.log(2.0 / 3) / 4 + Math.log(4.0 / 3) / 2;
        assertThat(information.information()).isCloseTo(exact, within(1e-14));
    }
}
