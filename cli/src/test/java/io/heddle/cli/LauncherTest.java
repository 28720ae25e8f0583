package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the launcher before the build. It cannot build here, because Maven is not on the path. */
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
