package io.heddle.bench.widths;

import io.heddle.internal.kernels.ConvolutionKernels;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.PairList;
import io.heddle.internal.kernels.ScalarConvolution;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.kernels.TrainingKernels;
import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Every kernel with the shapes of the study: 784 pixels, 10 classes, batches of rows. {@link TimedKernel} describes the
 * counts of operations; repeated reads count each time.
 */
final class KernelShapes implements AutoCloseable {
    private static final int ROWS = 64;
    private static final int STRIDE = 1040;
    private static final int PIXELS = 784;
    private static final int CLASSES = 10;
    private static final int FEATURES = 64;
    private static final int F = Float.BYTES;
    private static final int D = Double.BYTES;
    /** Operations of e^x by a polynomial: reduction, seven steps, and the scaling by a power of two. */
    private static final int EXP = 12;

    private final Kernels kernels = Simd.kernels();
    private final TrainingKernels training = Simd.trainingKernels();
    private final ConvolutionKernels convolution = Simd.convolutionKernels();
    private final FloatMatrix x = filled();
    private final FloatMatrix y = filled();
    private final FloatMatrix z = filled();
    private final FloatMatrix zero = FloatMatrix.allocate(1, 16);
    private final MemorySegment a = x.segment();
    private final MemorySegment b = y.segment();
    private final MemorySegment c = z.segment();
    private final long row = x.offset(1);
    private final double[] sums = new double[STRIDE];
    private final float[] floats = new float[STRIDE];
    private final int[] numbers = new int[4096];
    private final List<TimedKernel> kernelsOfAll = new ArrayList<>();

