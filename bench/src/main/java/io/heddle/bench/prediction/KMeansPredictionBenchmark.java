package io.heddle.bench.prediction;

import io.heddle.bench.HeddleSide;
import io.heddle.bench.SmileSide;
import io.heddle.cluster.KMeansModel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import smile.clustering.CentroidClustering;

/** Predicts clusters with the same centres: one row per call, each a different one, and all test rows in one call. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class KMeansPredictionBenchmark {
    @Benchmark
    public int[] heddleRow(Heddle side) {
        return side.model.predict(side.rows.next());
    }

    @Benchmark
    public int smileRow(Smile side) {
        side.next = side.next + 1 == side.test().length ? 0 : side.next + 1;
        return side.model.predict(side.test()[side.next]);
    }

    @Benchmark
    public int[] heddleBatch(Heddle side) {
        return side.model.predict(side.data().test());
    }

    /** Smile predicts clusters row by row, so this is a parallel loop as in user code. */
    @Benchmark
    public int[] smileBatch(Smile side) {
        double[][] test = side.test();
        return IntStream.range(0, test.length)
                .parallel()
                .map(i -> side.model.predict(test[i]))
                .toArray();
    }

    /** Heddle's model and rows. */
    public static class Heddle extends HeddleSide {
        @Param("10")
        int clusters;

        private KMeansModel model;
        private RowViews rows;

        @Setup
        public void fit() {
            model = SameModels.kMeans(data(), clusters);
            rows = new RowViews(data().test());
        }

        @TearDown
        public void close() {
            model.close();
        }
    }

    /** Smile's model and rows. */
    public static class Smile extends SmileSide {
        @Param("10")
        int clusters;

        private CentroidClustering<double[], double[]> model;
        private int next;

        @Setup
        public void fit() throws IOException {
            model = SameModels.kMeans(data, clusters);
        }
    }
}
