package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.cluster.KMeans.Algorithm;
import io.heddle.cluster.KMeans.Distance;
import io.heddle.cluster.KMeans.Options;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CosineKMeansTest {
    /** Distinct directions with lengths from 1e-3 to 1e3; row i belongs to direction i mod k. */
    private static FloatMatrix directions(int n, int d, int k, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] axes = new double[k * d];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = random.nextGaussian();
        }
        FloatMatrix x = FloatMatrix.allocate(n, d);
        for (int i = 0; i < n; i++) {
            double length = Math.pow(10, random.nextDouble(-3, 3));
            for (int j = 0; j < d; j++) {
                x.set(i, j, (float) (length * (axes[i % k * d + j] + 0.1 * random.nextGaussian())));
            }
        }
        return x;
    }

    private static double cosine(FloatMatrix a, long i, FloatMatrix b, long j) {
        double dot = 0;
        double left = 0;
        double right = 0;
        for (int l = 0; l < a.columns(); l++) {
            dot += (double) a.get(i, l) * b.get(j, l);
            left += (double) a.get(i, l) * a.get(i, l);
            right += (double) b.get(j, l) * b.get(j, l);
        }
        return dot / Math.sqrt(left * right);
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void findsDirectionsForAnyLengths(Algorithm algorithm) {
        Options options = Options.defaults()
                .withClusters(6)
                .withAlgorithm(algorithm)
                .withDistance(Distance.COSINE)
                .withInitializations(5);
        try (FloatMatrix x = directions(900, 12, 6, 3);
                FloatMatrix before = x.copy();
                KMeansModel model = KMeans.fit(x, options)) {
            assertThat(x.segment().mismatch(before.segment())).isEqualTo(-1);
            int[] labels = model.labels();
            for (int i = 6; i < 900; i++) {
                assertThat(labels[i]).isEqualTo(labels[i % 6]);
            }
            double inertia = 0;
            for (int i = 0; i < 900; i++) {
                inertia += 2 - 2 * cosine(x, i, model.centroids(), labels[i]);
            }
            assertThat(model.inertia()).isCloseTo(inertia, within(1e-4 * inertia));
            for (int c = 0; c < 6; c++) {
                double length = 0;
                for (int j = 0; j < 12; j++) {
                    length += Math.pow(model.centroids().get(c, j), 2);
                }
                assertThat(length).isCloseTo(1, within(1e-6));
            }
            assertThat(model.predict(x)).isEqualTo(labels);
            float[] row = new float[12];
            try (FloatMatrix distances = model.distances(x)) {
                for (int i = 0; i < 900; i++) {
                    x.getRow(i, row);
                    assertThat(model.predict(row)).isEqualTo(labels[i]);
                    assertThat((double) distances.get(i, 2))
                            .isCloseTo(1 - cosine(x, i, model.centroids(), 2), within(1e-5));
                }
            }
        }
    }

    /** At the end of Lloyd's algorithm each centre has the direction of the sum of its rows at unit length. */
    @Test
    void lloydEndsAtAFixedPoint() {
        Options options = Options.defaults()
                .withClusters(9)
                .withAlgorithm(Algorithm.LLOYD)
                .withDistance(Distance.COSINE)
                .withTolerance(0);
        try (FloatMatrix x = KMeansTest.cloud(700, 8, 0.3, 4);
                KMeansModel model = KMeans.fit(x, options);
                FloatMatrix sums = FloatMatrix.allocate(9, 8)) {
            assertThat(model.converged()).isTrue();
            int[] labels = model.labels();
            for (int i = 0; i < 700; i++) {
                double length = 0;
                for (int j = 0; j < 8; j++) {
                    length += Math.pow(x.get(i, j), 2);
                }
                for (int j = 0; j < 8; j++) {
                    float sum = sums.get(labels[i], j);
                    sums.set(labels[i], j, (float) (sum + x.get(i, j) / Math.sqrt(length)));
                }
                for (int c = 0; c < 9; c++) {
                    assertThat(cosine(x, i, model.centroids(), c))
                            .isLessThanOrEqualTo(cosine(x, i, model.centroids(), labels[i]) + 1e-6);
                }
            }
            for (int c = 0; c < 9; c++) {
                assertThat(cosine(sums, c, model.centroids(), c)).isCloseTo(1, within(1e-6));
            }
        }
    }

    @Test
    void refusesRowsOfZeros() {
        try (FloatMatrix x = directions(20, 3, 2, 1)) {
            Options options = Options.defaults().withClusters(2).withDistance(Distance.COSINE);
            try (KMeansModel model = KMeans.fit(x, options)) {
                x.setRow(13, new float[3]);
                assertThatThrownBy(() -> model.predict(x))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining("row 13");
                assertThatThrownBy(() -> StreamingKMeans.from(model)).isInstanceOf(InvalidInputException.class);
            }
            assertThatThrownBy(() -> KMeans.fit(x, options))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("row 13 of the data holds zeros only");
        }
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void bytesGiveTheResultOfFloats(Algorithm algorithm) {
        byte[] bytes = new byte[500 * 7];
        new SplittableRandom(8).nextBytes(bytes);
        ByteMatrix x = ByteMatrix.wrap(MemorySegment.ofArray(bytes), 500, 7, 1 / 255f);
        for (Distance distance : Distance.values()) {
            Options options = Options.defaults()
                    .withClusters(8)
                    .withAlgorithm(algorithm)
                    .withBatchSize(64)
                    .withDistance(distance);
            try (FloatMatrix floats = FloatMatrix.allocate(500, 7)) {
                IntStream.range(0, 500).forEach(i -> x.copyRow(i, floats, i));
                try (KMeansModel ofBytes = KMeans.fit(x, options, WorkerPool.shared());
                        KMeansModel ofFloats = KMeans.fit(floats, options)) {
                    assertThat(ofBytes.labels()).isEqualTo(ofFloats.labels());
                    assertThat(ofBytes.inertia()).isEqualTo(ofFloats.inertia());
                }
            }
        }
    }
}
