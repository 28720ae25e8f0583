package io.heddle.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.linear.Certificate;
import io.heddle.linear.LogisticModel;
import io.heddle.matrix.FloatMatrix;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts the service of docs/examples as its comment says and calls it over HTTP. */
@Tag("slow")
class ExampleServiceTest {
    @TempDir
    private Path folder;

    @Test
    void theServiceAnswers() throws Exception {
        Path file = folder.resolve("model.safetensors");
        LogisticModel darkOrBright = LogisticModel.of(
                FloatMatrix.copyOf(new float[] {0, 0, 0, 0, 1, 1, 1, 1}, 2, 4),
                new float[] {2, 0},
                Double.NaN,
                new Certificate(Certificate.Kind.KKT_VIOLATION, 0),
                true,
                0,
                0);
        try (Pipeline pipeline = Pipeline.of(Stage.pixels(4), Stage.of(darkOrBright))) {
            ModelFile.write(file, pipeline, Provenance.now().withClassNames(List.of("dark", "bright")));
        }
        String classPath = classesOf(ModelFile.class) + java.io.File.pathSeparator + classesOf(IntArrayList.class);
        Process service = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-cp",
                        classPath,
                        Path.of("../../docs/examples/PredictionService.java").toString(),
                        file.toString(),
                        "0")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(service.getInputStream(), StandardCharsets.UTF_8))) {
            URI address = URI.create(out.readLine());
            assertThat(ask(address, new byte[] {1, 2, 3, 4})).isEqualTo("200 dark");
            assertThat(ask(address, new byte[] {-1, -1, -56, -56})).isEqualTo("200 bright");
            assertThat(ask(address, new byte[3])).isEqualTo("400 a row of 3 values does not fit a model of 4");
            assertThat(ask(address, new byte[1000])).isEqualTo("400 a row of 5 values does not fit a model of 4");
        } finally {
            service.destroy();
            service.waitFor();
        }
    }

    private static String ask(URI address, byte[] row) throws Exception {
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setDoOutput(true);
        connection.getOutputStream().write(row);
        int status = connection.getResponseCode();
        try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return status + " " + new String(body.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    /** The jar or folder a class was loaded from. */
    private static Path classesOf(Class<?> type) throws Exception {
        URI resource = type.getResource(type.getSimpleName() + ".class").toURI();
        if (resource.getScheme().equals("jar")) {
            String text = resource.getRawSchemeSpecificPart();
            return Path.of(URI.create(text.substring(0, text.indexOf("!/"))));
        }
        Path path = Path.of(resource);
        for (int up = type.getName().split("\\.").length; up > 0; up--) {
            path = path.getParent();
        }
        return path;
    }
}
