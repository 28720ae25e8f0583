package io.heddle.cnn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the engine in a separate process, on the class path and on the module path, without warnings. */
@Tag("slow")
class LaunchTest {
    // The settings of the start of PyTorch are removed afterwards, because the program may use others.
    private static final String EXPECTED =
            "threads inside of PyTorch: 1, asked for: null, offline: null, features: FloatMatrix[40 x 1280]";

    private static final String OWN = "engine: JAVA, features: FloatMatrix[40 x 256], foreign libraries: 0";

    @TempDir
    Path directory;

    // On a new machine PyTorch's libraries are unpacked first. The message about it is not tested here.
    @BeforeAll
    static void unpack() throws IOException {
        Encoder.open("imagenet").close();
    }

    @Test
    void runsOnTheClassPath() throws IOException, InterruptedException {
        String output = run("--enable-native-access=ALL-UNNAMED", "-cp", path(entry -> true), "io.heddle.cnn.Launch");
        assertThat(output).isEqualTo("named module: false, " + EXPECTED);
    }

    @Test
    void keepsTheSettingsOfAnEmbeddingProgram() throws IOException, InterruptedException {
        String output = run(
                "--enable-native-access=ALL-UNNAMED",
                "-Dai.djl.pytorch.num_threads=2",
                "-Dai.djl.offline=false",
                "-cp",
                path(entry -> true),
                "io.heddle.cnn.Launch");
        assertThat(output)
                .isEqualTo("named module: false, threads inside of PyTorch: 2, asked for: 2, offline: false, "
                        + "features: FloatMatrix[40 x 1280]");
    }

    // The jar of the natives declares "ai.djl.pytorch_native_cpu_linux-x86_64", which is not a valid module name. It
    // must be on the class path, where DJL finds it too.
    @Test
    void runsOnTheModulePathWithTheNativesOnTheClassPath() throws IOException, InterruptedException {
        Predicate<String> natives = entry -> entry.contains("pytorch-native-cpu");
        Predicate<String> tests = entry -> entry.contains("test-classes");
        String output = run(
                "--enable-native-access=ai.djl.pytorch_engine,com.sun.jna",
                "-p",
                path(natives.or(tests).negate()),
                "-cp",
                path(natives),
                "--patch-module",
                "io.heddle.cnn=" + path(tests),
                "-m",
                "io.heddle.cnn/io.heddle.cnn.Launch");
        assertThat(output).isEqualTo("named module: true, " + EXPECTED);
    }

    /** Embedded networks load no class of DJL, unpack nothing and do not need DJL on the machine. */
    @Test
    void runsNetworksOfItsOwnWithoutPyTorch() throws IOException, InterruptedException {
        Path cache = Files.createDirectory(directory.resolve("cache"));
        Path loaded = directory.resolve("loaded");
        String output = run(
                "-DDJL_CACHE_DIR=" + cache,
                "-Xlog:class+load:file=" + loaded,
                "-cp",
                path(entry -> true),
                "io.heddle.cnn.LaunchOwn");
        assertThat(output).isEqualTo(OWN);
        assertThat(Files.readAllLines(loaded))
                .anyMatch(line -> line.contains("io.heddle.encoder.ImageEncoder"))
                .noneMatch(line -> line.contains("ai.djl") || line.contains("com.google.gson"));
        try (Stream<Path> files = Files.list(cache)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void runsNetworksOfItsOwnOnAMachineWithoutDjl() throws IOException, InterruptedException {
        Predicate<String> foreign = entry -> entry.matches(".*(djl|pytorch|gson|slf4j|jna|commons).*[.]jar");
        assertThat(path(foreign)).contains("djl");
        assertThat(run("-cp", path(foreign.negate()), "io.heddle.cnn.LaunchOwn"))
                .isEqualTo(OWN);
    }

    /** The class path of this test without the test libraries. */
    private static String path(Predicate<String> wanted) {
        return Stream.of("java.class.path", "jdk.module.path")
                .map(System::getProperty)
                .filter(path -> path != null)
                .flatMap(path -> Stream.of(path.split(File.pathSeparator)))
                .filter(entry -> !entry.matches(".*(junit|surefire|opentest4j|apiguardian|assertj|byte-buddy).*"))
                .filter(wanted)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-Xmx512m"));
        command.addAll(List.of(arguments));
        Path output = directory.resolve("output");
        int exit = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        String text = Files.readString(output, StandardCharsets.UTF_8)
                .replace("WARNING: Using incubator modules: jdk.incubator.vector", "")
                .strip();
        assertThat(exit).as(text).isZero();
        return text;
    }
}
