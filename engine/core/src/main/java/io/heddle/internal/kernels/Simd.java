package io.heddle.internal.kernels;

/**
 * Chooses the kernels for this machine, once: the vector form if the module {@code jdk.incubator.vector} is present and
 * the JVM has a fused multiply-add, else the scalar form. In the latter case a line on {@link System.Logger} states the
 * reason.
 *
 * <p>The system property {@value #CHOICE} with the value {@code plain} chooses the scalar form, for processes that end
 * after a small task: until vectors are compiled, they take longer than plain loops.
 *
 * <p>For example: {@snippet file="KernelExamplesTest.java" region="kernels"}
 */
public final class Simd {
    private static final String CHOICE = "heddle.kernels";
    private static final String PLAIN = "plain";
    private static final String VECTOR = "vector";
    private static final String MODULE = "jdk.incubator.vector";
    /** Minimum lanes: vectors of two floats are not faster. */
    private static final int MINIMUM_LANES = 4;

    private static final Kernels KERNELS = select();
    private static final TrainingKernels TRAINING =
            KERNELS instanceof ScalarKernels ? new ScalarTraining() : new VectorTraining();
    private static final ConvolutionKernels CONVOLUTION =
            KERNELS instanceof ScalarKernels ? new ScalarConvolution() : new VectorConvolution();

    private Simd() {}

    private static Kernels select() {
        String choice = System.getProperty(CHOICE, VECTOR);
        if (choice.equals(PLAIN)) {
            return new ScalarKernels();
        }
        if (!choice.equals(VECTOR)) {
            System.getLogger("io.heddle")
                    .log(
                            System.Logger.Level.WARNING,
                            "Heddle ignores the value '%s' of the property %s; it knows %s and %s"
                                    .formatted(choice, CHOICE, VECTOR, PLAIN));
        }
        if (ModuleLayer.boot().findModule(MODULE).isPresent()) {
            if (!FusedMultiplyAdd.isFast()) {
                warn("this JVM has no fused multiply-add, by its options or its processor");
                return new ScalarKernels();
            }
            return VectorKernels.LANES < MINIMUM_LANES ? new ScalarKernels() : new VectorKernels();
        }
        warn("start Java with --add-modules " + MODULE + " to be many times faster");
        return new ScalarKernels();
    }

    private static void warn(String why) {
        System.getLogger("io.heddle").log(System.Logger.Level.WARNING, "Heddle runs without SIMD: " + why);
    }

    /** The kernels in use. */
    public static Kernels kernels() {
        return KERNELS;
    }

    /** The kernels of training in use. */
    public static TrainingKernels trainingKernels() {
        return TRAINING;
    }

    /** The kernels of convolutions in use. */
    public static ConvolutionKernels convolutionKernels() {
        return CONVOLUTION;
    }

    /** Floats in one vector of the kernels in use; 1 without SIMD. */
    public static int lanes() {
        return KERNELS.lanes();
    }
}
