package io.heddle.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.neighbors.NearestNeighbors;
import io.heddle.neighbors.Neighbors;
import io.heddle.parallel.WorkerPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NeighborLayoutTest {
    private static final int NEAR = 15;
    private static final int GROUPS = 12;

    /** Groups in 30 dimensions that two principal components cannot separate. */
    private static FloatMatrix groups(int rows) {
        Random random = new Random(7);
        double[][] centres = new double[GROUPS][30];
        for (double[] centre : centres) {
            Arrays.setAll(centre, j -> 2 * random.nextGaussian());
        }
        FloatMatrix x = FloatMatrix.allocate(rows, 30);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < 30; j++) {
                x.set(i, j, (float) (centres[i % GROUPS][j] + random.nextGaussian()));
            }
        }
        return x;
    }

    private static Neighbors near(FloatMatrix x, int count) {
        return NearestNeighbors.within(
                x,
                NearestNeighbors.Options.defaults()
                        .withMetric(NearestNeighbors.Metric.EUCLIDEAN)
                        .withNeighbors(count));
    }

    private static FloatMatrix components(FloatMatrix x) {
        try (PcaModel pca = Pca.fit(x, Pca.Options.defaults().withComponents(2))) {
            return pca.transform(x);
        }
    }

    private static FloatMatrix map(FloatMatrix x, FloatMatrix start, WorkerPool pool) {
        return NeighborLayout.of(near(x, NEAR), start, NeighborLayout.Options.defaults(), pool);
    }

    /** The share of a row's neighbours that are also its neighbours on the map. */
    private static double kept(Neighbors wanted, Neighbors found) {
        int same = 0;
        for (int i = 0; i < wanted.rows(); i++) {
            Set<Integer> own = new HashSet<>();
            for (int rank = 0; rank < wanted.count(); rank++) {
                own.add(wanted.index(i, rank));
            }
            for (int rank = 0; rank < wanted.count(); rank++) {
                same += own.contains(found.index(i, rank)) ? 1 : 0;
            }
        }
        return (double) same / (wanted.rows() * wanted.count());
    }

    /** Venna and Kaski's measure: 1 if no row is near another on the map that is far from it in the data. */
    private static double trustworthiness(FloatMatrix x, Neighbors onMap) {
        int n = onMap.rows();
        int k = onMap.count();
        Neighbors all = near(x, n - 1);
        double sum = 0;
        int[] ranks = new int[n];
        for (int i = 0; i < n; i++) {
            for (int rank = 0; rank < n - 1; rank++) {
                ranks[all.index(i, rank)] = rank + 1;
            }
            for (int rank = 0; rank < k; rank++) {
                sum += Math.max(0, ranks[onMap.index(i, rank)] - k);
            }
        }
        return 1 - 2 * sum / ((double) n * k * (2.0 * n - 3 * k - 1));
    }

    @Test
    void keepsMoreNeighboursThanPrincipalComponents() {
        try (FloatMatrix x = groups(900);
                FloatMatrix start = components(x);
                FloatMatrix map = map(x, start, WorkerPool.shared())) {
            Neighbors wanted = near(x, NEAR);
            Neighbors onMap = near(map, NEAR);
            Neighbors inComponents = near(start, NEAR);

            assertThat(trustworthiness(x, onMap))
                    .isGreaterThan(0.97)
                    .isGreaterThan(trustworthiness(x, inComponents) + 0.04);
            assertThat(kept(wanted, onMap)).isGreaterThan(0.35).isGreaterThan(1.5 * kept(wanted, inComponents));
            int own = 0;
            for (int i = 0; i < onMap.rows(); i++) {
                own += onMap.index(i, 0) % GROUPS == i % GROUPS ? 1 : 0;
            }
            assertThat(own).isGreaterThan(890);
        }
    }

    @Test
    void theBitsAreTheSameForAnyNumberOfThreads() {
        List<float[]> maps = new ArrayList<>();
        try (FloatMatrix x = groups(700);
                FloatMatrix start = components(x)) {
            for (int threads : new int[] {1, 2, 3, 1}) {
                try (WorkerPool pool = WorkerPool.of(threads);
                        FloatMatrix map = map(x, start, pool)) {
                    maps.add(values(map));
                }
            }
            assertThat(maps).allSatisfy(m -> assertThat(m).containsExactly(maps.getFirst()));
            try (FloatMatrix other = NeighborLayout.of(
                    near(x, NEAR), start, NeighborLayout.Options.defaults().withSeed(1), WorkerPool.shared())) {
                assertThat(values(other)).isNotEqualTo(maps.getFirst());
            }
        }
    }

    private static float[] values(FloatMatrix map) {
        float[] values = new float[2 * Math.toIntExact(map.rows())];
        for (int i = 0; i < values.length; i++) {
            values[i] = map.get(i / 2, i % 2);
        }
        return values;
    }

    /** Two sets of equal rows, whose distances are all 0, and a start of one column. */
    @Test
    void equalRowsAndASingleColumnHaveFiniteCoordinates() {
        float[] rows = new float[80];
        Arrays.fill(rows, 40, 80, 1);
        try (FloatMatrix x = FloatMatrix.copyOf(rows, 80, 1);
                FloatMatrix map = map(x, x, WorkerPool.shared())) {
            for (float value : values(map)) {
                assertThat(value).isFinite().isBetween(-1000f, 1000f);
            }
            double across = 0;
            for (int i = 0; i < 40; i++) {
                across += map.get(i + 40, 0) - map.get(i, 0);
            }
            assertThat(across / 40).isGreaterThan(2);
        }
    }

    @Test
    void weightsOfARowSumToTheLogarithmOfTheirNumber() {
        try (FloatMatrix x = groups(200)) {
            FuzzyGraph graph = FuzzyGraph.of(near(x, NEAR), WorkerPool.shared());
            assertThat(graph.rows()).isEqualTo(200);
            double sum = 0;
            for (int i = 0; i < 200; i++) {
                for (int e = graph.offsets()[i]; e < graph.offsets()[i + 1]; e++) {
                    int j = graph.targets()[e];
                    assertThat(graph.weights()[e]).isGreaterThan(0).isLessThanOrEqualTo(1);
                    assertThat(weight(graph, j, i)).isEqualTo(graph.weights()[e]);
                    sum += graph.weights()[e];
                }
            }
            // A union a + b − ab of both directions is at most their sum, and at least half of it.
            double both = 2 * 200 * Math.log(NEAR) / Math.log(2);
            assertThat(sum).isBetween(both / 2, both);
        }
    }

    private static float weight(FuzzyGraph graph, int from, int to) {
        for (int e = graph.offsets()[from]; e < graph.offsets()[from + 1]; e++) {
            if (graph.targets()[e] == to) {
                return graph.weights()[e];
            }
        }
        return 0;
    }

    @Test
    void theCurveFallsFromOneToNearZero() {
        assertThat(Curve.of(0.1).a()).isGreaterThan(Curve.of(0.5).a());
        assertThat(1 / (1 + Curve.of(0.1).a() * 0.05 * 0.05)).isGreaterThan(0.95);
        assertThat(1 / (1 + Curve.of(0.1).a() * 9.0)).isLessThan(0.1);
    }

    @Test
    void refusesAStartThatDoesNotFit() {
        try (FloatMatrix x = groups(60);
                FloatMatrix few = groups(59);
                FloatMatrix broken = groups(60)) {
            Neighbors near = near(x, 5);
            NeighborLayout.Options options = NeighborLayout.Options.defaults();
            assertThatThrownBy(() -> NeighborLayout.of(near, few, options, WorkerPool.shared()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("a start of 59 rows does not fit neighbours of 60");
            broken.set(8, 1, Float.NaN);
            assertThatThrownBy(() -> NeighborLayout.of(near, broken, options, WorkerPool.shared()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("row 8 of the start is not finite: NaN");
            assertThatThrownBy(() -> options.withEpochs(-1)).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> options.withNegatives(0)).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> options.withMinimumDistance(Double.NaN)).isInstanceOf(InvalidInputException.class);
        }
    }
}
