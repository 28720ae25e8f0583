package io.heddle.generator;

import java.util.Map;

/** The register tiles of convolutions: pixels by two vectors of channels, and by one for narrow vectors. */
final class ConvolutionTemplates {
    private static final String CLASS = """
            package io.heddle.internal.kernels;

            import static io.heddle.internal.kernels.NativeMemory.KIND;
            import static io.heddle.internal.kernels.VectorKernels.LANES;
            import static io.heddle.internal.kernels.VectorKernels.SPECIES;
            import static io.heddle.internal.kernels.VectorKernels.VECTOR;

            import java.lang.foreign.MemorySegment;
            import java.lang.foreign.ValueLayout;
            import java.nio.ByteOrder;
            import jdk.incubator.vector.FloatVector;
            ${import}

            ${doc}
            final class ${class} {
                private static final ByteOrder ORDER = ByteOrder.nativeOrder();
                private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
                private static final long BYTES = (long) LANES * Float.BYTES;
                ${four}
                private static final int SEVEN = 7;

                private ${class}() {}

                ${runDoc}
                static void ${run}(
                        int rows,
                        int segments,
                        int run,
                        MemorySegment a,
                        long aOffset,
                        long aRow,
                        long aSegment,
                        MemorySegment b,
                        long bOffset,
                        ${outParameters}
                    ${choice}
                }
                ${tiles}
            }
            """;

    private static final String METHOD = """

            private static void tile${rows}x${vectors}(
                    int rows,
                    int segments,
                    int run,
                    MemorySegment a,
                    long aOffset,
                    long aRow,
                    long aSegment,
                    MemorySegment b,
                    long bOffset,
                    ${outParameters}
                if (a.getClass() != KIND || b.getClass() != KIND${kind}) {
                    throw NativeMemory.unknown();
                }
                ${indices}
                ${offsets}
                FloatVector s00 = FloatVector.zero(SPECIES);
                ${sums}
                for (int s = 0; s < segments; s++) {
                    long a0 = aOffset + (long) s * aSegment;
                    ${starts}
                    long weights = bOffset + (long) s * run * ${bytes};
                    for (int k = 0; k < run; k++) {
                        long atA = (long) k * Float.BYTES;
                        long atB = weights + (long) k * ${bytes};
                        FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, b, atB, ORDER);
                        ${b1}
                        ${steps}
                    }
                }
                ${store}
            }""";

    private static final String WIDE_DOC = """
            /**
             * The register tile of convolutions for vectors of 512 bits: 4, 7 or 8 pixels by two vectors of channels. Seven,
             * because planes of 7, 14 and 28 pixels are common; four for single images, whose planes have few tiles. As in
             * {@link TwelveRowTile}, fused multiply-adds are called on operands from b, and the sums are stored in an array: with
             * stores to the result, the method would have more accesses to segments than C1 compiles. Missing pixels repeat the
             * last one.
             */""";

    private static final String NARROW_DOC = """
            /**
             * The register tile of convolutions for narrow vectors and 32 registers, and for the last channels of wide ones: 7 or 8
             * pixels by one vector of channels, including the stores; see {@link ConvolutionTile}. With 16 registers it spills, and
             * {@link PixelTile} takes its place.
             */""";

    private static final String WIDE_PARAMETERS = "float[] sums) {";
    private static final String NARROW_PARAMETERS =
            "long biasOffset,\nfloat floor,\nMemorySegment c,\nlong cOffset,\nlong cRow) {";
    private static final String ARGUMENTS = "(rows, segments, run, a, aOffset, aRow, aSegment, b, bOffset, ";
    private static final String WIDE_CALL = ARGUMENTS + "sums);";
    private static final String NARROW_CALL = ARGUMENTS + "biasOffset, floor, c, cOffset, cRow);";

    private ConvolutionTemplates() {}

    static void addTo(Map<String, String> sources) {
        sources.put(
                "ConvolutionTile.java",
                new Template(CLASS)
                        .with("class", "ConvolutionTile")
                        .with("import", "")
                        .with("doc", WIDE_DOC)
                        .with("four", "private static final int FOUR = 4;")
                        .with("runDoc", "/** The sums of a tile of two vectors, row after row, into {@code sums}. */")
                        .with("run", "sums")
                        .with("choice", """
                                if (rows <= FOUR) {
                                    tile4x2%1$s
                                } else if (rows <= SEVEN) {
                                    tile7x2%1$s
                                } else {
                                    tile8x2%1$s
                                }""".formatted(WIDE_CALL))
                        .with("outParameters", WIDE_PARAMETERS)
                        .with("tiles", method(8, 2) + method(7, 2) + method(4, 2))
                        .fill());
        sources.put(
                "NarrowConvolutionTile.java",
                new Template(CLASS)
                        .with("class", "NarrowConvolutionTile")
                        .with("import", "import jdk.incubator.vector.VectorOperators;")
                        .with("doc", NARROW_DOC)
                        .with("four", "")
                        .with("runDoc", "/** A whole tile of one vector, see {@link ConvolutionKernels#tile}. */")
                        .with("run", "run")
                        .with("choice", """
                                if (rows <= SEVEN) {
                                    tile7x1%1$s
                                } else {
                                    tile8x1%1$s
                                }""".formatted(NARROW_CALL))
                        .with("outParameters", NARROW_PARAMETERS)
                        .with("tiles", method(8, 1) + method(7, 1))
                        .fill());
    }

    private static String method(int rows, int vectors) {
        boolean wide = vectors == 2;
        return new Template(METHOD)
                .with("rows", Integer.toString(rows))
                .with("vectors", Integer.toString(vectors))
                .with("kind", wide ? "" : " || c.getClass() != KIND")
                .with("indices", Template.each(1, rows, "int r# = Math.min(#, rows - 1);"))
                .with("offsets", Template.each(1, rows, "long row# = r# * aRow;"))
                .with("sums", TileTemplates.sums(rows, vectors))
                .with("starts", Template.each(1, rows, "long a# = a0 + row#;"))
                .with("bytes", wide ? "(2 * BYTES)" : "BYTES")
                .with(
                        "b1",
                        wide ? "FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, b, atB + BYTES, ORDER);" : "")
                .with("steps", TileTemplates.steps(rows, vectors, "a", row -> "a" + row + " + atA"))
                .with("store", wide ? TileTemplates.store(rows, vectors) : rectifyAndStore(rows))
                .with("outParameters", wide ? WIDE_PARAMETERS : NARROW_PARAMETERS)
                .fill();
    }

    private static String rectifyAndStore(int rows) {
        return """
                if (biasOffset >= 0) {
                    FloatVector shift = FloatVector.fromMemorySegment(SPECIES, b, biasOffset, ORDER);
                %s
                }
                %ss00.intoMemorySegment(c, cOffset, ORDER);
                """.formatted(Template.each(0, rows, """
                        s#0 = shift.add(s#0);
                        s#0 = s#0.blend(floor, s#0.compare(VectorOperators.LT, floor));""").indent(4).stripTrailing(), TileTemplates.checked(rows, 1))
                + Template.each(1, rows, "s#0.intoMemorySegment(c, cOffset + r# * cRow, ORDER);");
    }
}
