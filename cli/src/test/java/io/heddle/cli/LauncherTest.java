package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the launcher before the build. It cannot build here, because Maven is not on the path. The heap is tested with
 * a JDK that prints its arguments.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a POSIX shell script")
class LauncherTest {
    private static final Path LAUNCHER = Path.of("heddle").toAbsolutePath();

    @TempDir
    Path folder;

    private final List<Path> links = new ArrayList<>();

    /** JUnit warns about every link that it deletes. */
    @AfterEach
    void deleteLinks() throws IOException {
        for (Path link : links) {
            Files.delete(link);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"25", "25.0.1", "25.0.2", "25.0.2.1"})
    void warnsAboutAJdkWithTheCollectorFault(String version) throws IOException, InterruptedException {
        assertThat(start(jdk(version)))
                .hasSize(2)
                .first()
                .asString()
                .contains("JDK " + version, "25.0.3", "JDK-8377811");
    }

    @ParameterizedTest
    @ValueSource(strings = {"25.0.3", "25.0.10", "25.1", "26"})
    void acceptsALaterJdkSilently(String version) throws IOException, InterruptedException {
        assertThat(start(jdk(version))).singleElement().asString().contains("Maven is needed");
    }

    @Test
    void refusesAnOlderJdk() throws IOException, InterruptedException {
        // The launcher can find the JDK of the test instead, in one of the usual folders.
        assertThat(start(jdk("21.0.9"))).noneMatch(line -> line.contains("21.0.9"));
    }

    @ParameterizedTest
    @CsvSource({
        "   300,   192",
        "   500,   192",
        "   512,   192",
        "   600,   225",
        "   800,   300",
        "  1000,   375",
        "  1500,   562",
        "  2047,   767",
        "  2048,   768",
        "  3072,   768",
        "  4096,  1024",
        " 24000,  6000",
        " 65536, 16384",
        "131072, 16384"
    })
    void theHeapDependsOnTheMemory(int megabytes, int heap) throws IOException, InterruptedException {
        Path system = Files.createDirectory(folder.resolve("system"));
        machine(system, megabytes);
        assertThat(heap(system)).isEqualTo("-Xmx" + heap + "m");
    }

