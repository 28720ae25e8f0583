package io.heddle.internal.kernels;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The scalar form of every kernel, written for easy verification.
 *
 * <p>For example: {@snippet file="KernelExamplesTest.java" region="kernels"}
 */
public final class ScalarKernels implements Kernels {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    /** Creates the kernels, which have no state. */
    public ScalarKernels() {}

    private static float at(MemorySegment s, long offset, int i) {
        return s.get(FLOAT, offset + (long) i * Float.BYTES);
    }

    private static void put(MemorySegment s, long offset, int i, float value) {
        s.set(FLOAT, offset + (long) i * Float.BYTES, value);
    }

    @Override
    public int lanes() {
        return 1;
    }

    @Override
    public int tileRows() {
        return 8;
    }

    @Override
    public int stridedTileRows() {
        return tileRows();
    }

    @Override
    public int tileColumns() {
        return TILE_COLUMNS;
    }

    @Override
    public int leftStep() {
        return 8;
    }

    @Override
    public float dot(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int n) {
        float sum = 0;
        for (int i = 0; i < n; i++) {
            sum = FusedMultiplyAdd.of(at(a, aOffset, i), at(b, bOffset, i), sum);
        }
        return sum;
    }

    @Override
    public double squaredDistance(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double d = at(a, aOffset, i) - at(b, bOffset, i);
            sum = FusedMultiplyAdd.of(d, d, sum);
        }
        return sum;
    }

    @Override
    public void axpy(float alpha, MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        for (int i = 0; i < n; i++) {
            put(y, yOffset, i, FusedMultiplyAdd.of(alpha, at(x, xOffset, i), at(y, yOffset, i)));
        }
    }

    @Override
    public void scale(float alpha, MemorySegment x, long xOffset, int n) {
        for (int i = 0; i < n; i++) {
            put(x, xOffset, i, alpha * at(x, xOffset, i));
        }
    }

    @Override
    public void subtract(
            MemorySegment a, long aOffset, MemorySegment b, long bOffset, MemorySegment out, long outOffset, int n) {
        for (int i = 0; i < n; i++) {
            put(out, outOffset, i, at(a, aOffset, i) - at(b, bOffset, i));
        }
    }

    @Override
    public void exp(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int n) {
        for (int i = 0; i < n; i++) {
            put(out, outOffset, i, ExpPolynomial.exp(at(x, xOffset, i)));
        }
    }

    @Override
    public float softmax(MemorySegment logits, long offset, int n) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            max = Math.max(max, at(logits, offset, i));
        }
        float sum = 0;
        for (int i = 0; i < n; i++) {
            float e = ExpPolynomial.exp(at(logits, offset, i) - max);
            put(logits, offset, i, e);
            sum += e;
        }
        scale(1f / sum, logits, offset, n);
        return max + (float) Math.log(sum);
    }

    @Override
    public void softmaxCurvature(MemorySegment p, long pOffset, MemorySegment u, long uOffset, int n) {
        float mean = dot(p, pOffset, u, uOffset, n);
        for (int i = 0; i < n; i++) {
            put(u, uOffset, i, at(p, pOffset, i) * (at(u, uOffset, i) - mean));
        }
    }

    @Override
    public boolean allFinite(MemorySegment x, long offset, int n) {
        for (int i = 0; i < n; i++) {
            if (!Float.isFinite(at(x, offset, i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void bytesToFloats(
            MemorySegment bytes, long bytesOffset, float scale, MemorySegment out, long outOffset, int n) {
        for (int i = 0; i < n; i++) {
            put(out, outOffset, i, scale * Byte.toUnsignedInt(bytes.get(JAVA_BYTE, bytesOffset + i)));
        }
    }

    @Override
    public double addToSums(MemorySegment x, long offset, int n, double[] sums, int sumsFrom) {
        double squares = 0;
        for (int i = 0; i < n; i++) {
            double v = at(x, offset, i);
            sums[sumsFrom + i] += v;
            squares = FusedMultiplyAdd.of(v, v, squares);
        }
        return squares;
    }

    @Override
    public void subtractFromSums(MemorySegment x, long offset, int n, double[] sums, int sumsFrom) {
        for (int i = 0; i < n; i++) {
            sums[sumsFrom + i] -= at(x, offset, i);
        }
    }

    @Override
    public double blend(double keep, MemorySegment y, long offset, int n, double weight, double[] sums, int sumsFrom) {
        double change = 0;
        for (int i = 0; i < n; i++) {
            float before = at(y, offset, i);
            float now = (float) FusedMultiplyAdd.of(weight, sums[sumsFrom + i], keep * before);
            put(y, offset, i, now);
            double difference = (double) now - before;
            change = FusedMultiplyAdd.of(difference, difference, change);
        }
        return change;
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
        for (int r = 0; r < m; r++) {
            float sum = 0;
            for (int i = 0; i < n; i++) {
                float d = at(x, xOffset, i) - at(others, othersOffset + r * rowBytes, i);
                sum = FusedMultiplyAdd.of(d, d, sum);
            }
            out[from + r] = sum;
        }
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
        for (int r = 0; r < rows; r++) {
            int best = 0;
            float minimum = Float.POSITIVE_INFINITY;
            for (int j = 0; j < n; j++) {
                float v = at(scores, scoresOffset + r * scoresRow, j) + at(bias, biasOffset, j);
                if (v < minimum) {
                    minimum = v;
                    best = j;
                }
            }
            columns[from + r] = best;
            values[from + r] = minimum;
        }
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
        int count = 0;
        for (int j = 0; j < n; j++) {
            if (at(scores, scoresOffset, j) + at(bias, biasOffset, j) < limit) {
                columns[count++] = j;
            }
        }
        return count;
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
        int count = 0;
        for (int r = 0; r < rows; r++) {
            float minimum = Float.POSITIVE_INFINITY;
            for (int j = 0; j < n; j++) {
                float lowered = at(bounds, offset + r * rowBytes, j) - at(by, 0, j);
                put(bounds, offset + r * rowBytes, j, lowered);
                minimum = Math.min(minimum, lowered);
            }
            if (minimum < limits[from + r]) {
                picked[count++] = r;
            }
        }
        return count;
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
        ScalarDoubles.multiply(m, n, k, a, aFrom, aRow, aStep, b, bFrom, bRow, c, cFrom, cRow, accumulate);
    }

    @Override
    public void dotsOfDoubles(double[] w, int rows, int n, double[] x, double[] out) {
        ScalarDoubles.dots(w, rows, n, x, out);
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
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < 16; j++) {
                float sum = 0;
                for (int k = 0; k < 16 * sixteens && j < columns; k++) {
                    int group = j / DOT_COLUMNS;
                    int line = (group * sixteens + k / 16) * DOT_COLUMNS + j % DOT_COLUMNS;
                    sum = FusedMultiplyAdd.of(at(a, aOffset + r * aRow, k), at(b, bOffset, line * 16 + k % 16), sum);
                }
                put(c, cOffset + r * cRow, j, sum);
            }
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
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j += TILE_COLUMNS) {
                int width = Math.min(TILE_COLUMNS, columns - j);
                long to = outOffset + j / TILE_COLUMNS * panelBytes + (long) (outRow + i) * width * Float.BYTES;
                for (int c = 0; c < width; c++) {
                    float v = at(x, xOffset + i * xRow, j + c);
                    put(out, to, c, shift == null ? v : v - at(shift, 0, j + c));
                }
            }
        }
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
        for (int k = 0; k < depth; k++) {
            for (int r = 0; r < rows; r++) {
                put(out, outOffset, k * leftStep() + r, a.get(FLOAT, aOffset + r * aRow + k * aStep));
            }
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
        for (int r = 0; r < rows; r++) {
            long row = cOffset + r * cRow;
            if (!accumulate) {
                for (int j = 0; j < columns; j++) {
                    put(c, row, j, 0f);
                }
            }
            for (int k = 0; k < depth; k++) {
                float ark = at(a, aOffset, k * leftStep() + r);
                for (int j = 0; j < columns; j++) {
                    put(c, row, j, FusedMultiplyAdd.of(ark, at(b, bOffset + k * bStep, j), at(c, row, j)));
                }
            }
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
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < columns; j++) {
                float sum = 0;
                for (int k = 0; k < depth; k++) {
                    sum = FusedMultiplyAdd.of(at(a, aOffset, k * leftStep() + r), at(b, bOffset, k * columns + j), sum);
                }
                float score = before == null ? sum : at(before, 0, r * columns + j) + sum;
                if (list.reaches(firstRow + r, firstColumn + j, score)) {
                    list.add(firstRow + r, firstColumn + j, score);
                }
            }
        }
    }

    @Override
    public boolean readsArrays() {
        return false;
    }

    @Override
    public boolean readsRows() {
        return false;
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
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < columns; j++) {
                float sum = accumulate ? at(c, cOffset + r * cRow, j) : 0f;
                for (int k = 0; k < depth; k++) {
                    sum = FusedMultiplyAdd.of(at(a, aOffset + r * aRow, k), at(b, bOffset, k * columns + j), sum);
                }
                put(c, cOffset + r * cRow, j, sum);
            }
        }
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
        return ScalarAffine.run(row, false, from, n, packed, 1, outputs, relative, out, outFrom);
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
        return ScalarAffine.run(row, false, offset, n, packed, 1, outputs, relative, out, outFrom);
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
        return ScalarAffine.run(row, true, from, n, packed, 1, outputs, relative, out, outFrom);
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
        return ScalarAffine.run(row, true, offset, n, packed, 1, outputs, relative, out, outFrom);
    }
}
