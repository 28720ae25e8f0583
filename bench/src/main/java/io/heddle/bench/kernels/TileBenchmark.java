package io.heddle.bench.kernels;

import io.heddle.bench.Work;
import io.heddle.internal.kernels.Kernels;
import io.heddle.matrix.FloatMatrix;
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

/** The register tile with operands in the L1 and L2 caches: the upper bound of the speed of products. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class TileBenchmark {
    @Param({"320"})
    int depth;

    @Param
    Form form;

    @Param
    Pollution pollution;

    private Kernels kernels;
    private FloatMatrix a;
    private FloatMatrix packedA;
    private FloatMatrix b;
    private FloatMatrix packedB;
    private FloatMatrix c;

    @Setup
    public void setUp() {
        kernels = form.kernels();
        pollution.spread(kernels);
        int rows = kernels.tileRows();
        int columns = kernels.tileColumns();
        a = FloatMatrix.allocate(rows, depth);
        packedA = FloatMatrix.allocate(1, depth * kernels.leftStep());
        b = FloatMatrix.allocate(depth, columns);
        packedB = FloatMatrix.allocate(1, depth * columns);
        c = FloatMatrix.allocate(rows, columns);
        SplittableRandom random = new SplittableRandom(7);
        for (int k = 0; k < depth; k++) {
            for (int r = 0; r < rows; r++) {
                a.set(r, k, (float) random.nextDouble(-1, 1));
            }
            for (int j = 0; j < columns; j++) {
                b.set(k, j, (float) random.nextDouble(-1, 1));
                packedB.set(0, k * columns + j, b.get(k, j));
            }
        }
        packLeft(new Work());
    }

    @TearDown
    public void close() {
        a.close();
        packedA.close();
        b.close();
        packedB.close();
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

    /** The tile on packed operands. */
    @Benchmark
    public void tile(Work work) {
        multiply(work, kernels.tileRows());
    }

    /** Half of its rows, as for few classes. */
    @Benchmark
    public void fewRows(Work work) {
        multiply(work, (kernels.tileRows() + 1) / 2);
    }

    private void multiply(Work work, int rows) {
        int columns = kernels.tileColumns();
        work.add(2.0 * rows * columns * depth, 4.0 * depth * (columns + kernels.leftStep()) + 4.0 * rows * columns);
        kernels.tile(
                rows,
                columns,
                depth,
                packedA.segment(),
                0,
                packedB.segment(),
                0,
                (long) columns * Float.BYTES,
                c.segment(),
                0,
                c.stride() * Float.BYTES,
                false);
    }

    /** Packing of the rows of a tile from a matrix. */
    @Benchmark
    public void packLeft(Work work) {
        work.add(0, 4.0 * depth * (kernels.tileRows() + kernels.leftStep()));
        kernels.packLeft(
                kernels.tileRows(), depth, a.segment(), 0, a.stride() * Float.BYTES, Float.BYTES, packedA.segment(), 0);
    }
}
