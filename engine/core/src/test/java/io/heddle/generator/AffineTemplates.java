package io.heddle.generator;

import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The affine map of one row, for rows of floats and of bytes, on the heap and outside of it. */
final class AffineTemplates {
    private static final int GROUP = 9;

    private static final String CLASS = """
            package io.heddle.internal.kernels;

            import static io.heddle.internal.kernels.NativeMemory.KIND;
            import static io.heddle.internal.kernels.VectorKernels.BY_1;
            import static io.heddle.internal.kernels.VectorKernels.BY_2;
            import static io.heddle.internal.kernels.VectorKernels.BY_4;
            import static io.heddle.internal.kernels.VectorKernels.BY_8;
            import static io.heddle.internal.kernels.VectorKernels.LANES;
            import static io.heddle.internal.kernels.VectorKernels.SPECIES;
            import static io.heddle.internal.kernels.VectorKernels.VECTOR;
            ${staticImports}

            import java.lang.foreign.MemorySegment;
            import java.lang.foreign.ValueLayout;
            ${imports}

            /** The affine map of a row of ${what}, see {@link ScalarAffine}. */
            final class ${class} {
                private static final ByteOrder ORDER = ByteOrder.nativeOrder();
                private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
                private static final int GROUP = Kernels.AFFINE_GROUP;
                private static final int BLOCK = Kernels.AFFINE_BLOCK * LANES;
                // Longer rows are summed in blocks. Shorter ones have a separate method: a second loop would be slower.
                private static final int LONG = 2 * BLOCK;
                private static final long BIAS_BYTES = Kernels.AFFINE_BIASES * (long) Float.BYTES;
                private static final long BYTES = LANES * (long) Float.BYTES;
                ${constants}
                // Masks of the lanes whose number has that bit.
                private static final VectorMask<Float> HAVE_8 = VectorMask.fromLong(SPECIES, 0xff00L & (1L << LANES) - 1);
                private static final VectorMask<Float> HAVE_4 = VectorMask.fromLong(SPECIES, 0xf0f0L & (1L << LANES) - 1);
                private static final VectorMask<Float> HAVE_2 = VectorMask.fromLong(SPECIES, 0xccccL & (1L << LANES) - 1);
                private static final VectorMask<Float> HAVE_1 = VectorMask.fromLong(SPECIES, 0xaaaaL & (1L << LANES) - 1);

                // Maps negative floats to the order of integers. By a mask: C2 sometimes did not compile the shift that
                // spreads the sign, and then each call allocated.
                private static final IntVector MAGNITUDE = IntVector.broadcast(IntVector.SPECIES_PREFERRED, Integer.MAX_VALUE);
                private static final IntVector ZEROS = IntVector.zero(IntVector.SPECIES_PREFERRED);

                private ${class}() {}

                /** The index of the largest output, or its complement if an output is not finite. */
                static int run(
                        ${rowParameter},
                        ${fromParameter},
                        int n,
                        MemorySegment packed,
                        int outputs,
                        boolean relative,
                        float[] out,
                        int outFrom) {
                    if (n < LANES) {
                        return ScalarAffine.run(row, ${bytes}, ${from}, n, packed, LANES, outputs, relative, out, outFrom);
                    }
                    return n <= LONG
                            ? inOneRun(row, ${from}, n, packed, outputs, relative, out, outFrom)
                            : inBlocks(row, ${from}, n, packed, outputs, relative, out, outFrom);
                }

                ${inOneRun}

                ${inBlocks}
            }
            """;

