package io.heddle.internal.kernels;

import java.lang.foreign.MemorySegment;

/**
 * The numerical kernels of the algorithms. {@link Simd#kernels()} returns the implementation in use. The scalar twin,
 * {@link ScalarKernels}, is the reference in tests and runs without {@code jdk.incubator.vector}.
 *
 * <p>Memory is passed as a segment and a byte offset, never as a slice, which would allocate. Counts are in floats
 * unless stated otherwise. Kernels check only the bounds of the segment; the algorithms validate shapes.
 *
 * <p>For example: {@snippet file="KernelExamplesTest.java" region="kernels"}
 */
public sealed interface Kernels permits VectorKernels, ScalarKernels {
    /** Rows of a full {@link #rowTile}. */
    int ROW_TILE_ROWS = 6;

    /** Columns of a full {@link #rowTile}, in floats: four vectors of 512 bits. */
    int ROW_TILE_COLUMNS = 64;

    /** Maximum columns of a {@link #tile}, in floats: two vectors of 512 bits. */
    int TILE_COLUMNS = 32;

    /** Maximum steps of a {@link #tile}. */
    int MAXIMUM_TILE_DEPTH = 1 << 16;

    /** Columns in a group of {@link #dots}. */
    int DOT_COLUMNS = 5;

    /** Maximum columns of {@link #dots}. */
    int MAXIMUM_DOT_COLUMNS = 15;

    /** Outputs in a group of an affine map of a row. */
    int AFFINE_GROUP = 9;

    /** Vectors in a block of a long row: affine maps sum each block separately, then the blocks. */
    int AFFINE_BLOCK = 64;

    /** Floats at the start of a group of an affine map: its biases and unused floats. */
    int AFFINE_BIASES = 16;

    /** Values of a row that {@link #dotsOfDoubles} multiplies in a step. */
    int DOUBLE_STEPS = 16;

    /** Length of a row from which {@link #dotsOfDoubles} is faster with vectors. */
    int SHORT_DOUBLES = 48;

    /** Values that {@link #dotsOfDoubles} overwrites behind its results. */
    int DOUBLE_SCRATCH = 32;

    /** Floats in a packed group of an affine map of rows of n floats. */
    static long affineGroupFloats(int n, int lanes) {
        return AFFINE_BIASES + ((long) n + lanes - 1) / lanes * lanes * AFFINE_GROUP;
    }

    /**
     * The index, in its packed group, of the weight of an input in an output. The last vector of a row ends at the end
     * of the row, so that no access is beyond it. It overlaps the vector before, with zeros as weights there. If a row
     * is shorter than a vector, its weights are at the beginning of one.
     */
    static long affineWeight(int n, int lanes, int output, int input) {
        int body = (n - 1) / lanes * lanes;
        int lane = input < body ? input % lanes : n < lanes ? input : input - (n - lanes);
        return AFFINE_BIASES + ((long) Math.min(input, body) / lanes * AFFINE_GROUP + output) * lanes + lane;
    }

    /** Floats in one vector; 1 for the scalar form. */
    int lanes();

    /** Rows of a full {@link #tile}: depends on the number of registers. */
    int tileRows();

    /** Rows of a full {@link #tile} of a right operand that is not packed; at most {@link #tileRows()}. */
    int stridedTileRows();

    /** Columns of a full {@link #tile}, in floats: two vectors, a divisor of {@link #TILE_COLUMNS}. */
    int tileColumns();

    /** Floats in a step of a packed left operand: the smallest power of two that is at least {@link #tileRows()}. */
    int leftStep();

    /** Σ aᵢbᵢ over n floats. */
    float dot(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int n);

    /** Σ (aᵢ − bᵢ)² over n floats, each difference taken in float, squared and summed in double. */
    double squaredDistance(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int n);

    /** y ← y + alpha · x over n floats. */
    void axpy(float alpha, MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n);

    /** x ← alpha · x over n floats. */
    void scale(float alpha, MemorySegment x, long xOffset, int n);

