package io.heddle.internal.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The scalar twin of {@link VectorConvolution}.
 *
 * <p>For example: {@snippet file="KernelExamplesTest.java" region="convolution-kernels"}
 */
public final class ScalarConvolution implements ConvolutionKernels {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    /** Creates the kernels, which have no state. */
    public ScalarConvolution() {}

    private static float at(MemorySegment s, long offset, int i) {
        return s.get(FLOAT, offset + (long) i * Float.BYTES);
    }

    private static void put(MemorySegment s, long offset, int i, float value) {
        s.set(FLOAT, offset + (long) i * Float.BYTES, value);
    }

    /** Not Math.max, which has several more vector instructions and differs only in the sign of zero. */
    private static float atLeast(float floor, float value) {
        return value < floor ? floor : value;
    }

    @Override
    public int panelColumns() {
        return CHANNEL_GROUP;
    }

    @Override
    public boolean packsPixels() {
        return false;
    }

    @Override
    public int packedPixels() {
        return 8;
    }

    @Override
    public int pixelStep() {
        return packedPixels();
    }

    @Override
    public void packPixels(int pixels, int run, MemorySegment a, long[] from, float[] out, int outFrom) {
        for (int k = 0; k < run; k++) {
            for (int r = 0; r < pixels; r++) {
                out[outFrom + k * pixelStep() + r] = at(a, from[r], k);
            }
        }
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
        for (int r = 0; r < pixels; r++) {
            for (int j = 0; j < panelColumns(); j++) {
                float sum = 0;
                for (int k = 0; k < depth; k++) {
                    sum = FusedMultiplyAdd.of(b[bFrom + k * panelColumns() + j], a[aFrom + k * pixelStep() + r], sum);
                }
                put(c, cOffset + to[first + r], j, biasFrom < 0 ? sum : atLeast(floor, sum + b[biasFrom + j]));
            }
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
                put(c, cOffset + r * cRow, j, biasOffset < 0 ? sum : atLeast(floor, sum + at(b, biasOffset, j)));
            }
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
        int side = WINOGRAD_POINTS;
        float[] d = new float[side];
        float[] columns = new float[FREQUENCIES];
        for (int c = 0; c < channels; c++) {
            for (int j = 0; j < width + 2; j++) {
                for (int i = 0; i < height + 2; i++) {
                    d[i] = at(x, xOffset + i * rowBytes + j * pixelBytes, c);
                }
                input(height, d);
                for (int i = 0; i < side; i++) {
                    columns[i * side + j] = d[i];
                }
            }
            for (int i = 0; i < side; i++) {
                System.arraycopy(columns, i * side, d, 0, side);
                input(width, d);
                for (int j = 0; j < side; j++) {
                    if (!isLeftOut(height, i) && !isLeftOut(width, j)) {
                        put(v, vOffset + (i * side + j) * frequencyBytes, c, d[j]);
                    }
                }
            }
        }
    }

    private static boolean isLeftOut(int output, int point) {
        return output == SHORT_OUTPUT && point == LONG_POINT;
    }

    /** d ← Bᵀ d. */
    private static void input(int output, float[] d) {
        if (output == SHORT_OUTPUT) {
            float near = FusedMultiplyAdd.of(-2f, d[1], d[3]);
            float outer = d[3] - d[1];
            float first = 2f * FusedMultiplyAdd.of(2f, d[0] - d[2], outer);
            float one = 3f * (near - d[2]);
            float minusOne = FusedMultiplyAdd.of(2f, d[1], FusedMultiplyAdd.of(-3f, d[2], d[3]));
            float two = 4f * outer;
            float last = FusedMultiplyAdd.of(2f, d[1] - d[3], d[4] - d[2]);
            d[0] = first;
            d[1] = one;
            d[2] = minusOne;
            d[3] = two;
            d[5] = last;
            return;
        }
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
        int side = WINOGRAD_POINTS;
        float[] d = new float[side];
        float[] half = new float[WINOGRAD_OUTPUT * side];
        for (int c = 0; c < channels; c++) {
            for (int j = 0; j < side; j++) {
                for (int i = 0; i < side; i++) {
                    boolean there = !isLeftOut(height, i) && !isLeftOut(width, j);
                    d[i] = there ? at(m, mOffset + (i * side + j) * frequencyBytes, c) : 0;
                }
                output(height, d);
                for (int i = 0; i < height; i++) {
                    half[i * side + j] = d[i];
                }
            }
            for (int i = 0; i < rows; i++) {
                System.arraycopy(half, i * side, d, 0, side);
                output(width, d);
                for (int j = 0; j < columns; j++) {
                    put(y, yOffset + i * rowBytes + j * pixelBytes, c, atLeast(floor, d[j] + at(bias, biasOffset, c)));
                }
            }
        }
    }

