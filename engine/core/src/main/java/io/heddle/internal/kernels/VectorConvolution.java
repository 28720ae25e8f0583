package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.NativeMemory.KIND;
import static io.heddle.internal.kernels.VectorKernels.LANES;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;
import static io.heddle.internal.kernels.VectorKernels.VECTOR;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Convolutions by the Vector API: a lane is a channel. */
final class VectorConvolution implements ConvolutionKernels {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final long BYTES = (long) LANES * Float.BYTES;

    private static final int TILE_PIXELS = 8;

    /** Whether the tile of packed pixels is faster; see {@link PixelTile}. */
    private static final boolean PACKS = VectorKernels.SHAPE.readsArrays();

    // With 512 bits two vectors of channels. With narrow ones in place one, and panels of this width, read in order.
    private static final int PANEL_COLUMNS = PACKS || LANES == CHANNEL_GROUP ? 2 * LANES : LANES;

    private static final ScalarConvolution PLAIN = new ScalarConvolution();

    @Override
    public int panelColumns() {
        return PANEL_COLUMNS;
    }

    @Override
    public boolean packsPixels() {
        return PACKS;
    }

    @Override
    public int packedPixels() {
        return VectorKernels.SHAPE.rows();
    }

    @Override
    public int pixelStep() {
        return VectorKernels.SHAPE.leftStep();
    }

    @Override
    public void packPixels(int pixels, int run, MemorySegment a, long[] from, float[] out, int outFrom) {
        requirePacking();
        LeftArrayPacking.run(pixels, run, a, from, out, outFrom);
    }

    @Override
    public void packedProduct(
            int pixels,
            int depth,
            float[] a,
            int aFrom,
            float[] b,
            int bFrom,
            int biasFrom,
            float floor,
            MemorySegment c,
            long cOffset,
            long[] to,
            int first) {
        requirePacking();
        TileSums.checkDepth(depth);
        PixelTile.run(pixels, depth, a, aFrom, b, bFrom, biasFrom, floor, c, cOffset, to, first);
    }

    private static void requirePacking() {
        if (!PACKS) {
            throw new UnsupportedOperationException("these vectors read pixels in place");
        }
    }

    @Override
    public void product(
            int rows,
            int columns,
            int segments,
            int run,
            MemorySegment a,
            long aOffset,
            long aRow,
            long aSegment,
            MemorySegment b,
            long bOffset,
            long biasOffset,
            float floor,
            MemorySegment c,
            long cOffset,
            long cRow,
            float[] scratch) {
        if (PACKS) {
            PLAIN.product(
                    rows,
                    columns,
                    segments,
                    run,
                    a,
                    aOffset,
                    aRow,
                    aSegment,
                    b,
                    bOffset,
                    biasOffset,
                    floor,
                    c,
                    cOffset,
                    cRow,
                    scratch);
            return;
        }
        int done = 0;
        while (done < rows) {
            int height = evenly(rows - done);
            long atA = aOffset + done * aRow;
            long atC = cOffset + done * cRow;
            if (columns == LANES) {
                NarrowConvolutionTile.run(
                        height, segments, run, a, atA, aRow, aSegment, b, bOffset, biasOffset, floor, c, atC, cRow);
            } else {
                ConvolutionTile.sums(height, segments, run, a, atA, aRow, aSegment, b, bOffset, scratch);
                store(height, scratch, b, biasOffset, floor, c, atC, cRow);
            }
            done += height;
        }
    }

    /** Pixels of the next tile, for a minimum number of tiles. */
    private static int evenly(int left) {
        return Math.ceilDiv(left, Math.ceilDiv(left, TILE_PIXELS));
    }

    private static void store(
            int rows,
            float[] sums,
            MemorySegment b,
            long biasOffset,
            float floor,
            MemorySegment c,
            long cOffset,
            long cRow) {
        for (int v = 0; v < 2; v++) {
            if (biasOffset < 0) {
                store(rows, v, sums, c, cOffset + v * BYTES, cRow);
            } else {
                rectify(rows, v, sums, b, biasOffset + v * BYTES, floor, c, cOffset + v * BYTES, cRow);
            }
        }
    }

