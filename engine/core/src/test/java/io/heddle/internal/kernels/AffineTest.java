package io.heddle.internal.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Tests the affine map of a row in all four forms against the same sums in double. */
class AffineTest {
    private static final Kernels[] BOTH = {new VectorKernels(), new ScalarKernels()};

    @Provide
    Arbitrary<Integer> sizes() {
        return Arbitraries.oneOf(
                Arbitraries.of(0, 1, 3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16, 17, 31, 32, 33, 48, 783, 784),
                Arbitraries.integers().between(0, 200));
    }

    /** Packs as {@link Kernels#affine} requires it, written from its description. */
    private static MemorySegment pack(float[][] w, float[] b, int n, int lanes) {
        int outputs = b.length;
        int groups = (outputs + 8) / 9;
        int vectors = (n + lanes - 1) / lanes;
        float[] packed = new float[groups * (16 + vectors * lanes * 9)];
        for (int g = 0; g < groups; g++) {
            int at = g * (16 + vectors * lanes * 9);
            for (int j = 0; j < 16; j++) {
                packed[at + j] = j < 9 && g * 9 + j < outputs ? b[g * 9 + j] : Float.NEGATIVE_INFINITY;
            }
            at += 16;
            for (int v = 0; v < vectors; v++) {
                boolean last = v == vectors - 1;
                int first = last && n >= lanes ? n - lanes : v * lanes;
                for (int j = 0; j < 9; j++) {
                    for (int lane = 0; lane < lanes; lane++, at++) {
                        int i = first + lane;
                        boolean counted = last && i < v * lanes;
                        packed[at] = i < n && !counted && g * 9 + j < outputs ? w[g * 9 + j][i] : 0;
                    }
                }
            }
        }
        return Buffer.of(packed, 0).segment.asSlice(64);
    }

    @Property(tries = 300)
    void isTheProductWithinTheErrorBound(
            @ForAll("sizes") int n,
            @ForAll @IntRange(min = 1, max = 30) int outputs,
            @ForAll boolean relative,
            @ForAll long seed) {
        float[][] w = new float[outputs][];
        for (int j = 0; j < outputs; j++) {
            w[j] = KernelsTest.gaussian(n, seed + j);
        }
        float[] b = KernelsTest.gaussian(outputs, seed - 1);
        float[] x = KernelsTest.gaussian(n, seed - 2);
        byte[] bytes = new byte[n];
        new Random(seed).nextBytes(bytes);
        for (Kernels kernels : BOTH) {
            MemorySegment packed = pack(w, b, n, kernels.lanes());
            for (boolean ofBytes : new boolean[] {false, true}) {
                double[] exact = b2d(b);
                double[] magnitude = new double[outputs];
                for (int j = 0; j < outputs; j++) {
                    magnitude[j] = Math.abs(b[j]);
                    for (int i = 0; i < n; i++) {
                        double term = (double) w[j][i] * (ofBytes ? bytes[i] & 255 : x[i]);
                        exact[j] += term;
                        magnitude[j] += Math.abs(term);
                    }
                }
                for (boolean heap : new boolean[] {false, true}) {
                    float[] out = new float[outputs + 2];
                    out[0] = out[outputs + 1] = 7;
                    int found = run(kernels, x, bytes, packed, outputs, relative, ofBytes, heap, out);
                    assertThat(out[0]).isEqualTo(7);
                    assertThat(out[outputs + 1]).isEqualTo(7);
                    int largest = relative ? -1 : 0;
                    for (int j = 0; j < outputs; j++) {
                        assertThat(Math.abs(out[1 + j] - exact[j]))
                                .isLessThanOrEqualTo(KernelsTest.relativeBound(n + 2, magnitude[j]));
                        if (out[1 + j] > (largest < 0 ? 0 : out[1 + largest])) {
                            largest = j;
                        }
                    }
                    assertThat(found).isEqualTo(relative ? largest + 1 : largest);
                    assertThat(run(kernels, x, bytes, packed, outputs, relative, ofBytes, heap, null))
                            .isEqualTo(found);
                }
            }
        }
    }

