package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.internal.columns.ColumnMoments;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests Lloyd with so many clusters that its seeds come from a sample. */
@Tag("slow")
class ManyClustersTest {
    private static final int ROWS = 20_000;
    private static final KMeans.Options OPTIONS = KMeans.Options.defaults()
            .withClusters(260)
            .withAlgorithm(KMeans.Algorithm.LLOYD)
            .withMaxIterations(5);

    @Test
    void seedsFromASampleAreAsGoodAsSeedsFromAllRows() {
        SplittableRandom random = new SplittableRandom(3);
        double[] ones = new double[ROWS];
        Arrays.fill(ones, 1);
        try (FloatMatrix x = FloatMatrix.allocate(ROWS, 8);
                WorkerPool one = WorkerPool.of(1);
                WorkerPool three = WorkerPool.of(3)) {
            for (int i = 0; i < ROWS; i++) {
                for (int j = 0; j < 8; j++) {
                    x.set(i, j, (float) random.nextGaussian());
                }
            }
            try (KMeansModel sampled = KMeans.fit(x, OPTIONS, one);
                    KMeansModel again = KMeans.fit(x, OPTIONS, three);
                    KMeansModel weighted = KMeans.fit(x, ones, OPTIONS, one);
                    FloatMatrix few = x.rows(0, 16_000);
                    // So few rows that the seeds come from all of them.
                    KMeansModel all = KMeans.fit(few, OPTIONS, one)) {
                double allInertia = all.inertia() * ROWS / few.rows();
                assertThat(sampled.inertia()).isBetween(0.97 * allInertia, 1.03 * allInertia);
                assertThat(weighted.inertia()).isBetween(0.97 * allInertia, 1.03 * allInertia);
                assertThat(again.inertia()).isEqualTo(sampled.inertia());
                assertThat(again.labels()).isEqualTo(sampled.labels());
            }
        }
    }

    static Stream<FloatMatrix> shapes() {
        return Stream.of(
                topics(3000, 256, 300, 0.3), // wide sketches, clear clusters
                topics(3000, 256, 40, 0.3), // several centres for each topic
                topics(2100, 130, 400, 2), // narrow sketches, no structure
                topics(2500, 257, 200, 0)); // equal rows: empty clusters
    }

    /** Rows near centres in a few directions, with noise in all. */
    private static FloatMatrix topics(int rows, int columns, int topics, double noise) {
        SplittableRandom random = new SplittableRandom(7);
        double[] mix = random.doubles(8L * columns, -1, 1).toArray();
        double[] at = random.doubles(8L * topics, -1, 1).toArray();
        FloatMatrix x = FloatMatrix.allocate(rows, columns);
        for (int i = 0; i < rows; i++) {
            int topic = random.nextInt(topics);
            for (int j = 0; j < columns; j++) {
                double value = noise * random.nextGaussian();
                for (int l = 0; l < 8; l++) {
                    value += at[topic * 8 + l] * mix[l * columns + j];
                }
                x.set(i, j, (float) value);
            }
        }
        return x;
    }

    /** Products of sketches and bounds of groups skip different distances and find the same centres. */
    @ParameterizedTest
    @MethodSource("shapes")
    void bothAssignmentsAgree(FloatMatrix data) {
        int k = 260;
        SplittableRandom random = new SplittableRandom(9);
        try (FloatMatrix x = data;
                WorkerPool pool = WorkerPool.of(2);
                FloatMatrix mean = ColumnMoments.of(x, "x", pool).meanRow();
                Sketch sketch = Sketch.learn(x, mean, k, random, pool);
                Sketch.Sketches sketches = sketch.projectAll(x, pool);
                FloatMatrix centers = x.rows(0, k).copy()) {
            int n = (int) x.rows();
            int[] labels = new int[n];
            int[] expected = new int[n];
            Arrays.fill(labels, -1);
            Arrays.fill(expected, -1);
            CenterGroups groups = CenterGroups.sort(centers);
            try (CenterAssignment tested = new SketchedAssignment(x, centers, labels, sketch, sketches, pool);
                    CenterAssignment bounded =
                            new BoundedAssignment(x, centers, groups, expected, sketch, sketches, pool)) {
                int changes = 0;
                for (int pass = 0; pass < 8; pass++) {
                    int[] before = labels.clone();
                    ChangedRows changed = tested.assign();
                    bounded.assign();
                    assertThat(changed.count()).isEqualTo(count(before, labels));
                    for (int c = 0; c < changed.count(); c++) {
                        int row = changed.rows()[c];
                        assertThat(changed.previous()[c]).isEqualTo(before[row]).isNotEqualTo(labels[row]);
                    }
                    changes += changed.count();
                    for (int i = 0; i < n; i++) {
                        // Several centres can be equally near.
                        double found = NearestCenter.squaredDistance(x, i, centers, labels[i]);
                        double right = NearestCenter.squaredDistance(x, i, centers, expected[i]);
                        assertThat(found).isBetween(right * (1 - 1e-5), right * (1 + 1e-5));
                    }
                    double[] shifts = move(centers, pass, random);
                    tested.centersMoved(shifts);
                    bounded.centersMoved(shifts);
                    int forgotten = random.nextInt(n);
                    labels[forgotten] = random.nextInt(k);
                    expected[forgotten] = labels[forgotten];
                    tested.forget(forgotten);
                    bounded.forget(forgotten);
                }
                assertThat(changes).isGreaterThan(n);
            }
        }
    }

    private static int count(int[] before, int[] after) {
        int count = 0;
        for (int i = 0; i < before.length; i++) {
            count += before[i] == after[i] ? 0 : 1;
        }
        return count;
    }

    /** Moves all centres at first, then fewer, and none in the last pass; returns the squared shifts. */
    private static double[] move(FloatMatrix centers, int pass, SplittableRandom random) {
        double[] shifts = new double[(int) centers.rows()];
        for (int j = 0; j < shifts.length; j++) {
            if (random.nextInt(7) >= pass) {
                for (int l = 0; l < centers.columns(); l++) {
                    float from = centers.get(j, l);
                    float to = (float) (from + 0.05 * random.nextGaussian());
                    centers.set(j, l, to);
                    shifts[j] += ((double) to - from) * ((double) to - from);
                }
            }
        }
        return shifts;
    }
}
