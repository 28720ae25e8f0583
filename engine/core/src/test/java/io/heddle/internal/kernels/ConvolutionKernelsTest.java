package io.heddle.internal.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.foreign.MemorySegment;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * Tests the kernels of convolutions. A lane is a channel and sums have a fixed order, so both forms return the same
 * bits.
 */
class ConvolutionKernelsTest {
    private static final ConvolutionKernels FAST = new VectorConvolution();
    private static final ConvolutionKernels PLAIN = new ScalarConvolution();
    private static final int BYTES = Float.BYTES;
    private static final int GROUP = ConvolutionKernels.CHANNEL_GROUP;
    private static final int SIDE = ConvolutionKernels.WINOGRAD_POINTS;
    private static final int FREQUENCIES = ConvolutionKernels.FREQUENCIES;

    @Property(tries = 100)
    void aProductEqualsItsTwin(
            @ForAll @IntRange(min = 1, max = 30) int rows,
            @ForAll boolean narrow,
            @ForAll @IntRange(min = 1, max = 5) int segments,
            @ForAll @IntRange(min = 1, max = 40) int run,
            @ForAll boolean biased,
            @ForAll boolean rectified,
            @ForAll long seed) {
        int columns = narrow ? Math.min(GROUP, FAST.panelColumns()) : FAST.panelColumns();
        int aRow = run + 3;
        int aSegment = rows * aRow;
        Buffer a = Buffer.of(KernelsTest.gaussian(segments * aSegment, seed), 4);
        Buffer b = Buffer.of(KernelsTest.gaussian((segments * run + 1) * columns, seed + 1), 0);
        float floor = rectified ? 0 : Float.NEGATIVE_INFINITY;
        long bias = biased ? b.offset + (long) segments * run * columns * BYTES : -1;
        Buffer fast = Buffer.ofLength(rows * (columns + 5), 8);
        Buffer plain = Buffer.ofLength(rows * (columns + 5), 0);
        for (ConvolutionKernels kernels : new ConvolutionKernels[] {FAST, PLAIN}) {
            Buffer c = kernels == FAST ? fast : plain;
            kernels.product(
                    rows,
                    columns,
                    segments,
                    run,
                    a.segment,
                    a.offset,
                    (long) aRow * BYTES,
                    (long) aSegment * BYTES,
                    b.segment,
                    b.offset,
                    bias,
                    floor,
                    c.segment,
                    c.offset,
                    (columns + 5L) * BYTES,
                    new float[ConvolutionKernels.SCRATCH]);
        }
        assertThat(fast.values()).isEqualTo(plain.values());
        double exact = bias < 0 ? 0 : b.values()[segments * run * columns];
        double size = Math.abs(exact);
        for (int s = 0; s < segments; s++) {
            for (int k = 0; k < run; k++) {
                double term = (double) a.values()[s * aSegment + k] * b.values()[(s * run + k) * columns];
                exact += term;
                size += Math.abs(term);
            }
        }
        assertThat((double) plain.values()[0])
                .isCloseTo(bias < 0 ? exact : Math.max(floor, exact), within(1e-5 * size));
    }

