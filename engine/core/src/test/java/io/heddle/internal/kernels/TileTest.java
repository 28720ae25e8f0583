package io.heddle.internal.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TileTest {
    private static final Kernels[] BOTH = {new VectorKernels(), new ScalarKernels()};

    /** @param gap floats between the steps of the right operand */
    record Shape(int rows, int columns, int depth, int gap, boolean accumulate) {}

    static List<Shape> shapes() {
        List<Shape> shapes = new ArrayList<>();
        for (int rows = 1; rows <= 12; rows++) {
            for (int columns : new int[] {8, 16, 32}) {
                for (int depth : new int[] {0, 1, 2, 37}) {
                    for (int gap : new int[] {0, 5}) {
                        shapes.add(new Shape(rows, columns, depth, gap, true));
                        shapes.add(new Shape(rows, columns, depth, gap, false));
                    }
                }
            }
        }
        return shapes;
    }

    private static boolean has(Kernels kernels, Shape s) {
        boolean half = kernels.lanes() == 16 && s.columns == 16;
        int maximum = s.gap == 0 ? kernels.tileRows() : kernels.stridedTileRows();
        return s.rows <= maximum && (s.columns == kernels.tileColumns() || half);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void isTheProductWithinTheErrorBound(Shape s) {
        for (Kernels kernels : BOTH) {
            if (has(kernels, s)) {
                check(kernels, s, 0);
                check(kernels, s, 4);
            }
        }
    }

    @Tag("slow")
    @Test
    void tilesOfLargeDepth() {
        for (Kernels kernels : BOTH) {
            int columns = kernels.tileColumns();
            // Repeated, so that the compiled form is tested.
            for (int i = 0; i < 60; i++) {
                int rows = i % 3 == 0 ? kernels.tileRows() : kernels.stridedTileRows();
                check(kernels, new Shape(rows, columns, 1999, i % 3, i % 2 == 0), 0);
                check(kernels, new Shape(1 + i % rows, columns, 1999, i % 3, i % 2 == 0), 0);
                if (kernels.lanes() == 16) {
                    check(kernels, new Shape(1 + i % rows, 16, 1999, i % 3, i % 2 == 0), 0);
                }
            }
        }
    }

    /** The operands end where they are documented to end; the kernel must not read or write beyond. */
    @Property(tries = 300)
    void rowTilesAreTheProductWithinTheErrorBound(
            @ForAll @IntRange(min = 1, max = Kernels.ROW_TILE_ROWS) int rows,
            @ForAll @IntRange(min = 1, max = 4) int vectors,
            @ForAll @IntRange(min = 0, max = 90) int depth,
            @ForAll @IntRange(min = 0, max = 9) int gap,
            @ForAll boolean accumulate) {
        for (Kernels kernels : BOTH) {
            if (kernels.lanes() != 16 && kernels instanceof VectorKernels) {
                continue;
            }
            int columns = 16 * vectors;
            int aStride = depth + gap;
            int cStride = columns + gap;
            float[] a = KernelsTest.gaussian((rows - 1) * aStride + depth, 1);
            float[] b = KernelsTest.gaussian(depth * columns, 2);
            float[] c = KernelsTest.gaussian((rows - 1) * cStride + columns, 3);
            Buffer bufferA = Buffer.of(a, 4);
            Buffer bufferB = Buffer.of(b, 0);
            Buffer bufferC = Buffer.of(c, 4);
            kernels.rowTile(
                    rows,
                    columns,
                    depth,
                    bufferA.segment,
                    bufferA.offset,
                    4L * aStride,
                    bufferB.segment,
                    bufferB.offset,
                    bufferC.segment,
                    bufferC.offset,
                    4L * cStride,
                    accumulate);
            float[] result = bufferC.values();
            for (int i = 0; i < result.length; i++) {
                int r = i / cStride;
                int j = i % cStride;
                double exact = accumulate || j >= columns ? c[i] : 0;
                double magnitude = Math.abs(exact);
                for (int k = 0; k < depth && j < columns; k++) {
                    double term = (double) a[r * aStride + k] * b[k * columns + j];
                    exact += term;
                    magnitude += Math.abs(term);
                }
                double bound = j < columns ? KernelsTest.relativeBound(depth + 2, magnitude) : 0;
                assertThat((double) result[i]).isBetween(exact - bound, exact + bound);
            }
        }
    }

    @Test
    void rowsAreReadInPlaceIfThatIsFaster() {
        assertThat(TileShape.of(16, "amd64").readsRows(16)).isTrue();
        assertThat(TileShape.of(8, "amd64").readsRows(8)).isFalse();
        assertThat(TileShape.of(4, "aarch64").readsRows(4)).isFalse();
    }

    @Test
    void thereIsATileForEachProcessor() {
        assertThat(TileShape.of(16, "amd64")).isEqualTo(TileShape.TWELVE_ROWS);
        assertThat(TileShape.of(8, "amd64")).isEqualTo(TileShape.SIX_ROWS);
        assertThat(TileShape.of(4, "amd64")).isEqualTo(TileShape.SIX_ROWS);
        assertThat(TileShape.of(4, "aarch64")).isEqualTo(TileShape.TWELVE_ROWS);
        for (Kernels kernels : BOTH) {
            assertThat(kernels.tileRows()).isLessThanOrEqualTo(kernels.leftStep());
            assertThat(kernels.stridedTileRows()).isLessThanOrEqualTo(kernels.tileRows());
            assertThat(Kernels.TILE_COLUMNS % kernels.tileColumns()).isZero();
        }
    }

    @Test
    void refusesATileBeyondTheReachOfItsOffsets() {
        MemorySegment s = Buffer.ofLength(1, 0).segment;
        assertThatThrownBy(() -> new VectorKernels()
                        .tile(1, new VectorKernels().tileColumns(), 1 << 17, s, 0, s, 0, 4, s, 0, 0, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a tile cannot have a depth of 131072");
    }

    @Test
    void refusesTooManyRowsInPlace() {
        Kernels kernels = new VectorKernels();
        int rows = kernels.stridedTileRows() + 1;
        assumeThat(rows).isLessThanOrEqualTo(kernels.tileRows());
        MemorySegment s = Buffer.ofLength(1, 0).segment;
        assertThatThrownBy(() -> kernels.tile(rows, kernels.tileColumns(), 1, s, 0, s, 0, 4, s, 0, 0, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a tile of rows in place cannot have 6 rows");
    }

    private static void check(Kernels kernels, Shape s, int skew) {
        // A stride with a gap: the kernel must not write between the rows.
        int cStride = s.columns + 7;
        float[] a = KernelsTest.gaussian(s.depth * kernels.leftStep(), 1);
        float[] b = KernelsTest.gaussian(s.depth * (s.columns + s.gap), 2);
        float[] c = KernelsTest.gaussian(span(s.rows, cStride, s.columns), 3);
        Buffer bufferA = Buffer.of(a, skew);
        Buffer bufferB = Buffer.of(b, skew);
        Buffer bufferC = Buffer.of(c, skew);
        boolean array = s.gap > 0 && kernels.readsArrays();
        kernels.tile(
                s.rows,
                s.columns,
                s.depth,
                array ? MemorySegment.ofArray(a) : bufferA.segment,
                array ? 0 : bufferA.offset,
                bufferB.segment,
                bufferB.offset,
                4L * (s.columns + s.gap),
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
                double term = (double) a[k * kernels.leftStep() + r] * b[k * (s.columns + s.gap) + j];
                exact += term;
                magnitude += Math.abs(term);
            }
            double bound = KernelsTest.relativeBound(s.depth + 2, magnitude);
            if (!(Math.abs(result[i] - exact) <= bound)) {
                throw new AssertionError("%s: c[%d, %d] is %s, not %s".formatted(s, r, j, result[i], exact));
            }
        }
    }

    /** For any order in memory, the packed floats are those of the operand, step by step. */
    @Property(tries = 200)
    void packsRowsAndColumnsForTheLeft(
            @ForAll @IntRange(min = 1, max = 12) int rows,
            @ForAll @IntRange(min = 0, max = 70) int depth,
            @ForAll @IntRange(min = 0, max = 2) int order,
            @ForAll boolean intoArray,
            @ForAll long seed) {
        int stride = order == 1 ? Math.max(depth, 1) + 3 : 16 + 5;
        int before = 3;
        int aRow = order == 1 ? stride : order == 2 ? 2 : 1;
        int aStep = order == 1 ? 1 : stride * (order == 2 ? 2 : 1);
        float[] a = KernelsTest.gaussian((rows - 1) * aRow + Math.max(0, depth - 1) * aStep + 1, seed);
        for (Kernels kernels : BOTH) {
            Buffer from = Buffer.of(a, 4);
            int maximum = Math.min(rows, kernels.tileRows());
            Buffer out = Buffer.ofLength(depth * kernels.leftStep(), 0);
            float[] array = new float[before + depth * kernels.leftStep()];
            kernels.packLeft(
                    maximum,
                    depth,
                    from.segment,
                    from.offset,
                    4L * aRow,
                    4L * aStep,
                    intoArray ? MemorySegment.ofArray(array) : out.segment,
                    intoArray ? 4L * before : out.offset);
            float[] packed = intoArray ? Arrays.copyOfRange(array, before, array.length) : out.values();
            assertThat(Arrays.copyOf(array, before)).isEqualTo(new float[before]);
            for (int k = 0; k < depth; k++) {
                for (int r = 0; r < maximum; r++) {
                    assertThat(packed[k * kernels.leftStep() + r]).isEqualTo(a[r * aRow + k * aStep]);
                }
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
        float[] x = KernelsTest.gaussian(rows * (columns + 3), 1);
        float[] shift = KernelsTest.gaussian(columns, 2);
        for (Kernels kernels : BOTH) {
            int full = kernels.tileColumns();
            int panel = full * 9;
            for (boolean shifted : new boolean[] {true, false}) {
                Buffer from = Buffer.of(x, 0);
                Buffer by = Buffer.of(shift, 0);
                Buffer out = Buffer.of(new float[panel * ((columns + full - 1) / full)], 0);
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
                        int width = Math.min(full, columns - j / full * full);
                        float expected = x[i * (columns + 3) + j] - (shifted ? shift[j] : 0f);
                        assertThat(packed[j / full * panel + (2 + i) * width + j % full])
                                .isEqualTo(expected);
                    }
                }
            }
        }
    }

    @Test
    void operandsMayShareASegment() {
        for (Kernels kernels : BOTH) {
            int rows = kernels.tileRows();
            int columns = kernels.tileColumns();
            float[] values = KernelsTest.gaussian(8 * (kernels.leftStep() + columns) + rows * columns, 5);
            Buffer shared = Buffer.of(values, 0);
            long a = shared.offset;
            long b = a + 8L * kernels.leftStep() * 4;
            long c = b + 8L * columns * 4;
            kernels.tile(
                    rows,
                    columns,
                    8,
                    shared.segment,
                    a,
                    shared.segment,
                    b,
                    columns * 4L,
                    shared.segment,
                    c,
                    columns * 4L,
                    false);
            float[] after = shared.values();
            double exact = 0;
            double magnitude = 0;
            for (int k = 0; k < 8; k++) {
                double left = values[k * kernels.leftStep() + rows - 1];
                double right = values[8 * kernels.leftStep() + k * columns + columns - 1];
                exact += left * right;
                magnitude += Math.abs(left * right);
            }
            assertThat(Math.abs(after[after.length - 1] - exact))
                    .isLessThanOrEqualTo(KernelsTest.relativeBound(9, magnitude));
        }
    }
}