    @ParameterizedTest
    @CsvSource({
        // The root of a container is its own group.
        "memory.max,                              0::/,                     225",
        "memory/memory.limit_in_bytes,            4:memory:/docker/0265,    225",
        "job/memory.max,                          0::/job,                  225",
        "a/memory.max,                            0::/a/b/c,                225",
        "memory/job/memory.limit_in_bytes,        '3:cpu,memory:/job/part', 225",
        // Groups of other processes or of other resources.
        "other/memory.max,                        0::/job,                 6000",
        "memory/job/memory.limit_in_bytes,        4:cpu:/job,              6000"
    })
    void theHeapDependsOnTheControlGroups(String file, String groups, int heap)
            throws IOException, InterruptedException {
        Path system = Files.createDirectory(folder.resolve("system"));
        machine(system, 24_000);
        Path limit = system.resolve("fs").resolve(file);
        Files.createDirectories(limit.getParent());
        Files.writeString(limit, (600L << 20) + "\n");
        Files.writeString(system.resolve("groups"), "9:pids:/x\n" + groups + "\n");
        assertThat(heap(system)).isEqualTo("-Xmx" + heap + "m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"max", "9223372036854771712", ""})
    void aGroupWithoutALimitLeavesTheMemoryOfTheMachine(String limit) throws IOException, InterruptedException {
        Path system = Files.createDirectory(folder.resolve("system"));
        machine(system, 24_000);
        Path group = Files.createDirectories(system.resolve("fs/job"));
        Files.writeString(group.resolve("memory.max"), limit + "\n");
        Files.writeString(system.resolve("groups"), "0::/job\n");
        assertThat(heap(system)).isEqualTo("-Xmx6000m");
    }

    private static void machine(Path system, long megabytes) throws IOException {
        Files.writeString(
                system.resolve("meminfo"), "MemTotal:       " + (megabytes << 10) + " kB\nMemFree:        7 kB\n");
    }

    @ParameterizedTest
    @CsvSource({
        "'',                              -XX:+UseG1GC",
        "-Xmx200m,                        -XX:+UseG1GC",
        "-XX:+UseSerialGC,                -XX:+UseSerialGC",
        "-Xmx1g -XX:+UseParallelGC -Dx=y, -XX:+UseParallelGC"
    })
    void theUserCanChooseTheCollector(String options, String collector) throws IOException, InterruptedException {
        Path system = Files.createDirectory(folder.resolve("system"));
        machine(system, 24_000);
        assertThat(passed(system, options, option -> option.endsWith("GC"))).isEqualTo(collector);
    }

    /** Java's standard error is discarded otherwise. */
    @Test
    void wrongOptionsOfTheEnvironmentAreReported() throws IOException, InterruptedException {
        Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
        for (Path program : List.of(java, java.resolveSibling("javac"))) {
            Files.writeString(
                    program, "#!/bin/sh\n[ -z \"$JAVA_TOOL_OPTIONS\" ] || { echo \"wrong option\" >&2; exit 1; }\n");
            assertThat(program.toFile().setExecutable(true)).isTrue();
        }
        String release = "JAVA_VERSION=\"25.0.3\"\n";
        Files.writeString(folder.resolve("jdk/release"), release);
        Path launcher = Files.createDirectories(folder.resolve("archive/bin")).resolve("heddle");
        Files.copy(LAUNCHER, launcher);
        Files.createFile(Files.createDirectories(folder.resolve("archive/lib")).resolve("heddle-cli.jar"));
        Path cache = Files.createDirectories(folder.resolve("archive/cache"));
        Path root = launcher.toRealPath().getParent();
        Files.writeString(cache.resolve("heddle.built"), "%s\n%s\n%s".formatted(folder.resolve("jdk"), root, release));
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", launcher.toString(), "inspect", "x")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        assertThat(builder.start().waitFor()).isZero();
        assertThat(err).isEmptyFile();
        builder.environment().put("JAVA_TOOL_OPTIONS", "-XX:Bogus");
        assertThat(builder.start().waitFor()).isEqualTo(2);
        assertThat(Files.readAllLines(err)).hasSize(2).first().isEqualTo("wrong option");
    }

    private String heap(Path system) throws IOException, InterruptedException {
        return passed(system, "", option -> option.startsWith("-Xmx"));
    }

    /**
     * {@code bench/run cold} measures what users get, and the page of its results has the options for other programs.
     */
    @Test
    void firstFitsAreMeasuredWithTheOptionsOfTheLauncher() throws IOException, InterruptedException {
        Path system = Files.createDirectory(folder.resolve("system"));
        machine(system, 24_000);
        List<String> options = allPassed(system, "").stream()
                .filter(option -> option.matches("-XX:(Tier|PerMethod|CompileCommand).*"))
                .toList();
        assertThat(options).hasSize(8);
        String measured = Files.readString(Path.of("../bench/src/main/java/io/heddle/bench/cold/ColdFits.java"));
        String page = Files.readString(Path.of("../docs/first-fit.md"));
        for (String option : options) {
            assertThat(measured).contains('"' + option + '"');
            assertThat(page).contains(option);
        }
    }

    private String passed(Path system, String options, Predicate<String> chosen)
            throws IOException, InterruptedException {
        List<String> found = allPassed(system, options).stream().filter(chosen).toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    /** What the launcher of a release archive passes to Java on a machine with these files of the system. */
    private List<String> allPassed(Path system, String options) throws IOException, InterruptedException {
        Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
        for (Path program : List.of(java, java.resolveSibling("javac"))) {
            Files.writeString(program, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
            assertThat(program.toFile().setExecutable(true)).isTrue();
        }
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.3\"\n");
        Path launcher = Files.createDirectories(folder.resolve("archive/bin")).resolve("heddle");
        Files.writeString(
                launcher,
                Files.readString(LAUNCHER)
                        .replace("/proc/meminfo", system.resolve("meminfo").toString())
                        .replace("/proc/self/cgroup", system.resolve("groups").toString())
                        .replace("/sys/fs/cgroup", system.resolve("fs").toString()));
        Files.createFile(Files.createDirectories(folder.resolve("archive/lib")).resolve("heddle-cli.jar"));
        Path out = folder.resolve("out");
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", launcher.toString(), "inspect", "x")
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().put("HEDDLE_JAVA_OPTS", options);
        assertThat(builder.start().waitFor()).isZero();
        return Files.readAllLines(out);
    }

    /** The JDK that runs this test, with another version in its release file. */
    private Path jdk(String version) throws IOException {
        Path real = Path.of(System.getProperty("java.home"));
        Path jdk = Files.createDirectory(folder.resolve("jdk-" + version));
        links.add(Files.createSymbolicLink(jdk.resolve("bin"), real.resolve("bin")));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        return jdk;
    }

    /** What the launcher prints on standard error when it is started with this JDK. */
    private List<String> start(Path jdk) throws IOException, InterruptedException {
        Path launcher = Files.createDirectories(folder.resolve("tree/cli")).resolve("heddle");
        Files.copy(LAUNCHER, launcher);
        Path tools = Files.createDirectory(folder.resolve("tools"));
        for (String tool : List.of("cut", "dirname", "find", "getconf", "head", "readlink", "sed", "stty")) {
            for (String place : List.of("/usr/bin", "/bin")) {
                if (Files.exists(Path.of(place, tool)) && Files.notExists(tools.resolve(tool))) {
                    links.add(Files.createSymbolicLink(tools.resolve(tool), Path.of(place, tool)));
                }
            }
        }
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", launcher.toString(), "inspect", "x")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", jdk.toString());
        builder.environment().put("PATH", tools.toString());
        assertThat(builder.start().waitFor()).isEqualTo(2);
        return Files.readAllLines(err);
    }
}
