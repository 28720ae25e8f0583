package io.heddle.generator;

import java.util.Map;

/** The packing of left operands, into off-heap memory and into arrays. */
final class PackingTemplates {
    private static final String CLASS = """
            package io.heddle.internal.kernels;

            import static io.heddle.internal.kernels.NativeMemory.KIND;
            import static io.heddle.internal.kernels.VectorKernels.LANES;

            import java.lang.foreign.MemorySegment;
            import java.lang.foreign.ValueLayout;
            import java.nio.ByteOrder;
            import jdk.incubator.vector.FloatVector;
            import jdk.incubator.vector.VectorMask;
            import jdk.incubator.vector.VectorShuffle;
            import jdk.incubator.vector.VectorSpecies;

            ${doc}
            final class ${class} {
                private static final ByteOrder ORDER = ByteOrder.nativeOrder();
                private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
                private static final VectorSpecies<Float> SPECIES = LANES >= 8 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_128;
                private static final int SIDE = SPECIES.length();
                private static final long SIDE_BYTES = (long) SIDE * Float.BYTES;
                private static final int LEFT_STEP = VectorKernels.SHAPE.leftStep();
                private static final ${offset} STEP = ${step};

                private static final VectorShuffle<Float> BY_4 = exchange(4);
                private static final VectorShuffle<Float> BY_2 = exchange(2);
                private static final VectorShuffle<Float> BY_1 = exchange(1);
                // Masks of the lanes whose number has that bit.
                private static final VectorMask<Float> HAVE_4 = VectorMask.fromLong(SPECIES, 0xf0 & (1 << SIDE) - 1);
                private static final VectorMask<Float> HAVE_2 = VectorMask.fromLong(SPECIES, 0xcc & (1 << SIDE) - 1);
                private static final VectorMask<Float> HAVE_1 = VectorMask.fromLong(SPECIES, 0xaa & (1 << SIDE) - 1);

                private ${class}() {}

                private static VectorShuffle<Float> exchange(int distance) {
                    return VectorShuffle.fromOp(SPECIES, i -> (i ^ distance) % SIDE);
                }

                static void run(
                        ${parameters}
                    if (a.getClass() != KIND${check}) {
                        throw NativeMemory.unknown();
                    }
                    int done = 0;
                    if (aStep == Float.BYTES) {
                        done = depth - depth % SIDE;
                        for (int r = 0; r < rows; r += SIDE) {
                            int last = Math.min(SIDE, rows - r) - 1;
                            ${offset} to = outOffset + ${r};
                            long first = aOffset + r * aRow;
                            long second = first + Math.min(1, last) * aRow;
                            long third = first + Math.min(2, last) * aRow;
                            long fourth = first + Math.min(3, last) * aRow;
                            if (SIDE == 4) {
                                transposeFour(done, a, first, second, third, fourth, out, to);
                            } else if (last < 4) {
                                transposeHalf(done, a, first, second, third, fourth, out, to);
                            } else {
                                transposeEight(
                                        done,
                                        a,
                                        first,
                                        second,
                                        third,
                                        fourth,
                                        first + 4 * aRow,
                                        first + Math.min(5, last) * aRow,
                                        first + Math.min(6, last) * aRow,
                                        first + Math.min(7, last) * aRow,
                                        out,
                                        to);
                            }
                        }
                    } else if (aRow == Float.BYTES && aStep >= (long) LEFT_STEP * Float.BYTES) {
                        // Whole vectors: lanes beyond the rows are not used. The last vector may exceed the segment.
                        done = Math.max(0, depth - 1);
                        for (int k = 0; k < done; k++) {
                            for (int r = 0; r < LEFT_STEP; r += SIDE) {
                                long at = (long) r * Float.BYTES;
                                FloatVector.fromMemorySegment(SPECIES, a, aOffset + k * aStep + at, ORDER)
                                        ${into}outOffset + k * STEP + ${copied}${end};
                            }
                        }
                    }
                    for (int k = done; k < depth; k++) {
                        for (int r = 0; r < rows; r++) {
                            float v = a.get(FLOAT, aOffset + r * aRow + k * aStep);
                            ${set}
                        }
                    }
                }

                ${scattered}
                /** Blocks of eight steps of eight rows, of which some may be the same. */
                private static void transposeEight(
                        int depth,
                        MemorySegment a,
                        long r0,
                        long r1,
                        long r2,
                        long r3,
                        long r4,
                        long r5,
                        long r6,
                        long r7,
                        ${out} out,
                        ${offset} to) {
                    if (a.getClass() != KIND${check}) {
                        throw NativeMemory.unknown();
                    }
                    for (int k = 0; k < depth; k += SIDE) {
                        long at = (long) k * Float.BYTES;
                        ${offset} row = to + k * STEP;
                        FloatVector x0 = FloatVector.fromMemorySegment(SPECIES, a, r0 + at, ORDER);
                        FloatVector x4 = FloatVector.fromMemorySegment(SPECIES, a, r4 + at, ORDER);
                        FloatVector a0 = x0.blend(x4.rearrange(BY_4), HAVE_4);
                        FloatVector a4 = x0.rearrange(BY_4).blend(x4, HAVE_4);
                        FloatVector x2 = FloatVector.fromMemorySegment(SPECIES, a, r2 + at, ORDER);
                        FloatVector x6 = FloatVector.fromMemorySegment(SPECIES, a, r6 + at, ORDER);
                        FloatVector a2 = x2.blend(x6.rearrange(BY_4), HAVE_4);
                        FloatVector a6 = x2.rearrange(BY_4).blend(x6, HAVE_4);
                        FloatVector b0 = a0.blend(a2.rearrange(BY_2), HAVE_2);
                        FloatVector b2 = a0.rearrange(BY_2).blend(a2, HAVE_2);
                        FloatVector b4 = a4.blend(a6.rearrange(BY_2), HAVE_2);
                        FloatVector b6 = a4.rearrange(BY_2).blend(a6, HAVE_2);
                        FloatVector x1 = FloatVector.fromMemorySegment(SPECIES, a, r1 + at, ORDER);
                        FloatVector x5 = FloatVector.fromMemorySegment(SPECIES, a, r5 + at, ORDER);
                        FloatVector a1 = x1.blend(x5.rearrange(BY_4), HAVE_4);
                        FloatVector a5 = x1.rearrange(BY_4).blend(x5, HAVE_4);
                        FloatVector x3 = FloatVector.fromMemorySegment(SPECIES, a, r3 + at, ORDER);
                        FloatVector x7 = FloatVector.fromMemorySegment(SPECIES, a, r7 + at, ORDER);
                        FloatVector a3 = x3.blend(x7.rearrange(BY_4), HAVE_4);
                        FloatVector a7 = x3.rearrange(BY_4).blend(x7, HAVE_4);
                        FloatVector b1 = a1.blend(a3.rearrange(BY_2), HAVE_2);
                        FloatVector b3 = a1.rearrange(BY_2).blend(a3, HAVE_2);
                        FloatVector b5 = a5.blend(a7.rearrange(BY_2), HAVE_2);
                        FloatVector b7 = a5.rearrange(BY_2).blend(a7, HAVE_2);
                        b0.blend(b1.rearrange(BY_1), HAVE_1)${into}row${end};
                        b0.rearrange(BY_1).blend(b1, HAVE_1)${into}row + STEP${end};
                        b2.blend(b3.rearrange(BY_1), HAVE_1)${into}row + 2 * STEP${end};
                        b2.rearrange(BY_1).blend(b3, HAVE_1)${into}row + 3 * STEP${end};
                        b4.blend(b5.rearrange(BY_1), HAVE_1)${into}row + 4 * STEP${end};
                        b4.rearrange(BY_1).blend(b5, HAVE_1)${into}row + 5 * STEP${end};
                        b6.blend(b7.rearrange(BY_1), HAVE_1)${into}row + 6 * STEP${end};
                        b6.rearrange(BY_1).blend(b7, HAVE_1)${into}row + 7 * STEP${end};
                    }
                }

                /** The same of four rows; later floats of a step are undefined. */
                private static void transposeHalf(
                        int depth, MemorySegment a, long r0, long r1, long r2, long r3, ${out} out, ${offset} to) {
                    if (a.getClass() != KIND${check}) {
                        throw NativeMemory.unknown();
                    }
                    for (int k = 0; k < depth; k += SIDE) {
                        long at = (long) k * Float.BYTES;
                        ${offset} row = to + k * STEP;
                        FloatVector x0 = FloatVector.fromMemorySegment(SPECIES, a, r0 + at, ORDER);
                        FloatVector x2 = FloatVector.fromMemorySegment(SPECIES, a, r2 + at, ORDER);
                        FloatVector a0 = x0.blend(x2.rearrange(BY_2), HAVE_2);
                        FloatVector a2 = x0.rearrange(BY_2).blend(x2, HAVE_2);
                        FloatVector x1 = FloatVector.fromMemorySegment(SPECIES, a, r1 + at, ORDER);
                        FloatVector x3 = FloatVector.fromMemorySegment(SPECIES, a, r3 + at, ORDER);
                        FloatVector a1 = x1.blend(x3.rearrange(BY_2), HAVE_2);
                        FloatVector a3 = x1.rearrange(BY_2).blend(x3, HAVE_2);
                        FloatVector b0 = a0.blend(a1.rearrange(BY_1), HAVE_1);
                        FloatVector b1 = a0.rearrange(BY_1).blend(a1, HAVE_1);
                        FloatVector b2 = a2.blend(a3.rearrange(BY_1), HAVE_1);
                        FloatVector b3 = a2.rearrange(BY_1).blend(a3, HAVE_1);
                        // The lower half of each vector is a step, the upper half the fourth step after it.
                        b0${into}row${end};
                        b1${into}row + STEP${end};
                        b2${into}row + 2 * STEP${end};
                        b3${into}row + 3 * STEP${end};
                        b0.rearrange(BY_4)${into}row + 4 * STEP${end};
                        b1.rearrange(BY_4)${into}row + 5 * STEP${end};
                        b2.rearrange(BY_4)${into}row + 6 * STEP${end};
                        b3.rearrange(BY_4)${into}row + 7 * STEP${end};
                    }
                }

                /** Blocks of four steps of four rows, of which some may be the same. */
                private static void transposeFour(
                        int depth, MemorySegment a, long r0, long r1, long r2, long r3, ${out} out, ${offset} to) {
                    if (a.getClass() != KIND${check}) {
                        throw NativeMemory.unknown();
                    }
                    for (int k = 0; k < depth; k += SIDE) {
                        long at = (long) k * Float.BYTES;
                        ${offset} row = to + k * STEP;
                        FloatVector x0 = FloatVector.fromMemorySegment(SPECIES, a, r0 + at, ORDER);
                        FloatVector x2 = FloatVector.fromMemorySegment(SPECIES, a, r2 + at, ORDER);
                        FloatVector a0 = x0.blend(x2.rearrange(BY_2), HAVE_2);
                        FloatVector a2 = x0.rearrange(BY_2).blend(x2, HAVE_2);
                        FloatVector x1 = FloatVector.fromMemorySegment(SPECIES, a, r1 + at, ORDER);
                        FloatVector x3 = FloatVector.fromMemorySegment(SPECIES, a, r3 + at, ORDER);
                        FloatVector a1 = x1.blend(x3.rearrange(BY_2), HAVE_2);
                        FloatVector a3 = x1.rearrange(BY_2).blend(x3, HAVE_2);
                        a0.blend(a1.rearrange(BY_1), HAVE_1)${into}row${end};
                        a0.rearrange(BY_1).blend(a1, HAVE_1)${into}row + STEP${end};
                        a2.blend(a3.rearrange(BY_1), HAVE_1)${into}row + 2 * STEP${end};
                        a2.rearrange(BY_1).blend(a3, HAVE_1)${into}row + 3 * STEP${end};
                    }
                }
            }
            """;

