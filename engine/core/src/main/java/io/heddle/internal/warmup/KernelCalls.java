package io.heddle.internal.warmup;

import io.heddle.internal.kernels.ConvolutionKernels;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.PairList;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.kernels.TrainingKernels;
import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Calls every kernel, in each of its forms, on a few numbers. A call has at least a hundred vector operations and takes
 * at most a few microseconds once it is compiled. Lengths that are a multiple of a vector alternate with lengths that
 * are not, so that the compiler counts both.
 */
final class KernelCalls implements AutoCloseable {
    private static final int ROWS = 64;
    private static final int COLUMNS = 1040;
    private static final int LENGTH = 512;
    private static final int ODD_LENGTH = 509;
    /** Steps of a tile: the minimum at which the loop is compiled with its method and not by on-stack replacement. */
    private static final int DEPTH = 24;

    /** Length of a row that is summed in blocks. */
    private static final int LONG_ROW = 2 * Kernels.AFFINE_BLOCK * FloatMatrix.ALIGNMENT + FloatMatrix.ALIGNMENT;

    private static final int CLASSES = 10;
    /** Rows of a full tile of a convolution. */
    private static final int CONVOLUTION_PIXELS = 8;

    private static final int CHANNEL_BYTES = ConvolutionKernels.CHANNEL_GROUP * Float.BYTES;

    private final Kernels kernels = Simd.kernels();
    private final FloatMatrix x = filled();
    private final FloatMatrix y = filled();
    private final FloatMatrix z = filled();
    private final MemorySegment a = x.segment();
    private final MemorySegment b = y.segment();
    private final MemorySegment c = z.segment();
    private final long row = x.offset(1);
    private final double[] sums = new double[LENGTH];
    private final float[] floats = new float[LONG_ROW];
    private final int[] numbers = new int[COLUMNS];

