package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.rows.RowSample;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefinedSeedsTest {
    private static final WorkerPool POOL = WorkerPool.of(2);
    private static final int CLUSTERS = 8;

    /** Overlapping clusters whose rows are sorted by cluster, in columns without and with sketches. */
    @ParameterizedTest
    @ValueSource(ints = {5, 140})
    void centersAreNearAnOptimum(int columns) {
        try (FloatMatrix x = sortedClusters(9_000, columns);
                FloatMatrix refined = FloatMatrix.allocate(CLUSTERS, columns);
                FloatMatrix plain = FloatMatrix.allocate(CLUSTERS, columns);
                FloatMatrix means = meansOfClusters(x)) {
            ColumnMoments moments = ColumnMoments.of(x, "x", POOL);
            double optimum = inertia(x, means);
            for (int seed = 0; seed < 5; seed++) {
                SplittableRandom random = new SplittableRandom(seed);
                long[] rows = RowSample.choose(x.rows(), 6_000, random);
                try (Origin origin = Origin.of(moments, x.rows());
                        Sketch sketch = columns < 128 ? null : Sketch.learn(x, origin.mean(), CLUSTERS, random, POOL);
                        Sketch.Sketches sketches = sketch == null ? null : sketch.projectAll(x, POOL)) {
                    assertThat(RefinedSeeds.find(x, rows, sketches, false, refined, random, POOL))
                            .isTrue();
                }
                GreedySeeding.seed(x, RowWeights.NONE, plain, random, POOL);
                assertThat(inertia(x, refined)).isLessThan(1.01 * optimum);
                assertThat(inertia(x, plain)).isGreaterThan(1.2 * optimum);
            }
        }
    }

    /** A part of the sample has no row, or one or two, of each of these clusters. */
    @Test
    void clustersOfTenRowsAreFound() {
        int rows = 40_000;
        SplittableRandom random = new SplittableRandom(5);
        try (FloatMatrix x = FloatMatrix.allocate(rows, 2);
                FloatMatrix centers = FloatMatrix.allocate(CLUSTERS, 2)) {
            for (int i = 0; i < rows; i++) {
                int cluster = i < 10 * (CLUSTERS - 1) ? 1 + i / 10 : 0;
                x.set(i, 0, 500 * cluster + (float) random.nextGaussian());
                x.set(i, 1, (float) random.nextGaussian());
            }
            long[] all = LongStream.range(0, rows).toArray();
            for (int seed = 0; seed < 5; seed++) {
                assertThat(RefinedSeeds.find(x, all, null, false, centers, new SplittableRandom(seed), POOL))
                        .isTrue();
                assertThat(inertia(x, centers)).isLessThan(2.1 * rows);
            }
        }
    }

    @Test
    void theThreadsDoNotChangeABit() {
        try (FloatMatrix x = sortedClusters(9_000, 20);
                FloatMatrix one = FloatMatrix.allocate(CLUSTERS, 20);
                FloatMatrix four = FloatMatrix.allocate(CLUSTERS, 20);
                WorkerPool single = WorkerPool.of(1);
                WorkerPool several = WorkerPool.of(4)) {
            long[] rows = LongStream.range(0, 6_000).toArray();
            RefinedSeeds.find(x, rows, null, false, one, new SplittableRandom(1), single);
            RefinedSeeds.find(x, rows, null, false, four, new SplittableRandom(1), several);
            assertThat(one.segment().mismatch(four.segment())).isEqualTo(-1);
        }
    }

    /** The mean of a row and its opposite has no direction, so the centre is one of the rows. */
    @Test
    void centersOfUnitRowsHaveUnitLength() {
        try (FloatMatrix x = FloatMatrix.allocate(5_000, 4);
                FloatMatrix centers = FloatMatrix.allocate(2, 4)) {
            for (int i = 0; i < x.rows(); i++) {
                x.set(i, i % 4 < 3 ? i % 2 : 2, i % 4 < 2 ? 1 : -1);
            }
            long[] rows = LongStream.range(0, 5_000).toArray();
            assertThat(RefinedSeeds.find(x, rows, null, true, centers, new SplittableRandom(3), POOL))
                    .isTrue();
            for (int j = 0; j < 2; j++) {
                double squares = 0;
                for (int l = 0; l < 4; l++) {
                    squares += (double) centers.get(j, l) * centers.get(j, l);
                }
                assertThat(squares).isBetween(1 - 1e-6, 1 + 1e-6);
            }
        }
    }

    @Test
    void aSampleWithFewerDistinctRowsThanClustersHasNone() {
        try (FloatMatrix x = FloatMatrix.allocate(5_000, 3);
                FloatMatrix centers = FloatMatrix.allocate(3, 3)) {
            for (int i = 0; i < x.rows(); i++) {
                x.set(i, 1, i % 2);
            }
            long[] rows = LongStream.range(0, 5_000).toArray();
            assertThat(RefinedSeeds.find(x, rows, null, false, centers, new SplittableRandom(3), POOL))
                    .isFalse();
        }
    }

    private static double inertia(FloatMatrix x, FloatMatrix centers) {
        try (NearestCenter nearest = new DifferenceNearestCenter(true)) {
            nearest.prepare(centers);
            return nearest.assignAndMeasure(x, null, RowWeights.NONE, new int[(int) x.rows()], POOL);
        }
    }

    private static FloatMatrix sortedClusters(int rows, int columns) {
        SplittableRandom random = new SplittableRandom(7);
        FloatMatrix x = FloatMatrix.allocate(rows, columns);
        float[][] centers = new float[CLUSTERS][columns];
        for (float[] center : centers) {
            for (int l = 0; l < columns; l++) {
                center[l] = (float) random.nextGaussian(0, 3);
            }
        }
        for (int i = 0; i < rows; i++) {
            for (int l = 0; l < columns; l++) {
                x.set(i, l, centers[cluster(i, rows)][l] + (float) random.nextGaussian());
            }
        }
        return x;
    }

    private static int cluster(long row, long rows) {
        return (int) (row * CLUSTERS / rows);
    }

    private static FloatMatrix meansOfClusters(FloatMatrix x) {
        FloatMatrix means = FloatMatrix.allocate(CLUSTERS, x.columns());
        for (int l = 0; l < x.columns(); l++) {
            double[] sums = new double[CLUSTERS];
            int[] counts = new int[CLUSTERS];
            for (long i = 0; i < x.rows(); i++) {
                sums[cluster(i, x.rows())] += x.get(i, l);
                counts[cluster(i, x.rows())]++;
            }
            for (int j = 0; j < CLUSTERS; j++) {
                means.set(j, l, (float) (sums[j] / counts[j]));
            }
        }
        return means;
    }
}
