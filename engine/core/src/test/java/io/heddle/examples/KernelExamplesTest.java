package io.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.internal.columns.BinaryScaling;
import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.columns.ColumnSpread;
import io.heddle.internal.columns.FiniteCheck;
import io.heddle.internal.gemm.Gemm;
import io.heddle.internal.gemm.Panels;
import io.heddle.internal.gemm.RowBlocks;
import io.heddle.internal.gemm.RowMap;
import io.heddle.internal.gemm.RowPanels;
import io.heddle.internal.kernels.ConvolutionKernels;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.PairList;
import io.heddle.internal.kernels.ScalarKernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.kernels.Softmax;
import io.heddle.internal.kernels.TrainingKernels;
import io.heddle.internal.linalg.Cholesky;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The examples of {@code io.heddle.internal}, for contributors. */
class KernelExamplesTest {
    @Test
    void kernels() {
        try (FloatMatrix x = ExampleData.rows()) {
            // @start region="kernels"
            Kernels kernels = Simd.kernels(); // those of the Vector API, or the plain ones without its module
            float product = kernels.dot(x.segment(), x.offset(0), x.segment(), x.offset(1), x.columns());
            // @end
            float plain = new ScalarKernels().dot(x.segment(), x.offset(0), x.segment(), x.offset(1), x.columns());
            assertThat(product).isEqualTo(plain, within(1e-4f));
        }
    }

    @Test
    void gemm() {
        try (FloatMatrix a = ExampleData.rows();
                FloatMatrix b = ExampleData.rows()) {
            // @start region="gemm"
            try (FloatMatrix products = FloatMatrix.allocate(a.rows(), (int) b.rows())) {
                Gemm.multiply(a, false, b, true, products, WorkerPool.shared()); // A · Bᵀ
                float product = products.get(7, 9);
                // @end
                float expected = Simd.kernels().dot(a.segment(), a.offset(7), b.segment(), b.offset(9), a.columns());
                assertThat(product).isEqualTo(expected, within(1e-4f));
            }
        }
    }

    @Test
    void panels() {
        try (FloatMatrix x = ExampleData.rows();
                FloatMatrix centers = x.rows(0, 10).copy();
                FloatMatrix block = FloatMatrix.allocate(64, 10)) {
            // @start region="panels"
            try (Panels panels = Panels.packTransposed(centers)) { // once, for many blocks
                Gemm.multiplyRows(x, 0, 64, panels, block, 0);
            }
            try (Panels panels = Panels.packTransposedForPacked(centers)) {
                RowPanels rows = new RowPanels();
                rows.repack(x, 0, 64); // once, for many products with the same rows
                PairList large = new PairList(64 * 10);
                float[] limits = new float[64 + Kernels.TILE_COLUMNS];
                Arrays.fill(limits, 0.5f);
                large.start(limits, 0, limits, 0, 10);
                Gemm.pairsAtLeast(rows, panels, 0, large); // the elements that are at least 0.5
                assertThat(large.score(0))
                        .isGreaterThanOrEqualTo(0.5f)
                        .isEqualTo(block.get(large.row(0), large.column(0)), within(1e-3f));
            }
            // @end
            assertThat(block.get(3, 3)).isEqualTo(block.get(3, 3)).isPositive();
        }
    }

    @Test
    void cholesky() {
        // @start region="cholesky"
        FloatMatrix a = FloatMatrix.copyOf(new float[] {4, 2, 2, 3}, 2, 2);
        try (FloatMatrix r = FloatMatrix.copyOf(new float[] {8, 7}, 1, 2);
                Cholesky factor = Cholesky.factorInPlace(a, WorkerPool.shared())) { // a belongs to it from now on
            factor.solve(r.segment()); // r becomes the z of A z = r
            // @end
            assertThat(r.get(0, 0)).isEqualTo(1.25f, within(1e-6f));
            assertThat(r.get(0, 1)).isEqualTo(1.5f, within(1e-6f));
        }
    }

    @Test
    void rowBlocks() {
        double sum = 0;
        try (FloatMatrix x = ExampleData.rows()) {
            // @start region="row-blocks"
            try (RowBlocks blocks = RowBlocks.of(x, 128, WorkerPool.shared())) {
                for (long from = 0; from < x.rows(); from += 128) {
                    FloatMatrix block = blocks.get(from, Math.min(x.rows(), from + 128), 0);
                    sum += block.get(0, 0);
                }
            }
            // @end
        }
        assertThat(sum).isPositive();
    }

