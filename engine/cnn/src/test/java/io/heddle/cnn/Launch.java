package io.heddle.cnn;

import io.heddle.matrix.FloatMatrix;
import java.io.IOException;

/** A program that embeds the engine, for {@link LaunchTest}. */
final class Launch {
    private Launch() {}

    public static void main(String[] args) throws IOException {
        try (Encoder encoder =
                        Encoder.open("imagenet", Encoder.Options.defaults().withThreads(2));
                FloatMatrix images = TestImages.matrix(40, 28, 28);
                FloatMatrix features = encoder.encode(images, 28, 28, p -> {})) {
            System.out.println(
                    "named module: %b, threads inside of PyTorch: %d, asked for: %s, offline: %s, features: %s"
                            .formatted(
                                    Launch.class.getModule().isNamed(),
                                    Torch.start(line -> {}),
                                    System.getProperty("ai.djl.pytorch.num_threads"),
                                    System.getProperty("ai.djl.offline"),
                                    features));
        }
    }
}
