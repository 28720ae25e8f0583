package io.heddle.internal.kernels;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels in vectors of the preferred width of the machine.
 *
 * <p>No method of Heddle has a vector as parameter or result, which requires some repetition. C2 inlines such a method
 * only for some profiles; otherwise every vector becomes an object.
 */
public final class VectorKernels implements Kernels {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();
    /** The class of all vectors; kernels compare with it where C2 could not derive it. */
    static final Class<?> VECTOR = FloatVector.zero(SPECIES).getClass();
    /** The same for vectors of doubles. */
    static final Class<?> DOUBLE_VECTOR =
            DoubleVector.zero(DoubleVector.SPECIES_PREFERRED).getClass();

    static final TileShape SHAPE = TileShape.of(LANES, System.getProperty("os.arch"));
    private static final ScalarKernels PLAIN = new ScalarKernels();

    // Shuffles for a sum in a fixed order: reduceLanes(ADD) does not define the order, and interpreter and C2
    // differ.
    static final VectorShuffle<Float> BY_8 = exchange(8);
    static final VectorShuffle<Float> BY_4 = exchange(4);
    static final VectorShuffle<Float> BY_2 = exchange(2);
    static final VectorShuffle<Float> BY_1 = exchange(1);

    private static VectorShuffle<Float> exchange(int distance) {
        return VectorShuffle.fromOp(SPECIES, i -> (i ^ distance) % LANES);
    }

    static IllegalStateException otherVectors() {
        return new IllegalStateException("vectors of different classes");
    }

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public int tileRows() {
        return SHAPE.rows();
    }

    @Override
    public int stridedTileRows() {
        return SHAPE.stridedRows();
    }

    @Override
    public int tileColumns() {
        return SHAPE.columns(LANES);
    }

    @Override
    public int leftStep() {
        return SHAPE.leftStep();
    }

    @Override
    public float dot(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int n) {
        return RowKernels.dot(a, aOffset, b, bOffset, n);
    }

    @Override
    public double squaredDistance(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int n) {
        return SquaredDistances.between(a, aOffset, b, bOffset, n);
    }

    @Override
    public void axpy(float alpha, MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        RowKernels.axpy(alpha, x, xOffset, y, yOffset, n);
    }

    @Override
    public void scale(float alpha, MemorySegment x, long xOffset, int n) {
        RowKernels.scale(alpha, x, xOffset, n);
    }

    @Override
    public void subtract(
            MemorySegment a, long aOffset, MemorySegment b, long bOffset, MemorySegment out, long outOffset, int n) {
        RowKernels.subtract(a, aOffset, b, bOffset, out, outOffset, n);
    }

    @Override
    public void exp(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int n) {
        Exponentials.ofDifferences(x, xOffset, 0f, out, outOffset, n);
    }

    @Override
    public float softmax(MemorySegment logits, long offset, int n) {
        if (n <= LANES && n > 0) {
            return Exponentials.softmaxOfFew(logits, offset, n);
        }
        float max = Exponentials.max(logits, offset, n);
        float total = Exponentials.ofDifferences(logits, offset, max, logits, offset, n);
        RowKernels.scale(1f / total, logits, offset, n);
        return max + (float) Math.log(total);
    }

    @Override
    public void softmaxCurvature(MemorySegment p, long pOffset, MemorySegment u, long uOffset, int n) {
        RowKernels.softmaxCurvature(p, pOffset, u, uOffset, n);
    }

    @Override
    public boolean allFinite(MemorySegment x, long offset, int n) {
        return RowKernels.allFinite(x, offset, n);
    }

    @Override
    public void bytesToFloats(
            MemorySegment bytes, long bytesOffset, float scale, MemorySegment out, long outOffset, int n) {
        RowKernels.bytesToFloats(bytes, bytesOffset, scale, out, outOffset, n);
    }

    @Override
    public double addToSums(MemorySegment x, long offset, int n, double[] sums, int sumsFrom) {
        return ColumnSums.add(x, offset, n, sums, sumsFrom);
    }

    @Override
    public void subtractFromSums(MemorySegment x, long offset, int n, double[] sums, int sumsFrom) {
        ColumnSums.subtract(x, offset, n, sums, sumsFrom);
    }

    @Override
    public double blend(double keep, MemorySegment y, long offset, int n, double weight, double[] sums, int sumsFrom) {
        return ColumnSums.blend(keep, y, offset, n, weight, sums, sumsFrom);
    }

    @Override
    public void squaredDistances(
            MemorySegment x,
            long xOffset,
            MemorySegment others,
            long othersOffset,
            long rowBytes,
            int m,
            int n,
            float[] out,
            int from) {
        SquaredDistances.run(x, xOffset, others, othersOffset, rowBytes, m, n, out, from);
    }

    @Override
    public void minimumBiased(
            MemorySegment scores,
            long scoresOffset,
            long scoresRow,
            int rows,
            int n,
            MemorySegment bias,
            long biasOffset,
            int[] columns,
            float[] values,
            int from) {
        MinimumBiased.run(scores, scoresOffset, scoresRow, rows, n, bias, biasOffset, columns, values, from);
    }

    @Override
    public int columnsBelow(
            MemorySegment scores,
            long scoresOffset,
            int n,
            MemorySegment bias,
            long biasOffset,
            float limit,
            int[] columns) {
        return MinimumBiased.below(scores, scoresOffset, n, bias, biasOffset, limit, columns);
    }

