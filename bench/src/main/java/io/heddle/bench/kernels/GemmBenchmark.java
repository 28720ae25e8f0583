package io.heddle.bench.kernels;

import io.heddle.bench.Work;
import io.heddle.internal.gemm.Gemm;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
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

/**
 * Matrix products including packing, square and narrow, compared with OpenBLAS if there is an artifact for this
 * machine.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class GemmBenchmark {
    /** Rows x depth x columns; {@code T} if the left operand is stored depth by rows. */
    @Param({
        "512x512x512",
        "1024x1024x1024",
        "2048x2048x2048",
        "60000x784x10",
        "60000x784x60",
        "784Tx60000x10",
        "784Tx60000x60"
    })
    String shape;

    @Param({"1", "2"})
    int threads;

    /** The scalar twins run only in a JVM without {@code jdk.incubator.vector}. */
    @Param("VECTOR")
    Form form;

    private boolean transposed;
    private FloatMatrix a;
    private FloatMatrix b;
    private FloatMatrix c;
    private WorkerPool pool;
    private OpenBlas openBlas;

    @Setup
    public void setUp() {
        if ((form == Form.VECTOR) != (Simd.lanes() > 1)) {
            throw new IllegalStateException("this JVM has %d lanes, which is not %s".formatted(Simd.lanes(), form));
        }
        transposed = shape.contains("T");
        String[] sizes = shape.replace("T", "").split("x");
        int m = Integer.parseInt(sizes[0]);
        int k = Integer.parseInt(sizes[1]);
        int n = Integer.parseInt(sizes[2]);
        a = transposed ? random(k, m) : random(m, k);
        b = random(k, n);
        c = FloatMatrix.allocate(m, n);
        pool = WorkerPool.of(threads);
        openBlas = OpenBlas.isAvailable() ? OpenBlas.of(threads) : null;
    }

    private static FloatMatrix random(int rows, int columns) {
        SplittableRandom random = new SplittableRandom(rows + 31L * columns);
        FloatMatrix m = FloatMatrix.allocate(rows, columns);
        float[] row = new float[columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                row[j] = (float) random.nextDouble(-1, 1);
            }
            m.setRow(i, row);
        }
        return m;
    }

    @TearDown
    public void close() {
        pool.close();
        a.close();
        b.close();
        c.close();
    }

    FloatMatrix left() {
        return a;
    }

    FloatMatrix right() {
        return b;
    }

    FloatMatrix product() {
        return c;
    }

    boolean leftTransposed() {
        return transposed;
    }

    @Benchmark
    public void multiply(Work work) {
        count(work);
        Gemm.multiply(a, transposed, b, false, c, pool);
    }

    /** The reference, with the same memory and the same number of threads. */
    @Benchmark
    public void openBlas(Work work) {
        count(work);
        openBlas.multiply(a, transposed, b, c);
    }

    private void count(Work work) {
        double m = c.rows();
        double n = c.columns();
        double k = b.rows();
        work.add(2 * m * n * k, 4 * (m * k + k * n + m * n));
    }
}
