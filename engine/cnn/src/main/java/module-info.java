/** CNN features: TorchScript encoders run through DJL and PyTorch, from and into off-heap matrices. */
module io.heddle.cnn {
    requires transitive io.heddle.core;
    requires ai.djl.api;
    requires ai.djl.pytorch_engine;
    requires com.google.gson;
    // DJL logs to it, but an automatic module cannot say what it needs.
    requires org.slf4j;

    exports io.heddle.cnn;
}