    /** outᵢ ← aᵢ − bᵢ over n floats. */
    void subtract(
            MemorySegment a, long aOffset, MemorySegment b, long bOffset, MemorySegment out, long outOffset, int n);

    /** outᵢ ← e^xᵢ over n floats, to 3 ulp on [−87.33, 88.37]; below 0, above +∞; NaN stays NaN. */
    void exp(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int n);

    /**
     * Turns n logits into probabilities in place. A logit of −∞ has probability 0. If a logit is NaN or +∞, or if all
     * are −∞, the result is NaN.
     *
     * @return log Σ exp of the logits
     */
    float softmax(MemorySegment logits, long offset, int n);

    /** u ← p ∘ (u − ⟨p, u⟩) over n floats: a row of the softmax Hessian, diag(p) − ppᵀ, applied to u in place. */
    void softmaxCurvature(MemorySegment p, long pOffset, MemorySegment u, long uOffset, int n);

    /** Whether all of n floats are finite. */
    boolean allFinite(MemorySegment x, long offset, int n);

    /** outᵢ ← scale · (byte i as 0 … 255) for n bytes. */
    void bytesToFloats(MemorySegment bytes, long bytesOffset, float scale, MemorySegment out, long outOffset, int n);

    /**
     * Adds n floats to running sums in double: sumsᵢ ← sumsᵢ + xᵢ.
     *
     * @return Σ xᵢ², in double
     */
    double addToSums(MemorySegment x, long offset, int n, double[] sums, int sumsFrom);

    /** sumsᵢ ← sumsᵢ − xᵢ over n floats, in double. */
    void subtractFromSums(MemorySegment x, long offset, int n, double[] sums, int sumsFrom);

    /**
     * Squared distances from one row to m others, from differences, to avoid cancellation; summed in float. Memory of a
     * segment behind a row may be read, but does not count.
     *
     * @param rowBytes bytes from one of the others to the next
     * @param out receives m values from index {@code from} on
     */
    void squaredDistances(
            MemorySegment x,
            long xOffset,
            MemorySegment others,
            long othersOffset,
            long rowBytes,
            int m,
            int n,
            float[] out,
            int from);

    /**
     * y ← keep · y + weight · sums over n floats, computed in double.
     *
     * @return Σ (change of yᵢ)², in double
     */
    double blend(double keep, MemorySegment y, long offset, int n, double weight, double[] sums, int sumsFrom);

    /**
     * For each of {@code rows} rows of n scores, the minimum of scores[r, j] + bias[j]: writes its column, the first if
     * several are equal, to {@code columns} and its value to {@code values}.
     *
     * @param scoresRow bytes from one row of scores to the next
     * @param n at least 1; scores and bias must be readable up to the next multiple of 16
     * @param biasOffset byte at which n floats begin
     */
    void minimumBiased(
            MemorySegment scores,
            long scoresOffset,
            long scoresRow,
            int rows,
            int n,
            MemorySegment bias,
            long biasOffset,
            int[] columns,
            float[] values,
            int from);

    /**
     * The columns j of one row whose scores[j] + bias[j] is below a limit.
     *
     * @param n at least 1; scores and bias must be readable up to the next multiple of 16
     * @param columns receives their numbers, ascending, from 0 on
     * @return their number
     */
    int columnsBelow(
            MemorySegment scores,
            long scoresOffset,
            int n,
            MemorySegment bias,
            long biasOffset,
            float limit,
            int[] columns);

    /**
     * Subtracts the same amounts from every row of bounds and selects the rows whose minimum is then below their limit.
     *
     * @param rowBytes bytes from one row of bounds to the next
     * @param n bounds in a row, a multiple of 16
     * @param by n floats
     * @param limits one for each row, from index {@code from} on
     * @param picked receives the numbers of the selected rows, from 0 on
     * @return the number of selected rows
     */
    int lowerBounds(
            MemorySegment bounds,
            long offset,
            long rowBytes,
            int rows,
            int n,
            MemorySegment by,
            float[] limits,
            int from,
            int[] picked);

