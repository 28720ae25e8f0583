package io.heddle.internal.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.PairList;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GemmTest {
    private static FloatMatrix random(int rows, int columns, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        FloatMatrix m = FloatMatrix.allocate(rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                m.set(i, j, (float) (random.nextDouble() * 2 - 1));
            }
        }
        return m;
    }

    private static float element(FloatMatrix m, boolean transposed, int i, int j) {
        return transposed ? m.get(j, i) : m.get(i, j);
    }

    /** Tests that every element is within depth · 2⁻²³ of the product in double, relative to Σ|aᵢbᵢ|. */
    private static void assertProduct(FloatMatrix a, boolean at, FloatMatrix b, boolean bt, int k, FloatMatrix c) {
        for (int i = 0; i < c.rows(); i++) {
            for (int j = 0; j < c.columns(); j++) {
                double sum = 0;
                double size = 0;
                for (int l = 0; l < k; l++) {
                    double term = (double) element(a, at, i, l) * element(b, bt, l, j);
                    sum += term;
                    size += Math.abs(term);
                }
                assertThat((double) c.get(i, j)).isBetween(sum - size * k * 0x1p-23, sum + size * k * 0x1p-23);
            }
        }
    }

    @Property(tries = 60)
    void multipliesEveryShapeAndOrientation(
            @ForAll @IntRange(min = 0, max = 70) int m,
            @ForAll @IntRange(min = 0, max = 70) int n,
            @ForAll @IntRange(min = 0, max = 70) int k,
            @ForAll boolean aTransposed,
            @ForAll boolean bTransposed) {
        try (FloatMatrix a = aTransposed ? random(k, m, 1) : random(m, k, 1);
                FloatMatrix b = bTransposed ? random(n, k, 2) : random(k, n, 2);
                FloatMatrix c = random(m, n, 3)) {
            Gemm.multiply(a, aTransposed, b, bTransposed, c, WorkerPool.shared());
            assertProduct(a, aTransposed, b, bTransposed, k, c);
        }
    }

    /** One pass and, with 393 steps, several for every tile; the bits are those of the whole product. */
    @ParameterizedTest
    @ValueSource(ints = {1, 66, 393})
    void pairsAreTheElementsThatReachALimit(int depth) {
        try (FloatMatrix a = random(50, depth, 1);
                FloatMatrix b = random(depth, 70, 2);
                FloatMatrix c = FloatMatrix.allocate(50, 70);
                Panels panels = packForPacked(b)) {
            RowPanels left = new RowPanels();
            left.repack(a, 11, 42);
            Gemm.multiply(a, false, b, false, c, WorkerPool.shared());
            float[] rowLimits = limits(42, 3);
            float[] columnLimits = limits(96, 4);
            PairList list = new PairList(31 * Kernels.TILE_COLUMNS);
            for (int column = 0; column < 70; column += Kernels.TILE_COLUMNS) {
                int width = Math.min(Kernels.TILE_COLUMNS, 70 - column);
                list.start(rowLimits, 11, columnLimits, column, width);
                Gemm.pairsAtLeast(left, panels, column, list);
                Map<Integer, Float> expected = new TreeMap<>();
                for (int i = 11; i < 42; i++) {
                    for (int j = column; j < column + width; j++) {
                        if (c.get(i, j) >= Math.min(rowLimits[i], columnLimits[j])) {
                            expected.put((i - 11) * 100 + j - column, c.get(i, j));
                        }
                    }
                }
                Map<Integer, Float> found = new TreeMap<>();
                for (int p = 0; p < list.count(); p++) {
                    found.put(list.row(p) * 100 + list.column(p), list.score(p));
                }
                assertThat(found).isNotEmpty().isEqualTo(expected).hasSize(list.count());
            }
        }
    }

    private static float[] limits(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] limits = new float[n];
        for (int i = 0; i < n; i++) {
            limits[i] = random.nextInt(9) == 0 ? Float.NEGATIVE_INFINITY : random.nextFloat(5);
        }
        return limits;
    }

    private static Panels packForPacked(FloatMatrix b) {
        Panels panels = Panels.allocateForPacked((int) b.rows(), b.columns());
        panels.repack(b, 0, (int) b.rows(), null);
        return panels;
    }

    @Property(tries = 60)
    void rowsInPlaceAndPackedRowsAreMultiplied(
            @ForAll @IntRange(min = 0, max = 150) int rows,
            @ForAll @IntRange(min = 0, max = 900) int depth,
            @ForAll @IntRange(min = 16, max = 2 * Blocking.COLUMNS) int columns,
            @ForAll boolean transposed) {
        try (FloatMatrix a = random(rows, depth, 1);
                FloatMatrix b = random(depth, columns, 2);
                FloatMatrix turned = transposed(b);
                Panels panels = transposed ? Panels.packTransposed(turned) : Panels.pack(b);
                Panels forPacked = transposed ? Panels.packTransposedForPacked(turned) : packForPacked(b);
                FloatMatrix inPlace = FloatMatrix.allocate(rows, columns);
                FloatMatrix packed = FloatMatrix.allocate(rows, columns)) {
            Gemm.multiplyRows(a, 0, rows, panels, inPlace, 0);
            Gemm.multiplyRows(a, 0, rows, forPacked, packed, 0);
            assertProduct(a, false, b, false, depth, inPlace);
            assertProduct(a, false, b, false, depth, packed);
        }
    }

    private static FloatMatrix transposed(FloatMatrix b) {
        FloatMatrix t = FloatMatrix.allocate(b.columns(), (int) b.rows());
        for (int i = 0; i < b.rows(); i++) {
            for (int j = 0; j < b.columns(); j++) {
                t.set(j, i, b.get(i, j));
            }
        }
        return t;
    }

    @Test
    void packedLeftOperandsNeedTheirPanels() {
        try (FloatMatrix a = random(30, 5, 1);
                FloatMatrix b = random(30, 40, 2);
                FloatMatrix c = FloatMatrix.allocate(5, 40);
                Panels panels = Panels.pack(b)) {
            if (panels.isForRows()) {
                assertThatThrownBy(() -> Gemm.accumulateTransposed(a, 0, panels, c))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("these panels are not for packed left operands");
            }
        }
    }

    @Test
    void panelsOfSeveralPassesAreRefusedForTransposedProducts() {
        int rows = Blocking.DEPTH + 1;
        try (FloatMatrix a = random(rows, 5, 1);
                FloatMatrix b = random(rows, 40, 2);
                FloatMatrix c = FloatMatrix.allocate(5, 40);
                Panels panels = packForPacked(b)) {
            assertThatThrownBy(() -> Gemm.accumulateTransposed(a, 0, panels, c))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("panels of %d rows have more than one pass", rows);
            assertThatThrownBy(() -> panels.startRows(rows + 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("panels of %d rows cannot hold %d", rows, rows + 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"9,false", "9,true", "50,false", "50,true"})
    void multipliesBeyondOneBlockOfColumns(int rows, boolean transposed) {
        int depth = Blocking.ROW_DEPTH + 5;
        int columns = Blocking.COLUMNS + 21;
        try (FloatMatrix a = transposed ? random(depth, rows, 1) : random(rows, depth, 1);
                FloatMatrix b = random(depth, columns, 2);
                FloatMatrix c = FloatMatrix.allocate(rows, columns)) {
            Gemm.multiply(a, transposed, b, false, c, WorkerPool.shared());
            assertProduct(a, transposed, b, false, depth, c);
        }
    }

    /** As the Cholesky factorisation multiplies: the last tile is whole, also behind another product's operand. */
    @ParameterizedTest
    @ValueSource(ints = {1, 20, 33, 70})
    void theLastTileIsWholeIfColumnsAreNot(int columns) {
        int rows = 40;
        int depth = 30;
        try (FloatMatrix a = random(rows, depth, 1);
                FloatMatrix b = random(depth, 96, 2);
                FloatMatrix other = random(depth, 96, 3);
                FloatMatrix c = FloatMatrix.allocate(rows, 96);
                Panels panels = packForPacked(b);
                Panels others = packForPacked(other)) {
            for (Panels each : new Panels[] {others, panels}) {
                int some = each == panels ? columns : 96;
                PackedProduct.multiply(
                        a.segment(), 0, a.offset(1), Float.BYTES, rows, each, some, c, 0, 0, false, false);
            }
            int whole = Math.min(96, Math.ceilDiv(columns, panels.panelColumns()) * panels.panelColumns());
            try (FloatMatrix used = FloatMatrix.allocate(depth, whole);
                    FloatMatrix found = FloatMatrix.allocate(rows, whole)) {
                for (int j = 0; j < whole; j++) {
                    for (int i = 0; i < Math.max(rows, depth); i++) {
                        if (i < depth) {
                            used.set(i, j, b.get(i, j));
                        }
                        if (i < rows) {
                            found.set(i, j, c.get(i, j));
                        }
                    }
                }
                assertProduct(a, false, used, false, depth, found);
            }
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"5,40,40", "600,1100,40", "300,40,1100", "257,130,1030"})
    void accumulatesBeyondOneBlock(int rows, int p, int q) {
        try (FloatMatrix a = random(rows, p, 1);
                FloatMatrix b = random(rows, q, 2);
                FloatMatrix c = FloatMatrix.allocate(p, q);
                FloatMatrix upper = FloatMatrix.allocate(p, p)) {
            Gemm.accumulateTransposed(a, 0, b, 0, rows, c);
            assertProduct(a, true, b, false, rows, c);
            Gemm.accumulateUpperGram(a, 0, rows, upper);
            for (int i = 0; i < p; i++) {
                for (int j = 0; j < i; j++) {
                    upper.set(i, j, upper.get(j, i));
                }
            }
            assertProduct(a, true, a, false, rows, upper);
        }
    }

    @Property(tries = 40)
    void aRectifiedProductIsTheProductWithoutItsNegatives(
            @ForAll @IntRange(min = 1, max = 200) int rows,
            @ForAll @IntRange(min = 1, max = 700) int depth,
            @ForAll @IntRange(min = 16, max = 70) int columns) {
        try (FloatMatrix a = random(rows, depth, 1);
                FloatMatrix b = random(depth, columns, 2);
                Panels packed = packForPacked(b);
                Panels forRows = Panels.pack(b)) {
            assertRectified(a, packed);
            assertRectified(a, forRows);
        }
    }

    private static void assertRectified(FloatMatrix a, Panels panels) {
        int rows = (int) a.rows();
        try (FloatMatrix whole = FloatMatrix.allocate(rows, panels.columns());
                FloatMatrix positive = FloatMatrix.allocate(rows, panels.columns())) {
            Gemm.multiplyRows(a, 0, rows, panels, whole, 0);
            Gemm.multiplyRowsRectified(a, 0, rows, panels, positive, 0);
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < panels.columns(); j++) {
                    assertThat(positive.get(i, j)).isEqualTo(Math.max(whole.get(i, j), 0f));
                }
            }
        }
    }

    /** With the rows of the left operand read in place, where that is possible, and packed. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manyRowsAndColumnsHaveTheSameBitsForAnyNumberOfThreads(boolean transposed) {
        int rows = Blocking.MANY_ROWS + 26;
        int depth = Blocking.ROW_DEPTH + 3;
        int columns = Blocking.COLUMNS + 9;
        try (FloatMatrix a = transposed ? random(depth, rows, 1) : random(rows, depth, 1);
                FloatMatrix b = random(depth, columns, 2);
                FloatMatrix first = FloatMatrix.allocate(rows, columns);
                FloatMatrix again = FloatMatrix.allocate(rows, columns)) {
            Gemm.multiply(a, transposed, b, false, first, WorkerPool.shared());
            assertProduct(a, transposed, b, false, depth, first);
            for (int threads : new int[] {1, 2, 4, 8}) {
                try (WorkerPool pool = WorkerPool.of(threads)) {
                    Gemm.multiply(a, transposed, b, false, again, pool);
                }
                assertThat(again.segment().mismatch(first.segment())).isEqualTo(-1);
            }
        }
    }

    @Test
    void multipliesBeyondOneDepthBlock() {
        try (FloatMatrix a = random(131, 2 * Blocking.ROW_DEPTH + 5, 1);
                FloatMatrix b = random(2 * Blocking.ROW_DEPTH + 5, 67, 2);
                FloatMatrix c = FloatMatrix.allocate(131, 67)) {
            Gemm.multiply(a, false, b, false, c, WorkerPool.shared());
            assertProduct(a, false, b, false, a.columns(), c);
        }
    }

    @Property(tries = 40)
    void accumulatesTransposedProducts(
            @ForAll @IntRange(min = 0, max = 50) int rows,
            @ForAll @IntRange(min = 1, max = 70) int p,
            @ForAll @IntRange(min = 1, max = 120) int q) {
        try (FloatMatrix a = random(rows + 3, p, 1);
                FloatMatrix b = random(rows + 7, q, 2);
                FloatMatrix c = FloatMatrix.allocate(p, q)) {
            Gemm.accumulateTransposed(a, 3, b, 7, rows, c);
            assertProduct(a.rows(3, rows + 3), true, b.rows(7, rows + 7), false, rows, c);
        }
    }

    @Property(tries = 40)
    void accumulatesTransposedProductsWithPanels(
            @ForAll @IntRange(min = 1, max = 200) int rows,
            @ForAll @IntRange(min = 1, max = 300) int p,
            @ForAll @IntRange(min = 1, max = 120) int q) {
        try (FloatMatrix a = random(rows + 3, p, 1);
                FloatMatrix b = random(rows, q, 2);
                Panels panels = packForPacked(b);
                FloatMatrix c = FloatMatrix.allocate(p, q)) {
            Gemm.accumulateTransposed(a, 3, panels, c);
            assertProduct(a.rows(3, rows + 3), true, b, false, rows, c);
        }
    }

    @Property(tries = 30)
    void gramOfShiftedRows(
            @ForAll @IntRange(min = 0, max = 700) int rows, @ForAll @IntRange(min = 1, max = 60) int columns) {
        try (FloatMatrix x = random(rows, columns, 1);
                FloatMatrix shift = random(1, columns, 2);
                FloatMatrix shifted = FloatMatrix.allocate(rows, columns);
                FloatMatrix out = random(columns, columns, 3)) {
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    shifted.set(i, j, x.get(i, j) - shift.get(0, j));
                }
            }
            Gemm.gram(x, shift, out, WorkerPool.shared());
            assertProduct(shifted, true, shifted, false, rows, out);
        }
    }

    @Test
    void sameBitsForAnyNumberOfThreads() {
        try (FloatMatrix x = random(3000, 100, 1);
                FloatMatrix first = FloatMatrix.allocate(100, 100);
                FloatMatrix again = FloatMatrix.allocate(100, 100)) {
            Gemm.gram(x, null, first, WorkerPool.shared());
            for (int threads : new int[] {1, 2, 4, 8}) {
                try (WorkerPool pool = WorkerPool.of(threads)) {
                    Gemm.gram(x, null, again, pool);
                }
                assertThat(again.segment().mismatch(first.segment())).isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"5000,33,10", "4096,16,60", "4500,70,1"})
    void manyRowsTransposedHaveTheSameBitsForAnyNumberOfThreads(int rows, int p, int q) {
        try (FloatMatrix a = random(rows, p, 1);
                FloatMatrix b = random(rows, q, 2);
                FloatMatrix first = random(p, q, 3);
                FloatMatrix again = FloatMatrix.allocate(p, q)) {
            Gemm.multiply(a, true, b, false, first, WorkerPool.shared());
            assertProduct(a, true, b, false, rows, first);
            for (int threads : new int[] {1, 2, 4, 8}) {
                try (WorkerPool pool = WorkerPool.of(threads)) {
                    Gemm.multiply(a, true, b, false, again, pool);
                }
                for (int i = 0; i < p; i++) {
                    for (int j = 0; j < q; j++) {
                        assertThat(again.get(i, j)).isEqualTo(first.get(i, j));
                    }
                }
            }
        }
    }

    @Test
    void refusesShapesThatDoNotFit() {
        try (FloatMatrix a = FloatMatrix.allocate(3, 4);
                FloatMatrix b = FloatMatrix.allocate(5, 6);
                FloatMatrix c = FloatMatrix.allocate(3, 6)) {
            assertThatThrownBy(() -> Gemm.multiply(a, false, b, false, c, WorkerPool.shared()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("the product of 3 x 4 and 5 x 6 does not fit into 3 x 6");
        }
    }
}
