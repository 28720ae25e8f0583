package io.heddle.bench.prediction;

import io.heddle.bench.HeddleSide;
import io.heddle.bench.SmileSide;
import io.heddle.linear.LogisticModel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import smile.classification.LogisticRegression;

/** Predicts classes with the same weights: one row per call, each a different one, and all test rows in one call. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LogisticPredictionBenchmark {
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

    /** With probabilities, because otherwise Smile uses only one processor. */
    @Benchmark
    public int[] smileBatch(Smile side) {
        return side.model.predict(side.test(), side.probabilities);
    }

    /** Heddle's model and rows. */
    public static class Heddle extends HeddleSide {
        private LogisticModel model;
        private RowViews rows;

        @Setup
        public void fit() {
            model = SameModels.logistic(data());
            rows = new RowViews(data().test());
        }

        @TearDown
        public void close() {
            model.close();
        }
    }

    /** Smile's model and rows. */
    public static class Smile extends SmileSide {
        private LogisticRegression model;
        private double[][] probabilities;
        private int next;

        @Setup
        public void fit() throws IOException {
            model = SameModels.logistic(data);
            probabilities = new double[test().length][model.numClasses()];
        }
    }
}