    /** The arrays end with the operands, so that an access beyond them fails. */
    @Property(tries = 100)
    void aProductOfPackedPixelsHasTheBitsOfOneInPlace(
            @ForAll @IntRange(min = 1, max = 6) int pixels,
            @ForAll @IntRange(min = 1, max = 3) int segments,
            @ForAll @IntRange(min = 1, max = 40) int run,
            @ForAll boolean biased,
            @ForAll boolean rectified,
            @ForAll long seed) {
        int depth = segments * run;
        Buffer a = Buffer.of(KernelsTest.gaussian(pixels * depth, seed), 4);
        float floor = rectified ? 0 : Float.NEGATIVE_INFINITY;
        for (ConvolutionKernels kernels : new ConvolutionKernels[] {FAST, PLAIN}) {
            if (kernels == FAST && !FAST.packsPixels()) {
                continue;
            }
            int columns = kernels.panelColumns();
            float[] weights = KernelsTest.gaussian((depth + 1) * columns, seed + 1);
            float[] packed = new float[depth * kernels.pixelStep()];
            long[] from = new long[kernels.packedPixels()];
            long[] to = new long[2 + pixels];
            for (int s = 0; s < segments; s++) {
                for (int r = 0; r < pixels; r++) {
                    // Pixels from the last one to the first, each with all of its segments.
                    from[r] = a.offset + (pixels - 1 - r) * depth * BYTES + (long) s * run * BYTES;
                    to[2 + r] = r * (columns + 3L) * BYTES;
                }
                kernels.packPixels(pixels, run, a.segment, from, packed, s * run * kernels.pixelStep());
            }
            Buffer c = Buffer.ofLength(pixels * (columns + 3), 8);
            int bias = biased ? depth * columns : -1;
            kernels.packedProduct(pixels, depth, packed, 0, weights, 0, bias, floor, c.segment, c.offset, to, 2);
            Buffer b = Buffer.of(weights, 0);
            Buffer plain = Buffer.ofLength(pixels * (columns + 3), 0);
            PLAIN.product(
                    pixels,
                    columns,
                    1,
                    depth,
                    a.segment,
                    a.offset + (pixels - 1) * depth * BYTES,
                    -depth * BYTES,
                    0,
                    b.segment,
                    b.offset,
                    biased ? b.offset + bias * BYTES : -1,
                    floor,
                    plain.segment,
                    plain.offset,
                    (columns + 3L) * BYTES,
                    new float[ConvolutionKernels.SCRATCH]);
            assertThat(c.values()).isEqualTo(plain.values());
        }
    }