    private static final String DOC = """
            /**
             * Packs panels of the left operand. If the elements of a row are contiguous, blocks are transposed in registers; if
             * those of a step are, they are copied. The vectors have eight floats, or four if the processor has no longer ones.
             */""";

    private static final String ARRAY_DOC = """
            /** {@link LeftPacking} into an array, for {@link SixRowArrayTile}, also of rows that begin anywhere. */""";

    private static final String SCATTERED = """
            /** The same for rows that begin anywhere. */
            static void run(int rows, int depth, MemorySegment a, long[] from, ${out} out, ${offset} outOffset) {
                if (a.getClass() != KIND${check}) {
                    throw NativeMemory.unknown();
                }
                int done = depth - depth % SIDE;
                for (int r = 0; r < rows; r += SIDE) {
                    int last = Math.min(rows - r, SIDE) - 1 + r;
                    long first = from[r];
                    long second = from[Math.min(r + 1, last)];
                    long third = from[Math.min(r + 2, last)];
                    long fourth = from[Math.min(r + 3, last)];
                    long fifth = from[Math.min(r + 4, last)];
                    long sixth = from[Math.min(r + 5, last)];
                    long seventh = from[Math.min(r + 6, last)];
                    long eighth = from[Math.min(r + 7, last)];
                    ${offset} to = outOffset + ${r};
                    if (SIDE == 4) {
                        transposeFour(done, a, first, second, third, fourth, out, to);
                    } else if (last - r < 4) {
                        transposeHalf(done, a, first, second, third, fourth, out, to);
                    } else {
                        transposeEight(done, a, first, second, third, fourth, fifth, sixth, seventh, eighth, out, to);
                    }
                }
                for (int k = done; k < depth; k++) {
                    for (int r = 0; r < rows; r++) {
                        float v = a.get(FLOAT, from[r] + (long) k * Float.BYTES);
                        ${set}
                    }
                }
            }

            """;

