package io.heddle.internal.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import it.unimi.dsi.fastutil.ints.IntArrays;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the engine in a JVM without the incubator module or without a fused multiply-add. */
class WithoutVectorModuleTest {
    private static final String FLAG = "--add-modules jdk.incubator.vector";

    @TempDir
    Path folder;

    private record Outcome(int exitCode, String out, String err) {}

    @Test
    void startsWarnsOnceAndRunsTheScalarTwins() throws Exception {
        Outcome plain = start(List.of());
        assertThat(plain.err).containsOnlyOnce(FLAG);
        assertThat(plain.out.strip()).isEqualTo("ScalarKernels 1 328350.0");
        assertThat(plain.exitCode).isZero();
    }

    @Test
    void isSilentWithTheModule() throws Exception {
        Outcome fast = start(List.of("--add-modules", "jdk.incubator.vector"));
        assertThat(fast.err).doesNotContain(FLAG);
        assertThat(fast.out.strip()).isEqualTo("VectorKernels " + VectorKernels.LANES + " 328350.0");
        assertThat(fast.exitCode).isZero();
    }

    @Test
    void aPropertyChoosesTheScalarTwins() throws Exception {
        Outcome plain = start(List.of("--add-modules", "jdk.incubator.vector", "-Dheddle.kernels=plain"));
        assertThat(plain.out.strip()).isEqualTo("ScalarKernels 1 328350.0");
        assertThat(plain.err).doesNotContain("Heddle");
        Outcome unknown = start(List.of("--add-modules", "jdk.incubator.vector", "-Dheddle.kernels=scalar"));
        assertThat(unknown.out.strip()).startsWith("VectorKernels ");
        assertThat(unknown.err)
                .containsOnlyOnce("Heddle ignores the value 'scalar' of the property heddle.kernels; it knows vector");
    }

    /** The scalar kernels are faster than emulated lanes, also on a processor without FMA. */
    @Test
    void runsTheScalarTwinsIfFusedMultiplyAddIsEmulated() throws Exception {
        Outcome plain = start(List.of("--add-modules", "jdk.incubator.vector", "-XX:-UseFMA"));
        assertThat(plain.err).containsOnlyOnce("Heddle runs without SIMD: this JVM has no fused multiply-add");
        assertThat(plain.out.strip()).isEqualTo("ScalarKernels 1 328350.0");
        assertThat(plain.exitCode).isZero();
    }

    /** Rounding errors of the scalar twins keep the gap in float above its tolerance; the fit continues in double. */
    @Test
    void fitsReachTheirToleranceWithTheScalarTwins() throws Exception {
        Outcome plain = start(List.of(), PlainFit.class);
        assertThat(plain.out.strip()).startsWith("ScalarKernels converged");
        assertThat(plain.exitCode).isZero();
    }

    private Outcome start(List<String> flags) throws IOException, InterruptedException, URISyntaxException {
        return start(flags, PlainStart.class);
    }

    private Outcome start(List<String> flags, Class<?> program)
            throws IOException, InterruptedException, URISyntaxException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        if (System.getProperty("heddle.test.maximumLanes") != null) {
            command.add("-XX:MaxVectorSize=" + VectorKernels.LANES * Float.BYTES);
        }
        command.add("-cp");
        command.add(String.join(
                File.pathSeparator,
                classesOf(Simd.class).toString(),
                classesOf(program).toString(),
                jarOf(IntArrays.class).toString()));
        command.add(program.getName());
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        int exitCode = process.waitFor();
        return new Outcome(exitCode, Files.readString(out), Files.readString(err));
    }

    private static Path jarOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /**
     * Returns the folder that a class was loaded from. In a module that is patched with tests, resources distinguish
     * both.
     */
    private static Path classesOf(Class<?> type) throws URISyntaxException {
        String file = type.getSimpleName() + ".class";
        Path path = Path.of(type.getResource(file).toURI());
        for (int up = type.getName().split("\\.").length; up > 0; up--) {
            path = path.getParent();
        }
        return path;
    }
}
