package io.heddle.internal.kernels;

/**
 * a · b + c with one rounding, if the processor has an instruction for it. If it has none, or if the JVM does not use
 * it ({@code -XX:-UseFMA}), {@link Math#fma(float, float, float)} computes with {@link java.math.BigDecimal}, and a
 * vector's fused operation is a loop of such calls. In this case Heddle uses its scalar kernels, and this class rounds
 * twice.
 */
final class FusedMultiplyAdd {
    private static final int CALLS = 20;
    private static final int BATCHES = 9;
    /**
     * Ratio of times that indicates emulation: emulation is a hundred times slower than another call, the instruction
     * is as fast.
     */
    private static final int SUSPICIOUS = 5;

    private static final boolean FAST = !seemsEmulated() || isFlagSet();

    private FusedMultiplyAdd() {}

    /** Whether this JVM has the instruction. */
    static boolean isFast() {
        return FAST;
    }

    /** The product of two floats is exact in double, so this differs from the fused result only in rare cases. */
    static float of(float a, float b, float c) {
        return FAST ? Math.fma(a, b, c) : (float) ((double) a * b + c);
    }

    static double of(double a, double b, double c) {
        return FAST ? Math.fma(a, b, c) : a * b + c;
    }

    /**
     * Whether calls are much slower than other calls; takes microseconds. If the JVM's flag can be read, it decides: a
     * slow measurement is checked there, and emulation is never measured as fast.
     */
    private static boolean seemsEmulated() {
        float sum = 0;
        long fused = Long.MAX_VALUE;
        long plain = Long.MAX_VALUE;
        for (int batch = 0; batch < BATCHES; batch++) {
            long begin = System.nanoTime();
            for (int i = 0; i < CALLS; i++) {
                sum = Math.fma(sum, 0.5f, i);
            }
            long middle = System.nanoTime();
            for (int i = 0; i < CALLS; i++) {
                sum = twin(sum, 0.5f, i);
            }
            fused = Math.min(fused, middle - begin);
            plain = Math.min(plain, System.nanoTime() - middle);
        }
        return sum < 0 || fused > SUSPICIOUS * Math.max(1, plain);
    }

    private static float twin(float a, float b, float c) {
        return a * b + c;
    }

    /**
     * Reads the flag of HotSpot by reflection, because the module java.management may be absent. Not at every start,
     * because the first use of the management beans takes up to 0.1 s.
     */
    private static boolean isFlagSet() {
        try {
            Class<?> type = Class.forName("com.sun.management.HotSpotDiagnosticMXBean");
            Object bean = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getPlatformMXBean", Class.class)
                    .invoke(null, type);
            Object option = type.getMethod("getVMOption", String.class).invoke(bean, "UseFMA");
            return Boolean.parseBoolean(
                    (String) option.getClass().getMethod("getValue").invoke(option));
        } catch (ReflectiveOperationException | RuntimeException e) {
            return false;
        }
    }
}
