package io.heddle.bench.cnn;

import io.heddle.cnn.Encoder;
import io.heddle.cnn.Precision;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Measures images per second of the embedded encoder on all processors, from 28x28 gray pixels to features. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class EncoderBenchmark {
    /** An even number of full batches for every size. */
    static final int IMAGES = 1536;

    private static final int SIDE = 28;

    @Param({"FLOAT32", "BFLOAT16"})
    Precision precision;

    @Param({"8", "16", "24", "32", "48", "64"})
    int batch;

    private Encoder encoder;
    private FloatMatrix images;

    @Setup
    public void setUp() throws IOException {
        encoder = Encoder.open(
                "imagenet", Encoder.Options.defaults().withPrecision(precision).withBatchSize(batch));
        images = FloatMatrix.allocate(IMAGES, SIDE * SIDE);
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < IMAGES; i++) {
            for (int j = 0; j < SIDE * SIDE; j++) {
                images.set(i, j, (float) random.nextDouble());
            }
        }
    }

    @TearDown
    public void close() {
        encoder.close();
        images.close();
    }

    @Benchmark
    @OperationsPerInvocation(IMAGES)
    public float encode() {
        try (FloatMatrix features = encoder.encode(images, SIDE, SIDE, progress -> {})) {
            return checksum(features);
        }
    }

    /** Uses the first and the last image, so that all results are required. */
    private static float checksum(FloatMatrix features) {
        float sum = 0;
        for (int j = 0; j < features.columns(); j++) {
            sum += features.get(0, j) - 2 * features.get(features.rows() - 1, j);
        }
        return sum;
    }
}
