package io.heddle.simd;

import static io.heddle.simd.VectorKernels.BY_1;
import static io.heddle.simd.VectorKernels.BY_2;
import static io.heddle.simd.VectorKernels.BY_4;
import static io.heddle.simd.VectorKernels.BY_8;
import static io.heddle.simd.VectorKernels.LANES;
import static io.heddle.simd.VectorKernels.SPECIES;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * An affine map of one row, nine outputs at a time: nine sums in flight along the row, and one read of the weights,
 * which lie in the order in which they are wanted. The sums are folded to numbers all at once, as in {@link WideDots}.
 *
 * <p>A method for rows on the heap and one for rows outside of it: at one call site the two are slow. Nothing is kept
 * between calls, so that virtual threads need no scratch.
 */
final class AffineFloats {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final int GROUP = Kernels.AFFINE_GROUP;
    /** Where nothing is written to. */
    private static final float[] NONE = new float[16];

    private static final long BIAS_BYTES = Kernels.AFFINE_BIASES * (long) Float.BYTES;
    private static final long BYTES = LANES * (long) Float.BYTES;
    // Lanes whose number has that bit.
    static final VectorMask<Float> HAVE_8 = VectorMask.fromLong(SPECIES, 0xff00L & (1L << LANES) - 1);
    static final VectorMask<Float> HAVE_4 = VectorMask.fromLong(SPECIES, 0xf0f0L & (1L << LANES) - 1);
    static final VectorMask<Float> HAVE_2 = VectorMask.fromLong(SPECIES, 0xccccL & (1L << LANES) - 1);
    static final VectorMask<Float> HAVE_1 = VectorMask.fromLong(SPECIES, 0xaaaaL & (1L << LANES) - 1);

    private AffineFloats() {}