    private static int run(
            Kernels kernels,
            float[] x,
            byte[] bytes,
            MemorySegment packed,
            int outputs,
            boolean relative,
            boolean ofBytes,
            boolean heap,
            float[] out) {
        int n = x.length;
        if (ofBytes && heap) {
            byte[] shifted = new byte[n + 3];
            System.arraycopy(bytes, 0, shifted, 3, n);
            return kernels.affine(shifted, 3, n, packed, outputs, relative, out, 1);
        }
        if (heap) {
            float[] shifted = new float[n + 3];
            System.arraycopy(x, 0, shifted, 3, n);
            return kernels.affine(shifted, 3, n, packed, outputs, relative, out, 1);
        }
        if (ofBytes) {
            // The segment ends after the row, so that reading too far fails.
            MemorySegment s = Arena.ofAuto().allocate(n + 5L).asSlice(5);
            MemorySegment.copy(bytes, 0, s, ValueLayout.JAVA_BYTE, 0, n);
            return kernels.affineOfBytes(s, 0, n, packed, outputs, relative, out, 1);
        }
        Buffer row = Buffer.of(x, 4);
        return kernels.affine(row.segment, row.offset, n, packed, outputs, relative, out, 1);
    }

    private static double[] b2d(float[] b) {
        double[] d = new double[b.length];
        for (int i = 0; i < d.length; i++) {
            d[i] = b[i];
        }
        return d;
    }

    @Test
    void reportsValuesThatAreNotFinite() {
        int n = 50;
        float[][] w = new float[12][];
        for (int j = 0; j < w.length; j++) {
            w[j] = KernelsTest.gaussian(n, j);
            w[j][20] = j == 3 ? 0 : w[j][20];
        }
        float[] b = new float[12];
        for (Kernels kernels : BOTH) {
            MemorySegment packed = pack(w, b, n, kernels.lanes());
            for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                for (int at : new int[] {0, 20, 49}) {
                    float[] x = KernelsTest.gaussian(n, 99);
                    for (boolean relative : new boolean[] {false, true}) {
                        assertThat(kernels.affine(x, 0, n, packed, 12, relative, null, 0))
                                .isNotNegative();
                        x[at] = bad;
                        assertThat(kernels.affine(x, 0, n, packed, 12, relative, null, 0))
                                .isNegative();
                        x[at] = 1;
                    }
                }
            }
        }
    }

    @Test
    void theFirstOfEqualsIsTaken() {
        float[][] w = new float[20][16];
        float[] b = new float[20];
        for (Kernels kernels : BOTH) {
            MemorySegment zeros = pack(w, b, 16, kernels.lanes());
            assertThat(kernels.affine(new float[16], 0, 16, zeros, 20, false, null, 0))
                    .isZero();
            assertThat(kernels.affine(new float[16], 0, 16, zeros, 20, true, null, 0))
                    .isZero();
            float[] some = new float[20];
            some[7] = some[8] = some[15] = 1;
            MemorySegment ones = pack(w, some, 16, kernels.lanes());
            assertThat(kernels.affine(new float[16], 0, 16, ones, 20, false, null, 0))
                    .isEqualTo(7);
            assertThat(kernels.affine(new float[16], 0, 16, ones, 20, true, null, 0))
                    .isEqualTo(8);
        }
    }

    /** Tests that sums are in blocks: one long sum of these terms has ten times the error. */
    @Test
    void longRowsAreSummedInBlocks() {
        int n = 100_003;
        float[] w = new float[n];
        Arrays.fill(w, 0.1f);
        float[] x = new float[n];
        Arrays.fill(x, 1f);
        byte[] bytes = new byte[n];
        Arrays.fill(bytes, (byte) 1);
        double exact = n * (double) 0.1f;
        for (Kernels kernels : BOTH) {
            int vectors = (n + kernels.lanes() - 1) / kernels.lanes();
            int terms = Kernels.AFFINE_BLOCK + vectors / Kernels.AFFINE_BLOCK + 8;
            MemorySegment packed = pack(new float[][] {w}, new float[1], n, kernels.lanes());
            for (boolean ofBytes : new boolean[] {false, true}) {
                for (boolean heap : new boolean[] {false, true}) {
                    float[] out = new float[3];
                    run(kernels, x, bytes, packed, 1, false, ofBytes, heap, out);
                    assertThat(Math.abs(out[1] - exact)).isLessThan(KernelsTest.relativeBound(terms, exact) / 4);
                }
            }
        }
    }

    /** Tests that results are the same before and after compilation. */
    @Test
    void sameBitsBeforeAndAfterCompilation() {
        int n = 784;
        float[][] w = new float[9][];
        for (int j = 0; j < w.length; j++) {
            w[j] = KernelsTest.gaussian(n, j);
        }
        Kernels kernels = new VectorKernels();
        MemorySegment packed = pack(w, new float[9], n, kernels.lanes());
        float[] x = KernelsTest.gaussian(n, 99);
        float[] first = new float[9];
        kernels.affine(x, 0, n, packed, 9, false, first, 0);
        float[] later = new float[9];
        for (int i = 0; i < 20_000; i++) {
            kernels.affine(x, 0, n, packed, 9, false, later, 0);
        }
        assertThat(later).isEqualTo(first);
    }
}
