/** Image features: encoders run by Heddle's convolutions or by PyTorch through DJL. */
module io.heddle.cnn {
    requires transitive io.heddle.core;
    requires ai.djl.api;
    requires ai.djl.pytorch_engine;
    requires com.google.gson;
    // DJL logs to it, but an automatic module cannot declare its dependencies.
    requires org.slf4j;

    exports io.heddle.cnn;
}