    /**
     * A product in double of matrices on the heap: C ← A · B, or C ← C + A · B if {@code accumulate}.
     *
     * <p>A is m × k with element (i, l) at {@code aFrom + i · aRow + l · aStep}; B is k × n with a distance of
     * {@code bRow} between rows, and C is m × n with {@code cRow}. The elements of a row are contiguous.
     */
    void multiplyDoubles(
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
            boolean accumulate);

    /**
     * Inner products in double of rows with one vector: outᵣ ← Σᵢ wᵣᵢ xᵢ over r &lt; rows, with wᵣᵢ at {@code r · n +
     * i}.
     *
     * @param n a multiple of {@link #DOUBLE_STEPS}, or less than {@link #SHORT_DOUBLES}
     * @param out receives {@code rows} values from 0 on; {@link #DOUBLE_SCRATCH} values behind them are overwritten too
     */
    void dotsOfDoubles(double[] w, int rows, int n, double[] x, double[] out);

    /**
     * A product with few columns, as inner products: c[r, j] ← Σₖ a[r, k] · b[k, j] over r &lt; rows and j &lt;
     * columns.
     *
     * <p>Both operands are read along k, sixteen steps at a time, including the padding, which must be zeros. b is
     * packed in groups of {@link #DOT_COLUMNS} columns, one group after the other, with zeros for missing columns of
     * the last one. Within a group, sixteen steps of its first column are followed by sixteen of its second and so on,
     * then by the next sixteen. Sixteen floats of each row of c are written, with zeros beyond the columns.
     *
     * @param columns 1 to {@link #MAXIMUM_DOT_COLUMNS}
     * @param sixteens steps divided by 16, rounded up
     * @param b an array of floats if {@link #dotsReadArray()}, else off-heap
     */
    void dots(
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
            long cRow);

    /** Whether the packed operand of {@link #dots} is an array of floats, because vectors have eight. */
    default boolean dotsReadArray() {
        return lanes() == 8;
    }

    /**
     * Packs rows into panels of {@link #tileColumns()} columns, each panel row by row, as the right operand of a
     * {@link #tile}.
     *
     * @param xRow bytes from one row of x to the next
     * @param columns with padding: a multiple of 16; the last panel may be narrower
     * @param shift {@code columns} floats from byte 0 on, subtracted from each row, or null
     * @param outRow row of the panels that the first row becomes
     * @param panelBytes from the start of one panel to that of the next
     */
    void pack(
            MemorySegment x,
            long xOffset,
            long xRow,
            int rows,
            int columns,
            MemorySegment shift,
            MemorySegment out,
            long outOffset,
            int outRow,
            long panelBytes);

    /**
     * Packs a panel of a left operand: out[k, r] ← a[r, k] for r &lt; rows and k &lt; depth, where a[r, k] is at byte
     * {@code aOffset + r · aRow + k · aStep} and out[k, r] at {@code outOffset + 4 (k · s + r)} for a {@link #leftStep}
     * of s. Other floats of a step are undefined.
     *
     * @param rows 1 to {@link #tileRows()}
     * @param aRow 4 if the elements of a step are contiguous; then {@link #leftStep} floats of every step but the last
     *     are read
     * @param aStep 4 if the elements of a row are contiguous
     */
    void packLeft(
            int rows,
            int depth,
            MemorySegment a,
            long aOffset,
            long aRow,
            long aStep,
            MemorySegment out,
            long outOffset);

