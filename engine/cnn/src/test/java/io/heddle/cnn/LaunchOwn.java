package io.heddle.cnn;

import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program for {@link LaunchTest} that runs an embedded network and prints the number of its native libraries. */
final class LaunchOwn {
    private LaunchOwn() {}

    public static void main(String[] args) throws IOException {
        try (Encoder encoder = Encoder.open("fashion");
                FloatMatrix images = TestImages.matrix(40, 28, 28);
                FloatMatrix features = encoder.encode(images, 28, 28, p -> {})) {
            long natives = 0;
            Path maps = Path.of("/proc/self/maps");
            if (Files.exists(maps)) {
                natives = Files.readString(maps, StandardCharsets.ISO_8859_1)
                        .lines()
                        .filter(line -> line.matches(".*(torch|djl|gomp|onnx|blas).*"))
                        .count();
            }
            System.out.println(
                    "engine: %s, features: %s, foreign libraries: %d".formatted(encoder.engine(), features, natives));
        }
    }
}
