package io.heddle.bench.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.heddle.bench.Work;
import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.annotations.Benchmark;

/** Tests that the benchmarks compute correct results: each is called like JMH does and checked in double. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class KernelBenchmarksTest {
    private static float[] row(FloatMatrix m, long i) {
        float[] row = new float[m.columns()];
        m.getRow(i, row);
        return row;
    }

    private static VectorBenchmark vectors(int n, Form form, Pollution pollution) {
        VectorBenchmark b = new VectorBenchmark();
        b.n = n;
        b.form = form;
        b.pollution = pollution;
        b.setUp();
        return b;
    }

    @ParameterizedTest
    @CsvSource({"784,VECTOR,NONE", "1001,VECTOR,SHAPES", "1001,VECTOR,SEGMENTS", "1001,SCALAR,NONE"})
    void vectorBenchmarks(int n, Form form, Pollution pollution) {
        VectorBenchmark b = vectors(n, form, pollution);
        Work work = new Work();
        float[] x = row(b.data(), 0);
        float[] y = row(b.data(), 1);
        double dot = 0;
        double distance = 0;
        for (int i = 0; i < n; i++) {
            dot += (double) x[i] * y[i];
            distance += Math.pow((double) (x[i] - y[i]), 2);
        }
        assertThat((double) b.dot(work)).isCloseTo(dot, within(n * 0x1p-23));
        assertThat(b.squaredDistance(work)).isCloseTo(distance, within(1e-9));
        assertThat(b.allFinite(work)).isTrue();

        b.exp(work);
        float[] out = row(b.data(), 2);
        for (int i = 0; i < n; i++) {
            assertThat((double) out[i]).isCloseTo(Math.exp(x[i]), within(1e-6));
        }
        b.bytesToFloats(work);
        out = row(b.data(), 2);
        for (int i = 0; i < n; i++) {
            byte pixel = b.data().segment().get(ValueLayout.JAVA_BYTE, b.data().offset(3) + i);
            assertThat(out[i]).isEqualTo((pixel & 255) * (1 / 255f));
        }
        b.axpy(work);
        out = row(b.data(), 1);
        for (int i = 0; i < n; i++) {
            assertThat(out[i]).isEqualTo(Math.fma(VectorBenchmark.ALPHA, x[i], y[i]));
        }
        assertThat(row(b.data(), 0)).isEqualTo(x);
        assertThat(work.flops).isEqualTo((2 + 3 + 2 + 18 + 1 + 2) * (double) n);
        assertThat(work.bytes).isEqualTo((8 + 8 + 4 + 8 + 5 + 12) * (double) n);
        b.close();
    }

    @ParameterizedTest
    @EnumSource
    void axpyStaysFiniteOverAWholeRun(Form form) {
        VectorBenchmark b = vectors(784, form, Pollution.NONE);
        Work work = new Work();
        for (int call = 0; call < 100_000; call++) {
            b.axpy(work);
        }
        for (float v : row(b.data(), 1)) {
            assertThat(v).isBetween(-1.01f, 1.01f);
        }
        b.close();
    }

    @ParameterizedTest
    @CsvSource({"10,VECTOR", "1000,VECTOR", "10,SCALAR"})
    void softmax(int classes, Form form) {
        SoftmaxBenchmark b = new SoftmaxBenchmark();
        b.classes = classes;
        b.form = form;
        b.pollution = Pollution.NONE;
        b.setUp();
        Work work = new Work();
        double loss = b.softmax(work);
        assertThat(b.softmax(work)).isEqualTo(loss);
        double expected = 0;
        for (int i = 0; i < SoftmaxBenchmark.ROWS; i++) {
            float[] logits = row(b.logits(), i);
            double sum = 0;
            for (float v : logits) {
                sum += Math.exp(v);
            }
            expected += Math.log(sum);
            float[] probabilities = row(b.probabilities(), i);
            for (int c = 0; c < classes; c++) {
                assertThat((double) probabilities[c]).isCloseTo(Math.exp(logits[c]) / sum, within(1e-5));
            }
        }
        assertThat(loss).isCloseTo(expected, within(1e-5 * expected));
        assertThat(work.bytes).isEqualTo(2 * 8.0 * SoftmaxBenchmark.ROWS * classes);
        b.close();
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void tiles(Form form) {
        TileBenchmark b = new TileBenchmark();
        b.depth = 384;
        b.form = form;
        b.pollution = Pollution.SHAPES;
        b.setUp();
        Work work = new Work();
        b.fewRows(work);
        b.tile(work);
        assertProduct(b.left(), false, b.right(), b.product());
        int rows = form.kernels().tileRows();
        assertThat(work.flops)
                .isEqualTo(2.0 * (rows + (rows + 1) / 2) * form.kernels().tileColumns() * 384);
        b.close();
    }

    @ParameterizedTest
    @CsvSource({"64x50x70,1", "300x900x10,2", "50Tx3000x10,1", "50Tx3000x60,2"})
    void products(String shape, int threads) {
        GemmBenchmark b = new GemmBenchmark();
        b.shape = shape;
        b.threads = threads;
        b.form = Form.VECTOR;
        b.setUp();
        Work work = new Work();
        b.multiply(work);
        b.multiply(work);
        assertProduct(b.left(), b.leftTransposed(), b.right(), b.product());
        assertThat(work.flops)
                .isEqualTo(2
                        * 2.0
                        * b.product().rows()
                        * b.product().columns()
                        * b.right().rows());
        b.close();
    }

    @ParameterizedTest
    @CsvSource({"64x50x70,1", "300x900x10,2", "50Tx3000x10,1", "50Tx3000x60,2"})
    void productsOfOpenBlas(String shape, int threads) {
        assumeTrue(OpenBlas.isAvailable(), "no OpenBLAS artifact for this machine");
        GemmBenchmark b = new GemmBenchmark();
        b.shape = shape;
        b.threads = threads;
        b.form = Form.VECTOR;
        b.setUp();
        b.openBlas(new Work());
        assertProduct(b.left(), b.leftTransposed(), b.right(), b.product());
        assertThat(OpenBlas.report()).startsWith("OpenBLAS runs its kernel ");
        b.close();
    }

    private static void assertProduct(FloatMatrix a, boolean transposed, FloatMatrix b, FloatMatrix c) {
        int depth = (int) b.rows();
        for (int i = 0; i < c.rows(); i++) {
            for (int j = 0; j < c.columns(); j++) {
                double sum = 0;
                for (int k = 0; k < depth; k++) {
                    sum += (double) (transposed ? a.get(k, i) : a.get(i, k)) * b.get(k, j);
                }
                // Each term is at most 1, so this is the bound over Σ|aᵢbᵢ|.
                assertThat((double) c.get(i, j)).isCloseTo(sum, within(depth * depth * 0x1p-23));
            }
        }
    }

    /** A benchmark added later without a check here fails this test. */
    @Test
    void everyBenchmarkIsChecked() {
        Set<String> benchmarks = new TreeSet<>();
        for (Class<?> type :
                List.of(VectorBenchmark.class, SoftmaxBenchmark.class, TileBenchmark.class, GemmBenchmark.class)) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.isAnnotationPresent(Benchmark.class)) {
                    benchmarks.add(method.getName());
                }
            }
        }
        assertThat(new ArrayList<>(benchmarks))
                .containsExactly(
                        "allFinite",
                        "axpy",
                        "bytesToFloats",
                        "dot",
                        "exp",
                        "fewRows",
                        "multiply",
                        "openBlas",
                        "packLeft",
                        "softmax",
                        "squaredDistance",
                        "tile");
    }
}
