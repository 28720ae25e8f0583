package io.heddle.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.matrix.ReferenceTables;
import io.heddle.metrics.Silhouette.Options;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SilhouetteTest {
    private static final ReferenceTables REFERENCE = ReferenceTables.read(SilhouetteTest.class, "silhouette.txt");

    private static Set<String> cases() {
        return REFERENCE.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithScikitLearn(String name) {
        int[] clusters = Arrays.stream(REFERENCE.get(name + "/clusters").values())
                .mapToInt(v -> (int) v)
                .toArray();
        try (FloatMatrix x = REFERENCE.get(name + "/x").toMatrix()) {
            assertThat(Silhouette.score(x, clusters, Options.defaults()))
                    .isCloseTo(REFERENCE.number(name + "/score"), within(2e-6));
        }
    }

    @Test
    void aSampleIsCloseAndTheSameForAnyNumberOfThreads() {
        int n = 3000;
        SplittableRandom random = new SplittableRandom(5);
        int[] clusters = random.ints(n, -2, 3).toArray();
        try (FloatMatrix x = FloatMatrix.allocate(n, 7)) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < 7; j++) {
                    x.set(i, j, (float) (clusters[i] + random.nextGaussian() / 2));
                }
            }
            Options sampled = Options.defaults().withSample(600).withSeed(9);
            double exact = Silhouette.score(x, clusters, Options.defaults());
            double expected = Silhouette.score(x, clusters, sampled);
            assertThat(expected).isNotEqualTo(exact).isCloseTo(exact, within(0.03));
            assertThat(Silhouette.score(x, clusters, sampled.withSeed(10))).isNotEqualTo(expected);
            for (int threads : new int[] {1, 3}) {
                try (WorkerPool pool = WorkerPool.of(threads)) {
                    assertThat(Silhouette.score(x, clusters, sampled, pool)).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void oneClusterHasNoSilhouette() {
        try (FloatMatrix x = FloatMatrix.allocate(4, 2)) {
            assertThatThrownBy(() -> Silhouette.score(x, new int[4], Options.defaults()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("a silhouette needs at least 2 clusters, but the 4 rows of the sample are in 1");
            assertThatThrownBy(() -> Silhouette.score(x, new int[3], Options.defaults()))
                    .hasMessage("3 clusters do not fit 4 rows");
            assertThatThrownBy(() -> Options.defaults().withSample(1))
                    .hasMessage("a silhouette needs a sample of at least 2 rows, not 1");
            assertThat(Silhouette.score(x, new int[] {0, 0, 1, 1}, Options.defaults()))
                    .isZero();
        }
    }

    @Test
    void stabilityIsTheMeanAgreementOfAllPairs() {
        int[] a = {0, 0, 1, 1, 2, 2};
        int[] b = {2, 2, 0, 0, 1, 1};
        int[] c = {0, 0, 0, 1, 1, 1};
        ClusteringStability stability = ClusteringStability.of(List.of(a, b, c));
        ClusteringScores apart = ClusteringScores.of(a, c);
        assertThat(stability.pairs()).isEqualTo(3);
        assertThat(stability.ari()).isCloseTo((1 + 2 * apart.ari()) / 3, within(1e-12));
        assertThat(stability.ami()).isCloseTo((1 + 2 * apart.ami()) / 3, within(1e-12));
        assertThat(stability.minimumAri()).isCloseTo(apart.ari(), within(1e-12));
        assertThatThrownBy(() -> ClusteringStability.of(List.of(a)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("stability needs at least 2 clusterings, not 1");
    }
}