    private static final String METHOD = """
            private static int ${name}(
                    ${rowParameter},
                    ${fromParameter},
                    int n,
                    MemorySegment packed,
                    int outputs,
                    boolean relative,
                    float[] out,
                    int outFrom) {
                if (${required}) {
                    throw NativeMemory.unknown();
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
                    ${last}
                    ${sumsOfLast}
                    ${sum}
                    ${outputs}
                    if (LANES == 16) {
                        FloatVector a0 = s0.blend(s8, HAVE_8).add(s8.blend(s0, HAVE_8).rearrange(BY_8));
                        ${foldBy8}
                        ${foldBy4}
                        FloatVector c0 = b0.blend(b2, HAVE_2).add(b2.blend(b0, HAVE_2).rearrange(BY_2));
                        FloatVector c1 = b1.blend(b3, HAVE_2).add(b3.blend(b1, HAVE_2).rearrange(BY_2));
                        FloatVector y = c0.blend(c1, HAVE_1)
                                .add(c1.blend(c0, HAVE_1).rearrange(BY_1))
                                .add(FloatVector.fromMemorySegment(SPECIES, packed, bias, ORDER));
                        ${lanes}
                        // As integers in the order of the floats: the maximum of integers is one instruction, that of floats
                        // several.
                        IntVector bits = y.reinterpretAsInts();
                        int maximum = bits.blend(bits.lanewise(XOR, MAGNITUDE), bits.lt(ZEROS))
                                .reduceLanes(MAX);
                        float largest = Float.intBitsToFloat(maximum ^ maximum >> 31 & Integer.MAX_VALUE);
                        if (largest > best) {
                            best = largest;
                            index = first + g + y.eq(largest).firstTrue();
                        }
                        finite &= Math.abs(largest) <= Float.MAX_VALUE;
                    } else {
                        ${narrow}
                        finite &= Math.abs(y0) <= Float.MAX_VALUE;
                    }
                    if (out != null) {
                        ScalarAffine.store(y0, y1, y2, y3, y4, y5, y6, y7, y8, out, outFrom + g, outputs - g);
                    }
                }
                return finite ? index : ~index;
            }""";

    private static final String IN_ONE_RUN = """
            for (int i = 0; i < body; i += LANES) {
                long w = weights + (long) i * (GROUP * Float.BYTES);
                ${load}
                ${products}
            }
            ${checked}""";

    private static final String IN_BLOCKS = """
            for (int block = 0; block < body; block += BLOCK) {
                int some = Math.min(BLOCK, body - block);
                ${blockFrom}
                long blockWeights = weights + (long) block * (GROUP * Float.BYTES);
                FloatVector p0 = FloatVector.zero(SPECIES);
                ${zeros}
                for (int i = 0; i < some; i += LANES) {
                    long w = blockWeights + (long) i * (GROUP * Float.BYTES);
                    ${blockLoad}
                    ${blockProducts}
                }
                ${checkedBlock}
                ${addBlock}
            }
            ${checked}""";

    private static final String NARROW = """
            s# = LANES >= 8 ? s#.add(s#.rearrange(BY_4)) : s#;
            s# = s#.add(s#.rearrange(BY_2));
            y# = s#.add(s#.rearrange(BY_1)).lane(0) + packed.get(FLOAT, ${bias});
            if (y# > best) {
                best = y#;
                index = ${index};
            }""";

    private static final String FLOAT_STATIC_IMPORTS = """
            import static jdk.incubator.vector.VectorOperators.MAX;
            import static jdk.incubator.vector.VectorOperators.XOR;""";
    private static final String FLOAT_IMPORTS = """
            import java.nio.ByteOrder;
            import jdk.incubator.vector.FloatVector;
            import jdk.incubator.vector.IntVector;
            import jdk.incubator.vector.VectorMask;""";
    private static final String BYTE_STATIC_IMPORTS = """
            import static jdk.incubator.vector.VectorOperators.I2F;
            import static jdk.incubator.vector.VectorOperators.LSHR;
            import static jdk.incubator.vector.VectorOperators.MAX;
            import static jdk.incubator.vector.VectorOperators.XOR;
            import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;""";
    private static final String BYTE_IMPORTS = """
            import java.nio.ByteOrder;
            import jdk.incubator.vector.ByteVector;
            import jdk.incubator.vector.FloatVector;
            import jdk.incubator.vector.IntVector;
            import jdk.incubator.vector.VectorMask;
            import jdk.incubator.vector.VectorShape;
            import jdk.incubator.vector.VectorSpecies;""";
    private static final String BYTE_CONSTANTS = """
            private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
            private static final VectorSpecies<Byte> BYTE_SPECIES =
                    VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, SPECIES.vectorBitSize() / 4)));
            // There is no vector of four bytes, so they are read as an integer and separated by shifts.
            private static final IntVector SHIFTS = IntVector.zero(INTS).addIndex(Byte.SIZE);""";
    private static final String BYTE_LOAD = """
            FloatVector ${name} = (FloatVector) (LANES == 4
                            ? IntVector.broadcast(INTS, ${four})
                                    .lanewise(LSHR, SHIFTS)
                                    .and(0xff)
                            : ByteVector.${vector}
                                    .convertShape(ZERO_EXTEND_B2I, INTS, 0))
                    .convertShape(I2F, SPECIES, 0);""";

