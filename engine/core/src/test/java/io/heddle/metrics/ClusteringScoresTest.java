package io.heddle.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClusteringScoresTest {
    private static final double TOLERANCE = 1e-12;

    static List<ReferenceCase> cases() throws IOException {
        return ReferenceCase.read("clustering.txt");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithScikitLearn(ReferenceCase reference) {
        ClusteringScores scores = ClusteringScores.of(reference.truth(), reference.other());
        assertThat(scores.ari()).isCloseTo(reference.score("ari"), within(TOLERANCE));
        assertThat(scores.nmi()).isCloseTo(reference.score("nmi"), within(TOLERANCE));
        // scikit-learn's expectation loses digits in its log-gammas.
        assertThat(scores.ami()).isCloseTo(reference.score("ami"), within(1e-10));
        assertThat(scores.homogeneity()).isCloseTo(reference.score("homogeneity"), within(TOLERANCE));
        assertThat(scores.completeness()).isCloseTo(reference.score("completeness"), within(TOLERANCE));
        assertThat(scores.accuracy()).isCloseTo(reference.score("accuracy"), within(TOLERANCE));
        assertThat(scores.purity()).isCloseTo(reference.score("purity"), within(TOLERANCE));
    }

    /** Two labelings of the same points. */
    record Pair(int[] truth, int[] clusters) {
        Pair swapped() {
            return new Pair(clusters, truth);
        }

        ClusteringScores scores() {
            return ClusteringScores.of(truth, clusters);
        }
    }

    @Provide
    Arbitrary<Pair> pairs() {
        return Arbitraries.integers().between(1, 60).flatMap(n -> {
            Arbitrary<int[]> labels = Arbitraries.integers().between(1, 12).flatMap(maximum -> Arbitraries.integers()
                    .between(0, maximum - 1)
                    .array(int[].class)
                    .ofSize(n));
            return Combinators.combine(labels, labels).as(Pair::new);
        });
    }

    @Property(tries = 300)
    void symmetricScoresAreSymmetric(@ForAll("pairs") Pair pair) {
        ClusteringScores there = pair.scores();
        ClusteringScores back = pair.swapped().scores();
        assertThat(back.ari()).isEqualTo(there.ari());
        assertThat(back.nmi()).isCloseTo(there.nmi(), within(TOLERANCE));
        assertThat(back.ami()).isCloseTo(there.ami(), within(TOLERANCE));
        assertThat(back.accuracy()).isEqualTo(there.accuracy());
        assertThat(back.homogeneity()).isCloseTo(there.completeness(), within(TOLERANCE));
    }

    @Property(tries = 300)
    void namesOfClustersDoNotMatter(@ForAll("pairs") Pair pair, @ForAll Random random) {
        // Large differences, so that the hash map of labels is tested too.
        List<Integer> names = new ArrayList<>(
                IntStream.range(0, 12).mapToObj(i -> i * 150_000_000).toList());
        Collections.shuffle(names, random);
        int[] renamed = Arrays.stream(pair.clusters()).map(names::get).toArray();
        ClusteringScores one = pair.scores();
        ClusteringScores other = ClusteringScores.of(pair.truth(), renamed);
        assertThat(other.ari()).isEqualTo(one.ari());
        assertThat(other.nmi()).isCloseTo(one.nmi(), within(TOLERANCE));
        assertThat(other.accuracy()).isEqualTo(one.accuracy());
        assertThat(other.purity()).isEqualTo(one.purity());
        for (int k : pair.clusters()) {
            assertThat(other.majorityLabel(names.get(k))).isEqualTo(one.majorityLabel(k));
        }
    }

    @Property(tries = 300)
    void scoresStayWithinTheirBounds(@ForAll("pairs") Pair pair) {
        ClusteringScores scores = pair.scores();
        assertThat(scores.ari()).isBetween(-0.5, 1.0);
        assertThat(scores.nmi()).isBetween(0.0, 1.0);
        assertThat(scores.ami()).isBetween(-1.0, 1.0);
        assertThat(scores.homogeneity()).isBetween(0.0, 1.0);
        assertThat(scores.completeness()).isBetween(0.0, 1.0);
        assertThat(scores.accuracy()).isBetween(Double.MIN_VALUE, scores.purity());
        assertThat(scores.purity()).isLessThanOrEqualTo(1);
    }

    @Property(tries = 100)
    void aLabelingIsPerfectAgainstItself(@ForAll("pairs") Pair pair) {
        ClusteringScores scores = ClusteringScores.of(pair.truth(), pair.truth());
        assertThat(scores.ari()).isEqualTo(1);
        assertThat(scores.nmi()).isCloseTo(1, within(TOLERANCE));
        assertThat(scores.ami()).isCloseTo(1, within(TOLERANCE));
        assertThat(scores.accuracy()).isEqualTo(1);
        assertThat(scores.matchedLabels()).isEqualTo(scores.clusterLabels());
        assertThat(scores.majorityLabels()).isEqualTo(scores.clusterLabels());
    }

    @Test
    void majorityAndMatchedLabelsNameTheClassOfACluster() {
        int[] truth = {4, 4, 4, 4, 4, 7, 7, 9, 9, 4};
        int[] clusters = {0, 0, 0, 2, 2, 2, 5, 5, 5, 5};
        ClusteringScores scores = ClusteringScores.of(truth, clusters);
        assertThat(scores.clusterLabels()).containsExactly(0, 2, 5);
        assertThat(scores.majorityLabels()).containsExactly(4, 4, 9);
        assertThat(scores.matchedLabels()).containsExactly(4, 7, 9);
        assertThat(scores.majorityLabel(2)).isEqualTo(4);
        assertThat(scores.matchedLabel(2)).isEqualTo(7);
        assertThat(scores.majorityLabel(1)).isEqualTo(-1);
        assertThat(scores.matchedLabel(6)).isEqualTo(-1);
        assertThat(scores.accuracy()).isEqualTo(0.6);
        assertThat(scores.purity()).isEqualTo(0.7);
    }

    @Test
    void surplusClustersStayUnmatched() {
        ClusteringScores scores = ClusteringScores.of(new int[] {1, 1, 1}, new int[] {0, 2, 2});
        assertThat(scores.matchedLabels()).containsExactly(-1, 1);
        assertThat(scores.majorityLabels()).containsExactly(1, 1);
    }

    @Tag("slow")
    @Test
    void pairCountsOfManyPointsDoNotOverflow() {
        // Each point is repeated 10⁶ times. This does not change the shares of all pairs, so the exact value follows
        // from sums that are small enough for doubles.
        int block = 1_000_000;
        int[] truth = new int[12 * block];
        int[] clusters = new int[12 * block];
        for (int i = 0; i < truth.length; i++) {
            truth[i] = i / block % 3;
            clusters[i] = i / block < 6 ? i / block % 3 : i / block % 4;
        }
        RandIndex pairs = RandIndex.of(ContingencyTable.of(truth, clusters));
        long n = truth.length;
        assertThat(pairs.together() + pairs.onlyTruth() + pairs.onlyClusters() + pairs.apart())
                .isEqualTo(n * (n - 1));
        double cells = 0;
        double rows = 0;
        double columns = 0;
        long[][] table = new long[3][4];
        for (int i = 0; i < 12; i++) {
            table[i % 3][i < 6 ? i % 3 : i % 4] += block;
        }
        for (int c = 0; c < 3; c++) {
            rows += square(Arrays.stream(table[c]).sum());
        }
        for (int k = 0; k < 4; k++) {
            columns += square(table[0][k] + table[1][k] + table[2][k]);
            for (int c = 0; c < 3; c++) {
                cells += square(table[c][k]);
            }
        }
        double expected = (rows - n) * (columns - n) / ((double) n * (n - 1));
        double ari = (cells - n - expected) / ((rows + columns) / 2 - n - expected);
        assertThat(pairs.adjusted()).isCloseTo(ari, within(1e-12));
    }

    private static double square(double x) {
        return x * x;
    }

    @Test
    void manyClustersUseTheSparseTable() {
        // 3000 x 3000 pairs exceed the dense table; 6000 of them occur.
        int[] truth = IntStream.range(0, 9000).map(i -> i % 3000).toArray();
        int[] clusters = IntStream.range(0, 9000)
                .map(i -> i < 6000 ? i % 3000 : (i + 1) % 3000)
                .toArray();
        ContingencyTable table = ContingencyTable.of(truth, clusters);
        assertThat(table.count(17, 17)).isEqualTo(2);
        assertThat(table.count(17, 18)).isEqualTo(1);
        assertThat(table.count(17, 19)).isZero();
        int[] seen = {0};
        table.forEach((c, k, count) -> seen[0] += (int) count);
        assertThat(seen[0]).isEqualTo(9000);
        // Of the 6 ordered pairs within a class, 2 stay together, and likewise within a cluster.
        assertThat(RandIndex.of(table)).isEqualTo(new RandIndex(6000, 12000, 12000, 9000L * 8999 - 30000));
    }

    @Test
    void refusesInvalidLabels() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> ClusteringScores.of(new int[0], new int[0]))
                .withMessage("scores of 0 labels are not defined");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> ClusteringScores.of(new int[] {1, 2}, new int[] {1}))
                .withMessage("there are 2 true labels, but 1 cluster labels");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> ClusteringScores.of(new int[] {1, 2}, new int[] {1, -3}))
                .withMessage("the cluster label at index 1 is -3; labels are 0 or more");
        int[] singletons = IntStream.range(0, 10_000).toArray();
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> ClusteringScores.of(singletons, singletons))
                .withMessageContaining("10000 classes to 10000 clusters");
    }
}
