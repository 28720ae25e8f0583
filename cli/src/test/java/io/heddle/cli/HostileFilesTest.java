package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.cli.terminal.Faults;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests invalid files that could cause an undocumented exception or take too long. */
class HostileFilesTest {
    @TempDir
    Path folder;

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(HostileFilesTest.class.getResource("hostile/" + name).toURI());
    }

    private static void isRefused(String... words) {
        // The processors are shared with other programs.
        Invocation run = Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> Invocation.of(words));
        assertThat(run.code()).as(run.err()).isEqualTo(Faults.INPUT_ERROR);
        assertThat(run.err()).startsWith("heddle: ").doesNotContain("an error in Heddle");
        assertThat(run.err().strip().lines()).hasSize(1);
    }

    /** A header whose metadata is null, one whose type of numbers is an object. */
    @ParameterizedTest
    @CsvSource({"meta-null.safetensors", "dtype-obj.safetensors"})
    void encodersWithInvalidHeaders(String name) throws Exception {
        isRefused("encoder", "show", resource(name).toString());
    }

    /** A model whose scale for reading data is "abc". */
    @Test
    void aModelWithAnOptionThatIsNoNumber() throws Exception {
        Path data = Files.writeString(folder.resolve("x.csv"), "a,b\n1,2\n3,4\n");
        isRefused(
                "predict",
                resource("scaleabc.heddle").toString(),
                data.toString(),
                "--out",
                folder.resolve("y.csv").toString());
    }

    /** A tensor of 50,000 dimensions must not take quadratic time. */
    @Test
    void anOnnxFileWithATensorOfManyDimensions() throws Exception {
        Path file = folder.resolve("dims.onnx");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(resource("dims50000.onnx.gz")))) {
            Files.copy(in, file);
        }
        isRefused("import", "onnx", file.toString(), folder.resolve("m.heddle").toString());
    }
}
