package io.heddle.generator;

import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The register tiles of products: twelve or six rows on a packed right operand, twelve or five on one in place. */
final class TileTemplates {
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

            ${doc}
            final class ${class} {
                private static final ByteOrder ORDER = ByteOrder.nativeOrder();
                private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
                private static final long BYTES = (long) LANES * Float.BYTES;
                ${steps}

                private ${class}() {}

                ${run}
                ${tiles}
            }
            """;

    private static final String METHOD = """
            ${head}
                if (a.getClass() != KIND || b.getClass() != KIND) {
                    throw NativeMemory.unknown();
                }
                ${slices}
                FloatVector s00 = FloatVector.zero(SPECIES);
                ${sums}
                ${loop}
                    FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, ${right}, atB, ORDER);
                    ${b1}
                    ${rows}
                }
                ${store}
            }
            """;

    private static final String SLICES = """
            MemorySegment left = a.asSlice(aOffset);
            MemorySegment right = b.asSlice(bOffset);
            """;

    /** The loop variable counts floats of the left operand, so that addresses are this variable times 4 or 8. */
    private static final String PACKED_LOOP = """
            int end = depth * LEFT_STEP;
            for (int i = 0; i < end; i += LEFT_STEP) {
                long atA = A_OFFSET(long) i * Float.BYTES;
                long atB = B_OFFSET(long) i * RIGHT;
            """;

    private static final String STRIDED_LOOP = """
            for (int k = 0; k < depth; k++) {
                long atA = A_OFFSET(long) k * LEFT;
                long atB = B_OFFSETk * bStep;
            """;

    private static final String PACKED_STEPS = """
            /** Floats of the left operand in a step. */
            private static final int LEFT_STEP = %d;
            /** Bytes of a vector of the right operand for each of them. */
            private static final long RIGHT = BYTES / LEFT_STEP;
            """;

    private static final String STRIDED_STEPS = """
            /** Bytes between two steps of the left operand. */
            private static final long LEFT = %d * (long) Float.BYTES;
            """;

    private static final String TWELVE_DOC = """
            /**
             * The register tile for processors with 32 vector registers: up to 12 rows by 1 or 2 vectors. 24 sums leave 8 registers
             * for the operands. A step has 14 loads and 24 multiplications, which two units start in 12 cycles; addresses and the
             * comparison add little. Two steps in one iteration are a tenth faster in some compilations. In others C2 moves sums to
             * the stack, at half the speed, or does not inline the last multiplications.
             *
             * <p>A fused multiply-add is called on an operand from b, which all rows share. C2 derives the class of the receiver
             * only from the profile, and only until the inlined methods were deoptimised a hundred times or recompiled two hundred
             * times in total, anywhere in the program. Each read from a segment and each vector operation can add to that count.
             * With receivers that are created row by row, calls would finally be virtual, and the sums would become objects. For
             * the same reason the classes of the sums are compared before they are stored, here and not in a method, because
             * arguments of methods are objects. Without the comparison a tile was fifteen times slower in programs that had used
             * other segments before.
             *
             * <p>A tile of fewer rows computes rows that are not stored. There are no masks and only one edge kernel, of 6 rows:
             * more kernels would run too seldom to be compiled soon. Each sum is a local variable, because only these reliably stay
             * in registers. The sums are stored in an array: C1 cannot compile a method with too many accesses to segments, and in
             * JDK 25 a method that C1 cannot compile at level 3 is never compiled by C2.
             */""";

    private static final String SIX_DOC = """
            /**
             * The register tile for processors with 16 vector registers: 6 rows by 2 vectors, 12 sums, which leave 4 registers for
             * the operands.
             *
             * <p>A step needs all four, so the form of the loop is important. C2 schedules loads before multiplications. If it has
             * a register to load a fifth operand early, it moves one of the sums to the stack, and each step waits for the store,
             * at half the speed. A loop of one step over operands packed at strides that are powers of two has no such register.
             * Loops with two steps per iteration or a variable stride have one. The operands are slices: with offsets, C2 adds them
             * in each step, which then has 32 instructions instead of 27. On a core that another thread shares, or that starts four
             * instructions a cycle, these are the limit, and {@link SixRowArrayTile} is faster. This form is for products of few
             * rows, for which it does not pay to copy the right operand. As in {@link TwelveRowTile}, fused multiply-adds are
             * called on operands from b.
             */""";

    private static final String ARRAY_CLASS = """
            package io.heddle.internal.kernels;

            import static io.heddle.internal.kernels.VectorKernels.LANES;
            import static io.heddle.internal.kernels.VectorKernels.SPECIES;
            import static io.heddle.internal.kernels.VectorKernels.VECTOR;

            import jdk.incubator.vector.FloatVector;

            /**
             * {@link SixRowTile} for operands in arrays, whose addresses and range checks are fewer instructions: 24 a step for 12
             * multiplications instead of 27, and less before the loop.
             *
             * <p>The stores to {@code sums} in the loop keep the order of the loads. C2 does not move a load of an array over a
             * store to one, so that it loads both vectors of the right operand first, and those of the second step only after the
             * first one. Otherwise it loads operands early and moves sums to the stack, at half the speed.
             */
            final class SixRowArrayTile {
                /** Floats of the left operand in a step. */
                private static final int LEFT_STEP = 8;
                /** Floats of the right operand for each of them. */
                private static final int RIGHT = 2 * LANES / LEFT_STEP;

                private SixRowArrayTile() {}

                /** The sums of the tile, row after row, into {@code sums}. */
                static void run(int depth, float[] a, int aOffset, float[] b, int bOffset, float[] sums) {
                    if (depth % 2 == 0) {
                        twoSteps(depth, a, aOffset, b, bOffset, sums);
                    } else {
                        oneStep(depth, a, aOffset, b, bOffset, sums);
                    }
                }

                ${two}

                ${one}
            }
            """;

    private static final String ARRAY_METHOD = """
            private static void ${name}(int depth, float[] a, int aOffset, float[] b, int bOffset, float[] sums) {
                FloatVector s00 = FloatVector.zero(SPECIES);
                ${sums}
                int end = aOffset + depth * LEFT_STEP;
                int right = bOffset - aOffset * RIGHT;
                for (int i = aOffset; i < end; i += ${increment}) {
                    ${steps}
                }
                ${store}
            }
            """;

    private static final String STRIDED_DOC = """
            /** {@link TwelveRowTile} for a right operand that is read in place, which is faster for few rows. */""";

    private static final String FIVE_CLASS = """
            package io.heddle.internal.kernels;

            import static io.heddle.internal.kernels.NativeMemory.KIND;
            import static io.heddle.internal.kernels.VectorKernels.LANES;
            import static io.heddle.internal.kernels.VectorKernels.SPECIES;
            import static io.heddle.internal.kernels.VectorKernels.VECTOR;

            import java.lang.foreign.MemorySegment;
            import java.nio.ByteOrder;
            import jdk.incubator.vector.FloatVector;

            /**
             * {@link SixRowTile} for a right operand that is read in place, with 5 rows by 2 vectors. With a sixth row, C2 moves a
             * sum to the stack if the program has used confined memory before, at half the speed: the sixteen registers are full,
             * and the checks of each access to rows at a variable distance stay in the loop. Ten classes are two tiles.
             *
             * <p>The left operand is in an array, whose bounds are checked once, and the place in the right one is a variable of
             * its own: 30 instructions a step. Off-heap and with a product as the place there were 45.
             */
            final class FiveRowStridedTile {
                private static final ByteOrder ORDER = ByteOrder.nativeOrder();
                private static final long BYTES = (long) LANES * Float.BYTES;
                /** Floats of the left operand in a step. */
                private static final int LEFT_STEP = 8;

                private FiveRowStridedTile() {}

                /** The sums of the tile, row after row, into {@code sums}. */
                static void run(int depth, float[] a, int aOffset, MemorySegment b, long bOffset, long bStep, float[] sums) {
                    if (b.getClass() != KIND) {
                        throw NativeMemory.unknown();
                    }
                    MemorySegment right = b.asSlice(bOffset);
                    FloatVector s00 = FloatVector.zero(SPECIES);
                    ${sums}
                    int end = aOffset + depth * LEFT_STEP;
                    long atB = 0;
                    for (int i = aOffset; i < end; i += LEFT_STEP) {
                        FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, right, atB, ORDER);
                        FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, right, atB + BYTES, ORDER);
                        ${rows}
                        atB += bStep;
                    }
                    ${store}
                }
            }
            """;

    private static final String TWELVE_RUN = """
            /** The sums of the tile, row after row, into {@code sums}. */
            static void run(
                    int rows,
                    int columns,
                    int depth,
                    MemorySegment a,
                    long aOffset,
                    MemorySegment b,
                    long bOffset,
                    ${strideParameter}
                    float[] sums) {
                if (columns == LANES) {
                    tile12x1(depth, a, aOffset, b, bOffset${stride}, sums);
                } else if (rows <= 6) {
                    tile6x2(depth, a, aOffset, b, bOffset${stride}, sums);
                } else {
                    tile12x2(depth, a, aOffset, b, bOffset${stride}, sums);
                }
            }

            """;

    /** Characters in a line, less the indentation of a method. */
    private static final int MAXIMUM_LINE = 116;

    private TileTemplates() {}

    static void addTo(Map<String, String> sources) {
        sources.put("SixRowArrayTile.java", arrays());
        for (boolean strided : new boolean[] {false, true}) {
            String kind = strided ? "StridedTile" : "Tile";
            String leftSteps = strided ? STRIDED_STEPS : PACKED_STEPS;
            String twelve = "TwelveRow" + kind;
            String run = new Template(TWELVE_RUN)
                    .with("strideParameter", strided ? "long bStep," : "")
                    .with("stride", strided ? ", bStep" : "")
                    .fill();
            String tiles = IntStream.of(6, 12)
                    .mapToObj(rows -> method(head("tile" + rows + "x2", strided), rows, 2, strided, false) + "\n")
                    .collect(Collectors.joining());
            tiles += method(head("tile12x1", strided), 12, 1, strided, false);
            sources.put(
                    twelve + ".java",
                    of(twelve, strided ? STRIDED_DOC : TWELVE_DOC, leftSteps.formatted(16), run, tiles));
        }
        String only = "/** The sums of the tile, row after row, into {@code sums}. */\nstatic void run(int depth,"
                + " MemorySegment a, long aOffset, MemorySegment b, long bOffset, float[] sums) {";
        String tile = method(only, 6, 2, false, true);
        sources.put("SixRowTile.java", of("SixRowTile", SIX_DOC, PACKED_STEPS.formatted(8), "", tile));
        sources.put("FiveRowStridedTile.java", fiveRows());
    }

    private static String fiveRows() {
        return new Template(FIVE_CLASS)
                .with("sums", sums(5, 2))
                .with("rows", multiplied(5, "", "i"))
                .with("store", store(5, 2))
                .fill();
    }

    private static String arrays() {
        return new Template(ARRAY_CLASS)
                .with("two", arrayMethod("twoSteps", 2))
                .with("one", arrayMethod("oneStep", 1))
                .fill();
    }

    private static String arrayMethod(String name, int count) {
        StringBuilder steps = new StringBuilder();
        for (int step = 0; step < count; step++) {
            String suffix = step == 0 ? "" : "Next";
            String at = step == 0 ? "i" : "i + LEFT_STEP";
            String right = step == 0 ? "i * RIGHT + right" : "(i + LEFT_STEP) * RIGHT + right";
            if (step > 0) {
                steps.append("sums[1] = 0;\n");
            }
            for (int v = 0; v < 2; v++) {
                String more = v == 0 ? "" : " + LANES";
                steps.append("FloatVector b%d%s = FloatVector.fromArray(SPECIES, b, %s%s);\n"
                        .formatted(v, suffix, right, more));
            }
            steps.append("sums[0] = 0;\n");
            steps.append(multiplied(6, suffix, at));
        }
        return new Template(ARRAY_METHOD)
                .with("name", name)
                .with("sums", sums(6, 2))
                .with("increment", count == 1 ? "LEFT_STEP" : "2 * LEFT_STEP")
                .with("steps", steps.toString())
                .with("store", store(6, 2))
                .fill();
    }

    /** One step of some rows of an array {@code a} from an index on. */
    private static String multiplied(int rows, String suffix, String at) {
        StringBuilder steps = new StringBuilder();
        for (int r = 0; r < rows; r++) {
            steps.append("FloatVector x%1$d%2$s = FloatVector.broadcast(SPECIES, a[%3$s]);\n"
                    .formatted(r, suffix, r == 0 ? at : at + " + " + r));
            for (int v = 0; v < 2; v++) {
                steps.append("s%1$d%2$d = b%2$d%3$s.fma(x%1$d%3$s, s%1$d%2$d);\n".formatted(r, v, suffix));
            }
        }
        return steps.toString();
    }

    private static String of(String name, String doc, String steps, String run, String tiles) {
        return new Template(CLASS)
                .with("class", name)
                .with("doc", doc)
                .with("steps", steps)
                .with("run", run)
                .with("tiles", tiles)
                .fill();
    }

    /** The first lines of a method, as the formatter breaks them. */
    private static String head(String name, boolean strided) {
        String operands = "int depth, MemorySegment a, long aOffset, MemorySegment b, long bOffset, ";
        String operandsAndSums = operands + (strided ? "long bStep, " : "") + "float[] sums) {";
        String line = "private static void " + name + "(" + operandsAndSums;
        return line.length() <= MAXIMUM_LINE ? line : "private static void " + name + "(\n        " + operandsAndSums;
    }

    /**
     * @param sliced whether the operands are slices, with which half of the JVMs run a tile of 12 rows at an eighth of
     *     the speed
     */
    private static String method(String head, int rows, int vectors, boolean strided, boolean sliced) {
        String left = sliced ? "left" : "a";
        String right = sliced ? "right" : "b";
        String loop = (strided ? STRIDED_LOOP : PACKED_LOOP)
                .replace("A_OFFSET", sliced ? "" : "aOffset + ")
                .replace("B_OFFSET", sliced ? "" : "bOffset + ")
                .replace("RIGHT", vectors == 1 ? "RIGHT" : "(2 * RIGHT)");
        String b1 = "FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, " + right + ", atB + BYTES, ORDER);";
        return new Template(METHOD)
                .with("head", head)
                .with("slices", sliced ? SLICES : "")
                .with("sums", sums(rows, vectors))
                .with("loop", loop)
                .with("right", right)
                .with("b1", vectors == 1 ? "" : b1)
                .with("rows", steps(rows, vectors, left, row -> row == 0 ? "atA" : "atA + " + row * Float.BYTES))
                .with("store", store(rows, vectors))
                .fill();
    }

    /** Declares all sums but the first. */
    static String sums(int rows, int vectors) {
        return IntStream.range(1, rows * vectors)
                .mapToObj(i -> "FloatVector s" + i / vectors + i % vectors + " = s00;")
                .collect(Collectors.joining("\n"));
    }

    /** One step of all rows: broadcasts an element of the left operand and multiplies the right one's vectors by it. */
    static String steps(int rows, int vectors, String left, IntFunction<String> at) {
        StringBuilder steps = new StringBuilder();
        for (int row = 0; row < rows; row++) {
            steps.append("FloatVector x%1$d = FloatVector.broadcast(SPECIES, %3$s.get(FLOAT, %2$s));%n"
                    .formatted(row, at.apply(row), left));
            for (int v = 0; v < vectors; v++) {
                steps.append("s%1$d%2$d = b%2$d.fma(x%1$d, s%1$d%2$d);%n".formatted(row, v));
            }
        }
        return steps.toString();
    }

    /** Stores the sums one row after the other. */
    static String store(int rows, int vectors) {
        return checked(rows, vectors)
                + IntStream.range(0, rows * vectors)
                        .mapToObj(i -> "s" + i / vectors + i % vectors + ".intoArray(sums, " + i + " * LANES);")
                        .collect(Collectors.joining("\n"));
    }

    /** Compares the class of all sums, after which C2 knows it. */
    static String checked(int rows, int vectors) {
        return checked(IntStream.range(0, rows * vectors).mapToObj(i -> "s" + i / vectors + i % vectors));
    }

    static String checked(Stream<String> sums) {
        List<String> comparisons =
                sums.map(sum -> sum + ".getClass() != VECTOR").toList();
        String line = "if (" + String.join(" || ", comparisons) + ") {";
        String condition =
                line.length() <= MAXIMUM_LINE - 4 ? line : "if (" + String.join("\n        || ", comparisons) + ") {";
        return condition + "\n    throw VectorKernels.otherVectors();\n}\n";
    }
}
