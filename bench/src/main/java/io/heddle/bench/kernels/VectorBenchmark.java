package io.heddle.bench.kernels;

import io.heddle.bench.Work;
import io.heddle.internal.kernels.Kernels;
import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
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

/** The kernels on one or two vectors of n floats: in L1, in L2 and in memory, and odd lengths with tails. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class VectorBenchmark {
    /** Small, so that the result of an accumulating kernel does not change during a run. */
    static final float ALPHA = 0x1p-40f;

    @Param({"784", "1001", "65536", "8000000"})
    int n;

    @Param
    Form form;

    @Param
    Pollution pollution;

    private Kernels kernels;
    private FloatMatrix data;
    private MemorySegment memory;
    private long x;
    private long y;
    private long out;
    private long pixels;

    @Setup
    public void setUp() {
        kernels = form.kernels();
        pollution.spread(kernels);
        data = FloatMatrix.allocate(4, n);
        memory = data.segment();
        x = data.offset(0);
        y = data.offset(1);
        out = data.offset(2);
        pixels = data.offset(3);
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < n; i++) {
            data.set(0, i, (float) random.nextDouble(-1, 1));
            data.set(1, i, (float) random.nextDouble(-1, 1));
        }
        for (long i = 0; i < n; i++) {
            memory.set(java.lang.foreign.ValueLayout.JAVA_BYTE, pixels + i, (byte) random.nextInt(256));
        }
    }

    @TearDown
    public void close() {
        data.close();
    }

    /** The vectors x, y, out and the pixels, as rows. */
    FloatMatrix data() {
        return data;
    }

    @Benchmark
    public float dot(Work work) {
        work.add(2.0 * n, 8.0 * n);
        return kernels.dot(memory, x, memory, y, n);
    }

    @Benchmark
    public double squaredDistance(Work work) {
        work.add(3.0 * n, 8.0 * n);
        return kernels.squaredDistance(memory, x, memory, y, n);
    }

    @Benchmark
    public void axpy(Work work) {
        work.add(2.0 * n, 12.0 * n);
        kernels.axpy(ALPHA, memory, x, memory, y, n);
    }

    /** Counted as 18 operations: 8 fused multiply-adds and 2 more on floats. */
    @Benchmark
    public void exp(Work work) {
        work.add(18.0 * n, 8.0 * n);
        kernels.exp(memory, x, memory, out, n);
    }

    @Benchmark
    public boolean allFinite(Work work) {
        work.add(2.0 * n, 4.0 * n);
        return kernels.allFinite(memory, x, n);
    }

    @Benchmark
    public void bytesToFloats(Work work) {
        work.add(n, 5.0 * n);
        kernels.bytesToFloats(memory, pixels, 1 / 255f, memory, out, n);
    }
}
