package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.AffineFloats.HAVE_1;
import static io.heddle.internal.kernels.AffineFloats.HAVE_2;
import static io.heddle.internal.kernels.AffineFloats.HAVE_4;
import static io.heddle.internal.kernels.AffineFloats.HAVE_8;
import static io.heddle.internal.kernels.AffineFloats.MAGNITUDE;
import static io.heddle.internal.kernels.AffineFloats.ZEROS;
import static io.heddle.internal.kernels.VectorKernels.BY_1;
import static io.heddle.internal.kernels.VectorKernels.BY_2;
import static io.heddle.internal.kernels.VectorKernels.BY_4;
import static io.heddle.internal.kernels.VectorKernels.BY_8;
import static io.heddle.internal.kernels.VectorKernels.LANES;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.XOR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** {@link AffineFloats} of rows of unsigned bytes, which become floats on their way to the registers. */
final class AffineBytes {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final int GROUP = Kernels.AFFINE_GROUP;
    private static final long BIAS_BYTES = Kernels.AFFINE_BIASES * (long) Float.BYTES;
    private static final long BYTES = LANES * (long) Float.BYTES;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Byte> BYTE_SPECIES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, SPECIES.vectorBitSize() / 4)));
    // Four bytes are less than the least vector there is, so they come as an integer and are shifted apart.
    private static final IntVector SHIFTS = IntVector.zero(INTS).addIndex(Byte.SIZE);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle FOUR = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private AffineBytes() {}

    static int ofBytes(
            byte[] row,
            int from,
            int n,
            MemorySegment packed,
            int outputs,
            boolean relative,
            float[] out,
            int outFrom) {
        if (n < LANES) {
            return ScalarAffine.run(row, true, from, n, packed, LANES, outputs, relative, out, outFrom);
        }
        int body = (n - 1) / LANES * LANES;
        long groupBytes = Kernels.affineGroupFloats(n, LANES) * Float.BYTES;
        float best = relative ? 0 : Float.NEGATIVE_INFINITY;
        int first = relative ? 1 : 0;
        int index = 0;
        boolean finite = true;
        for (int g = 0; g < outputs; g += GROUP) {
            long bias = g / GROUP * groupBytes;
            long weights = bias + BIAS_BYTES;
            long end = weights + (long) body * (GROUP * Float.BYTES);
            FloatVector last = (FloatVector) (LANES == 4
                            ? IntVector.broadcast(INTS, (int) FOUR.get(row, from + n - LANES))
                                    .lanewise(LSHR, SHIFTS)
                                    .and(0xff)
                            : ByteVector.fromArray(BYTE_SPECIES, row, from + n - LANES)
                                    .convertShape(ZERO_EXTEND_B2I, INTS, 0))
                    .convertShape(I2F, SPECIES, 0);
            FloatVector s0 = last.mul(FloatVector.fromMemorySegment(SPECIES, packed, end, ORDER));
            FloatVector s1 = last.mul(FloatVector.fromMemorySegment(SPECIES, packed, end + BYTES, ORDER));
            FloatVector s2 = last.mul(FloatVector.fromMemorySegment(SPECIES, packed, end + 2 * BYTES, ORDER));
            FloatVector s3 = last.mul(FloatVector.fromMemorySegment(SPECIES, packed, end + 3 * BYTES, ORDER));
            FloatVector s4 = last.mul(FloatVector.fromMemorySegment(SPECIES, packed, end + 4 * BYTES, ORDER));
            FloatVector s5 = last.mul(FloatVector.fromMemorySegment(SPECIES, packed, end + 5 * BYTES, ORDER));
            FloatVector s6 = last.mul(FloatVector.fromMemorySegment(SPECIES, packed, end + 6 * BYTES, ORDER));
            FloatVector s7 = last.mul(FloatVector.fromMemorySegment(SPECIES, packed, end + 7 * BYTES, ORDER));
            FloatVector s8 = last.mul(FloatVector.fromMemorySegment(SPECIES, packed, end + 8 * BYTES, ORDER));
            for (int i = 0; i < body; i += LANES) {
                long w = weights + (long) i * (GROUP * Float.BYTES);
                FloatVector x = (FloatVector) (LANES == 4
                                ? IntVector.broadcast(INTS, (int) FOUR.get(row, from + i))
                                        .lanewise(LSHR, SHIFTS)
                                        .and(0xff)
                                : ByteVector.fromArray(BYTE_SPECIES, row, from + i)
                                        .convertShape(ZERO_EXTEND_B2I, INTS, 0))
                        .convertShape(I2F, SPECIES, 0);
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
            float y0;
            float y1;
            float y2;
            float y3;
            float y4;
            float y5;
            float y6;
            float y7;
            float y8;
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
                y0 = y.lane(0);
                y1 = y.lane(1);
                y2 = y.lane(2);
                y3 = y.lane(3);
                y4 = y.lane(4);
                y5 = y.lane(5);
                y6 = y.lane(6);
                y7 = y.lane(7);
                y8 = y.lane(8);
                // As integers that are in the order of the floats: their maximum is one instruction, that of floats
                // many.
                IntVector bits = y.reinterpretAsInts();
                int most = bits.blend(bits.lanewise(XOR, MAGNITUDE), bits.lt(ZEROS))
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
                s0 = s0.add(s0.rearrange(BY_2));
                y0 = s0.add(s0.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias);
                if (y0 > best) {
                    best = y0;
                    index = first + g;
                }
                if (LANES >= 8) {
                    s1 = s1.add(s1.rearrange(BY_4));
                }
                s1 = s1.add(s1.rearrange(BY_2));
                y1 = s1.add(s1.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 4);
                if (y1 > best) {
                    best = y1;
                    index = first + g + 1;
                }
                if (LANES >= 8) {
                    s2 = s2.add(s2.rearrange(BY_4));
                }
                s2 = s2.add(s2.rearrange(BY_2));
                y2 = s2.add(s2.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 8);
                if (y2 > best) {
                    best = y2;
                    index = first + g + 2;
                }
                if (LANES >= 8) {
                    s3 = s3.add(s3.rearrange(BY_4));
                }
                s3 = s3.add(s3.rearrange(BY_2));
                y3 = s3.add(s3.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 12);
                if (y3 > best) {
                    best = y3;
                    index = first + g + 3;
                }
                if (LANES >= 8) {
                    s4 = s4.add(s4.rearrange(BY_4));
                }
                s4 = s4.add(s4.rearrange(BY_2));
                y4 = s4.add(s4.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 16);
                if (y4 > best) {
                    best = y4;
                    index = first + g + 4;
                }
                if (LANES >= 8) {
                    s5 = s5.add(s5.rearrange(BY_4));
                }
                s5 = s5.add(s5.rearrange(BY_2));
                y5 = s5.add(s5.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 20);
                if (y5 > best) {
                    best = y5;
                    index = first + g + 5;
                }
                if (LANES >= 8) {
                    s6 = s6.add(s6.rearrange(BY_4));
                }
                s6 = s6.add(s6.rearrange(BY_2));
                y6 = s6.add(s6.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 24);
                if (y6 > best) {
                    best = y6;
                    index = first + g + 6;
                }
                if (LANES >= 8) {
                    s7 = s7.add(s7.rearrange(BY_4));
                }
                s7 = s7.add(s7.rearrange(BY_2));
                y7 = s7.add(s7.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 28);
                if (y7 > best) {
                    best = y7;
                    index = first + g + 7;
                }
                if (LANES >= 8) {
                    s8 = s8.add(s8.rearrange(BY_4));
                }
                s8 = s8.add(s8.rearrange(BY_2));
                y8 = s8.add(s8.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 32);
                if (y8 > best) {
                    best = y8;
                    index = first + g + 8;
                }
                finite &= Math.abs(y0) <= Float.MAX_VALUE;
            }
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
        return finite ? index : ~index;
    }

    static int ofBytes(
            MemorySegment row,
            long offset,
            int n,
            MemorySegment packed,
            int outputs,
            boolean relative,
            float[] out,
            int outFrom) {
        if (n < LANES) {
            return ScalarAffine.run(row, true, offset, n, packed, LANES, outputs, relative, out, outFrom);
        }
        int body = (n - 1) / LANES * LANES;
        long groupBytes = Kernels.affineGroupFloats(n, LANES) * Float.BYTES;
        float best = relative ? 0 : Float.NEGATIVE_INFINITY;
        int first = relative ? 1 : 0;
        int index = 0;
        boolean finite = true;
        for (int g = 0; g < outputs; g += GROUP) {
            long bias = g / GROUP * groupBytes;
            long weights = bias + BIAS_BYTES;
            long end = weights + (long) body * (GROUP * Float.BYTES);
            FloatVector last = (FloatVector) (LANES == 4
                            ? IntVector.broadcast(INTS, row.get(INT, offset + n - LANES))
                                    .lanewise(LSHR, SHIFTS)
                                    .and(0xff)
                            : ByteVector.fromMemorySegment(BYTE_SPECIES, row, offset + n - LANES, ORDER)
                                    .convertShape(ZERO_EXTEND_B2I, INTS, 0))
                    .convertShape(I2F, SPECIES, 0);
            FloatVector s0 = last.mul(FloatVector.fromMemorySegment(SPECIES, packed, end, ORDER));
            FloatVector s1 = last.mul(FloatVector.fromMemorySegment(SPECIES, packed, end + BYTES, ORDER));
            FloatVector s2 = last.mul(FloatVector.fromMemorySegment(SPECIES, packed, end + 2 * BYTES, ORDER));
            FloatVector s3 = last.mul(FloatVector.fromMemorySegment(SPECIES, packed, end + 3 * BYTES, ORDER));
            FloatVector s4 = last.mul(FloatVector.fromMemorySegment(SPECIES, packed, end + 4 * BYTES, ORDER));
            FloatVector s5 = last.mul(FloatVector.fromMemorySegment(SPECIES, packed, end + 5 * BYTES, ORDER));
            FloatVector s6 = last.mul(FloatVector.fromMemorySegment(SPECIES, packed, end + 6 * BYTES, ORDER));
            FloatVector s7 = last.mul(FloatVector.fromMemorySegment(SPECIES, packed, end + 7 * BYTES, ORDER));
            FloatVector s8 = last.mul(FloatVector.fromMemorySegment(SPECIES, packed, end + 8 * BYTES, ORDER));
            for (int i = 0; i < body; i += LANES) {
                long w = weights + (long) i * (GROUP * Float.BYTES);
                FloatVector x = (FloatVector) (LANES == 4
                                ? IntVector.broadcast(INTS, row.get(INT, offset + i))
                                        .lanewise(LSHR, SHIFTS)
                                        .and(0xff)
                                : ByteVector.fromMemorySegment(BYTE_SPECIES, row, offset + i, ORDER)
                                        .convertShape(ZERO_EXTEND_B2I, INTS, 0))
                        .convertShape(I2F, SPECIES, 0);
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
            float y0;
            float y1;
            float y2;
            float y3;
            float y4;
            float y5;
            float y6;
            float y7;
            float y8;
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
                y0 = y.lane(0);
                y1 = y.lane(1);
                y2 = y.lane(2);
                y3 = y.lane(3);
                y4 = y.lane(4);
                y5 = y.lane(5);
                y6 = y.lane(6);
                y7 = y.lane(7);
                y8 = y.lane(8);
                // As integers that are in the order of the floats: their maximum is one instruction, that of floats
                // many.
                IntVector bits = y.reinterpretAsInts();
                int most = bits.blend(bits.lanewise(XOR, MAGNITUDE), bits.lt(ZEROS))
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
                s0 = s0.add(s0.rearrange(BY_2));
                y0 = s0.add(s0.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias);
                if (y0 > best) {
                    best = y0;
                    index = first + g;
                }
                if (LANES >= 8) {
                    s1 = s1.add(s1.rearrange(BY_4));
                }
                s1 = s1.add(s1.rearrange(BY_2));
                y1 = s1.add(s1.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 4);
                if (y1 > best) {
                    best = y1;
                    index = first + g + 1;
                }
                if (LANES >= 8) {
                    s2 = s2.add(s2.rearrange(BY_4));
                }
                s2 = s2.add(s2.rearrange(BY_2));
                y2 = s2.add(s2.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 8);
                if (y2 > best) {
                    best = y2;
                    index = first + g + 2;
                }
                if (LANES >= 8) {
                    s3 = s3.add(s3.rearrange(BY_4));
                }
                s3 = s3.add(s3.rearrange(BY_2));
                y3 = s3.add(s3.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 12);
                if (y3 > best) {
                    best = y3;
                    index = first + g + 3;
                }
                if (LANES >= 8) {
                    s4 = s4.add(s4.rearrange(BY_4));
                }
                s4 = s4.add(s4.rearrange(BY_2));
                y4 = s4.add(s4.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 16);
                if (y4 > best) {
                    best = y4;
                    index = first + g + 4;
                }
                if (LANES >= 8) {
                    s5 = s5.add(s5.rearrange(BY_4));
                }
                s5 = s5.add(s5.rearrange(BY_2));
                y5 = s5.add(s5.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 20);
                if (y5 > best) {
                    best = y5;
                    index = first + g + 5;
                }
                if (LANES >= 8) {
                    s6 = s6.add(s6.rearrange(BY_4));
                }
                s6 = s6.add(s6.rearrange(BY_2));
                y6 = s6.add(s6.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 24);
                if (y6 > best) {
                    best = y6;
                    index = first + g + 6;
                }
                if (LANES >= 8) {
                    s7 = s7.add(s7.rearrange(BY_4));
                }
                s7 = s7.add(s7.rearrange(BY_2));
                y7 = s7.add(s7.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 28);
                if (y7 > best) {
                    best = y7;
                    index = first + g + 7;
                }
                if (LANES >= 8) {
                    s8 = s8.add(s8.rearrange(BY_4));
                }
                s8 = s8.add(s8.rearrange(BY_2));
                y8 = s8.add(s8.rearrange(BY_1)).lane(0) + packed.get(FLOAT, bias + 32);
                if (y8 > best) {
                    best = y8;
                    index = first + g + 8;
                }
                finite &= Math.abs(y0) <= Float.MAX_VALUE;
            }
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
        return finite ? index : ~index;
    }
}
