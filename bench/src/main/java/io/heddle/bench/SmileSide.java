package io.heddle.bench;

import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The same data for Smile: an array of doubles per row. */
@State(Scope.Thread)
public abstract class SmileSide {
    /** See {@link BenchData}. */
    @Param("fashion-mnist")
    public String data;

    private double[][] train;
    private int[] trainLabels;
    private double[][] test;
    private int[] testLabels;

    /** Runs before {@code @Setup} methods of subclasses. */
    @Setup(Level.Trial)
    public final void load() throws IOException {
        try (BenchData loaded = BenchData.of(data)) {
            train = arrays(loaded.train());
            trainLabels = loaded.trainLabels();
            test = arrays(loaded.test());
            testLabels = loaded.testLabels();
        }
    }

    private static double[][] arrays(FloatMatrix x) {
        long heap = Runtime.getRuntime().maxMemory();
        long bytes = x.rows() * x.columns() * Double.BYTES;
        if (bytes > heap) {
            throw new IllegalStateException(
                    "%d x %d doubles take %,d MB, but the heap has %,d MB: increase it with -- -jvmArgsAppend -Xmx.."
                            .formatted(x.rows(), x.columns(), bytes >> 20, heap >> 20));
        }
        return SmileRows.of(x);
    }

    public final double[][] train() {
        return train;
    }

    public final int[] trainLabels() {
        return trainLabels;
    }

    public final double[][] test() {
        return test;
    }

    public final int[] testLabels() {
        return testLabels;
    }
}