    private static FloatMatrix filled() {
        FloatMatrix m = FloatMatrix.allocate(ROWS, STRIDE);
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < STRIDE; j++) {
                m.set(i, j, (1 + (i * 7 + j * 5) % 16) / 2048f);
            }
        }
        return m;
    }

    List<TimedKernel> all() {
        vectors();
        columnSums();
        distances();
        products();
        affine();
        softmax();
        heads();
        convolutions();
        return kernelsOfAll;
    }

    private void add(String name, double operations, double loaded, double stored, Runnable call) {
        kernelsOfAll.add(new TimedKernel(name, operations, loaded, stored, call));
    }

    private void vectors() {
        int n = PIXELS;
        add("dot 784", n, 2 * F * n, 0, () -> kernels.dot(a, 0, b, 0, n));
        // The squares and sums are doubles, whose vectors have half as many numbers.
        add("squaredDistance 784", 3 * n, 2 * F * n, 0, () -> kernels.squaredDistance(a, 0, b, 0, n));
        add("axpy 784", n, 2 * F * n, F * n, () -> kernels.axpy(0x1p-40f, a, 0, c, 0, n));
        add("scale 784", n, F * n, F * n, () -> kernels.scale(1, c, 0, n));
        add("subtract 784", n, 2 * F * n, F * n, () -> kernels.subtract(a, 0, b, 0, c, 0, n));
        add("exp 784", EXP * n, F * n, F * n, () -> kernels.exp(a, 0, c, 0, n));
        add("allFinite 784", n, F * n, 0, () -> kernels.allFinite(a, 0, n));
        add("bytesToFloats 784", 3 * n, n, F * n, () -> kernels.bytesToFloats(a, 0, 1f / 255, c, 0, n));
    }

    private void columnSums() {
        int n = PIXELS;
        add("addToSums 784", 5 * n, (F + D) * n, D * n, () -> kernels.addToSums(a, 0, n, sums, 0));
        add("subtractFromSums 784", 3 * n, (F + D) * n, D * n, () -> kernels.subtractFromSums(a, 0, n, sums, 0));
        add("blend 784", 10 * n, (F + D) * n, F * n, () -> {
            Arrays.fill(sums, 1e-3);
            kernels.blend(0.5, c, 0, n, 0.5, sums, 0);
        });
    }

    private void distances() {
        int n = PIXELS;
        int others = 10;
        add(
                "squaredDistances 784 x 10",
                2.0 * n * others,
                F * n * (others + others / 5.0),
                0,
                () -> kernels.squaredDistances(a, 0, b, 0, row, others, n, floats, 0));
        for (int k : new int[] {CLASSES, 100}) {
            add(
                    "minimumBiased 64 x " + k,
                    3.0 * ROWS * k,
                    F * ROWS * k,
                    0,
                    () -> kernels.minimumBiased(a, 0, row, ROWS, k, b, 0, numbers, floats, 0));
        }
        add("columnsBelow 100", 200, 800, 0, () -> kernels.columnsBelow(a, 0, 100, b, 0, 2f / 2048, numbers));
        float[] limits = new float[ROWS];
        Arrays.fill(limits, 1);
        add(
                "lowerBounds 64 x 16, none below",
                2.0 * ROWS * 16,
                2 * F * ROWS * 16,
                F * ROWS * 16,
                () -> kernels.lowerBounds(c, 0, row, ROWS, 16, zero.segment(), new float[ROWS], 0, numbers));
    }

    private void products() {
        int rows = kernels.tileRows();
        int columns = kernels.tileColumns();
        int depth = 320;
        double multiplyAdds = (double) rows * columns * depth;
        add(
                "tile 320 deep",
                multiplyAdds,
                F * (double) depth * (rows * kernels.lanes() + columns),
                F * rows * columns,
                () -> kernels.tile(rows, columns, depth, a, 0, b, 0, (long) columns * F, c, 0, row, false));
        if (kernels.readsArrays()) {
            MemorySegment left = MemorySegment.ofArray(new float[depth * kernels.leftStep()]);
            MemorySegment right = MemorySegment.ofArray(new float[depth * columns]);
            add(
                    "tile 320 deep, arrays",
                    multiplyAdds,
                    F * (double) depth * (rows * kernels.lanes() + columns),
                    F * rows * columns,
                    () -> kernels.tile(rows, columns, depth, left, 0, right, 0, (long) columns * F, c, 0, row, false));
        }
        float[] limits = new float[rows + columns];
        Arrays.fill(limits, Float.POSITIVE_INFINITY);
        PairList list = new PairList(rows * columns);
        list.start(limits, 0, limits, 0, columns);
        add(
                "pairTile 64 deep, none found",
                (double) rows * columns * 64,
                F * 64.0 * (rows * kernels.lanes() + columns),
                0,
                () -> kernels.pairTile(rows, columns, 64, a, 0, b, 0, null, 0, 0, list));
        int across = 4 * kernels.lanes();
        add(
                "rowTile 320 deep",
                (double) Kernels.ROW_TILE_ROWS * across * depth,
                F * (double) depth * (Kernels.ROW_TILE_ROWS * kernels.lanes() + across),
                F * Kernels.ROW_TILE_ROWS * across,
                () -> kernels.rowTile(Kernels.ROW_TILE_ROWS, across, depth, a, 0, row, b, 0, c, 0, row, false));
        add(
                "packLeft 64 deep, along rows",
                0,
                F * rows * 64,
                F * kernels.leftStep() * 64,
                () -> kernels.packLeft(rows, 64, a, 0, row, F, c, 0));
        add(
                "packLeft 64 deep, across rows",
                0,
                F * kernels.leftStep() * 64,
                F * kernels.leftStep() * 64,
                () -> kernels.packLeft(rows, 64, a, 0, F, row, c, 0));
        long panel = (long) columns * 32 * F;
        add(
                "pack 32 x 784",
                0,
                F * 32 * PIXELS,
                F * 32 * PIXELS,
                () -> kernels.pack(a, 0, row, 32, PIXELS, null, c, 0, 0, panel));
        MemorySegment columnsOfDots = kernels.dotsReadArray() ? MemorySegment.ofArray(new float[PIXELS * CLASSES]) : b;
        add(
                "dots 64 x 784 x 10",
                (double) ROWS * PIXELS * CLASSES,
                F * (double) ROWS * PIXELS * 2 + F * (double) PIXELS * CLASSES * ROWS / 4,
                F * ROWS * 16,
                () -> kernels.dots(ROWS, CLASSES, PIXELS / 16, a, 0, row, columnsOfDots, 0, c, 0, row));
        int n = 64;
        double[] left = new double[n * n];
        double[] right = new double[n * n];
        double[] product = new double[n * n];
        // A vector has half as many doubles as floats.
        add(
                "multiplyDoubles 64 x 64 x 64",
                2.0 * n * n * n,
                0,
                D * n * n,
                () -> kernels.multiplyDoubles(n, n, n, left, 0, n, 1, right, 0, n, product, 0, n, false));
    }

    private void affine() {
        double[] wide = new double[CLASSES * PIXELS];
        double[] pixels = new double[PIXELS];
        double[] logits = new double[CLASSES + Kernels.DOUBLE_SCRATCH];
        // A vector has half as many doubles as floats.
        add(
                "dotsOfDoubles 784 x 10",
                2.0 * CLASSES * PIXELS,
                D * CLASSES * PIXELS,
                0,
                () -> kernels.dotsOfDoubles(wide, CLASSES, PIXELS, pixels, logits));
        byte[] bytes = new byte[PIXELS];
        int outputs = CLASSES - 1;
        double weights = (double) PIXELS * outputs;
        float[] out = new float[16];
        add(
                "affine 784 x 10, floats of an array",
                weights,
                F * (weights + PIXELS),
                0,
                () -> kernels.affine(floats, 0, PIXELS, b, outputs, true, null, 0));
        add(
                "affine 784 x 10, floats outside",
                weights,
                F * (weights + PIXELS),
                0,
                () -> kernels.affine(a, 0, PIXELS, b, outputs, true, null, 0));
        add(
                "affine 784 x 10, bytes of an array",
                weights + 2 * PIXELS,
                F * weights + PIXELS,
                0,
                () -> kernels.affine(bytes, 0, PIXELS, b, outputs, true, null, 0));
        add(
                "affineOfBytes 784 x 10, outside",
                weights + 2 * PIXELS,
                F * weights + PIXELS,
                0,
                () -> kernels.affineOfBytes(a, 0, PIXELS, b, outputs, true, null, 0));
        add(
                "affine 64 x 9, all outputs",
                FEATURES * 9,
                F * FEATURES * 10,
                F * 9,
                () -> kernels.affine(floats, 0, FEATURES, b, 9, false, out, 0));
    }

    private void softmax() {
        for (int n : new int[] {CLASSES, 100}) {
            add("softmax " + n, (EXP + 4) * n, 3 * F * n, 2 * F * n, () -> kernels.softmax(c, 0, n));
        }
        add(
                "softmaxCurvature 10",
                3 * CLASSES,
                4 * F * CLASSES,
                F * CLASSES,
                () -> kernels.softmaxCurvature(a, 0, c, 0, CLASSES));
    }

    private void heads() {
        int samples = 128;
        int units = 128;
        float[] common = new float[CLASSES];
        int[] others = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
        MemorySegment back = c.asSlice(ROWS / 2 * row);
        int rows = kernels.tileRows();
        int columns = kernels.tileColumns();
        add(
                "rectifiedTile 64 deep",
                (double) rows * columns * FEATURES,
                F * (double) FEATURES * (rows * kernels.lanes() + columns),
                F * rows * columns,
                () -> training.rectifiedTile(rows, columns, FEATURES, a, 0, b, 0, c, 0, row, false));
        int across = 4 * kernels.lanes();
        add(
                "rectifiedRowTile 64 deep",
                (double) Kernels.ROW_TILE_ROWS * across * FEATURES,
                F * (double) FEATURES * (Kernels.ROW_TILE_ROWS * kernels.lanes() + across),
                F * Kernels.ROW_TILE_ROWS * across,
                () -> training.rectifiedRowTile(
                        Kernels.ROW_TILE_ROWS, across, FEATURES, a, 0, row, b, 0, c, 0, row, false));
        add(
                "softmaxColumns 10 x 128",
                (EXP + 4.0) * CLASSES * samples,
                3.0 * F * CLASSES * samples,
                2.0 * F * CLASSES * samples,
                () -> training.softmaxColumns(c, 0, row, CLASSES, samples));
        add(
                "pairGradients 10 x 128",
                8.0 * CLASSES * samples,
                4.0 * F * CLASSES * samples,
                2.0 * F * CLASSES * samples,
                () -> training.pairGradients(
                        a, 0, (long) samples * F, row, CLASSES, samples, 1, 1e-3f, common, c, floats));
        add(
                "outputGradients 10 x 24 x 128",
                2.0 * CLASSES * 24 * units,
                F * 24.0 * units * 3,
                F * 24.0 * units,
                () -> training.outputGradients(a, 0, row, CLASSES, b, c, 0, row, a, 0, row, 24, units, back, columns));
        add(
                "agreements 256 x 12",
                256 * 12,
                2 * F * 256 * 12,
                0,
                () -> training.agreements(a, 0, row, 256, others, 0, others.length, floats));
        // The square root and the division take longer than the other operations and count as eight.
        add(
                "adam 784",
                24 * PIXELS,
                4 * F * PIXELS,
                3 * F * PIXELS,
                () -> training.adam(b, a, c, c, 0, PIXELS, 0, 1, 0.9f, 0.99f, 0));
    }

    private void convolutions() {
        int channels = 64;
        long pixel = (long) channels * F;
        float[] scratch = new float[ConvolutionKernels.SCRATCH];
        int panel = convolution.panelColumns();
        for (int pixels : new int[] {7, 8}) {
            double multiplyAdds = (double) pixels * panel * 3 * channels * 3;
            add(
                    "product of a convolution, %d pixels, 3 x 192".formatted(pixels),
                    multiplyAdds,
                    multiplyAdds / panel * F * kernels.lanes() + F * 3.0 * channels * 3 * panel,
                    F * pixels * panel,
                    () -> convolution.product(
                            pixels, panel, 3, 3 * channels, a, 0, pixel, row, b, 0, 0, 0, c, 0, row, scratch));
        }
        packedPixels();
        // 6 x 6 points in two passes of 12 sums and products per line.
        double lines = 2.0 * ConvolutionKernels.WINOGRAD_POINTS;
        add(
                "winogradInput 4 x 4, 64 channels",
                lines * 12 * channels,
                2.0 * F * ConvolutionKernels.FREQUENCIES * channels,
                2.0 * F * ConvolutionKernels.FREQUENCIES * channels,
                () -> convolution.winogradInput(4, 4, a, 0, row, pixel, channels, c, 0, pixel, scratch));
        add(
                "winogradOutput 4 x 4, 64 channels",
                (6.0 + 4) * 10 * channels,
                F * (36.0 + 24) * channels,
                F * (24.0 + 16) * channels,
                () -> convolution.winogradOutput(
                        4, 4, a, 0, pixel, channels, b, 0, 0, c, 0, row, pixel, 4, 4, scratch));
        add(
                "windowMeans 7 x 7, 64 channels",
                49 * channels,
                F * 49 * channels,
                F * channels,
                () -> convolution.windowMeans(a, 0, row, pixel, 7, 7, channels, floats));
        add(
                "windowMaxima 2 x 2, 64 channels",
                4 * channels,
                F * 4 * channels,
                F * channels,
                () -> convolution.windowMaxima(a, 0, row, pixel, 2, 2, channels, floats));
        float[] weights = new float[9 * channels];
        float[] biases = new float[channels];
        add(
                "depthwise 8 x 3 x 3, 64 channels",
                8.0 * 9 * channels,
                F * (8.0 * 9 + 2 * 9) * channels,
                F * 8.0 * channels,
                () -> convolution.depthwise(
                        8, 3, 3, a, 0, row, pixel, channels, weights, 0, 3 * channels, biases, 0, c, 0));
        add(
                "multiply 8 pixels, 64 channels",
                8.0 * channels,
                F * 16.0 * channels,
                F * 8.0 * channels,
                () -> convolution.multiply(8, channels, a, 0, 16 * pixel, pixel, 32 * pixel));
        add("limit 784", 2 * PIXELS, F * PIXELS, F * PIXELS, () -> convolution.limit(a, 0, PIXELS, 0, 6, c, 0));
        // A division counts as five operations.
        add(
                "sigmoid 784, times the number",
                30 * PIXELS,
                F * PIXELS,
                F * PIXELS,
                () -> convolution.sigmoid(a, 0, PIXELS, true, c, 0));
        add("sigmoid 784", 30 * PIXELS, F * PIXELS, F * PIXELS, () -> convolution.sigmoid(a, 0, PIXELS, false, c, 0));
        add("hardSwish 784", 6 * PIXELS, F * PIXELS, F * PIXELS, () -> convolution.hardSwish(a, 0, PIXELS, c, 0));
        add("leaky 784", 3 * PIXELS, F * PIXELS, F * PIXELS, () -> convolution.leaky(a, 0, PIXELS, 0.01f, c, 0));
        add("sum 784", 2 * PIXELS, 2 * F * PIXELS, F * PIXELS, () -> convolution.sum(a, 0, b, 0, PIXELS, 0, c, 0));
    }

    /** By the scalar twin if the vectors read pixels in place. */
    private void packedPixels() {
        ConvolutionKernels packing = convolution.packsPixels() ? convolution : new ScalarConvolution();
        int pixels = packing.packedPixels();
        int columns = packing.panelColumns();
        int depth = 576;
        float[] packed = new float[depth * packing.pixelStep()];
        float[] weights = new float[(depth + 1) * columns];
        long[] places = new long[pixels];
        for (int i = 0; i < pixels; i++) {
            places[i] = i * row;
        }
        add(
                "packPixels 576 deep",
                0,
                F * pixels * depth,
                F * packing.pixelStep() * depth,
                () -> packing.packPixels(pixels, depth, a, places, packed, 0));
        add(
                "packedProduct 576 deep",
                (double) pixels * columns * depth,
                F * (double) depth * (pixels * kernels.lanes() + columns),
                F * pixels * columns,
                () -> packing.packedProduct(pixels, depth, packed, 0, weights, 0, depth * columns, 0, c, 0, places, 0));
    }

    @Override
    public void close() {
        x.close();
        y.close();
        z.close();
        zero.close();
    }
}