    private AffineTemplates() {}

    static void addTo(Map<String, String> sources) {
        add(
                sources,
                "AffineFloatArray",
                new Template(CLASS)
                        .with("what", "floats on the heap")
                        .with("staticImports", FLOAT_STATIC_IMPORTS)
                        .with("imports", FLOAT_IMPORTS)
                        .with("constants", ""),
                "float[] row",
                (name, from) -> "FloatVector %s = FloatVector.fromArray(SPECIES, row, %s);".formatted(name, from));
        add(
                sources,
                "AffineFloatSegment",
                new Template(CLASS)
                        .with("what", "floats outside the heap")
                        .with("staticImports", FLOAT_STATIC_IMPORTS)
                        .with("imports", FLOAT_IMPORTS)
                        .with("constants", ""),
                "MemorySegment row",
                AffineTemplates::loadOfFloats);
        add(
                sources,
                "AffineByteArray",
                new Template(CLASS)
                        .with("what", "unsigned bytes on the heap")
                        .with("staticImports", BYTE_STATIC_IMPORTS)
                        .with("imports", """
                                import java.lang.invoke.MethodHandles;
                                import java.lang.invoke.VarHandle;
                                """ + BYTE_IMPORTS)
                        .with("constants", BYTE_CONSTANTS + """

                                private static final VarHandle FOUR = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);"""),
                "byte[] row",
                (name, from) -> loadOfBytes(name, "(int) FOUR.get(row, @)", "fromArray(BYTE_SPECIES, row, @)", from));
        add(
                sources,
                "AffineByteSegment",
                new Template(CLASS)
                        .with("what", "unsigned bytes outside the heap")
                        .with("staticImports", BYTE_STATIC_IMPORTS)
                        .with("imports", BYTE_IMPORTS)
                        .with("constants", BYTE_CONSTANTS + """

                                private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);"""),
                "MemorySegment row",
                (name, from) ->
                        loadOfBytes(name, "row.get(INT, @)", "fromMemorySegment(BYTE_SPECIES, row, @, ORDER)", from));
    }

    /** Writes a statement that loads a vector of the row from an index or offset into a new variable. */
    @FunctionalInterface
    private interface Load {
        String of(String variable, String from);
    }

    private static void add(Map<String, String> sources, String name, Template type, String row, Load load) {
        boolean segment = row.startsWith("MemorySegment");
        boolean bytes = name.startsWith("AffineByte");
        String from = segment ? "offset" : "from";
        // Offsets in segments are bytes; the indices of arrays and offsets of bytes are elements.
        String scaled = segment && !bytes ? "(long) %s * Float.BYTES" : "%s";
        String last = segment && !bytes ? "offset + (long) (n - LANES) * Float.BYTES" : from + " + n - LANES";
        String inOneRun = new Template(IN_ONE_RUN)
                .with("load", load.of("x", from + " + " + scaled.formatted("i")))
                .with("products", products("s"))
                .with("checked", TileTemplates.checked(numbered("s")).stripTrailing())
                .fill();
        String inBlocks = new Template(IN_BLOCKS)
                .with(
                        "blockFrom",
                        "%s blockFrom = %s + %s;".formatted(segment ? "long" : "int", from, scaled.formatted("block")))
                .with("zeros", Template.each(1, GROUP, "FloatVector p# = p0;"))
                .with("blockLoad", load.of("x", "blockFrom + " + scaled.formatted("i")))
                .with("blockProducts", products("p"))
                .with(
                        "checkedBlock",
                        TileTemplates.checked(Stream.concat(numbered("s"), numbered("p")))
                                .stripTrailing())
                .with("checked", TileTemplates.checked(numbered("s")).stripTrailing())
                .with("addBlock", Template.each(0, GROUP, "s# = s#.add(p#);"))
                .fill();
        // Rows of bytes are read from mapped files in place, and those are segments of another class.
        String required = name.equals("AffineFloatSegment")
                ? "row.getClass() != KIND || packed.getClass() != KIND"
                : "packed.getClass() != KIND";
        String fromParameter = segment ? "long offset" : "int from";
        Template filled = type.with("class", name)
                .with("bytes", Boolean.toString(bytes))
                .with("from", from)
                .with("rowParameter", row)
                .with("fromParameter", fromParameter);
        for (Map.Entry<String, String> method :
                Map.of("inOneRun", inOneRun, "inBlocks", inBlocks).entrySet()) {
            filled.with(
                    method.getKey(),
                    method(method.getKey(), row, fromParameter, required, load.of("last", last), method.getValue()));
        }
        sources.put(name + ".java", filled.fill());
    }

