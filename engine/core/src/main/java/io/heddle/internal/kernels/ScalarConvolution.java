package io.heddle.internal.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The plain twin of {@link VectorConvolution}.
 *
 * <p>For example: {@snippet file="KernelExamplesTest.java" region="convolution-kernels"}
 */
public final class ScalarConvolution implements ConvolutionKernels {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    /** Stateless. */
    public ScalarConvolution() {}

    private static float at(MemorySegment s, long offset, int i) {
        return s.get(FLOAT, offset + (long) i * Float.BYTES);
    }

    private static void put(MemorySegment s, long offset, int i, float value) {
        s.set(FLOAT, offset + (long) i * Float.BYTES, value);
    }

    /** Not Math.max, which costs vectors several instructions more and differs in the sign of zero alone. */
    private static float rectified(float value) {
        return value < 0 ? 0 : value;
    }

    @Override
    public int panelColumns() {
        return CHANNEL_GROUP;
    }

    @Override
    public void tile(
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
            MemorySegment c,
            long cOffset,
            long cRow,
            float[] scratch) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < columns; j++) {
                float sum = 0;
                for (int s = 0; s < segments; s++) {
                    long from = aOffset + r * aRow + s * aSegment;
                    long weights = bOffset + (long) s * run * columns * Float.BYTES;
                    for (int k = 0; k < run; k++) {
                        sum = FusedMultiplyAdd.of(
                                at(b, weights + (long) k * columns * Float.BYTES, j), at(a, from, k), sum);
                    }
                }
                put(c, cOffset + r * cRow, j, biasOffset < 0 ? sum : rectified(sum + at(b, biasOffset, j)));
            }
        }
    }

    @Override
    public void winogradInput(
            MemorySegment x,
            long xOffset,
            long rowBytes,
            long pixelBytes,
            int channels,
            MemorySegment v,
            long vOffset,
            long frequencyBytes,
            float[] scratch) {
        float[] d = new float[WINOGRAD_INPUT];
        float[] columns = new float[FREQUENCIES];
        for (int c = 0; c < channels; c++) {
            for (int j = 0; j < WINOGRAD_INPUT; j++) {
                for (int i = 0; i < WINOGRAD_INPUT; i++) {
                    d[i] = at(x, xOffset + i * rowBytes + j * pixelBytes, c);
                }
                input(d);
                for (int i = 0; i < WINOGRAD_INPUT; i++) {
                    columns[i * WINOGRAD_INPUT + j] = d[i];
                }
            }
            for (int i = 0; i < WINOGRAD_INPUT; i++) {
                System.arraycopy(columns, i * WINOGRAD_INPUT, d, 0, WINOGRAD_INPUT);
                input(d);
                for (int j = 0; j < WINOGRAD_INPUT; j++) {
                    put(v, vOffset + (i * WINOGRAD_INPUT + j) * frequencyBytes, c, d[j]);
                }
            }
        }
    }

    /** d ← Bᵀ d. */
    private static void input(float[] d) {
        float even = FusedMultiplyAdd.of(-4f, d[2], d[4]);
        float odd = FusedMultiplyAdd.of(-4f, d[1], d[3]);
        float near = d[4] - d[2];
        float far = 2f * (d[3] - d[1]);
        float first = FusedMultiplyAdd.of(4f, d[0], FusedMultiplyAdd.of(-5f, d[2], d[4]));
        float last = FusedMultiplyAdd.of(4f, d[1], FusedMultiplyAdd.of(-5f, d[3], d[5]));
        d[0] = first;
        d[1] = even + odd;
        d[2] = even - odd;
        d[3] = near + far;
        d[4] = near - far;
        d[5] = last;
    }

    @Override
    public void winogradOutput(
            MemorySegment m,
            long mOffset,
            long frequencyBytes,
            int channels,
            MemorySegment bias,
            long biasOffset,
            MemorySegment y,
            long yOffset,
            long rowBytes,
            long pixelBytes,
            int rows,
            int columns,
            float[] scratch) {
        float[] d = new float[WINOGRAD_INPUT];
        float[] half = new float[WINOGRAD_OUTPUT * WINOGRAD_INPUT];
        for (int c = 0; c < channels; c++) {
            for (int j = 0; j < WINOGRAD_INPUT; j++) {
                for (int i = 0; i < WINOGRAD_INPUT; i++) {
                    d[i] = at(m, mOffset + (i * WINOGRAD_INPUT + j) * frequencyBytes, c);
                }
                output(d);
                for (int i = 0; i < WINOGRAD_OUTPUT; i++) {
                    half[i * WINOGRAD_INPUT + j] = d[i];
                }
            }
            for (int i = 0; i < rows; i++) {
                System.arraycopy(half, i * WINOGRAD_INPUT, d, 0, WINOGRAD_INPUT);
                output(d);
                for (int j = 0; j < columns; j++) {
                    put(y, yOffset + i * rowBytes + j * pixelBytes, c, rectified(d[j] + at(bias, biasOffset, c)));
                }
            }
        }
    }

    /** d[0 … 3] ← Aᵀ d. */
    private static void output(float[] d) {
        float sum = d[1] + d[2];
        float difference = d[1] - d[2];
        float farSum = d[3] + d[4];
        float farDifference = d[3] - d[4];
        d[0] = d[0] + sum + farSum;
        d[1] = FusedMultiplyAdd.of(2f, farDifference, difference);
        d[2] = FusedMultiplyAdd.of(4f, farSum, sum);
        d[3] = FusedMultiplyAdd.of(8f, farDifference, difference) + d[5];
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
        float share = 1f / ((float) rows * columns);
        for (int c = 0; c < channels; c++) {
            float all = 0;
            for (int i = 0; i < rows; i++) {
                float row = 0;
                for (int j = 0; j < columns; j++) {
                    row += at(x, xOffset + i * rowBytes + j * pixelBytes, c);
                }
                all += row;
            }
            out[c] = all * share;
        }
    }
}
