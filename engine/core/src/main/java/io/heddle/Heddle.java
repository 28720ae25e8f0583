package io.heddle;

import io.heddle.internal.kernels.Simd;
import io.heddle.internal.warmup.KernelGroup;
import io.heddle.internal.warmup.WarmUp;
import java.util.Set;

/**
 * Information about the engine: the vectors of this machine, and the compilation of its code before it is needed.
 *
 * <p>Until the second compiler of the JVM has compiled a kernel, each of its vector operations is a call that
 * allocates, about a hundred times slower. Fits of 4 million values or more compile their kernels first, so they need
 * no warm-up. A program can compile the code while it does something else, such as reading its data.
 * {@link io.heddle.model.Pipeline#warmUp()} compiles the predictions of single rows by one model.
 *
 * <p>For example: {@snippet file="HeddleExamplesTest.java" region="warm-up"}
 */
public final class Heddle {
    /** A computation of a program. */
    public enum Task {
        /** {@link io.heddle.decomposition.Pca}. */
        PCA(KernelGroup.PCA, () -> {}),
        /** {@link io.heddle.cluster.KMeans}. */
        K_MEANS(KernelGroup.SKETCHED_CLUSTERS, SmallFits::kMeans),
        /** {@link io.heddle.linear.LogisticRegression}. */
        LOGISTIC_REGRESSION(KernelGroup.LOGISTIC, SmallFits::logisticRegression),
        /** {@link io.heddle.neighbors.NearestNeighbors}. */
        NEAREST_NEIGHBORS(KernelGroup.NEAREST_NEIGHBORS, () -> {}),
        /** {@link io.heddle.cluster.consensus.NeighborClustering}. */
        NEIGHBOR_CLUSTERING(KernelGroup.NEIGHBOR_CLUSTERING, SmallFits::neighborClustering),
        /** {@link io.heddle.encoder.ImageEncoder}. */
        IMAGE_FEATURES(Set.of(KernelGroup.CONVOLUTION), () -> {}),
        /** Predictions of single rows. */
        ROW_PREDICTION(Set.of(KernelGroup.ROWS), () -> {});

        private final Set<KernelGroup> kernels;
        private final Runnable smallFit;

        Task(Set<KernelGroup> kernels, Runnable smallFit) {
            this.kernels = kernels;
            this.smallFit = smallFit;
        }
    }

    private Heddle() {}

    /** {@return the number of floats in one vector of the kernels in use: 16, 8 or 4, and 1 without SIMD} */
    public static int vectorLanes() {
        return Simd.lanes();
    }

    /**
     * Compiles the code of some tasks, on the calling thread: their kernels, then the code around them by a fit to a
     * few random rows. Takes half a second to a few seconds, and at most 1 MB of memory. Kernels that are compiled
     * already take no time.
     *
     * @param tasks computations of the program; none for the kernels of all tasks
     */
    public static void warmUp(Task... tasks) {
        if (tasks.length == 0) {
            WarmUp.run();
        }
        for (Task task : tasks) {
            WarmUp.compile(task.kernels);
        }
        for (Task task : tasks) {
            task.smallFit.run();
        }
    }

    /**
     * Starts {@link #warmUp} on a daemon thread, so that a program can read its data in the meantime.
     *
     * @param tasks as there
     * @return the thread, already started
     */
    public static Thread startWarmUp(Task... tasks) {
        Task[] own = tasks.clone();
        return Thread.ofPlatform().daemon().name("heddle-warm-up").start(() -> warmUp(own));
    }
}