    private PackingTemplates() {}

    static void addTo(Map<String, String> sources) {
        sources.put(
                "LeftPacking.java",
                offHeap(new Template(CLASS))
                        .with("scattered", "")
                        .with("class", "LeftPacking")
                        .with("doc", DOC)
                        .fill());
        sources.put(
                "LeftArrayPacking.java",
                array(new Template(CLASS))
                        .with("scattered", array(new Template(SCATTERED)).fill())
                        .with("class", "LeftArrayPacking")
                        .with("doc", ARRAY_DOC)
                        .fill());
    }

    private static Template offHeap(Template template) {
        return template.with("parameters", """
                        int rows,
                        int depth,
                        MemorySegment a,
                        long aOffset,
                        long aRow,
                        long aStep,
                        MemorySegment out,
                        long outOffset) {""")
                .with("out", "MemorySegment")
                .with("offset", "long")
                .with("step", "LEFT_STEP * (long) Float.BYTES")
                .with("check", " || out.getClass() != KIND")
                .with("r", "(long) r * Float.BYTES")
                .with("copied", "at")
                .with("into", ".intoMemorySegment(out, ")
                .with("end", ", ORDER)")
                .with("set", "out.set(FLOAT, outOffset + k * STEP + (long) r * Float.BYTES, v);");
    }

    private static Template array(Template template) {
        return template.with(
                        "parameters",
                        "int rows, int depth, MemorySegment a, long aOffset, long aRow, long aStep, float[] out, int outOffset)"
                                + " {")
                .with("out", "float[]")
                .with("offset", "int")
                .with("step", "LEFT_STEP")
                .with("check", "")
                .with("r", "r")
                .with("copied", "r")
                .with("into", ".intoArray(out, ")
                .with("end", ")")
                .with("set", "out[outOffset + k * STEP + r] = v;");
    }
}
