package io.heddle.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that an executor without the vector module runs the scalar twins and logs this once. */
@Tag("slow")
class WithoutVectorsTest {
    @Test
    void theScalarTwinsRunAndOneLineReportsIt(@TempDir Path folder) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Arrays.stream(JavaModuleOptions.defaultModuleOptionArray())
                .filter(option -> !option.contains("jdk.incubator.vector"))
                .forEach(command::add);
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        // Spark's start takes most of the time, and plain loops on few rows need no second compiler.
        command.addAll(
                List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-cp", classPath, WithoutVectors.class.getName()));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        String said = Files.readString(err, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(said).isZero();
        assertThat(said.lines().filter(line -> line.contains("Heddle runs without SIMD")))
                .singleElement()
                .asString()
                .contains("start Java with --add-modules jdk.incubator.vector to be many times faster");
        String[] printed = Files.readString(out).strip().split("[ \\[\\],]+");
        assertThat(printed[0]).isEqualTo("1");
        double[] component = new HeddlePca()
                .setK(1)
                .setInputCol("features")
                .fit(LocalSpark.vectors(LocalSpark.clusters(500, 6, 3, 8), 2))
                .pc()
                .toArray();
        for (int j = 0; j < component.length; j++) {
            assertThat(Double.parseDouble(printed[j + 1])).isCloseTo(component[j], within(1e-5));
        }
    }
}
