package io.heddle.data.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A short campaign; {@code bench/fuzz} runs long ones. */
@Tag("slow")
class FuzzTest {
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "the peak of memory comes from /proc")
    void damagedFilesAreReadOrRefused() throws Exception {
        String inputs = System.getProperty("heddle.fuzz.inputs", "300");
        String seed = System.getProperty("heddle.fuzz.seed", "1");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.awt.headless=true",
                        "-Xms192m",
                        "-Xmx192m",
                        "-XX:+AlwaysPreTouch",
                        "-cp",
                        classPath(),
                        Fuzz.class.getName(),
                        inputs,
                        seed,
                        Path.of("target", "fuzz").toAbsolutePath().toString()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        System.out.println(said);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).endsWith("\n0 findings\n");
    }

    private static String classPath() {
        return Stream.of("java.class.path", "jdk.module.path")
                .map(System::getProperty)
                .filter(path -> path != null)
                .flatMap(path -> Stream.of(path.split(File.pathSeparator)))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }
}
