package io.heddle.bench.cnn;

import io.heddle.encoder.EmbeddedEncoder;
import io.heddle.encoder.FeaturePooling;
import io.heddle.encoder.ImageEncoder;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Measures the time for an image in the encoder in pure Java, {@code fashion}, on one thread: alone and in blocks. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ImageEncoderBenchmark {
    static final int IMAGES = 512;

    private final WorkerPool pool = WorkerPool.of(1);
    private ImageEncoder encoder;
    private FloatMatrix images;
    private float[] image;
    private float[] features;

    @Setup
    public void setUp() throws IOException {
        encoder = ImageEncoder.open(EmbeddedEncoder.FASHION, FeaturePooling.MEAN);
        int pixels = encoder.channels() * encoder.inputSize() * encoder.inputSize();
        images = FloatMatrix.allocate(IMAGES, pixels);
        SplittableRandom random = new SplittableRandom(7);
        image = new float[pixels];
        for (int i = 0; i < IMAGES; i++) {
            for (int j = 0; j < pixels; j++) {
                image[j] = (float) random.nextDouble();
            }
            images.setRow(i, image);
        }
        features = new float[encoder.dimensions()];
    }

    @TearDown
    public void close() {
        encoder.close();
        images.close();
        pool.close();
    }

    @Benchmark
    public float[] oneImage() {
        encoder.encode(image, features);
        return features;
    }

    @Benchmark
    @OperationsPerInvocation(IMAGES)
    public float blocks() {
        try (FloatMatrix found = encoder.encode(images, pool)) {
            return found.get(IMAGES - 1, found.columns() - 1);
        }
    }
}
