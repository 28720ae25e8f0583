package io.heddle.bench.latency;

import io.heddle.bench.BenchData;
import io.heddle.bench.prediction.SmileModels;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import smile.classification.LogisticRegression;

/** One prediction per call, each of a different row. All values include about 20 ns of the clock. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public abstract class RowLatency {
    /** float32 outside the heap to a class. */
    @Benchmark
    public int logistic(Heddle side, Turn turn) {
        return side.models.classifier.predict(side.models.outside, turn.next() * side.models.rowBytes);
    }

    /** float32 on the heap to a class. */
    @Benchmark
    public int logisticHeap(Heddle side, Turn turn) {
        return side.models.classifier.predict(side.models.heap[turn.next()]);
    }

    /** float32 on the heap to the probabilities of all classes. */
    @Benchmark
    public float[] probabilities(Heddle side, Turn turn) {
        side.models.classifier.probabilities(side.models.heap[turn.next()], turn.out);
        return turn.out;
    }

    /** uint8 pixels on the heap to a class. */
    @Benchmark
    public int pixels(Heddle side, Turn turn) {
        return side.models.pixelsToClass.predictBytes(side.models.pixels[turn.next()]);
    }

    /** float32 through 50 components to the nearest of 10 centres. */
    @Benchmark
    public int componentsToClusters(Heddle side, Turn turn) {
        return side.models.componentsToClusters.predict(side.models.outside, turn.next() * side.models.rowBytes);
    }

    /** The same classifier in Smile: double on the heap to a class. */
    @Benchmark
    public int smileLogistic(Smile side, Turn turn) {
        return side.model.predict(side.rows[turn.next()]);
    }

    /** The next row. */
    @State(Scope.Thread)
    public static class Turn {
        /** Receives the probabilities. */
        public final float[] out = new float[1000];

        private int next;

        int next() {
            next = (next + 1) & (RowModels.ROWS - 1);
            return next;
        }
    }

    /** Heddle's models. */
    @State(Scope.Benchmark)
    public static class Heddle {
        /** See {@link BenchData}. */
        @Param("fashion-mnist:10000")
        public String data;

        RowModels models;

        @Setup
        public void fit() throws IOException {
            try (BenchData loaded = BenchData.of(data)) {
                models = new RowModels(loaded);
            }
        }

        @TearDown
        public void close() {
            models.close();
        }
    }

    /** Smile's model from the same weights. */
    @State(Scope.Benchmark)
    public static class Smile {
        /** See {@link BenchData}. */
        @Param("fashion-mnist:10000")
        public String data;

        LogisticRegression model;
        double[][] rows;

        @Setup
        public void fit() throws IOException {
            model = SmileModels.logistic(data);
            rows = new double[RowModels.ROWS][];
            try (BenchData loaded = BenchData.of(data)) {
                float[] row = new float[loaded.test().columns()];
                for (int i = 0; i < rows.length; i++) {
                    loaded.test().getRow(i % loaded.test().rows(), row);
                    rows[i] = new double[row.length];
                    for (int j = 0; j < row.length; j++) {
                        rows[i][j] = row[j];
                    }
                }
            }
        }
    }
}
