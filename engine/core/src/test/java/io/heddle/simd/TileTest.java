package io.heddle.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TileTest {
    private static final Kernels[] BOTH = {new VectorKernels(), new ScalarKernels()};

    /** @param byRows whether a lies row by row, as a matrix does, or step by step, as a packed panel does */
    record Shape(int rows, int columns, int depth, boolean byRows, boolean accumulate) {}

    static List<Shape> shapes() {
        List<Shape> shapes = new ArrayList<>();
        for (int rows = 1; rows <= Kernels.TILE_ROWS; rows++) {
            for (int columns : new int[] {16, 32}) {
                for (int depth : new int[] {0, 1, 2, 37}) {
                    for (boolean byRows : new boolean[] {true, false}) {
                        shapes.add(new Shape(rows, columns, depth, byRows, true));
                        shapes.add(new Shape(rows, columns, depth, byRows, false));
                    }
                }
            }
        }
        return shapes;
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void isTheProductWithinTheErrorBound(Shape s) {
        for (Kernels kernels : BOTH) {
            check(kernels, s, 0);
            check(kernels, s, 4);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void deepTiles(boolean byRows) {
        for (Kernels kernels : BOTH) {
            // Often enough for the compiled form to be the one that is checked.
            for (int i = 0; i < 60; i++) {
                check(kernels, new Shape(8, 32, 1999, byRows, i % 2 == 0), 0);
                check(kernels, new Shape(1 + i % 8, 32, 1999, byRows, i % 2 == 0), 0);
                check(kernels, new Shape(1 + i % 8, 16, 1999, byRows, i % 2 == 0), 0);
            }
        }
    }

    private static void check(Kernels kernels, Shape s, int skew) {
        // Strides with gaps: what lies between the rows is not the kernel's to touch.
        int aStride = (s.byRows ? s.depth : s.rows) + 3;
        int bStride = s.columns + 5;
        int cStride = s.columns + 7;
        int aLines = s.byRows ? s.rows : s.depth;
        float[] a = KernelsTest.gaussian(span(aLines, aStride, s.byRows ? s.depth : s.rows), 1);
        float[] b = KernelsTest.gaussian(span(s.depth, bStride, s.columns), 2);
        float[] c = KernelsTest.gaussian(span(s.rows, cStride, s.columns), 3);
        Buffer bufferA = Buffer.of(a, skew);
        Buffer bufferB = Buffer.of(b, skew);
        Buffer bufferC = Buffer.of(c, skew);
        int aRow = s.byRows ? aStride : 1;
        int aStep = s.byRows ? 1 : aStride;
        kernels.tile(
                s.rows,
                s.columns,
                s.depth,
                bufferA.segment,
                bufferA.offset,
                4L * aRow,
                4L * aStep,
                bufferB.segment,
                bufferB.offset,
                4L * bStride,
                bufferC.segment,
                bufferC.offset,
                4L * cStride,
                s.accumulate);
        float[] result = bufferC.values();
        for (int i = 0; i < result.length; i++) {
            int r = i / cStride;
            int j = i % cStride;
            if (j >= s.columns) {
                assertThat(result[i]).isEqualTo(c[i]);
                continue;
            }
            double exact = s.accumulate ? c[i] : 0;
            double magnitude = Math.abs(exact);
            for (int k = 0; k < s.depth; k++) {
                double term = (double) a[r * aRow + k * aStep] * b[k * bStride + j];
                exact += term;
                magnitude += Math.abs(term);
            }
            double bound = KernelsTest.relativeBound(s.depth + 2, magnitude);
            if (!(Math.abs(result[i] - exact) <= bound)) {
                throw new AssertionError("%s: c[%d, %d] is %s, not %s".formatted(s, r, j, result[i], exact));
            }
        }
    }

    /** Floats from the first to the last element of lines with a stride. */
    private static int span(int lines, int stride, int used) {
        return lines == 0 || used == 0 ? 0 : (lines - 1) * stride + used;
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 32, 48, 80})
    void packsRowsIntoPanels(int columns) {
        int rows = 5;
        int panel = 32 * 9;
        float[] x = KernelsTest.gaussian(rows * (columns + 3), 1);
        float[] shift = KernelsTest.gaussian(columns, 2);
        for (Kernels kernels : BOTH) {
            for (boolean shifted : new boolean[] {true, false}) {
                Buffer from = Buffer.of(x, 0);
                Buffer by = Buffer.of(shift, 0);
                Buffer out = Buffer.of(new float[panel * ((columns + 31) / 32)], 0);
                kernels.pack(
                        from.segment,
                        from.offset,
                        4L * (columns + 3),
                        rows,
                        columns,
                        shifted ? by.segment.asSlice(by.offset) : null,
                        out.segment,
                        out.offset,
                        2,
                        4L * panel);
                float[] packed = out.values();
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < columns; j++) {
                        int width = Math.min(32, columns - j / 32 * 32);
                        float expected = x[i * (columns + 3) + j] - (shifted ? shift[j] : 0f);
                        assertThat(packed[j / 32 * panel + (2 + i) * width + j % 32])
                                .isEqualTo(expected);
                    }
                }
            }
        }
    }

    @Test
    void operandsMayShareASegment() {
        float[] values = KernelsTest.gaussian(8 * 32 * 3, 5);
        for (Kernels kernels : BOTH) {
            Buffer shared = Buffer.of(values, 0);
            long a = shared.offset;
            long b = a + 8 * 32 * 4;
            long c = b + 8 * 32 * 4;
            kernels.tile(
                    8,
                    32,
                    8,
                    shared.segment,
                    a,
                    4 * 32,
                    4,
                    shared.segment,
                    b,
                    4 * 32,
                    shared.segment,
                    c,
                    4 * 32,
                    false);
            float[] after = shared.values();
            double exact = 0;
            double magnitude = 0;
            for (int k = 0; k < 8; k++) {
                exact += (double) values[7 * 32 + k] * values[8 * 32 + k * 32 + 31];
                magnitude += Math.abs((double) values[7 * 32 + k] * values[8 * 32 + k * 32 + 31]);
            }
            assertThat(Math.abs(after[8 * 32 * 3 - 1] - exact))
                    .isLessThanOrEqualTo(KernelsTest.relativeBound(9, magnitude));
        }
    }
}