    @Test
    void refusesToPackPixelsUnlessThatIsFaster() {
        assumeThat(FAST.packsPixels()).isFalse();
        assumeThat(FAST).isInstanceOf(VectorConvolution.class);
        MemorySegment s = Buffer.ofLength(1, 0).segment;
        assertThatThrownBy(() -> FAST.packPixels(1, 1, s, new long[1], new float[16], 0))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Property(tries = 40)
    void transformsEqualTheirTwins(
            @ForAll @IntRange(min = 1, max = 3) int groups,
            @ForAll boolean low,
            @ForAll boolean narrow,
            @ForAll @IntRange(min = 1, max = 4) int maximumRows,
            @ForAll @IntRange(min = 1, max = 4) int maximumColumns,
            @ForAll boolean rectified,
            @ForAll long seed) {
        int height = low ? ConvolutionKernels.SHORT_OUTPUT : ConvolutionKernels.WINOGRAD_OUTPUT;
        int width = narrow ? ConvolutionKernels.SHORT_OUTPUT : ConvolutionKernels.WINOGRAD_OUTPUT;
        int rows = Math.min(maximumRows, height);
        int columns = Math.min(maximumColumns, width);
        int channels = groups * GROUP;
        float[] scratch = new float[ConvolutionKernels.SCRATCH];
        Buffer x = Buffer.of(KernelsTest.gaussian(FREQUENCIES * channels, seed), 4);
        Buffer fast = Buffer.ofLength(FREQUENCIES * channels, 8);
        Buffer plain = Buffer.ofLength(FREQUENCIES * channels, 0);
        long pixel = (long) channels * BYTES;
        for (ConvolutionKernels kernels : new ConvolutionKernels[] {FAST, PLAIN}) {
            Buffer v = kernels == FAST ? fast : plain;
            kernels.winogradInput(
                    height,
                    width,
                    x.segment,
                    x.offset,
                    SIDE * pixel,
                    pixel,
                    channels,
                    v.segment,
                    v.offset,
                    pixel,
                    scratch);
        }
        assertThat(fast.values()).isEqualTo(plain.values());
        Buffer bias = Buffer.of(KernelsTest.gaussian(channels, seed + 1), 4);
        Buffer fastOut = Buffer.ofLength(rows * columns * channels, 8);
        Buffer plainOut = Buffer.ofLength(rows * columns * channels, 0);
        for (ConvolutionKernels kernels : new ConvolutionKernels[] {FAST, PLAIN}) {
            Buffer y = kernels == FAST ? fastOut : plainOut;
            kernels.winogradOutput(
                    height,
                    width,
                    fast.segment,
                    fast.offset,
                    pixel,
                    channels,
                    bias.segment,
                    bias.offset,
                    rectified ? 0 : Float.NEGATIVE_INFINITY,
                    y.segment,
                    y.offset,
                    columns * pixel,
                    pixel,
                    rows,
                    columns,
                    scratch);
        }
        assertThat(fastOut.values()).isEqualTo(plainOut.values());
    }

    @Property(tries = 40)
    void meansAndMaximaEqualTheirTwins(
            @ForAll @IntRange(min = 1, max = 3) int groups,
            @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll @IntRange(min = 1, max = 9) int columns,
            @ForAll long seed) {
        int channels = groups * GROUP;
        Buffer x = Buffer.of(KernelsTest.gaussian(rows * columns * channels, seed), 4);
        long pixel = (long) channels * BYTES;
        float[] fast = new float[channels];
        float[] plain = new float[channels];
        float[] maximum = new float[channels];
        FAST.windowMaxima(x.segment, x.offset, columns * pixel, pixel, rows, columns, channels, fast);
        PLAIN.windowMaxima(x.segment, x.offset, columns * pixel, pixel, rows, columns, channels, maximum);
        assertThat(fast).isEqualTo(maximum);
        FAST.windowMeans(x.segment, x.offset, columns * pixel, pixel, rows, columns, channels, fast);
        PLAIN.windowMeans(x.segment, x.offset, columns * pixel, pixel, rows, columns, channels, plain);
        assertThat(fast).isEqualTo(plain);
        double exact = 0;
        float largest = Float.NEGATIVE_INFINITY;
        for (int p = 0; p < rows * columns; p++) {
            exact += x.values()[p * channels];
            largest = Math.max(largest, x.values()[p * channels]);
        }
        assertThat(maximum[0]).isEqualTo(largest);
        assertThat((double) plain[0]).isCloseTo(exact / (rows * columns), within(1e-5));
    }

    @Property(tries = 40)
    void sumsEqualTheirTwins(
            @ForAll @IntRange(min = 1, max = 5) int groups, @ForAll boolean rectified, @ForAll long seed) {
        int n = groups * GROUP;
        float floor = rectified ? 0 : Float.NEGATIVE_INFINITY;
        Buffer a = Buffer.of(KernelsTest.gaussian(n, seed), 4);
        Buffer b = Buffer.of(KernelsTest.gaussian(n, seed + 1), 8);
        Buffer fast = Buffer.ofLength(n, 8);
        Buffer plain = Buffer.ofLength(n, 0);
        FAST.sum(a.segment, a.offset, b.segment, b.offset, n, floor, fast.segment, fast.offset);
        PLAIN.sum(a.segment, a.offset, b.segment, b.offset, n, floor, plain.segment, plain.offset);
        assertThat(fast.values()).isEqualTo(plain.values());
        assertThat(plain.values()[n - 1]).isEqualTo(Math.max(floor, a.values()[n - 1] + b.values()[n - 1]));
    }

    @Property(tries = 60)
    void convolutionsOfEachChannelEqualTheirTwins(
            @ForAll @IntRange(min = 1, max = 3) int groups,
            @ForAll @IntRange(min = 1, max = 9) int pixels,
            @ForAll @IntRange(min = 0, max = 5) int rows,
            @ForAll @IntRange(min = 0, max = 5) int columns,
            @ForAll @IntRange(min = 1, max = 2) int stride,
            @ForAll long seed) {
        int channels = groups * GROUP;
        int side = pixels * stride + 5;
        float floor = seed % 2 == 0 ? 0 : Float.NEGATIVE_INFINITY;
        Buffer x = Buffer.of(KernelsTest.gaussian(6 * side * channels, seed), 4);
        float[] weights = KernelsTest.gaussian(7 * 7 * channels, seed + 1);
        float[] bias = KernelsTest.gaussian(channels, seed + 2);
        long pixel = (long) channels * BYTES;
        Buffer[] out = {Buffer.ofLength(pixels * channels, 8), Buffer.ofLength(pixels * channels, 0)};
        for (int i = 0; i < 2; i++) {
            (i == 0 ? FAST : PLAIN)
                    .depthwise(
                            pixels,
                            rows,
                            columns,
                            x.segment,
                            x.offset,
                            side * pixel,
                            stride * pixel,
                            channels,
                            weights,
                            channels,
                            7 * channels,
                            bias,
                            floor,
                            out[i].segment,
                            out[i].offset);
        }
        assertThat(out[0].values()).isEqualTo(out[1].values());
        int c = channels - 1;
        double sum = bias[c];
        double terms = Math.abs(sum);
        for (int v = 0; v < rows; v++) {
            for (int u = 0; u < columns; u++) {
                double term = (double) weights[(1 + v * 7 + u) * channels + c]
                        * x.values()[(v * side + (pixels - 1) * stride + u) * channels + c];
                sum += term;
                terms += Math.abs(term);
            }
        }
        assertThat((double) out[1].values()[pixels * channels - 1])
                .isCloseTo(Math.max(floor, sum), within(1e-6 * terms));
    }

    @Property(tries = 30)
    void productsEqualTheirTwins(
            @ForAll @IntRange(min = 1, max = 3) int groups,
            @ForAll @IntRange(min = 1, max = 5) int pixels,
            @ForAll boolean each,
            @ForAll long seed) {
        int channels = groups * GROUP;
        int n = pixels * channels;
        long pixel = (long) channels * BYTES;
        Buffer[] memory = {
            Buffer.of(KernelsTest.gaussian(3 * n, seed), 4), Buffer.of(KernelsTest.gaussian(3 * n, seed), 8)
        };
        for (int i = 0; i < 2; i++) {
            long at = memory[i].offset;
            (i == 0 ? FAST : PLAIN)
                    .multiply(
                            pixels,
                            channels,
                            memory[i].segment,
                            at,
                            at + pixels * pixel,
                            each ? pixel : 0,
                            at + 2 * pixels * pixel);
        }
        float[] values = memory[0].values();
        assertThat(values).isEqualTo(memory[1].values());
        assertThat(values[3 * n - 1]).isEqualTo(values[n - 1] * values[n + (each ? n : channels) - 1]);
    }

    /** A function of rows of numbers, and its value in double. */
    private enum Curve {
        SIGMOID,
        SILU,
        HARD_SWISH,
        LEAKY;

        void run(ConvolutionKernels kernels, Buffer x, int n, Buffer y) {
            switch (this) {
                case SIGMOID -> kernels.sigmoid(x.segment, x.offset, n, false, y.segment, y.offset);
                case SILU -> kernels.sigmoid(x.segment, x.offset, n, true, y.segment, y.offset);
                case HARD_SWISH -> kernels.hardSwish(x.segment, x.offset, n, y.segment, y.offset);
                case LEAKY -> kernels.leaky(x.segment, x.offset, n, 0.125f, y.segment, y.offset);
            }
        }

        double of(double x) {
            return switch (this) {
                case SIGMOID -> 1 / (1 + Math.exp(-x));
                case SILU -> x / (1 + Math.exp(-x));
                case HARD_SWISH -> x * Math.clamp(x / 6 + 0.5, 0, 1);
                case LEAKY -> x < 0 ? 0.125 * x : x;
            };
        }
    }

    @Property(tries = 60)
    void curvesEqualTheirTwins(
            @ForAll Curve curve,
            @ForAll @IntRange(min = 1, max = 5) int groups,
            @ForAll @FloatRange(min = 0.01f, max = 50) float scale,
            @ForAll long seed) {
        int n = groups * GROUP;
        float[] values = KernelsTest.gaussian(n, seed);
        for (int i = 0; i < n; i++) {
            values[i] *= scale;
        }
        Buffer x = Buffer.of(values, 4);
        Buffer[] y = {Buffer.ofLength(n, 8), Buffer.ofLength(n, 12)};
        curve.run(FAST, x, n, y[0]);
        curve.run(PLAIN, x, n, y[1]);
        float[] found = y[0].values();
        assertThat(found).isEqualTo(y[1].values());
        for (int i = 0; i < n; i++) {
            double expected = curve.of(values[i]);
            // A piecewise linear share has an absolute error, and e⁸⁸ is infinite.
            double error = curve == Curve.HARD_SWISH ? 2e-7 * Math.abs(values[i]) : 4e-7 * Math.abs(expected) + 1e-35;
            assertThat((double) found[i]).as("%s of %s", curve, values[i]).isCloseTo(expected, within(error));
        }
    }

    @Test
    void curvesOfOddValues() {
        float[] values = new float[GROUP];
        float[] odd = {
            Float.NaN,
            Float.intBitsToFloat(0x7fc00001),
            Float.POSITIVE_INFINITY,
            -200,
            200,
            -0f,
            -87.33f,
            88.37f,
            -88.38f,
            Float.MAX_VALUE,
            -Float.MAX_VALUE
        };
        System.arraycopy(odd, 0, values, 0, odd.length);
        Buffer x = Buffer.of(values, 4);
        for (Curve curve : Curve.values()) {
            Buffer[] y = {Buffer.ofLength(GROUP, 8), Buffer.ofLength(GROUP, 8)};
            curve.run(FAST, x, GROUP, y[0]);
            curve.run(PLAIN, x, GROUP, y[1]);
            float[] found = y[0].values();
            assertThat(found).as("%s", curve).isEqualTo(y[1].values());
            assertThat(found[0]).isNaN();
            assertThat(found[1]).isNaN();
            assertThat(found[2]).isEqualTo(curve == Curve.SIGMOID ? 1 : Float.POSITIVE_INFINITY);
            assertThat((double) found[3]).isEqualTo(curve == Curve.LEAKY ? -25 : 0, within(1e-30));
            assertThat(found[4]).isEqualTo(curve == Curve.SIGMOID ? 1 : 200);
        }
    }

    @Test
    void limitsEqualTheirTwins() {
        float[] values = KernelsTest.gaussian(2 * GROUP, 5);
        values[3] = Float.NaN;
        values[4] = Float.POSITIVE_INFINITY;
        values[5] = Float.NEGATIVE_INFINITY;
        Buffer x = Buffer.of(values, 4);
        for (ConvolutionKernels kernels : new ConvolutionKernels[] {FAST, PLAIN}) {
            Buffer y = Buffer.ofLength(values.length, 8);
            kernels.limit(x.segment, x.offset, values.length, -0.5f, 1, y.segment, y.offset);
            float[] expected = new float[values.length];
            for (int i = 0; i < values.length; i++) {
                expected[i] = Math.min(1, Math.max(-0.5f, values[i]));
            }
            assertThat(y.values()).isEqualTo(expected);
        }
    }

    @Test
    void notANumberStaysSo() {
        Buffer a = Buffer.of(new float[] {Float.NaN}, 0);
        Buffer b = Buffer.of(new float[2 * FAST.panelColumns()], 0);
        for (ConvolutionKernels kernels : new ConvolutionKernels[] {FAST, PLAIN}) {
            Buffer c = Buffer.ofLength(FAST.panelColumns(), 0);
            kernels.product(
                    1,
                    FAST.panelColumns(),
                    1,
                    1,
                    a.segment,
                    a.offset,
                    BYTES,
                    0,
                    b.segment,
                    b.offset,
                    b.offset,
                    0,
                    c.segment,
                    c.offset,
                    0,
                    new float[ConvolutionKernels.SCRATCH]);
            assertThat(c.values()).containsOnly(Float.NaN);
        }
    }
}
