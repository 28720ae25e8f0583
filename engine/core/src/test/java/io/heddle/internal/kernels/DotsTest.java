package io.heddle.internal.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.internal.gemm.Blocking;
import io.heddle.internal.gemm.Gemm;
import io.heddle.internal.gemm.Panels;
import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DotsTest {
    private static FloatMatrix random(int rows, int columns, long seed) {
        float[] values = KernelsTest.gaussian(rows * columns, seed);
        return FloatMatrix.copyOf(values, rows, columns);
    }

    /** Packs as {@link Kernels#dots} requires it, written from its description. */
    private static float[] pack(FloatMatrix b) {
        int sixteens = (int) (b.stride() / 16);
        int groups = ((int) b.rows() + 4) / 5;
        float[] packed = new float[groups * 5 * sixteens * 16];
        for (int j = 0; j < b.rows(); j++) {
            for (int k = 0; k < b.columns(); k++) {
                int group = j / 5;
                int beforeThese = group * sixteens * 80 + k / 16 * 80 + j % 5 * 16;
                packed[beforeThese + k % 16] = b.get(j, k);
            }
        }
        return packed;
    }

    @Property(tries = 150)
    void isTheProductWithinTheErrorBound(
            @ForAll @IntRange(min = 0, max = 20) int rows,
            @ForAll @IntRange(min = 1, max = Kernels.MAXIMUM_DOT_COLUMNS) int columns,
            @ForAll @IntRange(min = 0, max = 100) int depth,
            @ForAll long seed) {
        try (FloatMatrix a = random(rows, depth, seed);
                FloatMatrix b = random(columns, depth, seed + 1)) {
            for (Kernels kernels : new Kernels[] {new VectorKernels(), new ScalarKernels()}) {
                float[] packed = pack(b);
                Buffer offHeap = Buffer.of(packed, 4);
                boolean array = kernels.dotsReadArray();
                Buffer c = Buffer.of(KernelsTest.gaussian(rows * 16, seed + 2), 8);
                kernels.dots(
                        rows,
                        columns,
                        (int) (a.stride() / 16),
                        a.segment(),
                        0,
                        a.offset(1),
                        array ? MemorySegment.ofArray(packed) : offHeap.segment,
                        array ? 0 : offHeap.offset,
                        c.segment,
                        c.offset,
                        64);
                assertProduct(a, b, c.values());
            }
        }
    }

    private static void assertProduct(FloatMatrix a, FloatMatrix b, float[] c) {
        for (int r = 0; r < a.rows(); r++) {
            for (int j = 0; j < 16; j++) {
                double exact = 0;
                double magnitude = 0;
                for (int k = 0; k < a.columns() && j < b.rows(); k++) {
                    double term = (double) a.get(r, k) * b.get(j, k);
                    exact += term;
                    magnitude += Math.abs(term);
                }
                double bound = KernelsTest.relativeBound(a.columns() + 2, magnitude);
                assertThat(Math.abs(c[r * 16 + j] - exact)).isLessThanOrEqualTo(bound);
            }
        }
    }

    /** The result of a row must not depend on the other rows of the call, because callers use different blocks. */
    @Property(tries = 50)
    void aRowIsIndependentOfOtherRows(
            @ForAll @IntRange(min = 1, max = 12) int rows,
            @ForAll @IntRange(min = 1, max = Kernels.MAXIMUM_DOT_COLUMNS) int columns,
            @ForAll @IntRange(min = Blocking.MINIMUM_DOT_DEPTH, max = 200) int depth,
            @ForAll long seed) {
        try (FloatMatrix a = random(rows, depth, seed);
                FloatMatrix b = random(columns, depth, seed + 1);
                Panels panels = Panels.packTransposed(b);
                FloatMatrix together = FloatMatrix.allocate(rows, columns);
                FloatMatrix apart = FloatMatrix.allocate(rows, columns)) {
            Gemm.multiplyRows(a, 0, rows, panels, together, 0);
            for (int r = 0; r < rows; r++) {
                Gemm.multiplyRows(a, r, r + 1, panels, apart, r);
            }
            assertThat(apart.segment().mismatch(together.segment())).isEqualTo(-1);
            assertProduct(a, b, together.segment().toArray(ValueLayout.JAVA_FLOAT));
        }
    }

    @Test
    void closedPanelsAreRefused() {
        try (FloatMatrix a = random(3, 128, 1);
                FloatMatrix b = random(10, 128, 2);
                FloatMatrix out = FloatMatrix.allocate(3, 10)) {
            Panels panels = Panels.packTransposed(b);
            panels.close();
            assertThatThrownBy(() -> Gemm.multiplyRows(a, 0, 3, panels, out, 0))
                    .isInstanceOf(IllegalStateException.class);
        }
    }
}