    /** The first rows of d ← Aᵀ d. */
    private static void output(int output, float[] d) {
        float sum = d[1] + d[2];
        float difference = d[1] - d[2];
        if (output == SHORT_OUTPUT) {
            d[0] = d[0] + sum + d[3];
            d[1] = FusedMultiplyAdd.of(2f, d[3], difference);
            d[2] = FusedMultiplyAdd.of(4f, d[3], sum) + d[5];
            return;
        }
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
        for (int c = 0; c < channels; c++) {
            float maximum = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    maximum = Math.max(maximum, at(x, xOffset + i * rowBytes + j * pixelBytes, c));
                }
            }
            out[c] = maximum;
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
        for (int i = 0; i < n; i++) {
            put(y, yOffset, i, atLeast(floor, at(a, aOffset, i) + at(b, bOffset, i)));
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
        long pixelBytes = (long) channels * Float.BYTES;
        for (int p = 0; p < pixels; p++) {
            for (int c = 0; c < channels; c++) {
                float sum = bias[c];
                for (int v = 0; v < rows; v++) {
                    long from = xOffset + p * stepBytes + v * rowBytes;
                    for (int u = 0; u < columns; u++) {
                        float weight = weights[weightsFrom + v * weightsRow + u * channels + c];
                        sum = FusedMultiplyAdd.of(at(x, from + u * pixelBytes, c), weight, sum);
                    }
                }
                put(y, yOffset + p * pixelBytes, c, atLeast(floor, sum));
            }
        }
    }

    @Override
    public void limit(
            MemorySegment x, long xOffset, int n, float minimum, float maximum, MemorySegment y, long yOffset) {
        for (int i = 0; i < n; i++) {
            float value = atLeast(minimum, at(x, xOffset, i));
            put(y, yOffset, i, value > maximum ? maximum : value);
        }
    }

    @Override
    public void sigmoid(MemorySegment x, long xOffset, int n, boolean times, MemorySegment y, long yOffset) {
        for (int i = 0; i < n; i++) {
            float value = at(x, xOffset, i);
            put(y, yOffset, i, (times ? value : 1f) / (1f + ExpPolynomial.exp(-value)));
        }
    }

    @Override
    public void hardSwish(MemorySegment x, long xOffset, int n, MemorySegment y, long yOffset) {
        for (int i = 0; i < n; i++) {
            float value = at(x, xOffset, i);
            float share = atLeast(0, FusedMultiplyAdd.of(value, SIXTH, 0.5f));
            put(y, yOffset, i, value * (share > 1 ? 1 : share));
        }
    }

    @Override
    public void leaky(MemorySegment x, long xOffset, int n, float slope, MemorySegment y, long yOffset) {
        for (int i = 0; i < n; i++) {
            float value = at(x, xOffset, i);
            put(y, yOffset, i, value < 0 ? slope * value : value);
        }
    }

    @Override
    public void multiply(
            int pixels, int channels, MemorySegment memory, long aOffset, long bOffset, long bStep, long yOffset) {
        for (int p = 0; p < pixels; p++) {
            long from = (long) p * channels * Float.BYTES;
            for (int c = 0; c < channels; c++) {
                put(memory, yOffset + from, c, at(memory, aOffset + from, c) * at(memory, bOffset + p * bStep, c));
            }
        }
    }
}
