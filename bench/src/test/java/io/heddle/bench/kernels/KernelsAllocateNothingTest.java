package io.heddle.bench.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.heddle.bench.Work;
import io.heddle.internal.gemm.Gemm;
import io.heddle.internal.gemm.Panels;
import io.heddle.internal.gemm.RowMap;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.kernels.TrainingKernels;
import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A kernel allocates in every call if C2 cannot keep its vectors in registers. No compiled kernel may do this. */
@Tag("slow")
class KernelsAllocateNothingTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int CALLS = 100;
    /** Compilation runs beside the test, so there are many attempts before the kernel fails. */
    private static final int CHANCES = 20_000;
    /** A kernel that allocates uses all of its attempts, which take seconds; this number of kernels is enough. */
    private static final int ENOUGH = 3;

    @Test
    void compiledKernelsAllocateNothing() throws Exception {
        VectorBenchmark vectors = new VectorBenchmark();
        vectors.n = 101;
        vectors.form = Form.VECTOR;
        vectors.pollution = Pollution.SHAPES;
        vectors.setUp();
        SoftmaxBenchmark softmax = new SoftmaxBenchmark();
        softmax.classes = 10;
        softmax.form = Form.VECTOR;
        softmax.pollution = Pollution.SHAPES;
        softmax.setUp();
        TileBenchmark tile = tile();
        Map<String, Consumer<Work>> kernels = new TreeMap<>();
        kernels.put("dot", vectors::dot);
        kernels.put("squaredDistance", vectors::squaredDistance);
        kernels.put("axpy", vectors::axpy);
        kernels.put("exp", vectors::exp);
        kernels.put("allFinite", vectors::allFinite);
        kernels.put("bytesToFloats", vectors::bytesToFloats);
        kernels.put("softmax", softmax::softmax);
        kernels.put("tile", tile::tile);
        kernels.put("tileOfFewRows", tile::fewRows);
        kernels.put("packLeft", tile::packLeft);
        FloatMatrix wide = FloatMatrix.allocate(8, 48);
        FloatMatrix sum = FloatMatrix.allocate(48, 48);
        Panels many = Panels.packTransposed(FloatMatrix.allocate(48, 128));
        FloatMatrix products = FloatMatrix.allocate(8, 48);
        kernels.put("accumulateTransposed", work -> Gemm.accumulateTransposed(wide, 0, wide, 0, 8, sum));
        FloatMatrix x = FloatMatrix.allocate(8, 128);
        FloatMatrix scores = FloatMatrix.allocate(8, 10);
        Panels few = Panels.packTransposed(FloatMatrix.allocate(10, 128));
        kernels.put("products", work -> Gemm.multiplyRows(x, 0, 8, many, products, 0));
        kernels.put("dots", work -> Gemm.multiplyRows(x, 0, 8, few, scores, 0));
        float[] distances = new float[8];
        int[] columns = new int[8];
        MemorySegment m = x.segment();
        kernels.put("squaredDistances", work -> Simd.kernels()
                .squaredDistances(m, 0, m, x.offset(1), x.offset(1), 7, 128, distances, 0));
        kernels.put("minimumBiased", work -> Simd.kernels()
                .minimumBiased(scores.segment(), 0, scores.offset(1), 8, 10, m, 0, columns, distances, 0));
        List<AutoCloseable> rows = new ArrayList<>();
        for (int inputs : new int[] {1, 7, 15, 16, 17, 31, 33, 100, 783, 784, 785}) {
            for (int outputs : new int[] {2, 3, 10, 17}) {
                rows.add(addRows(kernels, inputs, outputs));
            }
        }
        FloatMatrix hidden = FloatMatrix.allocate(8, 32);
        FloatMatrix back = FloatMatrix.allocate(8, 32);
        FloatMatrix weights = FloatMatrix.allocate(10, 32);
        FloatMatrix gradient = FloatMatrix.allocate(10, 32);
        FloatMatrix shares = FloatMatrix.allocate(10, 32);
        FloatMatrix slopes = FloatMatrix.allocate(10, 32);
        kernels.putAll(training(hidden, back, weights, gradient, shares, slopes));
        Map<String, Double> bytesPerCall = new TreeMap<>();
        for (Map.Entry<String, Consumer<Work>> kernel : kernels.entrySet()) {
            bytesPerCall.put(kernel.getKey(), minimumBytesPerCall(kernel.getValue()));
            if (bytesPerCall.values().stream().filter(bytes -> bytes > 0).count() >= ENOUGH) {
                break;
            }
        }
        assertThat(bytesPerCall).allSatisfy((name, bytes) -> assertThat(bytes).isZero());
        for (AutoCloseable each : rows) {
            each.close();
        }
        List.of(x, scores, hidden, back, weights, gradient, shares, slopes).forEach(FloatMatrix::close);
        few.close();
        vectors.close();
        softmax.close();
        tile.close();
        wide.close();
        sum.close();
        many.close();
        products.close();
    }

    /**
     * Adds rows in all kinds of memory. The memory ends with the rows, so that reading past the end is out of bounds.
     */
    private static AutoCloseable addRows(Map<String, Consumer<Work>> kernels, int inputs, int outputs) {
        RowMap map = RowMap.relative(outputs, inputs, (output, input) -> output - input, new double[outputs]);
        Arena arena = Arena.ofConfined();
        float[] floats = new float[inputs];
        byte[] bytes = new byte[inputs];
        float[] out = new float[outputs];
        MemorySegment floatsOutside = arena.allocate((long) inputs * Float.BYTES, Float.BYTES);
        MemorySegment bytesOutside = arena.allocate(inputs);
        String size = "%dx%d".formatted(inputs, outputs);
        kernels.put("largest" + size, work -> map.largest(floats));
        kernels.put("largestOutside" + size, work -> map.largest(floatsOutside, 0));
        kernels.put("largestOfBytes" + size, work -> map.largestOfBytes(bytes));
        kernels.put("largestOfBytesOutside" + size, work -> map.largestOfBytes(bytesOutside, 0));
        kernels.put("apply" + size, work -> map.apply(floats, out));
        kernels.put("applyOutside" + size, work -> map.apply(floatsOutside, 0, out));
        kernels.put("applyToBytes" + size, work -> map.applyToBytes(bytes, out));
        kernels.put("applyToBytesOutside" + size, work -> map.applyToBytes(bytesOutside, 0, out));
        return () -> {
            map.close();
            arena.close();
        };
    }

    private static Map<String, Consumer<Work>> training(
            FloatMatrix hidden,
            FloatMatrix back,
            FloatMatrix weights,
            FloatMatrix gradient,
            FloatMatrix shares,
            FloatMatrix slopes) {
        TrainingKernels kernels = Simd.trainingKernels();
        long row = hidden.offset(1);
        MemorySegment h = hidden.segment();
        MemorySegment w = weights.segment();
        MemorySegment p = shares.segment();
        MemorySegment g = slopes.segment();
        float[] common = new float[10];
        float[] agreements = new float[16];
        int[] others = new int[16];
        return Map.of(
                "rectifiedTile",
                work -> kernels.rectifiedTile(
                        6, Simd.kernels().tileColumns(), 8, h, 0, w, 0, back.segment(), 0, row, false),
                "softmaxColumns",
                work -> kernels.softmaxColumns(p, 0, row, 10, 32),
                "pairGradients",
                work -> kernels.pairGradients(p, 0, 64, row, 10, 16, -1f, 1e-30f, common, g, agreements),
                "outputGradients",
                work -> kernels.outputGradients(
                        g, 0, row, 10, w, gradient.segment(), 0, row, h, 0, row, 8, 32, back.segment(), 32),
                "agreements",
                work -> kernels.agreements(p, 0, row, 32, others, 0, 16, agreements));
    }

    private static TileBenchmark tile() {
        TileBenchmark tile = new TileBenchmark();
        tile.depth = 16;
        tile.form = Form.VECTOR;
        tile.pollution = Pollution.SHAPES;
        tile.setUp();
        return tile;
    }

    private static double minimumBytesPerCall(Consumer<Work> kernel) {
        Work work = new Work();
        long minimum = Long.MAX_VALUE;
        for (int chance = 0; chance < CHANCES && minimum > 0; chance++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int call = 0; call < CALLS; call++) {
                kernel.accept(work);
            }
            minimum = Math.min(minimum, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return (double) minimum / CALLS;
    }
}