    /**
     * One register tile of a product of which the left operand is packed: with s = 1 if {@code accumulate} else 0,
     *
     * <pre>c[r, j] ← s · c[r, j] + Σₖ a[r, k] · b[k, j]      r &lt; rows, j &lt; columns</pre>
     *
     * where a[r, k] is at byte {@code aOffset + 4 (k · leftStep() + r)}, b[k, j] at {@code bOffset + k · bStep + 4 j}
     * and c[r, j] at {@code cOffset + r · cRow + 4 j}. All floats of a's steps are read, for any number of rows.
     *
     * @param rows 1 to {@link #tileRows()}, or to {@link #stridedTileRows()} if b is not packed
     * @param columns {@link #tileColumns()}, or half of that if a vector has 16 floats
     * @param depth 0 to {@link #MAXIMUM_TILE_DEPTH}
     * @param bStep fastest if it is 4 · columns, as {@link #pack} packs b; else {@code a} must be an array if
     *     {@link #readsArrays()}. An off-heap b beside an array is read in place
     */
    void tile(
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
            boolean accumulate);

    /**
     * One register tile as {@link #tile}, with b as {@link #pack} packs it. Its values are not stored: those that are
     * at least a limit of the list are added to the list, row by row; never NaN.
     *
     * @param before sums of earlier steps to add, {@code columns} in a row, or null
     * @param firstRow row of the list's block at which the tile begins
     * @param firstColumn column of the list's block at which the tile begins
     */
    void pairTile(
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
            PairList list);

    /**
     * Whether a {@link #tile} is faster if both of its packed operands are arrays of floats instead of off-heap memory,
     * see {@link MemorySegment#ofArray(float[])}. Such arrays are written by {@link #packLeft}, and by {@link #pack}
     * for whole panels without a shift. If this is false, a tile refuses them.
     */
    boolean readsArrays();

    /** Whether {@link #rowTile} is faster than a packed copy of the left operand. */
    boolean readsRows();

    /**
     * One register tile of a product whose left operand is read along its rows: with s = 1 if {@code accumulate} else
     * 0,
     *
     * <pre>c[r, j] ← s · c[r, j] + Σₖ a[r, k] · b[k, j]      r &lt; rows, j &lt; columns</pre>
     *
     * where a[r, k] is at byte {@code aOffset + r · aRow + 4 k}, b[k, j] at {@code bOffset + 4 (k · columns + j)} and
     * c[r, j] at {@code cOffset + r · cRow + 4 j}.
     *
     * @param rows 1 to {@link #ROW_TILE_ROWS}
     * @param columns 1 to 4 vectors
     * @param depth 0 to {@link #MAXIMUM_TILE_DEPTH}
     */
    void rowTile(
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
            boolean accumulate);

    /**
     * An affine map of one row: yⱼ ← biasⱼ + Σᵢ xᵢ · wⱼᵢ.
     *
     * <p>The map is packed for {@link #lanes()} from byte 0 on, in groups of {@link #AFFINE_GROUP} outputs of
     * {@link #affineGroupFloats} each: first {@link #AFFINE_BIASES} floats with the biases, then one vector of weights
     * of the group's first output, one of its second and so on, then the next vectors; see {@link #affineWeight}.
     * Weights without an input are zeros, biases without an output −∞.
     *
     * @param n floats in the row, ≥ 0
     * @param outputs ≥ 1
     * @param relative whether the outputs are relative to an additional first output, which is 0
     * @param out receives the outputs from index {@code outFrom} on; null to compute only the largest
     * @return the number of the largest output, the lowest if several are equal; if {@code relative}, output 0 is the
     *     additional one. The complement of a number if a value of the row is not finite, and possibly if finite values
     *     overflow
     */
    int affine(
            float[] row,
            int from,
            int n,
            MemorySegment packed,
            int outputs,
            boolean relative,
            float[] out,
            int outFrom);

    /** The same of a row outside the heap. */
    int affine(
            MemorySegment row,
            long offset,
            int n,
            MemorySegment packed,
            int outputs,
            boolean relative,
            float[] out,
            int outFrom);

    /** The same of a row of bytes 0 … 255. */
    int affine(
            byte[] row, int from, int n, MemorySegment packed, int outputs, boolean relative, float[] out, int outFrom);

    /** The same of a row of bytes 0 … 255 outside the heap. */
    int affineOfBytes(
            MemorySegment row,
            long offset,
            int n,
            MemorySegment packed,
            int outputs,
            boolean relative,
            float[] out,
            int outFrom);
}
