package io.heddle.internal.kernels;

import java.lang.foreign.MemorySegment;

/**
 * The kernels that the algorithms are made of. {@link Simd#kernels()} gives the implementation in use; its plain twin,
 * {@link ScalarKernels}, is what the tests hold it against and what runs without {@code jdk.incubator.vector}.
 *
 * <p>Memory is given as a segment and a byte offset, never as a slice, which would allocate. Counts are in floats
 * unless said otherwise. Kernels make no checks except those of the segment. The algorithms validate shapes.
 *
 * <p>For example: {@snippet file="KernelExamplesTest.java" region="kernels"}
 */
public sealed interface Kernels permits VectorKernels, ScalarKernels {
    /** Most columns of a {@link #tile}, in floats: two vectors of 512 bits. */
    int TILE_COLUMNS = 32;

    /** Most steps of a {@link #tile}. */
    int MOST_TILE_DEPTH = 1 << 16;

    /** Columns that {@link #dots} takes at a time. */
    int DOT_COLUMNS = 5;

    /** Most columns of {@link #dots}. */
    int MOST_DOT_COLUMNS = 15;

    /** Outputs that the affine maps of a row take at a time. */
    int AFFINE_GROUP = 9;

    /** Vectors in a block of a long row: affine maps sum each block by itself, then the blocks. */
    int AFFINE_BLOCK = 64;

    /** Floats at the start of a group of an affine map: its biases and some that are not used. */
    int AFFINE_BIASES = 16;

    /** Floats in a packed group of an affine map of rows of n floats. */
    static long affineGroupFloats(int n, int lanes) {
        return AFFINE_BIASES + ((long) n + lanes - 1) / lanes * lanes * AFFINE_GROUP;
    }

    /**
     * Where in its packed group the weight of an input in an output lies. The last vector of a row ends with the row
     * and so overlaps the one before, with zeros where it does: no access reaches past a row. A row that is shorter
     * than a vector has its weights at the beginning of one.
     */
    static long affineWeight(int n, int lanes, int output, int input) {
        int body = (n - 1) / lanes * lanes;
        int lane = input < body ? input % lanes : n < lanes ? input : input - (n - lanes);
        return AFFINE_BIASES + ((long) Math.min(input, body) / lanes * AFFINE_GROUP + output) * lanes + lane;
    }

    /** Bits of a column in what {@link #pairsAtLeast} finds. */
    int PAIR_BITS = 6;

    /** Takes the column out of what {@link #pairsAtLeast} finds. */
    int PAIR_MASK = (1 << PAIR_BITS) - 1;

    /** Floats in one vector; 1 for the plain form. */
    int lanes();

    /** Rows of a full {@link #tile}: as many as the registers of this processor allow. */
    int tileRows();

    /** Columns of a full {@link #tile}, in floats: two vectors, a divisor of {@link #TILE_COLUMNS}. */
    int tileColumns();

    /** Floats in a step of a packed left operand: the power of two that holds {@link #tileRows()}. */
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
     * Turns n logits into probabilities in place. A logit of −∞ has probability 0; NaN, +∞ or nothing but −∞ among them
     * give NaN.
     *
     * @return log Σ exp of the logits
     */
    float softmax(MemorySegment logits, long offset, int n);

    /** u ← p ∘ (u − ⟨p, u⟩) over n floats: a row of the softmax Hessian, diag(p) − ppᵀ, applied to u in place. */
    void softmaxCurvature(MemorySegment p, long pOffset, MemorySegment u, long uOffset, int n);

