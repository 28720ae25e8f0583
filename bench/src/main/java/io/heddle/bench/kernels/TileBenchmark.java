package io.heddle.bench.kernels;

import io.heddle.bench.Work;
import io.heddle.matrix.FloatMatrix;
import io.heddle.simd.Kernels;
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

/** The register tile alone, its operands in the nearest caches: the roof over every product. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class TileBenchmark {
    @Param({"384"})
    int depth;

    @Param({"32", "16"})
    int columns;

    @Param
    Form form;

    @Param
    Pollution pollution;

    private Kernels kernels;
    private FloatMatrix a;
    private FloatMatrix packedA;
    private FloatMatrix b;
    private FloatMatrix c;

    @Setup
    public void setUp() {
        kernels = form.kernels();
        pollution.spread(kernels);
        a = FloatMatrix.allocate(Kernels.TILE_ROWS, depth);
        packedA = FloatMatrix.allocate(1, depth * Kernels.TILE_ROWS);
        b = FloatMatrix.allocate(depth, columns);
        c = FloatMatrix.allocate(Kernels.TILE_ROWS, columns);
        SplittableRandom random = new SplittableRandom(7);
        for (int k = 0; k < depth; k++) {
            for (int r = 0; r < Kernels.TILE_ROWS; r++) {
                a.set(r, k, (float) random.nextDouble(-1, 1));
                packedA.set(0, k * Kernels.TILE_ROWS + r, a.get(r, k));
            }
            for (int j = 0; j < columns; j++) {
                b.set(k, j, (float) random.nextDouble(-1, 1));
            }
        }
    }

    @TearDown
    public void close() {
        a.close();
        packedA.close();
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

    /** The left operand row by row, as it lies in a matrix. */
    @Benchmark
    public void rowByRow(Work work) {
        run(work, a, a.stride() * Float.BYTES, Float.BYTES);
    }

    /** The left operand packed, eight values for each step. */
    @Benchmark
    public void packed(Work work) {
        run(work, packedA, Float.BYTES, (long) Kernels.TILE_ROWS * Float.BYTES);
    }

    private void run(Work work, FloatMatrix left, long aRow, long aStep) {
        work.add(
                2.0 * Kernels.TILE_ROWS * columns * depth,
                4.0 * depth * (columns + Kernels.TILE_ROWS) + 4.0 * Kernels.TILE_ROWS * columns);
        kernels.tile(
                Kernels.TILE_ROWS,
                columns,
                depth,
                left.segment(),
                0,
                aRow,
                aStep,
                b.segment(),
                0,
                (long) columns * Float.BYTES,
                c.segment(),
                0,
                c.stride() * Float.BYTES,
                false);
    }
}