    static int ofFloats(
            float[] row,
            int from,
            int n,
            MemorySegment packed,
            int outputs,
            boolean relative,
            float[] out,
            int outFrom) {
        int whole = SPECIES.loopBound(n);
        long groupBytes = Kernels.affineGroupFloats(n, LANES) * Float.BYTES;
        float best = relative ? 0 : Float.NEGATIVE_INFINITY;
        int first = relative ? 1 : 0;
        int index = 0;
        boolean finite = true;
        for (int g = 0; g < outputs; g += GROUP) {
            long bias = g / GROUP * groupBytes;
            long weights = bias + BIAS_BYTES;
            FloatVector s0 = FloatVector.zero(SPECIES);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            FloatVector s4 = s0;
            FloatVector s5 = s0;
            FloatVector s6 = s0;
            FloatVector s7 = s0;
            FloatVector s8 = s0;
            for (int i = 0; i < whole; i += LANES) {
                long w = weights + (long) i * (GROUP * Float.BYTES);
                FloatVector x = FloatVector.fromArray(SPECIES, row, from + i);
                s0 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w, ORDER), s0);
                s1 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + BYTES, ORDER), s1);
                s2 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 2 * BYTES, ORDER), s2);
                s3 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 3 * BYTES, ORDER), s3);
                s4 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 4 * BYTES, ORDER), s4);
                s5 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 5 * BYTES, ORDER), s5);
                s6 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 6 * BYTES, ORDER), s6);
                s7 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 7 * BYTES, ORDER), s7);
                s8 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 8 * BYTES, ORDER), s8);
            }
            if (whole < n) {
                long w = weights + (long) whole * (GROUP * Float.BYTES);
                VectorMask<Float> some = SPECIES.indexInRange(whole, n);
                FloatVector x = FloatVector.fromArray(SPECIES, row, from + whole, some);
                s0 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w, ORDER), s0);
                s1 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + BYTES, ORDER), s1);
                s2 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 2 * BYTES, ORDER), s2);
                s3 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 3 * BYTES, ORDER), s3);
                s4 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 4 * BYTES, ORDER), s4);
                s5 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 5 * BYTES, ORDER), s5);
                s6 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 6 * BYTES, ORDER), s6);
                s7 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 7 * BYTES, ORDER), s7);
                s8 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 8 * BYTES, ORDER), s8);
            }
            if (LANES == 16) {
                FloatVector a0 = s0.blend(s8, HAVE_8).add(s8.blend(s0, HAVE_8).rearrange(BY_8));
                FloatVector a1 = s1.add(s1.rearrange(BY_8));
                FloatVector a2 = s2.add(s2.rearrange(BY_8));
                FloatVector a3 = s3.add(s3.rearrange(BY_8));
                FloatVector a4 = s4.add(s4.rearrange(BY_8));
                FloatVector a5 = s5.add(s5.rearrange(BY_8));
                FloatVector a6 = s6.add(s6.rearrange(BY_8));
                FloatVector a7 = s7.add(s7.rearrange(BY_8));
                FloatVector b0 = a0.blend(a4, HAVE_4).add(a4.blend(a0, HAVE_4).rearrange(BY_4));
                FloatVector b1 = a1.blend(a5, HAVE_4).add(a5.blend(a1, HAVE_4).rearrange(BY_4));
                FloatVector b2 = a2.blend(a6, HAVE_4).add(a6.blend(a2, HAVE_4).rearrange(BY_4));
                FloatVector b3 = a3.blend(a7, HAVE_4).add(a7.blend(a3, HAVE_4).rearrange(BY_4));
                FloatVector c0 = b0.blend(b2, HAVE_2).add(b2.blend(b0, HAVE_2).rearrange(BY_2));
                FloatVector c1 = b1.blend(b3, HAVE_2).add(b3.blend(b1, HAVE_2).rearrange(BY_2));
                FloatVector y = c0.blend(c1, HAVE_1)
                        .add(c1.blend(c0, HAVE_1).rearrange(BY_1))
                        .add(FloatVector.fromMemorySegment(SPECIES, packed, bias, ORDER));
                // An empty mask, not a branch: a vector that one branch alone uses becomes an object.
                VectorMask<Float> wanted = SPECIES.indexInRange(0, out == null ? 0 : Math.min(GROUP, outputs - g));
                y.intoArray(out == null ? NONE : out, out == null ? 0 : outFrom + g, wanted);
                // As integers that are in the order of the floats: their maximum is one instruction, that of floats
                // many.
                IntVector bits = y.reinterpretAsInts();
                int most = bits.lanewise(XOR, bits.lanewise(ASHR, 31).and(Integer.MAX_VALUE))
                        .reduceLanes(MAX);
                float largest = Float.intBitsToFloat(most ^ most >> 31 & Integer.MAX_VALUE);
                if (largest > best) {
                    best = largest;
                    index = first + g + y.eq(largest).firstTrue();
                }
                finite &= Math.abs(largest) <= Float.MAX_VALUE;
            } else {
                if (LANES >= 8) {
                    s0 = s0.add(s0.rearrange(BY_4));
                }
                if (LANES >= 4) {
                    s0 = s0.add(s0.rearrange(BY_2));
                }
                float y0 = s0.add(s0.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias);
                if (y0 > best) {
                    best = y0;
                    index = first + g;
                }
                if (LANES >= 8) {
                    s1 = s1.add(s1.rearrange(BY_4));
                }
                if (LANES >= 4) {
                    s1 = s1.add(s1.rearrange(BY_2));
                }
                float y1 = s1.add(s1.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 4);
                if (y1 > best) {
                    best = y1;
                    index = first + g + 1;
                }
                if (LANES >= 8) {
                    s2 = s2.add(s2.rearrange(BY_4));
                }
                if (LANES >= 4) {
                    s2 = s2.add(s2.rearrange(BY_2));
                }
                float y2 = s2.add(s2.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 8);
                if (y2 > best) {
                    best = y2;
                    index = first + g + 2;
                }
                if (LANES >= 8) {
                    s3 = s3.add(s3.rearrange(BY_4));
                }
                if (LANES >= 4) {
                    s3 = s3.add(s3.rearrange(BY_2));
                }
                float y3 = s3.add(s3.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 12);
                if (y3 > best) {
                    best = y3;
                    index = first + g + 3;
                }
                if (LANES >= 8) {
                    s4 = s4.add(s4.rearrange(BY_4));
                }
                if (LANES >= 4) {
                    s4 = s4.add(s4.rearrange(BY_2));
                }
                float y4 = s4.add(s4.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 16);
                if (y4 > best) {
                    best = y4;
                    index = first + g + 4;
                }
                if (LANES >= 8) {
                    s5 = s5.add(s5.rearrange(BY_4));
                }
                if (LANES >= 4) {
                    s5 = s5.add(s5.rearrange(BY_2));
                }
                float y5 = s5.add(s5.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 20);
                if (y5 > best) {
                    best = y5;
                    index = first + g + 5;
                }
                if (LANES >= 8) {
                    s6 = s6.add(s6.rearrange(BY_4));
                }
                if (LANES >= 4) {
                    s6 = s6.add(s6.rearrange(BY_2));
                }
                float y6 = s6.add(s6.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 24);
                if (y6 > best) {
                    best = y6;
                    index = first + g + 6;
                }
                if (LANES >= 8) {
                    s7 = s7.add(s7.rearrange(BY_4));
                }
                if (LANES >= 4) {
                    s7 = s7.add(s7.rearrange(BY_2));
                }
                float y7 = s7.add(s7.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 28);
                if (y7 > best) {
                    best = y7;
                    index = first + g + 7;
                }
                if (LANES >= 8) {
                    s8 = s8.add(s8.rearrange(BY_4));
                }
                if (LANES >= 4) {
                    s8 = s8.add(s8.rearrange(BY_2));
                }
                float y8 = s8.add(s8.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 32);
                if (y8 > best) {
                    best = y8;
                    index = first + g + 8;
                }
                finite &= Math.abs(y0) <= Float.MAX_VALUE;
                if (out != null) {
                    out[outFrom + g] = y0;
                    if (g + 1 < outputs) {
                        out[outFrom + g + 1] = y1;
                    }
                    if (g + 2 < outputs) {
                        out[outFrom + g + 2] = y2;
                    }
                    if (g + 3 < outputs) {
                        out[outFrom + g + 3] = y3;
                    }
                    if (g + 4 < outputs) {
                        out[outFrom + g + 4] = y4;
                    }
                    if (g + 5 < outputs) {
                        out[outFrom + g + 5] = y5;
                    }
                    if (g + 6 < outputs) {
                        out[outFrom + g + 6] = y6;
                    }
                    if (g + 7 < outputs) {
                        out[outFrom + g + 7] = y7;
                    }
                    if (g + 8 < outputs) {
                        out[outFrom + g + 8] = y8;
                    }
                }
            }
        }
        return finite ? index : ~index;
    }

    static int ofFloats(
            MemorySegment row,
            long offset,
            int n,
            MemorySegment packed,
            int outputs,
            boolean relative,
            float[] out,
            int outFrom) {
        int whole = SPECIES.loopBound(n);
        long groupBytes = Kernels.affineGroupFloats(n, LANES) * Float.BYTES;
        float best = relative ? 0 : Float.NEGATIVE_INFINITY;
        int first = relative ? 1 : 0;
        int index = 0;
        boolean finite = true;
        for (int g = 0; g < outputs; g += GROUP) {
            long bias = g / GROUP * groupBytes;
            long weights = bias + BIAS_BYTES;
            FloatVector s0 = FloatVector.zero(SPECIES);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            FloatVector s4 = s0;
            FloatVector s5 = s0;
            FloatVector s6 = s0;
            FloatVector s7 = s0;
            FloatVector s8 = s0;
            for (int i = 0; i < whole; i += LANES) {
                long w = weights + (long) i * (GROUP * Float.BYTES);
                FloatVector x = FloatVector.fromMemorySegment(SPECIES, row, offset + (long) i * Float.BYTES, ORDER);
                s0 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w, ORDER), s0);
                s1 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + BYTES, ORDER), s1);
                s2 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 2 * BYTES, ORDER), s2);
                s3 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 3 * BYTES, ORDER), s3);
                s4 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 4 * BYTES, ORDER), s4);
                s5 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 5 * BYTES, ORDER), s5);
                s6 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 6 * BYTES, ORDER), s6);
                s7 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 7 * BYTES, ORDER), s7);
                s8 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 8 * BYTES, ORDER), s8);
            }
            if (whole < n) {
                long w = weights + (long) whole * (GROUP * Float.BYTES);
                VectorMask<Float> some = SPECIES.indexInRange(whole, n);
                FloatVector x =
                        FloatVector.fromMemorySegment(SPECIES, row, offset + (long) whole * Float.BYTES, ORDER, some);
                s0 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w, ORDER), s0);
                s1 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + BYTES, ORDER), s1);
                s2 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 2 * BYTES, ORDER), s2);
                s3 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 3 * BYTES, ORDER), s3);
                s4 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 4 * BYTES, ORDER), s4);
                s5 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 5 * BYTES, ORDER), s5);
                s6 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 6 * BYTES, ORDER), s6);
                s7 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 7 * BYTES, ORDER), s7);
                s8 = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w + 8 * BYTES, ORDER), s8);
            }
            if (LANES == 16) {
                FloatVector a0 = s0.blend(s8, HAVE_8).add(s8.blend(s0, HAVE_8).rearrange(BY_8));
                FloatVector a1 = s1.add(s1.rearrange(BY_8));
                FloatVector a2 = s2.add(s2.rearrange(BY_8));
                FloatVector a3 = s3.add(s3.rearrange(BY_8));
                FloatVector a4 = s4.add(s4.rearrange(BY_8));
                FloatVector a5 = s5.add(s5.rearrange(BY_8));
                FloatVector a6 = s6.add(s6.rearrange(BY_8));
                FloatVector a7 = s7.add(s7.rearrange(BY_8));
                FloatVector b0 = a0.blend(a4, HAVE_4).add(a4.blend(a0, HAVE_4).rearrange(BY_4));
                FloatVector b1 = a1.blend(a5, HAVE_4).add(a5.blend(a1, HAVE_4).rearrange(BY_4));
                FloatVector b2 = a2.blend(a6, HAVE_4).add(a6.blend(a2, HAVE_4).rearrange(BY_4));
                FloatVector b3 = a3.blend(a7, HAVE_4).add(a7.blend(a3, HAVE_4).rearrange(BY_4));
                FloatVector c0 = b0.blend(b2, HAVE_2).add(b2.blend(b0, HAVE_2).rearrange(BY_2));
                FloatVector c1 = b1.blend(b3, HAVE_2).add(b3.blend(b1, HAVE_2).rearrange(BY_2));
                FloatVector y = c0.blend(c1, HAVE_1)
                        .add(c1.blend(c0, HAVE_1).rearrange(BY_1))
                        .add(FloatVector.fromMemorySegment(SPECIES, packed, bias, ORDER));
                // An empty mask, not a branch: a vector that one branch alone uses becomes an object.
                VectorMask<Float> wanted = SPECIES.indexInRange(0, out == null ? 0 : Math.min(GROUP, outputs - g));
                y.intoArray(out == null ? NONE : out, out == null ? 0 : outFrom + g, wanted);
                // As integers that are in the order of the floats: their maximum is one instruction, that of floats
                // many.
                IntVector bits = y.reinterpretAsInts();
                int most = bits.lanewise(XOR, bits.lanewise(ASHR, 31).and(Integer.MAX_VALUE))
                        .reduceLanes(MAX);
                float largest = Float.intBitsToFloat(most ^ most >> 31 & Integer.MAX_VALUE);
                if (largest > best) {
                    best = largest;
                    index = first + g + y.eq(largest).firstTrue();
                }
                finite &= Math.abs(largest) <= Float.MAX_VALUE;
            } else {
                if (LANES >= 8) {
                    s0 = s0.add(s0.rearrange(BY_4));
                }
                if (LANES >= 4) {
                    s0 = s0.add(s0.rearrange(BY_2));
                }
                float y0 = s0.add(s0.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias);
                if (y0 > best) {
                    best = y0;
                    index = first + g;
                }
                if (LANES >= 8) {
                    s1 = s1.add(s1.rearrange(BY_4));
                }
                if (LANES >= 4) {
                    s1 = s1.add(s1.rearrange(BY_2));
                }
                float y1 = s1.add(s1.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 4);
                if (y1 > best) {
                    best = y1;
                    index = first + g + 1;
                }
                if (LANES >= 8) {
                    s2 = s2.add(s2.rearrange(BY_4));
                }
                if (LANES >= 4) {
                    s2 = s2.add(s2.rearrange(BY_2));
                }
                float y2 = s2.add(s2.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 8);
                if (y2 > best) {
                    best = y2;
                    index = first + g + 2;
                }
                if (LANES >= 8) {
                    s3 = s3.add(s3.rearrange(BY_4));
                }
                if (LANES >= 4) {
                    s3 = s3.add(s3.rearrange(BY_2));
                }
                float y3 = s3.add(s3.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 12);
                if (y3 > best) {
                    best = y3;
                    index = first + g + 3;
                }
                if (LANES >= 8) {
                    s4 = s4.add(s4.rearrange(BY_4));
                }
                if (LANES >= 4) {
                    s4 = s4.add(s4.rearrange(BY_2));
                }
                float y4 = s4.add(s4.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 16);
                if (y4 > best) {
                    best = y4;
                    index = first + g + 4;
                }
                if (LANES >= 8) {
                    s5 = s5.add(s5.rearrange(BY_4));
                }
                if (LANES >= 4) {
                    s5 = s5.add(s5.rearrange(BY_2));
                }
                float y5 = s5.add(s5.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 20);
                if (y5 > best) {
                    best = y5;
                    index = first + g + 5;
                }
                if (LANES >= 8) {
                    s6 = s6.add(s6.rearrange(BY_4));
                }
                if (LANES >= 4) {
                    s6 = s6.add(s6.rearrange(BY_2));
                }
                float y6 = s6.add(s6.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 24);
                if (y6 > best) {
                    best = y6;
                    index = first + g + 6;
                }
                if (LANES >= 8) {
                    s7 = s7.add(s7.rearrange(BY_4));
                }
                if (LANES >= 4) {
                    s7 = s7.add(s7.rearrange(BY_2));
                }
                float y7 = s7.add(s7.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 28);
                if (y7 > best) {
                    best = y7;
                    index = first + g + 7;
                }
                if (LANES >= 8) {
                    s8 = s8.add(s8.rearrange(BY_4));
                }
                if (LANES >= 4) {
                    s8 = s8.add(s8.rearrange(BY_2));
                }
                float y8 = s8.add(s8.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 32);
                if (y8 > best) {
                    best = y8;
                    index = first + g + 8;
                }
                finite &= Math.abs(y0) <= Float.MAX_VALUE;
                if (out != null) {
                    out[outFrom + g] = y0;
                    if (g + 1 < outputs) {
                        out[outFrom + g + 1] = y1;
                    }
                    if (g + 2 < outputs) {
                        out[outFrom + g + 2] = y2;
                    }
                    if (g + 3 < outputs) {
                        out[outFrom + g + 3] = y3;
                    }
                    if (g + 4 < outputs) {
                        out[outFrom + g + 4] = y4;
                    }
                    if (g + 5 < outputs) {
                        out[outFrom + g + 5] = y5;
                    }
                    if (g + 6 < outputs) {
                        out[outFrom + g + 6] = y6;
                    }
                    if (g + 7 < outputs) {
                        out[outFrom + g + 7] = y7;
                    }
                    if (g + 8 < outputs) {
                        out[outFrom + g + 8] = y8;
                    }
                }
            }
        }
        return finite ? index : ~index;
    }
}
