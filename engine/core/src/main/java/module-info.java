/** Off-heap matrices, SIMD kernels and the algorithms built on them. */
@SuppressWarnings("module") // The qualified exports name modules that are built later.
module io.heddle.core {
    // Static: without the incubator module the engine still starts and runs its scalar twins.
    requires static jdk.incubator.vector;
    requires it.unimi.dsi.fastutil.core;

    exports io.heddle;
    exports io.heddle.audit;
    exports io.heddle.cluster;
    exports io.heddle.cluster.consensus;
    exports io.heddle.decomposition;
    exports io.heddle.encoder;
    exports io.heddle.estimator;
    exports io.heddle.files;
    exports io.heddle.layout;
    exports io.heddle.linear;
    exports io.heddle.matrix;
    exports io.heddle.metrics;
    exports io.heddle.model;
    exports io.heddle.neighbors;
    exports io.heddle.parallel;
    exports io.heddle.preprocessing;
    exports io.heddle.selection;

    // Closed to embedding programs. Heddle's own modules use them and change with them.
    exports io.heddle.internal.kernels to
            io.heddle.cnn;
    exports io.heddle.internal.memory to
            io.heddle.data;
}