    /** Whether n floats hold neither NaN nor infinity. */
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
     * Squared distances from one row to m others, from differences, so that nothing cancels; summed in float.
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
     * For each of {@code rows} rows of n scores the column of the least scores[r, j] + bias[j], the first of equals:
     * its number into {@code columns}, the value into {@code values}.
     *
     * @param scoresRow bytes from one row of scores to the next
     * @param n at least 1; scores and bias are readable to the next multiple of 16
     * @param biasOffset byte at which n floats begin
     */
    void leastBiased(
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
     * @param n at least 1; scores and bias are readable to the next multiple of 16
     * @param columns receives their numbers, ascending, from 0 on
     * @return how many there are
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
     * The scores of a block that are at least the limit of their row, or at least that of their column. NaN is not.
     *
     * @param rowBytes bytes from one row of scores to the next
     * @param columns 1 to {@link #TILE_COLUMNS}; scores and column limits are readable to the next multiple of 16
     * @param found receives {@code row << PAIR_BITS | column} for each, ascending, from 0 on
     * @return how many there are
     */
    int pairsAtLeast(
            MemorySegment scores,
            long offset,
            long rowBytes,
            int rows,
            int columns,
            float[] rowLimits,
            int rowFrom,
            float[] columnLimits,
            int columnFrom,
            int[] found);

    /**
     * Lowers every row of bounds by the same amounts and picks the rows whose least bound is then below their limit.
     *
     * @param rowBytes bytes from one row of bounds to the next
     * @param n bounds in a row, a multiple of 16
     * @param by n floats
     * @param limits one for each row, from index {@code from} on
     * @param picked receives the numbers of the rows, from 0 on
     * @return how many were picked
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
     * <p>A is m × k with element (i, l) at {@code aFrom + i · aRow + l · aStep}; B is k × n with rows {@code bRow}
     * apart and C is m × n with rows {@code cRow} apart, the elements of a row side by side.
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
     * A product with few columns, as inner products: c[r, j] ← Σₖ a[r, k] · b[k, j] over r &lt; rows and j &lt;
     * columns.
     *
     * <p>Both operands are read along k, sixteen steps at a time, to the end of the padding, which holds zeros. b is
     * packed in groups of {@link #DOT_COLUMNS} columns, one group after the other, zeros where the last one has too
     * few; within a group come sixteen steps of its first column, sixteen of its second and so on, then the next
     * sixteen. Sixteen floats of each row of c are written, zeros beyond the columns.
     *
     * @param columns 1 to {@link #MOST_DOT_COLUMNS}
     * @param sixteens steps divided by 16, rounded up
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

    /**
     * Lays rows out in panels of {@link #tileColumns()} columns, each panel row after row: the right operand of a
     * {@link #tile}.
     *
     * @param xRow bytes from one row of x to the next
     * @param columns with padding: a multiple of 16; the last panel is narrower if they leave no more
     * @param shift {@code columns} floats from byte 0 on, subtracted from each row, or null
     * @param outRow row of the panels that the first row becomes
     * @param panelBytes from the begin of one panel to that of the next
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
     * Packs a panel of a left operand: out[k, r] ← a[r, k] for r &lt; rows and k &lt; depth, where a[r, k] lies at byte
     * {@code aOffset + r · aRow + k · aStep} and out[k, r] at {@code outOffset + 4 (k · s + r)} for a {@link #leftStep}
     * of s. The rest of a step is undefined.
     *
     * @param rows 1 to {@link #tileRows()}
     * @param aRow 4 where the rows lie across the steps; then {@link #leftStep} floats of every step but the last are
     *     read
     * @param aStep 4 where the rows lie along the steps
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
     * One register tile of a product of packed operands: with s = 1 if {@code accumulate} else 0,
     *
     * <pre>c[r, j] ← s · c[r, j] + Σₖ a[r, k] · b[k, j]      r &lt; rows, j &lt; columns</pre>
     *
     * where a[r, k] lies at byte {@code aOffset + 4 (k · leftStep() + r)}, b[k, j] at {@code bOffset + k · bStep + 4 j}
     * and c[r, j] at {@code cOffset + r · cRow + 4 j}. All of a's steps are read, whatever the rows.
     *
     * @param rows 1 to {@link #tileRows()}
     * @param columns {@link #tileColumns()}, or half of that where a vector has 16 floats
     * @param depth 0 to {@link #MOST_TILE_DEPTH}
     * @param bStep quickest where it is 4 · columns, as {@link #pack} lays b out
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
     * An affine map of one row: yⱼ ← biasⱼ + Σᵢ xᵢ · wⱼᵢ.
     *
     * <p>The map is packed for {@link #lanes()} from byte 0 on, in groups of {@link #AFFINE_GROUP} outputs of
     * {@link #affineGroupFloats} each: first {@link #AFFINE_BIASES} floats with the biases, then as many weights of the
     * group's first output as there are lanes, as many of its second and so on, then of the next lanes, as
     * {@link #affineWeight} has it. Weights of nothing are zeros, biases beyond the outputs −∞.
     *
     * @param n floats in the row, ≥ 0
     * @param outputs ≥ 1
     * @param relative whether the outputs are relative to an additional first output, which is 0
     * @param out receives the outputs from index {@code outFrom} on; null where only the largest is wanted
     * @return the number of the largest output, the first of equals, where {@code relative} counted from the one that
     *     is 0; its complement if the row holds a value that is not finite, and possibly where finite values overflow
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