    private static FloatMatrix filled() {
        FloatMatrix m = FloatMatrix.allocate(ROWS, COLUMNS);
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                m.set(i, j, (1 + (i + j) % 16) / 2048f);
            }
        }
        return m;
    }

    /** The calls of a group, which last as long as this object is open. */
    List<Runnable> of(KernelGroup group) {
        return switch (group) {
            case COLUMNS -> columns();
            case PRODUCTS -> products();
            case STRIDED_PRODUCTS -> stridedProducts();
            case SKINNY_PRODUCTS -> dots();
            case DOUBLE_PRODUCTS -> List.of(doubleProducts());
            case CLUSTERING -> clustering();
            case SOFTMAX -> softmax();
            case NEIGHBORS -> pairs();
            case ROWS -> rows();
            case TRAINING -> training(Simd.trainingKernels());
            case CONVOLUTION -> convolutions(Simd.convolutionKernels());
        };
    }

    /** A call with a length: one that is a multiple of a vector, and one that is not. */
    private static Runnable both(IntConsumer call) {
        return () -> {
            call.accept(LENGTH);
            call.accept(ODD_LENGTH);
        };
    }

    private List<Runnable> columns() {
        return List.of(
                both(n -> kernels.addToSums(a, 0, n, sums, 0)),
                both(n -> kernels.subtract(a, 0, b, 0, c, 0, n)),
                both(n -> kernels.scale(1, c, 0, n)),
                both(n -> kernels.allFinite(a, 0, n)),
                both(n -> kernels.dot(a, 0, b, 0, n)),
                both(n -> kernels.squaredDistance(a, 0, b, 0, n)),
                // Bytes are read from mapped files too, but those are segments of the same class to the compiler.
                both(n -> kernels.bytesToFloats(a, 0, 1, c, 0, n)));
    }

    private List<Runnable> products() {
        int lanes = Math.min(kernels.tileColumns(), FloatMatrix.ALIGNMENT);
        long panel = (long) kernels.tileColumns() * ROWS / 2 * Float.BYTES;
        int columns = 5 * FloatMatrix.ALIGNMENT;
        List<Runnable> calls = new ArrayList<>(tiles(kernels.tileRows(), kernels.tileColumns(), true));
        if (lanes < kernels.tileColumns()) {
            calls.addAll(tiles(kernels.tileRows(), lanes, true));
        }
        calls.addAll(tiles(kernels.tileRows() / 2, kernels.tileColumns(), true));
        if (kernels.readsRows()) {
            calls.addAll(rowTiles());
        }
        if (kernels.readsArrays()) {
            calls.addAll(arrayTiles());
        }
        calls.add(() -> {
            kernels.packLeft(kernels.tileRows(), ROWS, a, 0, row, Float.BYTES, c, 0);
            kernels.packLeft(kernels.tileRows() - 1, ROWS - 1, a, 0, row, Float.BYTES, c, 0);
        });
        calls.add(() -> kernels.packLeft(kernels.tileRows() / 2, ROWS, a, 0, row, Float.BYTES, c, 0));
        calls.add(() -> kernels.packLeft(kernels.tileRows(), ROWS, a, 0, Float.BYTES, row, c, 0));
        calls.add(() -> kernels.pack(a, 0, row, ROWS / 2, columns, null, c, 0, 0, panel));
        calls.add(() -> kernels.pack(a, 0, row, ROWS / 2, columns, b, c, 0, 0, panel));
        calls.add(both(n -> kernels.axpy(1e-6f, a, 0, c, 0, n)));
        return calls;
    }

    private List<Runnable> stridedProducts() {
        List<Runnable> calls = new ArrayList<>(tiles(kernels.stridedTileRows(), kernels.tileColumns(), false));
        int lanes = Math.min(kernels.tileColumns(), FloatMatrix.ALIGNMENT);
        if (lanes < kernels.tileColumns()) {
            calls.addAll(tiles(kernels.stridedTileRows(), lanes, false));
        }
        calls.addAll(tiles(kernels.stridedTileRows() / 2, kernels.tileColumns(), false));
        return calls;
    }

    private List<Runnable> tiles(int rows, int columns, boolean packed) {
        long step = packed ? (long) columns * Float.BYTES : row;
        MemorySegment left = !packed && kernels.readsArrays() ? array(DEPTH * kernels.leftStep()) : a;
        return List.of(() -> {
            kernels.tile(rows, columns, DEPTH, left, 0, b, 0, step, c, 0, row, false);
            kernels.tile(rows, columns, DEPTH, left, 0, b, 0, step, c, 0, row, true);
        });
    }

    private static MemorySegment array(int floats) {
        return MemorySegment.ofArray(new float[floats]);
    }

    /** Packing into arrays, and tiles of an even and an odd depth. */
    private List<Runnable> arrayTiles() {
        int rows = kernels.tileRows();
        int columns = kernels.tileColumns();
        long step = (long) columns * Float.BYTES;
        MemorySegment left = array(ROWS * kernels.leftStep());
        MemorySegment right = array(ROWS * columns);
        return List.of(
                () -> {
                    kernels.packLeft(rows, ROWS, a, 0, row, Float.BYTES, left, 0);
                    kernels.packLeft(rows - 1, ROWS - 1, a, 0, row, Float.BYTES, left, 0);
                },
                () -> kernels.packLeft(rows / 2, ROWS, a, 0, row, Float.BYTES, left, 0),
                () -> kernels.packLeft(rows, ROWS, a, 0, Float.BYTES, row, left, 0),
                () -> kernels.pack(a, 0, row, ROWS / 2, 2 * columns, null, right, 0, 0, step * ROWS / 2),
                () -> kernels.tile(rows, columns, 2 * DEPTH, left, 0, right, 0, step, c, 0, row, true),
                () -> kernels.tile(rows, columns, DEPTH - 1, left, 0, right, 0, step, c, 0, row, false));
    }

    private List<Runnable> rowTiles() {
        List<Runnable> calls = new ArrayList<>();
        for (int n = FloatMatrix.ALIGNMENT; n <= Kernels.ROW_TILE_COLUMNS; n += FloatMatrix.ALIGNMENT) {
            int columns = n;
            calls.add(() -> {
                kernels.rowTile(Kernels.ROW_TILE_ROWS, columns, DEPTH, a, 0, row, b, 0, c, 0, row, false);
                kernels.rowTile(Kernels.ROW_TILE_ROWS, columns, DEPTH, a, 0, row, b, 0, c, 0, row, true);
            });
        }
        return calls;
    }

    private List<Runnable> dots() {
        List<Runnable> calls = new ArrayList<>();
        for (int n = Kernels.DOT_COLUMNS; n <= Kernels.MAXIMUM_DOT_COLUMNS; n += Kernels.DOT_COLUMNS) {
            int columns = n;
            MemorySegment packed = kernels.dotsReadArray() ? array(columns * DEPTH * 16) : b;
            calls.add(() -> kernels.dots(4, columns, DEPTH, a, 0, row, packed, 0, c, 0, row));
        }
        return calls;
    }

    private Runnable doubleProducts() {
        // Two tiles of full width and a narrower one.
        int n = 51;
        int m = 6;
        double[] left = new double[m * DEPTH];
        double[] right = new double[DEPTH * n];
        double[] product = new double[m * n];
        return () -> {
            kernels.multiplyDoubles(m, n, DEPTH, left, 0, DEPTH, 1, right, 0, n, product, 0, n, false);
            kernels.multiplyDoubles(m, n, DEPTH, left, 0, DEPTH, 1, right, 0, n, product, 0, n, true);
        };
    }

    private List<Runnable> clustering() {
        float[] limits = new float[ROWS];
        for (int i = 0; i < ROWS; i++) {
            limits[i] = i % 2;
        }
        return List.of(
                both(n -> kernels.squaredDistances(a, 0, b, 0, row, 5, n, floats, 0)),
                // Ends of rows alone, often enough that their methods, which have no loop, are compiled.
                () -> {
                    kernels.squaredDistances(a, 0, b, 0, row, ROWS, 3, floats, 0);
                    for (int i = 0; i < 4; i++) {
                        kernels.squaredDistances(a, 0, b, 0, row, 3, 3, floats, 0);
                    }
                },
                both(n -> kernels.subtractFromSums(a, 0, n, sums, 0)),
                both(n -> kernels.blend(0.5, c, 0, n, 0.5, sums, 0)),
                () -> {
                    kernels.minimumBiased(a, 0, row, DEPTH, CLASSES, b, 0, numbers, floats, 0);
                    kernels.minimumBiased(a, 0, row, DEPTH, CLASSES * CLASSES, b, 0, numbers, floats, 0);
                },
                both(n -> kernels.columnsBelow(a, 0, n, b, 0, 8 / 2048f, numbers)),
                () -> kernels.lowerBounds(c, 0, row, ROWS, 2 * FloatMatrix.ALIGNMENT, b, limits, 0, numbers));
    }

    private List<Runnable> softmax() {
        return List.of(
                both(n -> kernels.exp(a, 0, c, 0, n)),
                () -> kernels.softmax(c, 0, LENGTH),
                () -> softmaxOfRows(CLASSES),
                () -> softmaxOfRows(2 * FloatMatrix.ALIGNMENT + CLASSES),
                both(n -> {
                    kernels.subtract(a, 0, b, 0, c, 0, n);
                    kernels.softmaxCurvature(b, 0, c, 0, n);
                }));
    }

    private void softmaxOfRows(int classes) {
        for (int i = 0; i < CLASSES; i++) {
            kernels.softmax(c, i * row, classes);
        }
    }

    private List<Runnable> pairs() {
        int rows = kernels.tileRows();
        PairList list = new PairList(rows * Kernels.TILE_COLUMNS);
        List<Runnable> calls = new ArrayList<>();
        int lanes = Math.min(kernels.tileColumns(), FloatMatrix.ALIGNMENT);
        for (int columns = lanes; columns <= kernels.tileColumns(); columns += lanes) {
            int width = columns;
            calls.add(() -> {
                list.start(floats, 0, floats, 0, width);
                kernels.pairTile(rows, width, DEPTH, a, 0, b, 0, null, 0, 0, list);
                list.start(floats, 0, floats, 0, width);
                kernels.pairTile(rows, width, DEPTH, a, 0, b, 0, c, 0, 0, list);
            });
        }
        return calls;
    }

    private List<Runnable> rows() {
        byte[] bytes = new byte[LONG_ROW];
        float[] out = new float[2 * Kernels.AFFINE_GROUP + 1];
        int outputs = Kernels.AFFINE_GROUP + 1;
        List<Runnable> calls = new ArrayList<>();
        double[] weights = new double[CLASSES * Kernels.DOUBLE_STEPS * DEPTH];
        double[] products = new double[CLASSES + Kernels.DOUBLE_SCRATCH];
        calls.add(() -> kernels.dotsOfDoubles(weights, CLASSES, Kernels.DOUBLE_STEPS * DEPTH, sums, products));
        for (int n : new int[] {LENGTH, ODD_LENGTH, LONG_ROW}) {
            calls.add(() -> {
                kernels.affine(floats, 0, n, b, outputs, true, null, 0);
                kernels.affine(floats, 0, n, b, outputs, false, out, 0);
            });
            calls.add(() -> {
                kernels.affine(bytes, 0, n, b, outputs, true, null, 0);
                kernels.affine(bytes, 0, n, b, outputs, false, out, 0);
            });
            calls.add(() -> {
                kernels.affine(a, 0, n, b, outputs, true, null, 0);
                kernels.affine(a, 0, n, b, outputs, false, out, 0);
            });
            calls.add(() -> {
                kernels.affineOfBytes(a, 0, n, b, outputs, true, null, 0);
                kernels.affineOfBytes(a, 0, n, b, outputs, false, out, 0);
            });
        }
        return calls;
    }

    private List<Runnable> training(TrainingKernels training) {
        int columns = kernels.tileColumns();
        int samples = 8 * FloatMatrix.ALIGNMENT;
        float[] common = new float[CLASSES];
        MemorySegment back = c.asSlice(ROWS / 2 * row);
        int[] others = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
        return List.of(
                () -> rectifiedTiles(training),
                () -> training.softmaxColumns(c, 0, row, CLASSES, samples),
                () -> training.pairGradients(
                        a, 0, samples * (long) Float.BYTES, row, CLASSES, samples, 1, 1e-3f, common, c, floats),
                () -> training.outputGradients(
                        a, 0, row, TrainingKernels.CLASS_GROUP, b, c, 0, row, a, 0, row, DEPTH, samples, back, columns),
                () -> training.outputGradients(
                        a,
                        0,
                        row,
                        TrainingKernels.CLASS_GROUP + 2,
                        b,
                        c,
                        0,
                        row,
                        a,
                        0,
                        row,
                        DEPTH,
                        samples,
                        back,
                        columns),
                () -> training.agreements(a, 0, row, LENGTH / 2, others, 0, others.length, floats),
                () -> training.adam(b, a, c, c, 0, LENGTH, 1e-6f, 1, 0.9f, 0.99f, 0));
    }

    private void rectifiedTiles(TrainingKernels training) {
        int columns = kernels.readsRows() ? Kernels.ROW_TILE_COLUMNS : kernels.tileColumns();
        for (boolean accumulate : new boolean[] {false, true}) {
            if (kernels.readsRows()) {
                training.rectifiedRowTile(
                        Kernels.ROW_TILE_ROWS, columns, DEPTH, a, 0, row, b, 0, c, 0, row, accumulate);
            } else {
                training.rectifiedTile(kernels.tileRows(), columns, DEPTH, a, 0, b, 0, c, 0, row, accumulate);
            }
        }
    }

    private List<Runnable> packedPixels(ConvolutionKernels convolution) {
        int pixels = convolution.packedPixels();
        float[] packed = new float[2 * LENGTH];
        float[] weights = new float[2 * LENGTH];
        long[] places = new long[pixels];
        for (int i = 0; i < pixels; i++) {
            places[i] = i * row;
        }
        return List.of(
                () -> convolution.packPixels(pixels, ROWS, a, places, packed, 0),
                () -> convolution.packPixels(pixels / 2, ROWS, a, places, packed, 0),
                () -> convolution.packedProduct(pixels, 2 * DEPTH, packed, 0, weights, 0, 0, 0, c, 0, places, 0),
                () -> {
                    for (int i = 0; i < 4; i++) {
                        convolution.packedProduct(pixels, DEPTH, packed, 0, weights, 0, -1, 0, c, 0, places, 0);
                    }
                });
    }

    private List<Runnable> pixelsInPlace(ConvolutionKernels convolution) {
        int channels = ConvolutionKernels.CHANNEL_GROUP;
        float[] scratch = new float[ConvolutionKernels.SCRATCH];
        List<Runnable> calls = new ArrayList<>();
        // On narrow vectors a panel has fewer columns than a group of channels.
        int narrowest = Math.min(channels, convolution.panelColumns());
        for (int width = narrowest; width <= convolution.panelColumns(); width += channels) {
            int columns = width;
            // Tiles of 8 pixels and of fewer, with a bias and without.
            for (int tile = 4; tile <= CONVOLUTION_PIXELS; tile++) {
                int pixels = tile;
                int bias = tile % 2 - 1;
                calls.add(() -> convolution.product(
                        pixels, columns, 3, channels, a, 0, CHANNEL_BYTES, row, b, 0, bias, 0, c, 0, row, scratch));
            }
        }
        return calls;
    }

    private List<Runnable> convolutions(ConvolutionKernels convolution) {
        int channels = ConvolutionKernels.CHANNEL_GROUP;
        float[] scratch = new float[ConvolutionKernels.SCRATCH];
        List<Runnable> calls = new ArrayList<>();
        calls.addAll(convolution.packsPixels() ? packedPixels(convolution) : pixelsInPlace(convolution));
        for (int side = ConvolutionKernels.SHORT_OUTPUT; side <= ConvolutionKernels.WINOGRAD_OUTPUT; side++) {
            int height = side;
            for (int width = ConvolutionKernels.SHORT_OUTPUT; width <= ConvolutionKernels.WINOGRAD_OUTPUT; width++) {
                int across = width;
                calls.add(() -> convolution.winogradInput(
                        height, across, a, 0, row, CHANNEL_BYTES, channels, c, 0, CHANNEL_BYTES, scratch));
                calls.add(() -> convolution.winogradOutput(
                        height,
                        across,
                        a,
                        0,
                        CHANNEL_BYTES,
                        channels,
                        b,
                        0,
                        0,
                        c,
                        0,
                        row,
                        CHANNEL_BYTES,
                        height,
                        across,
                        scratch));
            }
        }
        calls.add(() -> convolution.windowMeans(a, 0, row, CHANNEL_BYTES, 14, 14, channels, floats));
        calls.add(() -> convolution.windowMaxima(a, 0, row, CHANNEL_BYTES, 14, 14, channels, floats));
        calls.add(() -> convolution.sum(a, 0, b, 0, LENGTH, 0, c, 0));
        calls.add(() -> convolution.limit(a, 0, LENGTH, 0, 6, c, 0));
        calls.add(() -> convolution.sigmoid(a, 0, LENGTH, false, c, 0));
        calls.add(() -> convolution.sigmoid(a, 0, LENGTH, true, c, 0));
        calls.add(() -> convolution.hardSwish(a, 0, LENGTH, c, 0));
        calls.add(() -> convolution.leaky(a, 0, LENGTH, 0.01f, c, 0));
        calls.add(() -> convolution.multiply(8, 2 * channels, a, 0, row, 0, row + row));
        float[] weights = new float[9 * channels];
        float[] biases = new float[channels];
        calls.add(() -> {
            convolution.depthwise(
                    7, 3, 3, a, 0, row, CHANNEL_BYTES, channels, weights, 0, 3 * channels, biases, 0, c, 0);
            convolution.depthwise(
                    1, 2, 3, a, 0, row, CHANNEL_BYTES, channels, weights, 0, 3 * channels, biases, 0, c, 0);
        });
        return calls;
    }

    @Override
    public void close() {
        x.close();
        y.close();
        z.close();
    }
}