    private static void store(int rows, int vector, float[] sums, MemorySegment c, long cOffset, long cRow) {
        if (c.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        for (int r = 0; r < rows; r++) {
            FloatVector.fromArray(SPECIES, sums, (2 * r + vector) * LANES)
                    .intoMemorySegment(c, cOffset + r * cRow, ORDER);
        }
    }

    private static void rectify(
            int rows,
            int vector,
            float[] sums,
            MemorySegment bias,
            long biasOffset,
            float floor,
            MemorySegment c,
            long cOffset,
            long cRow) {
        if (bias.getClass() != KIND || c.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        FloatVector shift = FloatVector.fromMemorySegment(SPECIES, bias, biasOffset, ORDER);
        for (int r = 0; r < rows; r++) {
            FloatVector sum = FloatVector.fromArray(SPECIES, sums, (2 * r + vector) * LANES)
                    .add(shift);
            sum.blend(floor, sum.compare(VectorOperators.LT, floor)).intoMemorySegment(c, cOffset + r * cRow, ORDER);
        }
    }

    @Override
    public void winogradInput(
            int height,
            int width,
            MemorySegment x,
            long xOffset,
            long rowBytes,
            long pixelBytes,
            int channels,
            MemorySegment v,
            long vOffset,
            long frequencyBytes,
            float[] scratch) {
        for (int c = 0; c < channels; c += LANES) {
            long at = (long) c * Float.BYTES;
            if (height == SHORT_OUTPUT) {
                ShortWinogradTransforms.inputColumns(x, xOffset + at, rowBytes, pixelBytes, width + 2, scratch);
            } else {
                WinogradTransforms.inputColumns(x, xOffset + at, rowBytes, pixelBytes, width + 2, scratch);
            }
            int leftOut = height == SHORT_OUTPUT ? LONG_POINT : -1;
            if (width == SHORT_OUTPUT) {
                ShortWinogradTransforms.inputRows(scratch, leftOut, v, vOffset + at, frequencyBytes);
            } else {
                WinogradTransforms.inputRows(scratch, leftOut, v, vOffset + at, frequencyBytes);
            }
        }
    }

    @Override
    public void winogradOutput(
            int height,
            int width,
            MemorySegment m,
            long mOffset,
            long frequencyBytes,
            int channels,
            MemorySegment bias,
            long biasOffset,
            float floor,
            MemorySegment y,
            long yOffset,
            long rowBytes,
            long pixelBytes,
            int rows,
            int columns,
            float[] scratch) {
        for (int c = 0; c < channels; c += LANES) {
            long at = (long) c * Float.BYTES;
            int leftOut = width == SHORT_OUTPUT ? LONG_POINT : -1;
            if (height == SHORT_OUTPUT) {
                ShortWinogradTransforms.outputColumns(m, mOffset + at, frequencyBytes, leftOut, scratch);
            } else {
                WinogradTransforms.outputColumns(m, mOffset + at, frequencyBytes, leftOut, scratch);
            }
            if (width == SHORT_OUTPUT) {
                ShortWinogradTransforms.outputRows(scratch, bias, biasOffset + at, floor, rows);
            } else {
                WinogradTransforms.outputRows(scratch, bias, biasOffset + at, floor, rows);
            }
            WinogradTransforms.store(scratch, y, yOffset + at, rowBytes, pixelBytes, rows, columns);
        }
    }

    @Override
    public void windowMeans(
            MemorySegment x,
            long xOffset,
            long rowBytes,
            long pixelBytes,
            int rows,
            int columns,
            int channels,
            float[] out) {
        if (x.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        float share = 1f / ((float) rows * columns);
        for (int c = 0; c < channels; c += LANES) {
            FloatVector all = FloatVector.zero(SPECIES);
            for (int i = 0; i < rows; i++) {
                long at = xOffset + i * rowBytes + (long) c * Float.BYTES;
                FloatVector row = FloatVector.zero(SPECIES);
                for (int j = 0; j < columns; j++) {
                    row = row.add(FloatVector.fromMemorySegment(SPECIES, x, at + j * pixelBytes, ORDER));
                }
                if (row.getClass() != VECTOR) {
                    throw VectorKernels.otherVectors();
                }
                all = all.add(row);
            }
            if (all.getClass() != VECTOR) {
                throw VectorKernels.otherVectors();
            }
            all.mul(share).intoArray(out, c);
        }
    }

    @Override
    public void windowMaxima(
            MemorySegment x,
            long xOffset,
            long rowBytes,
            long pixelBytes,
            int rows,
            int columns,
            int channels,
            float[] out) {
        if (x.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        for (int c = 0; c < channels; c += LANES) {
            FloatVector maximum = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
            for (int i = 0; i < rows; i++) {
                long at = xOffset + i * rowBytes + (long) c * Float.BYTES;
                for (int j = 0; j < columns; j++) {
                    maximum = maximum.max(FloatVector.fromMemorySegment(SPECIES, x, at + j * pixelBytes, ORDER));
                }
            }
            if (maximum.getClass() != VECTOR) {
                throw VectorKernels.otherVectors();
            }
            maximum.intoArray(out, c);
        }
    }

    @Override
    public void sum(
            MemorySegment a,
            long aOffset,
            MemorySegment b,
            long bOffset,
            int n,
            float floor,
            MemorySegment y,
            long yOffset) {
        if (a.getClass() != KIND || b.getClass() != KIND || y.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        for (int i = 0; i < n; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector sum = FloatVector.fromMemorySegment(SPECIES, a, aOffset + at, ORDER)
                    .add(FloatVector.fromMemorySegment(SPECIES, b, bOffset + at, ORDER));
            sum.blend(floor, sum.compare(VectorOperators.LT, floor)).intoMemorySegment(y, yOffset + at, ORDER);
        }
    }

    @Override
    public void depthwise(
            int pixels,
            int rows,
            int columns,
            MemorySegment x,
            long xOffset,
            long rowBytes,
            long stepBytes,
            int channels,
            float[] weights,
            int weightsFrom,
            int weightsRow,
            float[] bias,
            float floor,
            MemorySegment y,
            long yOffset) {
        DepthwiseTile.run(
                pixels,
                rows,
                columns,
                x,
                xOffset,
                rowBytes,
                stepBytes,
                channels,
                weights,
                weightsFrom,
                weightsRow,
                bias,
                floor,
                y,
                yOffset);
    }

    @Override
    public void limit(
            MemorySegment x, long xOffset, int n, float minimum, float maximum, MemorySegment y, long yOffset) {
        if (x.getClass() != KIND || y.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        for (int i = 0; i < n; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector value = FloatVector.fromMemorySegment(SPECIES, x, xOffset + at, ORDER);
            value = value.blend(minimum, value.compare(VectorOperators.LT, minimum));
            value.blend(maximum, value.compare(VectorOperators.GT, maximum)).intoMemorySegment(y, yOffset + at, ORDER);
        }
    }

    @Override
    public void sigmoid(MemorySegment x, long xOffset, int n, boolean times, MemorySegment y, long yOffset) {
        Sigmoids.of(x, xOffset, n, times, y, yOffset);
    }

    @Override
    public void hardSwish(MemorySegment x, long xOffset, int n, MemorySegment y, long yOffset) {
        if (x.getClass() != KIND || y.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        for (int i = 0; i < n; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector value = FloatVector.fromMemorySegment(SPECIES, x, xOffset + at, ORDER);
            FloatVector share = value.fma(FloatVector.broadcast(SPECIES, SIXTH), FloatVector.broadcast(SPECIES, 0.5f));
            share = share.blend(0f, share.compare(VectorOperators.LT, 0f));
            share = share.blend(1f, share.compare(VectorOperators.GT, 1f));
            value.mul(share).intoMemorySegment(y, yOffset + at, ORDER);
        }
    }

    @Override
    public void leaky(MemorySegment x, long xOffset, int n, float slope, MemorySegment y, long yOffset) {
        if (x.getClass() != KIND || y.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        for (int i = 0; i < n; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector value = FloatVector.fromMemorySegment(SPECIES, x, xOffset + at, ORDER);
            value.blend(value.mul(slope), value.compare(VectorOperators.LT, 0f))
                    .intoMemorySegment(y, yOffset + at, ORDER);
        }
    }

    @Override
    public void multiply(
            int pixels, int channels, MemorySegment memory, long aOffset, long bOffset, long bStep, long yOffset) {
        if (memory.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        for (int p = 0; p < pixels; p++) {
            long from = (long) p * channels * Float.BYTES;
            for (int c = 0; c < channels; c += LANES) {
                long at = (long) c * Float.BYTES;
                FloatVector.fromMemorySegment(SPECIES, memory, aOffset + from + at, ORDER)
                        .mul(FloatVector.fromMemorySegment(SPECIES, memory, bOffset + p * bStep + at, ORDER))
                        .intoMemorySegment(memory, yOffset + from + at, ORDER);
            }
        }
    }
}
