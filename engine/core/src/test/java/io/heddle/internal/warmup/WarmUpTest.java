package io.heddle.internal.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.Heddle;
import io.heddle.internal.kernels.Simd;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class WarmUpTest {
    @TempDir
    Path folder;

    private static final String KERNELS = "io.heddle.internal.kernels.";

    /** A method that C2 compiled by itself. */
    private static final Pattern COMPILED = Pattern.compile("\\d [ %sbn!]{5,} 4 +(\\S+)::(\\S+)");

    /** A method that C2 inlined into another. */
    private static final Pattern INLINED =
            Pattern.compile("@ \\d+ +(\\S+)::(\\S+) \\(\\d+ bytes\\)(?!.*(?:failed|too big|too large))");

    @Tag("one-width")
    @Test
    void endsWithoutBeingStopped() throws InterruptedException {
        Thread thread = Heddle.startWarmUp();
        assertThat(thread.isDaemon()).isTrue();
        thread.join(120_000);
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void compilesEveryKernelOfThisWidth() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Simd.lanes() > 1, "without vectors there is nothing to wait for");
        Set<String> kernels = vectorMethods();
        assertThat(kernels).hasSizeGreaterThan(30);
        kernels.removeAll(compiledByWarmUp());
        assertThat(kernels)
                .as("methods with vectors that Heddle.warmUp() does not compile: add calls to KernelCalls")
                .isEmpty();
    }

    /** For the process of the test. */
    static final class Main {
        private Main() {}

        public static void main(String[] arguments) {
            Heddle.warmUp();
        }
    }

    private Set<String> compiledByWarmUp() throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-Xlog:jit+compilation=debug,jit+inlining=debug:file=" + log + "::filecount=0",
                "-cp",
                classesOf(Simd.class) + File.pathSeparator + classesOf(WarmUpTest.class)));
        if (System.getProperty("heddle.test.maximumLanes") != null) {
            command.add(1, "-XX:MaxVectorSize=" + Simd.lanes() * Float.BYTES);
        }
        command.add(Main.class.getName());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
        Set<String> found = new TreeSet<>();
        try (Stream<String> lines = Files.lines(log)) {
            lines.forEach(line -> {
                for (Pattern pattern : List.of(COMPILED, INLINED)) {
                    Matcher matcher = pattern.matcher(line);
                    if (matcher.find() && matcher.group(1).startsWith(KERNELS)) {
                        found.add(matcher.group(1).substring(KERNELS.length()) + "." + matcher.group(2));
                    }
                }
            });
        }
        return found;
    }

    /**
     * Returns the folder that a class was loaded from. In a module that is patched with tests, resources distinguish
     * both.
     */
    private static Path classesOf(Class<?> type) {
        try {
            Path path =
                    Path.of(type.getResource(type.getSimpleName() + ".class").toURI());
            for (int up = type.getName().split("\\.").length; up > 0; up--) {
                path = path.getParent();
            }
            return path;
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The methods with operations on vectors, of the classes that kernels of this width use. */
    private static Set<String> vectorMethods() throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.list(classesOf(Simd.class).resolve(KERNELS.replace('.', '/')))) {
            files.filter(file -> file.toString().endsWith(".class")).forEach(file -> {
                try {
                    collect(ClassFile.of().parse(file), found);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        found.removeIf(WarmUpTest::isOfAnotherWidth);
        return found;
    }

    private static void collect(ClassModel type, Set<String> found) {
        String name = type.thisClass().asInternalName();
        for (MethodModel method : type.methods()) {
            String methodName = method.methodName().stringValue();
            // Constants and their shuffles are created once.
            boolean once = methodName.equals("<clinit>")
                    || methodName.equals("exchange")
                    || methodName.startsWith("lambda$exchange");
            if (!once
                    && method.code().stream()
                            .flatMap(code -> code.elementStream())
                            .anyMatch(WarmUpTest::usesVectors)) {
                found.add(name.substring(name.lastIndexOf('/') + 1) + "." + methodName);
            }
        }
    }

    private static boolean usesVectors(Object element) {
        return element instanceof InvokeInstruction call
                && call.owner().asInternalName().startsWith("jdk/incubator/vector/")
                && call.owner().asInternalName().endsWith("Vector");
    }

    private static boolean isOfAnotherWidth(String method) {
        String type = method.substring(0, method.indexOf('.'));
        boolean wide = Simd.lanes() == 16;
        return switch (type) {
            case "TwelveRowTile", "TwelveRowStridedTile", "RowTile", "WideDots", "ConvolutionTile" -> !wide;
            case "TileSums" -> !wide && (method.endsWith("Four") || method.endsWith("Three"));
            // Only vectors of 512 bits have tiles of one vector.
            case "PairTile" -> !wide && method.endsWith("One");
            case "SixRowTile", "SixRowArrayTile", "FiveRowStridedTile", "PixelTile" -> wide;
            // Narrow ones pack pixels.
            case "NarrowConvolutionTile" -> !wide;
            case "NarrowDots" -> Simd.lanes() != 8;
            // The methods that store the sums of two vectors and the rest of half a panel.
            case "VectorConvolution" -> !wide && (method.endsWith(".store") || method.endsWith(".rectify"));
            case "PanelPacking" -> !wide && method.endsWith("One");
            case "LeftPacking", "LeftArrayPacking" ->
                Simd.lanes() >= 8
                        ? wide && type.equals("LeftArrayPacking") || method.endsWith(".transposeFour")
                        : method.endsWith(".transposeEight") || method.endsWith(".transposeHalf");
            default -> false;
        };
    }
}