    @Override
    public int lowerBounds(
            MemorySegment bounds,
            long offset,
            long rowBytes,
            int rows,
            int n,
            MemorySegment by,
            float[] limits,
            int from,
            int[] picked) {
        return LowerBounds.run(bounds, offset, rowBytes, rows, n, by, limits, from, picked);
    }

    @Override
    public void multiplyDoubles(
            int m,
            int n,
            int k,
            double[] a,
            int aFrom,
            int aRow,
            int aStep,
            double[] b,
            int bFrom,
            int bRow,
            double[] c,
            int cFrom,
            int cRow,
            boolean accumulate) {
        DoubleTiles.multiply(m, n, k, a, aFrom, aRow, aStep, b, bFrom, bRow, c, cFrom, cRow, accumulate);
    }

    @Override
    public void dotsOfDoubles(double[] w, int rows, int n, double[] x, double[] out) {
        DoubleDots.run(w, rows, n, x, out);
    }

    @Override
    public void dots(
            int rows,
            int columns,
            int sixteens,
            MemorySegment a,
            long aOffset,
            long aRow,
            MemorySegment b,
            long bOffset,
            MemorySegment c,
            long cOffset,
            long cRow) {
        if (LANES == 16) {
            WideDots.run(rows, columns, sixteens, a, aOffset, aRow, b, bOffset, c, cOffset, cRow);
        } else if (LANES == 8) {
            NarrowDots.run(rows, columns, sixteens, a, aOffset, aRow, b, bOffset, c, cOffset, cRow);
        } else {
            PLAIN.dots(rows, columns, sixteens, a, aOffset, aRow, b, bOffset, c, cOffset, cRow);
        }
    }

    @Override
    public void pack(
            MemorySegment x,
            long xOffset,
            long xRow,
            int rows,
            int columns,
            MemorySegment shift,
            MemorySegment out,
            long outOffset,
            int outRow,
            long panelBytes) {
        PanelPacking.run(x, xOffset, xRow, rows, columns, shift, out, outOffset, outRow, panelBytes);
    }

    @Override
    public void packLeft(
            int rows,
            int depth,
            MemorySegment a,
            long aOffset,
            long aRow,
            long aStep,
            MemorySegment out,
            long outOffset) {
        if (out.getClass() == NativeMemory.ARRAY) {
            LeftArrayPacking.run(
                    rows, depth, a, aOffset, aRow, aStep, NativeMemory.array(out), NativeMemory.index(outOffset));
        } else {
            LeftPacking.run(rows, depth, a, aOffset, aRow, aStep, out, outOffset);
        }
    }

    @Override
    public void tile(
            int rows,
            int columns,
            int depth,
            MemorySegment a,
            long aOffset,
            MemorySegment b,
            long bOffset,
            long bStep,
            MemorySegment c,
            long cOffset,
            long cRow,
            boolean accumulate) {
        float[] sums = TileSums.of(rows, columns, depth, a, aOffset, b, bOffset, bStep);
        if (accumulate) {
            TileSums.add(sums, rows, columns, c, cOffset, cRow);
        } else {
            TileSums.put(sums, rows, columns, c, cOffset, cRow);
        }
    }

    @Override
    public void pairTile(
            int rows,
            int columns,
            int depth,
            MemorySegment a,
            long aOffset,
            MemorySegment b,
            long bOffset,
            MemorySegment before,
            int firstRow,
            int firstColumn,
            PairList list) {
        PairTile.run(rows, columns, depth, a, aOffset, b, bOffset, before, firstRow, firstColumn, list);
    }

    @Override
    public boolean readsArrays() {
        return SHAPE.readsArrays();
    }

    @Override
    public boolean readsRows() {
        return SHAPE.readsRows(LANES);
    }

    @Override
    public void rowTile(
            int rows,
            int columns,
            int depth,
            MemorySegment a,
            long aOffset,
            long aRow,
            MemorySegment b,
            long bOffset,
            MemorySegment c,
            long cOffset,
            long cRow,
            boolean accumulate) {
        TileSums.checkDepth(depth);
        float[] sums = TileSums.own();
        int vectors = columns / LANES;
        RowTile.run(rows, vectors, depth, a, aOffset, aRow, b, bOffset, sums);
        TileSums.store(sums, rows, vectors, c, cOffset, cRow, accumulate);
    }

    @Override
    public int affine(
            float[] row,
            int from,
            int n,
            MemorySegment packed,
            int outputs,
            boolean relative,
            float[] out,
            int outFrom) {
        return AffineFloatArray.run(row, from, n, packed, outputs, relative, out, outFrom);
    }

    @Override
    public int affine(
            MemorySegment row,
            long offset,
            int n,
            MemorySegment packed,
            int outputs,
            boolean relative,
            float[] out,
            int outFrom) {
        return AffineFloatSegment.run(row, offset, n, packed, outputs, relative, out, outFrom);
    }

    @Override
    public int affine(
            byte[] row,
            int from,
            int n,
            MemorySegment packed,
            int outputs,
            boolean relative,
            float[] out,
            int outFrom) {
        return AffineByteArray.run(row, from, n, packed, outputs, relative, out, outFrom);
    }

    @Override
    public int affineOfBytes(
            MemorySegment row,
            long offset,
            int n,
            MemorySegment packed,
            int outputs,
            boolean relative,
            float[] out,
            int outFrom) {
        return AffineByteSegment.run(row, offset, n, packed, outputs, relative, out, outFrom);
    }
}