    private static Stream<String> numbered(String name) {
        return IntStream.range(0, GROUP).mapToObj(j -> name + j);
    }

    private static String method(String name, String row, String from, String required, String last, String sum) {
        StringBuilder sumsOfLast = new StringBuilder();
        StringBuilder narrow = new StringBuilder();
        for (int j = 0; j < GROUP; j++) {
            sumsOfLast.append("""
                    FloatVector s%1$d = last.mul(FloatVector.fromMemorySegment(SPECIES, packed, end%2$s, ORDER));
                    """.formatted(j, vectors(j)));
            String filled = new Template(NARROW)
                    .with("bias", j == 0 ? "bias" : "bias + " + j * Float.BYTES)
                    .with("index", j == 0 ? "first + g" : "first + g + " + j)
                    .fill();
            narrow.append(filled.replace("#", Integer.toString(j)));
        }
        return new Template(METHOD)
                .with("name", name)
                .with("rowParameter", row)
                .with("fromParameter", from)
                .with("required", required)
                .with("last", last)
                .with("sumsOfLast", sumsOfLast.toString())
                .with("sum", sum)
                .with("outputs", Template.each(0, GROUP, "float y#;"))
                .with("foldBy8", Template.each(1, 8, "FloatVector a# = s#.add(s#.rearrange(BY_8));"))
                .with("foldBy4", """
                        FloatVector b0 = a0.blend(a4, HAVE_4).add(a4.blend(a0, HAVE_4).rearrange(BY_4));
                        FloatVector b1 = a1.blend(a5, HAVE_4).add(a5.blend(a1, HAVE_4).rearrange(BY_4));
                        FloatVector b2 = a2.blend(a6, HAVE_4).add(a6.blend(a2, HAVE_4).rearrange(BY_4));
                        FloatVector b3 = a3.blend(a7, HAVE_4).add(a7.blend(a3, HAVE_4).rearrange(BY_4));""")
                .with("lanes", Template.each(0, GROUP, "y# = y.lane(#);"))
                .with("narrow", narrow.toString())
                .fill();
    }

    private static String products(String sum) {
        StringBuilder products = new StringBuilder();
        for (int j = 0; j < GROUP; j++) {
            products.append("""
                    %1$s%2$d = x.fma(FloatVector.fromMemorySegment(SPECIES, packed, w%3$s, ORDER), %1$s%2$d);
                    """.formatted(sum, j, vectors(j)));
        }
        return products.toString();
    }

    /** An offset of so many vectors, to be added to another. */
    private static String vectors(int count) {
        return switch (count) {
            case 0 -> "";
            case 1 -> " + BYTES";
            default -> " + " + count + " * BYTES";
        };
    }

    private static String loadOfFloats(String name, String from) {
        String load = "FloatVector %s = FloatVector.fromMemorySegment(SPECIES, row, %s, ORDER);".formatted(name, from);
        // The formatter breaks the longer ones.
        return load.contains("blockFrom") || load.contains("LANES") ? load.replace(" = ", " =\n        ") : load;
    }

    private static String loadOfBytes(String name, String four, String vector, String at) {
        return new Template(BYTE_LOAD)
                .with("name", name)
                .with("four", four.replace("@", at))
                .with("vector", vector.replace("@", at))
                .fill()
                .stripTrailing();
    }
}
