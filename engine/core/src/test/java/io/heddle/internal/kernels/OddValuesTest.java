package io.heddle.internal.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Compares the vector kernels with their scalar twins on rows with NaN, infinities, subnormals, both zeros, the largest
 * and ordinary floats. Results of single elements must have the same bits. A sum depends on its order, so only whether
 * it is NaN, infinite or finite is compared, which IEEE 754 defines for any order.
 */
class OddValuesTest {
    private static final Kernels FAST = new VectorKernels();
    private static final Kernels PLAIN = new ScalarKernels();

    private static final float[] ODD = {
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        0f,
        -0f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        0x1p-130f,
        -0x1.8p-127f,
        Float.MIN_NORMAL,
        1f,
        -1f,
        Float.MAX_VALUE,
        -Float.MAX_VALUE
    };
    /** The sums of the values before it do not overflow in any order. */
    private static final int LARGE = 12;
    /** Index of the first finite value. */
    private static final int FINITE = 3;
    /** Index of the first value that is not NaN. */
    private static final int NUMBERS = 1;

    /** A row with some values of {@link #ODD} between two indices. */
    private static float[] row(int n, SplittableRandom random, int from, int to) {
        int every = 1 << random.nextInt(7);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] =
                    random.nextInt(every) == 0 ? ODD[random.nextInt(from, to)] : (float) (random.nextDouble() * 8 - 4);
        }
        return values;
    }

    private static float[] row(int n, SplittableRandom random) {
        return row(n, random, 0, ODD.length);
    }

    private static int padded(int n) {
        return (n + 15) / 16 * 16;
    }

    /** NaN with any payload is equal; other floats are compared by their bits, so that both zeros differ. */
    private static void requireSameBits(float[] fast, float[] plain) {
        for (int i = 0; i < plain.length; i++) {
            assertThat(Float.floatToIntBits(fast[i]))
                    .as("element %d of %d: %s and %s", i, plain.length, fast[i], plain[i])
                    .isEqualTo(Float.floatToIntBits(plain[i]));
        }
    }

    private static void requireSameBits(double[] fast, double[] plain) {
        for (int i = 0; i < plain.length; i++) {
            assertThat(Double.doubleToLongBits(fast[i]))
                    .as("element %d of %d: %s and %s", i, plain.length, fast[i], plain[i])
                    .isEqualTo(Double.doubleToLongBits(plain[i]));
        }
    }

    private static float[] withoutSignsOfZeros(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] += 0f;
        }
        return values;
    }

    /** The kind of a sum of these terms in any order without overflow: NaN, an infinity, or 0 if it is finite. */
    private static Double kind(double[] terms) {
        boolean up = false;
        boolean down = false;
        for (double term : terms) {
            if (Double.isNaN(term)) {
                return Double.NaN;
            }
            up |= term == Double.POSITIVE_INFINITY;
            down |= term == Double.NEGATIVE_INFINITY;
        }
        return up && down ? Double.NaN : up ? Double.POSITIVE_INFINITY : down ? Double.NEGATIVE_INFINITY : 0.0;
    }

    private static Double kind(double sum) {
        return kind(new double[] {sum});
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void elementByElement(@ForAll @IntRange(max = 200) int n, @ForAll @IntRange(max = 15) int skew, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] a = row(n, random);
        float[] b = row(n, random);
        float alpha = row(1, random)[0];
        Buffer x = Buffer.of(a, 4 * skew);
        Buffer fast = Buffer.of(b, 4);
        Buffer plain = Buffer.of(b, 4);

        FAST.axpy(alpha, x.segment, x.offset, fast.segment, fast.offset, n);
        PLAIN.axpy(alpha, x.segment, x.offset, plain.segment, plain.offset, n);
        requireSameBits(fast.values(), plain.values());

        FAST.scale(alpha, fast.segment, fast.offset, n);
        PLAIN.scale(alpha, plain.segment, plain.offset, n);
        requireSameBits(fast.values(), plain.values());

        Buffer y = Buffer.of(b, 8);
        FAST.subtract(x.segment, x.offset, y.segment, y.offset, fast.segment, fast.offset, n);
        PLAIN.subtract(x.segment, x.offset, y.segment, y.offset, plain.segment, plain.offset, n);
        requireSameBits(fast.values(), plain.values());

        assertThat(FAST.allFinite(x.segment, x.offset, n)).isEqualTo(PLAIN.allFinite(x.segment, x.offset, n));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void sumsInDouble(@ForAll @IntRange(max = 200) int n, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] a = row(n, random);
        Buffer x = Buffer.of(a, 4);
        double[] fast = new double[n + 3];
        Arrays.setAll(fast, i -> random.nextDouble());
        double[] plain = fast.clone();
        double[] squares = new double[n];
        Arrays.setAll(squares, i -> (double) a[i] * a[i]);

        assertThat(kind(FAST.addToSums(x.segment, x.offset, n, fast, 2))).isEqualTo(kind(squares));
        assertThat(kind(PLAIN.addToSums(x.segment, x.offset, n, plain, 2))).isEqualTo(kind(squares));
        requireSameBits(fast, plain);
        FAST.subtractFromSums(x.segment, x.offset, n, fast, 1);
        PLAIN.subtractFromSums(x.segment, x.offset, n, plain, 1);
        requireSameBits(fast, plain);

        Buffer other = Buffer.of(a, 8);
        double keep = random.nextDouble();
        double weight = row(1, random)[0];
        double moved = FAST.blend(keep, x.segment, x.offset, n, weight, fast, 3);
        double plainly = PLAIN.blend(keep, other.segment, other.offset, n, weight, plain, 3);
        // A vector of floats is the sum of its two halves, so −0 becomes +0 in it.
        requireSameBits(withoutSignsOfZeros(x.values()), withoutSignsOfZeros(other.values()));
        assertThat(kind(moved)).isEqualTo(kind(plainly));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void products(@ForAll @IntRange(max = 200) int n, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] a = row(n, random, 0, LARGE);
        float[] b = row(n, random, 0, LARGE);
        double[] terms = new double[n];
        double[] squares = new double[n];
        for (int i = 0; i < n; i++) {
            terms[i] = (double) a[i] * b[i];
            double difference = a[i] - b[i];
            squares[i] = difference * difference;
        }
        Buffer x = Buffer.of(a, 4);
        Buffer y = Buffer.of(b, 12);
        float[] out = new float[1];
        for (Kernels kernels : new Kernels[] {FAST, PLAIN}) {
            assertThat(kind(kernels.dot(x.segment, x.offset, y.segment, y.offset, n)))
                    .isEqualTo(kind(terms));
            assertThat(kind(kernels.squaredDistance(x.segment, x.offset, y.segment, y.offset, n)))
                    .isEqualTo(kind(squares));
            kernels.squaredDistances(x.segment, x.offset, y.segment, y.offset, 4L * n, 1, n, out, 0);
            assertThat(kind(out[0])).isEqualTo(kind(squares));
        }
    }

    /** Tests subnormal terms: a vector unit that flushes them to zero would fail. */
    @Property(edgeCases = EdgeCasesMode.NONE)
    void sumsOfSubnormalsAreExact(@ForAll @IntRange(min = 1, max = 200) int n, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] a = new float[n];
        float[] ones = new float[n];
        Arrays.fill(ones, 1f);
        float exact = 0;
        for (int i = 0; i < n; i++) {
            a[i] = (random.nextInt(2_001) - 1_000) * Float.MIN_VALUE;
            // No rounding: all sums are multiples of the smallest float and far below the smallest normal one.
            exact += a[i];
        }
        Buffer x = Buffer.of(a, 4);
        Buffer y = Buffer.of(ones, 0);
        for (Kernels kernels : new Kernels[] {FAST, PLAIN}) {
            assertThat(kernels.dot(x.segment, x.offset, y.segment, y.offset, n)).isEqualTo(exact);
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void exponentials(@ForAll @IntRange(max = 100) int n, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] a = row(n, random);
        Buffer x = Buffer.of(a, 4);
        Buffer fast = Buffer.ofLength(n, 0);
        Buffer plain = Buffer.ofLength(n, 0);
        FAST.exp(x.segment, x.offset, fast.segment, fast.offset, n);
        PLAIN.exp(x.segment, x.offset, plain.segment, plain.offset, n);
        float[] one = fast.values();
        float[] other = plain.values();
        for (int i = 0; i < n; i++) {
            for (float e : new float[] {one[i], other[i]}) {
                if (Float.isNaN(a[i])) {
                    assertThat(e).isNaN();
                } else if (a[i] == Float.POSITIVE_INFINITY || a[i] == Float.MAX_VALUE) {
                    assertThat(e).isEqualTo(Float.POSITIVE_INFINITY);
                } else if (a[i] == Float.NEGATIVE_INFINITY || a[i] == -Float.MAX_VALUE) {
                    assertThat(e).isZero();
                } else {
                    float exact = (float) Math.exp(a[i]);
                    assertThat(Math.abs(e - exact)).isLessThanOrEqualTo(4 * Math.ulp(exact));
                }
            }
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void softmax(@ForAll @IntRange(min = 1, max = 60) int n, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] logits = row(n, random);
        boolean bad = true;
        for (float logit : logits) {
            bad &= logit == Float.NEGATIVE_INFINITY;
        }
        for (float logit : logits) {
            bad |= Float.isNaN(logit) || logit == Float.POSITIVE_INFINITY;
        }
        for (Kernels kernels : new Kernels[] {FAST, PLAIN}) {
            Buffer z = Buffer.of(logits, 4);
            float sum = kernels.softmax(z.segment, z.offset, n);
            double total = 0;
            float[] p = z.values();
            for (int i = 0; i < n; i++) {
                total += p[i];
                if (!bad) {
                    assertThat(p[i]).isBetween(0f, 1f);
                    if (logits[i] == Float.NEGATIVE_INFINITY) {
                        assertThat(p[i]).isZero();
                    }
                }
            }
            if (bad) {
                assertThat(total).as("%s", Arrays.toString(logits)).isNaN();
            } else {
                assertThat(Math.abs(total - 1)).isLessThan(1e-5);
                assertThat(sum).isFinite();
            }
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void choices(@ForAll @IntRange(min = 1, max = 70) int n, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int rows = 1 + random.nextInt(4);
        int width = padded(n);
        Buffer scores = Buffer.of(row(rows * width, random, NUMBERS, ODD.length), 0);
        // Finite values, so that no sum of infinities is NaN. Sums of the largest ones overflow.
        Buffer bias = Buffer.of(row(width, random, FINITE, ODD.length), 0);
        int[] fast = new int[rows + 1];
        int[] plain = new int[rows + 1];
        float[] fastValues = new float[rows + 1];
        float[] plainValues = new float[rows + 1];
        FAST.minimumBiased(
                scores.segment, scores.offset, 4L * width, rows, n, bias.segment, bias.offset, fast, fastValues, 1);
        PLAIN.minimumBiased(
                scores.segment, scores.offset, 4L * width, rows, n, bias.segment, bias.offset, plain, plainValues, 1);
        assertThat(fast).isEqualTo(plain);
        for (int i = 0; i <= rows; i++) {
            // Equal as numbers: both zeros are accepted.
            assertThat(fastValues[i] == plainValues[i]).isTrue();
        }

        float limit = row(1, random)[0];
        int[] below = new int[width];
        int[] belowPlain = new int[width];
        int found = FAST.columnsBelow(scores.segment, scores.offset, n, bias.segment, bias.offset, limit, below);
        assertThat(found)
                .isEqualTo(PLAIN.columnsBelow(
                        scores.segment, scores.offset, n, bias.segment, bias.offset, limit, belowPlain));
        assertThat(Arrays.copyOf(below, found)).isEqualTo(Arrays.copyOf(belowPlain, found));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void pairs(@ForAll @IntRange(min = 1, max = 32) int width, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] rowLimits = row(12, random, NUMBERS, ODD.length);
        float[] columnLimits = row(32, random, NUMBERS, ODD.length);
        int rows = 1 + random.nextInt(Math.min(FAST.tileRows(), PLAIN.tileRows()));
        int columns = FAST.tileColumns();
        int depth = random.nextInt(4);
        float[] factors = row(depth * rows, random, NUMBERS, ODD.length);
        Buffer right = Buffer.of(row(depth * columns, random, NUMBERS, ODD.length), 0);
        Buffer before = Buffer.of(row(rows * columns, random), 0);
        List<List<Float>> found = new ArrayList<>();
        for (Kernels kernels : new Kernels[] {FAST, PLAIN}) {
            float[] steps = new float[depth * kernels.leftStep()];
            for (int i = 0; i < factors.length; i++) {
                steps[i / rows * kernels.leftStep() + i % rows] = factors[i];
            }
            Buffer left = Buffer.of(steps, 0);
            PairList list = new PairList(12 * 32);
            list.start(rowLimits, 0, columnLimits, 0, Math.min(width, columns));
            MemorySegment earlier = seed % 2 == 0 ? null : before.segment.asSlice(before.offset);
            kernels.pairTile(
                    rows, columns, depth, left.segment, left.offset, right.segment, right.offset, earlier, 0, 0, list);
            List<Float> numbers = new ArrayList<>();
            for (int i = 0; i < list.count(); i++) {
                numbers.addAll(List.of((float) list.row(i), (float) list.column(i), list.score(i)));
            }
            found.add(numbers);
        }
        assertThat(found.get(0)).isEqualTo(found.get(1)).doesNotContain(Float.NaN);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void affineMapsOfARow(@ForAll @IntRange(max = 130) int n, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = row(n, random, 0, LARGE);
        boolean finite = true;
        for (float value : x) {
            finite &= Float.isFinite(value);
        }
        int outputs = 1 + random.nextInt(12);
        float[] weights = row(outputs * n, random, FINITE, LARGE);
        int[] largest = new int[2];
        int which = 0;
        for (Kernels kernels : new Kernels[] {FAST, PLAIN}) {
            int groups = (outputs + Kernels.AFFINE_GROUP - 1) / Kernels.AFFINE_GROUP;
            int floats = (int) Kernels.affineGroupFloats(n, kernels.lanes());
            float[] packed = new float[padded(groups * floats)];
            for (int output = 0; output < groups * Kernels.AFFINE_GROUP; output++) {
                int at = output / Kernels.AFFINE_GROUP * floats;
                int place = output % Kernels.AFFINE_GROUP;
                packed[at + place] = output < outputs ? 0 : Float.NEGATIVE_INFINITY;
                for (int i = 0; output < outputs && i < n; i++) {
                    packed[at + (int) Kernels.affineWeight(n, kernels.lanes(), place, i)] = weights[output * n + i];
                }
            }
            Buffer map = Buffer.of(packed, 0);
            var aligned = map.segment.asSlice(map.offset);
            float[] out = new float[outputs];
            Buffer outside = Buffer.of(x, 4);
            largest[which] = kernels.affine(x, 0, n, aligned, outputs, false, out, 0);
            assertThat(kernels.affine(outside.segment, outside.offset, n, aligned, outputs, false, out, 0))
                    .isEqualTo(largest[which]);
            assertThat(largest[which] >= 0).isEqualTo(finite);
            which++;
        }
    }
}
