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

/** Softmax of each row of a block of logits, as in a classifier. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class SoftmaxBenchmark {
    static final int ROWS = 128;

    @Param({"10", "100", "1000"})
    int classes;

    @Param
    Form form;

    @Param
    Pollution pollution;

    private Kernels kernels;
    private FloatMatrix logits;
    private FloatMatrix block;

    @Setup
    public void setUp() {
        kernels = form.kernels();
        pollution.spread(kernels);
        logits = FloatMatrix.allocate(ROWS, classes);
        block = logits.copy();
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < ROWS; i++) {
            for (int c = 0; c < classes; c++) {
                logits.set(i, c, (float) random.nextDouble(-10, 10));
            }
        }
    }

    @TearDown
    public void close() {
        logits.close();
        block.close();
    }

    FloatMatrix logits() {
        return logits;
    }

    FloatMatrix probabilities() {
        return block;
    }

    /** Counted as 22 operations per logit: exp and four more. The time includes copying the logits. */
    @Benchmark
    public double softmax(Work work) {
        work.add(22.0 * ROWS * classes, 8.0 * ROWS * classes);
        MemorySegment memory = block.segment();
        MemorySegment.copy(logits.segment(), 0, memory, 0, memory.byteSize());
        double loss = 0;
        for (int i = 0; i < ROWS; i++) {
            loss += kernels.softmax(memory, block.offset(i), classes);
        }
        return loss;
    }
}
