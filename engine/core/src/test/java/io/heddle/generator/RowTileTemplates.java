package io.heddle.generator;

import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The register tile that reads its left operand along the rows. */
final class RowTileTemplates {
    private static final int ROWS = 6;

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

            /**
             * The register tile for a left operand in order of its rows, on processors with 32 registers of 16 floats: 6 rows by 1
             * to 4 vectors. A step of 6 by 4 has 10 loads and 24 multiplications, where {@link TwelveRowTile} has 14 loads, so six
             * streams of rows cost less than a packed copy of them. With a right operand of 64 columns, nothing is read twice. The
             * right operand is packed in panels of 64 columns: with two panels of 32, read side by side, a product takes a third
             * more.
             *
             * <p>As in {@link TwelveRowTile}, fused multiply-adds are called on operands from b, and the sums are stored in an
             * array. A tile of fewer rows reads its last row several times.
             */
            final class RowTile {
                private static final ByteOrder ORDER = ByteOrder.nativeOrder();
                private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
                private static final long BYTES = (long) LANES * Float.BYTES;

                private RowTile() {}

                /**
                 * The sums of the tile, row after row, into {@code sums}.
                 *
                 * @param rows 1 to 6
                 * @param vectors 1 to 4 in a row of b
                 */
                static void run(
                        int rows,
                        int vectors,
                        int depth,
                        MemorySegment a,
                        long aOffset,
                        long aRow,
                        MemorySegment b,
                        long bOffset,
                        float[] sums) {
                    int last = rows - 1;
                    switch (vectors) {
                        case 1 -> tile6x1(last, depth, a, aOffset, aRow, b, bOffset, sums);
                        case 2 -> tile6x2(last, depth, a, aOffset, aRow, b, bOffset, sums);
                        case 3 -> tile6x3(last, depth, a, aOffset, aRow, b, bOffset, sums);
                        default -> tile6x4(last, depth, a, aOffset, aRow, b, bOffset, sums);
                    }
                }

                ${tiles}
            }
            """;

    private static final String METHOD = """
            private static void ${name}(
                    int last,
                    int depth,
                    MemorySegment a,
                    long aOffset,
                    long aRow,
                    MemorySegment b,
                    long bOffset,
                    float[] sums) {
                if (a.getClass() != KIND || b.getClass() != KIND) {
                    throw NativeMemory.unknown();
                }
                ${rows}
                FloatVector s00 = FloatVector.zero(SPECIES);
                ${sums}
                for (int k = 0; k < depth; k++) {
                    long at = (long) k * Float.BYTES;
                    ${atB}
                    ${b}
                    ${steps}
                }
                ${store}
            }
            """;

    private RowTileTemplates() {}

    static void addTo(Map<String, String> sources) {
        String tiles =
                IntStream.of(4, 3, 2, 1).mapToObj(RowTileTemplates::method).collect(Collectors.joining("\n"));
        sources.put("RowTile.java", new Template(CLASS).with("tiles", tiles).fill());
    }

    private static String method(int vectors) {
        String step = vectors == 1 ? "BYTES" : "(" + vectors + " * BYTES)";
        return new Template(METHOD)
                .with("name", "tile" + ROWS + "x" + vectors)
                .with("rows", lines(ROWS, RowTileTemplates::row))
                .with("sums", TileTemplates.sums(ROWS, vectors))
                .with("atB", "long atB = bOffset + (long) k * " + step + ";")
                .with("b", lines(vectors, RowTileTemplates::right))
                .with("steps", TileTemplates.steps(ROWS, vectors, "a", row -> "r" + row + " + at"))
                .with("store", TileTemplates.store(ROWS, vectors))
                .fill();
    }

    private static String row(int r) {
        return r == 0 ? "long r0 = aOffset;" : "long r%1$d = aOffset + Math.min(%1$d, last) * aRow;".formatted(r);
    }

    private static String right(int vector) {
        String at = vector == 0 ? "atB" : vector == 1 ? "atB + BYTES" : "atB + " + vector + " * BYTES";
        return "FloatVector b%d = FloatVector.fromMemorySegment(SPECIES, b, %s, ORDER);".formatted(vector, at);
    }

    private static String lines(int count, IntFunction<String> line) {
        return IntStream.range(0, count).mapToObj(line).collect(Collectors.joining("\n"));
    }
}