    @Test
    void rowMap() {
        // @start region="row-map"
        double[][] weights = {{1, 0, 2}, {0, 1, -1}};
        try (RowMap map = RowMap.of(2, 3, (output, input) -> weights[output][input], new double[] {0, 0.5})) {
            float[] out = new float[2];
            map.apply(new float[] {1, 2, 3}, out);
            int largest = map.largest(new float[] {1, 2, 3});
            // @end
            assertThat(out).containsExactly(7, -0.5f);
            assertThat(largest).isZero();
        }
    }

    @Test
    void softmax() {
        // @start region="softmax"
        float[] logits = {0, 1, 2};
        Softmax.inPlace(logits, 0, 3); // 0.09, 0.24, 0.67
        // @end
        assertThat(logits).containsExactly(new float[] {0.09003057f, 0.24472848f, 0.66524094f}, within(1e-6f));
    }

    @Test
    void trainingKernels() {
        // @start region="training-kernels"
        TrainingKernels kernels = Simd.trainingKernels();
        try (FloatMatrix logits = FloatMatrix.allocate(3, 16)) { // 3 classes, 16 samples side by side
            logits.set(1, 0, 1);
            logits.set(2, 0, 2);
            kernels.softmaxColumns(logits.segment(), 0, logits.offset(1), 3, 16); // 0.09, 0.24, 0.67 of the first
            // @end
            assertThat(logits.get(2, 0)).isCloseTo(0.66524094f, within(1e-6f));
            assertThat(logits.get(2, 1)).isCloseTo(1f / 3, within(1e-6f));
        }
    }

    @Test
    void finiteCheck() {
        try (FloatMatrix x = ExampleData.rows()) {
            x.set(7, 3, Float.NaN);
            String sentence = "";
            // @start region="finite-check"
            try {
                FiniteCheck.require(x, "the data", WorkerPool.shared());
            } catch (InvalidInputException e) {
                sentence = e.getMessage(); // names the row, the column and the value
            }
            // @end
            assertThat(sentence).contains("the data", "7", "3", "NaN");
        }
    }

    @Test
    void columnMoments() {
        try (FloatMatrix x = ExampleData.rows()) {
            // @start region="column-moments"
            ColumnMoments moments = ColumnMoments.of(x, "the data", WorkerPool.shared());
            double mean = moments.mean()[0];
            double variance = moments.squaredDeviations() / (x.rows() - 1); // of all columns together
            // @end
            assertThat(mean).isBetween(0.3, 0.5);
            assertThat(variance).isBetween(1.0, 3.0);
        }
    }

    @Test
    void columnSpread() {
        try (FloatMatrix x = FloatMatrix.allocate(3, 1)) {
            for (int i = 0; i < 3; i++) {
                x.set(i, 0, 1_700_000_000f + 60 * i); // seconds; floats are 128 apart there
            }
            // @start region="column-spread"
            ColumnMoments moments = ColumnMoments.of(x, "the data", WorkerPool.shared());
            try {
                ColumnSpread.check(x, moments, "the data");
            } catch (InvalidInputException e) {
                System.err.println(e.getMessage()); // names column 0: no other column varies
            }
            // @end
            assertThatThrownBy(() -> ColumnSpread.check(x, moments, "the data"))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("column 0 (mean 1.7");
        }
    }

    @Test
    void binaryScaling() {
        try (FloatMatrix x = FloatMatrix.allocate(2, 1)) {
            x.set(0, 0, 1e-30f);
            x.set(1, 0, 3e-30f);
            double found;
            // @start region="binary-scaling"
            ColumnMoments moments = ColumnMoments.of(x, "the data", WorkerPool.shared());
            BinaryScaling scaling = BinaryScaling.of(x, moments.squaredDeviations() / x.rows());
            try (FloatMatrix moved = scaling.apply(x, WorkerPool.shared())) {
                found = scaling.length(moved.get(1, 0) - moved.get(0, 0)); // how far apart the rows are: 2e-30
            }
            // @end
            assertThat(BinaryScaling.isNeeded(x, moments)).isTrue();
            assertThat(found).isCloseTo(2e-30, within(1e-36));
        }
    }

    @Test
    void convolutionKernels() {
        try (FloatMatrix pixels = FloatMatrix.allocate(3, 16)) {
            pixels.set(1, 5, 6f);
            // @start region="convolution-kernels"
            ConvolutionKernels kernels = Simd.convolutionKernels();
            float[] out = new float[16];
            // The mean of each of 16 channels over a row of three pixels.
            kernels.windowMeans(pixels.segment(), pixels.offset(0), 0, pixels.stride() * 4, 1, 3, 16, out);
            // @end
            assertThat(out[5]).isEqualTo(2f);
        }
    }
}
